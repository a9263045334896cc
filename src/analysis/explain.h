// Follows single keys through load and save, step by step, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/attempts.h"
#include "engine/simulation.h"

namespace wcheck {

// One key through one pass.
struct KeyWay {
  Direction direction = Direction::kLoad;
  std::string key;     // the key that was followed
  std::string family;  // the keys with the same result, including this one: "layers.{0...31}.norm"
  uint64_t keys = 1;   // how many keys those are
  std::optional<Shape> shape;

  std::vector<Attempt> attempts;
  Trace::PrefixStep prefix_step = Trace::PrefixStep::kNone;
  bool set_aside = false;  // see Trace
  bool in_model = false;   // load only
  std::string renamed;     // the name after the transforms and, on load, the prefix step

  // For a key that a converter claimed: what is collected with it, and what is produced.
  const Transform* converter = nullptr;
  uint32_t converter_index = 0;  // into Plan::transforms
  struct Collected {
    std::string family;
    uint64_t keys;
    std::string source;  // of the converter
  };
  std::vector<Collected> collected;
  bool bare_names = false;  // see Production

  // The results, as families; empty if there are none.
  struct Result {
    std::string pattern;
    IndexBox numbers;
    std::optional<Shape> shape;
    std::string ToString() const { return ShowFamily(pattern, numbers); }
  };
  std::vector<Result> results;
  // Other families with a key that reaches the same name without a converter.
  std::vector<std::string> rivals;

  // What the engine raises, and where.
  std::optional<EngineError> error;
  std::string error_key;
  std::optional<uint32_t> error_transform;
};

struct Explanation {
  enum class Subject : uint8_t {
    kModelKey,
    kCheckpointKey,
    kGivenKey,  // in neither: treated as a key of another checkpoint
  };
  Subject subject = Subject::kModelKey;
  KeyWay there;               // a model key is saved, a checkpoint key is loaded
  std::vector<KeyWay> back;   // of the results, one for each family with a different way
  uint64_t back_omitted = 0;  // ways that were examined but left out
  bool returns = false;       // all results come back to the key, alone and with its shape
  std::string verdict;        // one sentence
};

struct ExplainReport {
  const Simulation* simulation = nullptr;
  std::vector<Explanation> explanations;
  std::vector<std::string> notes;  // sentences for people: about what was asked for, and what is
                                   // left out
};

// The nearest names for an unknown key: every family's name, with the numbers of `key` where it has
// them.
std::vector<std::string> KeysLike(const Simulation& simulation, std::string_view key);

// `key` is a key of the checkpoint or of the model (if of both, both are explained), or a family of
// them, with {i} for any number and {0...31} for some. A key of neither is explained as one of a
// checkpoint. An error if a family has no keys.
Result<ExplainReport> ExplainKey(const Simulation& simulation, std::string_view key);

inline constexpr size_t kMaxEventful = 10;
// The families with the most steps, at most kMaxEventful, one for each way through the transforms.
ExplainReport ExplainModel(const Simulation& simulation);

// For people; `color` for a terminal.
std::string ExplainText(const ExplainReport& report, bool color);
// For programs, by docs/explain.md: the reports of several models as one document.
std::string ExplainJson(const std::vector<std::string>& models);
// One member of its array.
std::string ExplainJsonModel(const ExplainReport& report);

}  // namespace wcheck
