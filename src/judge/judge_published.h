// Judges a mapping by what is published: whether each list of names loads completely, and whether it is
// saved back under the same names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wcheck/finding.h"
#include "wcheck/judge.h"
#include "wcheck/layout.h"
#include "wcheck/registry.h"

#include "engine/plan.h"
#include "published/published_file.h"

namespace wcheck {

// A list, and the model that its config.json describes.
struct PublishedModel {
  PublishedList list;
  std::optional<Layout> layout;
  std::string why_not;  // if there is no layout
  // The release of whose source the layout is, if it is not that of the mapping: what the two seem to prove
  // together may be true of neither.
  std::string other_release;
};

// What a load and a save of one list gives, in keys, as the engine itself counts: missing keys that are not
// tied to a present one, keys that go nowhere, names that a save of what was loaded does not write, and
// names that it writes and that were not there.
struct PublishedCounts {
  uint64_t missing = 0;
  uint64_t unexpected = 0;
  uint64_t drifted = 0;
  uint64_t added = 0;
  // Names that a model made from its configuration is saved under, and that neither the list nor a save of
  // the loaded model has.
  uint64_t fresh = 0;
  // What a mapping is to blame for.
  uint64_t faults() const { return missing + drifted + fresh; }
  bool whole() const { return missing == 0 && drifted == 0; }
  friend bool operator==(const PublishedCounts&, const PublishedCounts&) = default;
};

// Requires a layout.
PublishedCounts CountPublished(const PublishedModel& model, const CompiledRegistry& registry);

struct PublishedJudgement {
  std::vector<Finding> drift;         // published-drift
  std::vector<NotJudged> not_judged;  // lists without a layout
};

inline constexpr std::string_view kPublishedDrift = "published-drift";
inline constexpr std::string_view kPublishedGap = "published-gap";

// That no list of a class is known.
Finding PublishedGap(const std::string& class_name);

// The lists of `models`, which have one each, in the registry.
PublishedJudgement JudgePublished(const Registry& registry, const std::vector<PublishedModel>& models,
                                  const JudgeOptions& options);

}  // namespace wcheck
