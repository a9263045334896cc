// Model keys that a checkpoint leaves uninitialised: docs/checks/checkpoint-missing.md.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "checks/check.h"
#include "checks/checkpoint_evidence.h"
#include "families/boxes.h"

namespace wcheck::checkpoint_missing {
namespace {

void TellError(const CheckpointOutcome& outcome, FindingSink* sink) {
  const Pass& load = outcome.simulation.load;
  if (!load.error) return;
  Finding finding =
      AboutCheckpoint(outcome, "load-raises", "loading raises " + load.error->ToString());
  finding.subject = ErrorName(*load.error);
  finding.transform = RefOf(outcome.simulation.plan, load.error_transform);
  finding.classes.front().keys.push_back({load.error_key, "raises on load", "", 1});
  sink->Add(std::move(finding));
}

// Not one key of the model, which has some, is filled, tied or computed.
bool FillsNothing(const CheckpointOutcome& outcome) {
  return !outcome.missing.empty() && !outcome.fills_any();
}

// The layout is the checkpoint's own, or nothing of the model is there, or the keys that should have
// come here went elsewhere.
bool Proved(const CheckpointOutcome& outcome) {
  return outcome.exact || FillsNothing(outcome) || !outcome.simulation.load_collisions.empty() ||
         std::any_of(outcome.unexpected.begin(), outcome.unexpected.end(),
                     [](const UnexpectedKeys& keys) { return keys.by_mapping; });
}

// The largest parts of the model of which the checkpoint has no key: sub-models, and modules with
// repeated parts of their own. A config may leave out a bias or a norm, but not a vision tower.
std::vector<std::string> EmptyParts(const CheckpointOutcome& outcome) {
  const std::vector<LayoutFamily>& families = outcome.layout->families;
  std::set<std::string_view> filled;  // the patterns that have some other key
  std::map<std::string_view, uint64_t> left;
  for (const FamilyPart& part : outcome.left_out) {
    left[families[part.family].pattern] += BoxSize(part.numbers);
  }
  std::map<std::string_view, uint64_t> all;
  for (const LayoutFamily& family : families) all[family.pattern] += family.size();
  for (const auto& [pattern, count] : all) {
    const auto found = left.find(pattern);
    if (found == left.end() || found->second != count) filled.insert(pattern);
  }
  std::set<std::string, std::less<>> candidates;
  for (const SubModel& module : outcome.layout->modules) {
    if (!module.path.empty()) candidates.insert(module.path);
  }
  for (const auto& [pattern, count] : left) {
    const size_t hole = pattern.find(kHole);
    if (hole == std::string_view::npos) continue;
    for (size_t end = pattern.find('.'); end < hole; end = pattern.find('.', end + 1)) {
      candidates.emplace(pattern.substr(0, end));
    }
  }
  std::vector<std::string> parts;
  for (const std::string& path : candidates) {  // a path comes before what it contains
    const auto inside = [&](std::string_view pattern) { return IsUnder(pattern, path); };
    if (std::ranges::any_of(parts, [&](const std::string& p) { return IsUnder(path, p); }) ||
        std::ranges::any_of(filled, inside) || std::ranges::none_of(left, inside, [](const auto& l) {
          return l.first;
        })) {
      continue;
    }
    parts.push_back(path);
  }
  return parts;
}

// Whole parts of the model that nothing fills, though no key is left over for them.
void TellParts(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.left_out.empty()) return;
  for (const std::string& path : EmptyParts(outcome)) {
    const auto module = std::ranges::find(outcome.layout->modules, path, &SubModel::path);
    const bool is_model = module != outcome.layout->modules.end();
    std::vector<FamilyPart> keys;
    for (const FamilyPart& part : outcome.left_out) {
      if (IsUnder(outcome.layout->families[part.family].pattern, path)) keys.push_back(part);
    }
    Finding finding = AboutCheckpoint(
        outcome, "part-without-keys",
        "the checkpoint has no key of `" + path + "`" +
            (is_model ? " (" + module->class_name + ")" : "") + ": " + CountKeys(CountIn(keys)) +
            " of the model would stay uninitialised",
        "judge it as the class that it was saved from (--model), or give a checkpoint that has this "
        "part; if its config leaves the part out, " + std::string(kOwnLayout));
    finding.subject = path;
    for (const FamilyPart& part : keys) {
      ShowFamilyIn(&finding, outcome.layout->families[part.family].pattern, part.numbers,
                   "is filled by no key of the checkpoint");
    }
    sink->Add(std::move(finding));
  }
}

void TellMissing(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.missing.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, "uninitialised",
      CountKeys(CountIn(outcome.missing)) + " of the model would stay uninitialised");
  finding.severity = Proved(outcome) ? Severity::kError : Severity::kWarning;
  finding.advice = Proved(outcome) ? "find the keys of the checkpoint that contain them, and add a "
                                     "transform that renames those"
                                   : "another config may explain it; " + std::string(kOwnLayout);
  if (const auto near = NearestToMissing(outcome, outcome.unexpected)) {
    finding.advice = "keys of the checkpoint go nowhere: " + HowToFill(*near) +
                     "; correct or add a transform that does so";
  }
  for (const FamilyPart& part : outcome.missing) {
    ShowFamilyIn(&finding, outcome.layout->families[part.family].pattern, part.numbers,
                 "is filled by no key of the checkpoint");
  }
  NameSubject(&finding);
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  for (const CheckpointRemark& remark : outcome.checkpoint->remarks) {
    const bool absent = remark.kind == CheckpointRemark::Kind::kShardMissing;
    if (!absent && remark.kind != CheckpointRemark::Kind::kNotInShard) continue;
    Finding finding =
        AboutCheckpoint(outcome, absent ? "shard-missing" : "not-in-shard", remark.message,
                        absent ? "download or write the shard, or judge the index alone, in a "
                                 "folder without shards"
                               : "download or write the shard again");
    finding.subject = FileName(remark.file);
    sink->Add(std::move(finding));
  }
  TellError(outcome, sink);
  TellMissing(outcome, sink);
  TellParts(outcome, sink);
}

}  // namespace wcheck::checkpoint_missing
