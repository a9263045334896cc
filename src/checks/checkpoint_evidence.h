// Shared by the checks of a checkpoint: findings without a line in the mapping, whose evidence is
// families of keys, and the severity that an uncertain layout allows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/near_miss.h"
#include "checkpoint/checkpoint.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "families/boxes.h"

namespace wcheck {

// The last part of a path.
std::string FileName(std::string_view path);

template <typename Parts>
uint64_t CountIn(const Parts& parts) {
  uint64_t keys = 0;
  for (const auto& part : parts) keys += BoxSize(part.numbers);
  return keys;
}

// A finding about the class of the outcome, with no evidence yet.
Finding AboutCheckpoint(const CheckpointOutcome& outcome, std::string_view cause,
                        std::string message, std::string advice = "");

// Makes the patterns of the finding's evidence its subject, unless a transform tells it from
// others. Requires the whole evidence.
void NameSubject(Finding* finding);

// Appends a family to the evidence of the finding's class.
void ShowFamilyIn(Finding* finding, std::string_view pattern, std::span<const IndexSet> numbers,
                  std::string relation, std::string other = "");

// A model with the parameters of the checkpoint's that was not loaded from it is saved with other
// transforms. The keys that this save writes under a name that the checkpoint lacks, though the save of
// the loaded model writes them under one that it has.
struct FreshSave {
  Pass pass;  // of the outcome's model
  struct Renamed {
    const Trace* fresh;   // of `pass`
    const Trace* loaded;  // of CheckpointOutcome::save, the same keys of the model
  };
  std::vector<Renamed> renamed;  // none if the save raises
};
FreshSave FreshSaveOf(const CheckpointOutcome& outcome);

// How some keys that go nowhere would become keys of the model that are missing, if their names
// differ from those in one thing.
std::optional<SharedDifference> NearestToMissing(const CheckpointOutcome& outcome,
                                                 std::span<const UnexpectedKeys> unexpected);

// The advice if the layout may be that of another config.
inline constexpr std::string_view kOwnLayout =
    "give the layout of the checkpoint's own config with --layouts to be exact";

}  // namespace wcheck
