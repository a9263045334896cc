// What a run looked at, and what it ends with.
//
// There are three outcomes, not two: what was to be judged and was not is never clean.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

// Ordered: a larger value is worse.
enum class Outcome : uint8_t { kClean, kNotJudged, kFindings };
// "clean", "not judged", "findings".
std::string_view OutcomeName(Outcome outcome);

// Something that a run was to judge and could not. Whoever finds one adds it to the Judgement (or
// Comparison); the reports list it, and the run fails unless the user accepts it
// (--allow-unjudged). What a finding of severity error says already need not be added as well.
struct NotJudged {
  std::string what;    // a class, or an entry: "DeepseekOcr2ForConditionalGeneration"
  std::string reason;  // "no layout": no sentence. Equal reasons are reported together
  std::string advice;  // what to do about this reason; may be empty
  bool known = false;  // it was so before, and does not fail the run (--baseline bundled)

  auto operator<=>(const NotJudged&) const = default;
};

// The reason of classes that an incomplete entry (Entry::incomplete) applies to, and of entries
// that differ and apply to no compared class.
inline constexpr std::string_view kIncompleteEntry = "uses an entry that could not be read completely";
inline constexpr std::string_view kUnreachedEntry = "changed, and no class with a layout uses it";

// Sorts by reason, then by name, and removes what is listed twice.
void SortNotJudged(std::vector<NotJudged>* list);

// A layout that was built from source for a run.
struct BuiltLayout {
  std::string class_name;
  bool guessed = false;  // with a configuration that was chosen for the class
};

// The files of a run, as its reports name them.
struct Scope {
  std::string mapping;        // "src/transformers/conversion_mapping.py"
  std::string release;        // that the mapping belongs to; "" if unknown
  std::string engine;         // "5.24"
  std::string engine_reason;  // why this one: "the registry says transformers 5.24.0"; may be empty
  std::string layouts;        // "own.jsonl", "those of transformers 5.24.0 that come with wcheck"
  std::vector<BuiltLayout> built;  // classes whose layouts come from source instead, sorted
};

}  // namespace wcheck
