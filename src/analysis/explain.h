// The way of single keys through load and save, step by step, and back.
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
  std::string family;  // the keys that fare alike, this one among them: "layers.{0...31}.norm"
  uint64_t keys = 1;   // how many those are
  std::optional<Shape> shape;

  std::vector<Attempt> attempts;
  Trace::PrefixStep prefix_step = Trace::PrefixStep::kNone;
  bool set_aside = false;  // see Trace
  bool in_model = false;   // load only
  std::string renamed;     // where the transforms, and on load the prefix step, lead

  // For a key that a converter claimed: what is collected with it, and what is made of it.
  const Transform* converter = nullptr;
  uint32_t converter_index = 0;  // into Plan::transforms
  struct Collected {
    std::string family;
    uint64_t keys;
    std::string source;  // of the converter
  };
  std::vector<Collected> collected;
  bool bare_names = false;  // see Production

  // What comes out, as families; empty if nothing does.
  struct Result {
    std::string pattern;
    IndexBox numbers;
    std::optional<Shape> shape;
    std::string ToString() const { return ShowFamily(pattern, numbers); }
  };
  std::vector<Result> results;
  // Other families of which a key reaches the same name, without a converter.
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
    kGivenKey,  // in neither: taken for a key of some checkpoint
  };
  Subject subject = Subject::kModelKey;
  KeyWay there;               // a model key is saved, a checkpoint key is loaded
  std::vector<KeyWay> back;   // of what came out, one for each family that fares differently
  uint64_t back_omitted = 0;  // ways left out, which were looked at all the same
  bool returns = false;       // all that came out comes back to the key, alone and in its shape
  std::string verdict;        // one sentence
};

struct ExplainReport {
  const Simulation* simulation = nullptr;
  std::vector<Explanation> explanations;
  std::vector<std::string> notes;  // sentences for people: what was asked for, what is left out
};

// The names nearest to which an unknown key should be looked for: every family's name, with the
// numbers of `key` where it has them.
std::vector<std::string> KeysLike(const Simulation& simulation, std::string_view key);

// `key` is a key of the checkpoint or of the model (if of both, both are explained), or a family of
// them, with {i} for any number and {0...31} for some. A key of neither is explained as one of a
// checkpoint. An error if a family has no keys.
Result<ExplainReport> ExplainKey(const Simulation& simulation, std::string_view key);

inline constexpr size_t kMaxEventful = 10;
// The families to which most happens, at most kMaxEventful, one for each way through the
// transforms.
ExplainReport ExplainModel(const Simulation& simulation);

// For people; `color` for a terminal.
std::string ExplainText(const ExplainReport& report, bool color);
// For programs, by docs/explain.md: the reports of some models as one document.
std::string ExplainJson(const std::vector<std::string>& models);
// One member of its array.
std::string ExplainJsonModel(const ExplainReport& report);

}  // namespace wcheck
