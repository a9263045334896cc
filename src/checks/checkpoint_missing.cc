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

// Some missing key is one that the quantiser adds.
bool LacksQuantised(const CheckpointOutcome& outcome) {
  return std::ranges::any_of(outcome.missing, [&](const FamilyPart& part) {
    return outcome.quantiser.own.contains(
        std::string(outcome.layout->families[part.family].pattern));
  });
}

void TellMissing(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.missing.empty()) return;
  Finding finding = AboutCheckpoint(
      outcome, "uninitialised",
      (FillsNothing(outcome) ? "no key of the checkpoint arrives: " : "") +
          CountKeys(CountIn(outcome.missing)) + " of the model would stay uninitialised");
  const bool quantised = LacksQuantised(outcome);
  if (quantised) {
    finding.message += ", as " + outcome.quantiser.method + " builds it";
    if (!outcome.quantiser.otherwise.empty()) {
      finding.message += ". " + std::string(outcome.quantiser.otherwise);
    }
  }
  finding.severity = Proved(outcome) || quantised ? Severity::kError : Severity::kWarning;
  finding.advice = quantised ? "write these tensors, or name the modules that are not quantised in the "
                               "list of its quantization_config"
                   : Proved(outcome) ? "find the keys of the checkpoint that contain them, and add a "
                                     "transform that renames those"
                                   : "another config may explain it; " + std::string(kOwnLayout);
  if (const auto near = NearestToMissing(outcome, outcome.unexpected); near && !quantised) {
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

// A quantiser that does not load the file, or not as what it is.
void TellQuantiser(const CheckpointOutcome& outcome, FindingSink* sink) {
  using State = QuantisedModel::State;
  const QuantisedModel& quantiser = outcome.quantiser;
  if (quantiser.message.empty()) return;
  const bool judged = quantiser.state != State::kUnknown;
  Finding finding = AboutCheckpoint(
      outcome, judged ? "quantiser-useless" : "quantiser-not-judged", quantiser.message,
      judged ? "load it with the program that wrote it, or quantise it again with a method that the "
               "library loads"
             : "");
  finding.subject = quantiser.method;
  // What the library does not know, it may load all the same, with weights that are not scaled.
  const bool loaded = quantiser.state == State::kNone && !quantiser.method.empty();
  finding.severity = loaded ? Severity::kWarning : judged ? Severity::kError : Severity::kNote;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

// Quantised weights of which a part is there and another is not.
void TellIncomplete(const CheckpointOutcome& outcome, FindingSink* sink) {
  if (outcome.incomplete.empty()) return;
  std::set<std::string> shown;
  Finding finding = AboutCheckpoint(
      outcome, "quantised-incomplete", "",
      "write the missing tensors: the load raises, or makes wrong weights");
  uint64_t count = 0;
  for (const IncompleteWeights& part : outcome.incomplete) {
    const std::string lacks = ShowFamily(part.lacks, part.numbers);
    if (!shown.insert(lacks).second) continue;
    count += BoxSize(part.numbers);
    ShowFamilyIn(&finding, part.lacks, part.numbers,
                 part.fewer ? "is there for fewer experts than" : "is not there, beside",
                 ShowFamily(part.has, part.numbers));
  }
  finding.message = CountKeys(count) + (count == 1 ? " is" : " are") + " missing without which " +
                    outcome.quantiser.method + " cannot make weights of what is there";
  NameSubject(&finding);
  sink->Add(std::move(finding));
}

// The library takes the first target of the table that is there for the source, and gives it to all
// others: which one that is depends on an order that nobody chose.
void TellTies(const CheckpointOutcome& outcome, FindingSink* sink) {
  for (const CheckpointOutcome::OpenTie& tie : outcome.open_ties) {
    const bool head = tie.there.front().find("embed") == std::string::npos;
    const bool other = std::any_of(tie.there.begin(), tie.there.end(), [](const std::string& key) {
      return key.find("embed") != std::string::npos;
    });
    Finding finding = AboutCheckpoint(
        outcome, "tie-without-source",
        "`" + tie.source + "` is not there, but " + std::to_string(tie.there.size()) +
            " of the keys that are tied to it are: the first of the table, `" + tie.there.front() +
            "`, fills those that are absent, too",
        "write `" + tie.source + "`, or make sure that all tied keys have the same values");
    finding.subject = tie.source;
    finding.severity = head && other ? Severity::kWarning : Severity::kNote;
    for (const std::string& key : tie.there) {
      finding.classes.front().keys.push_back({key, "is tied to", tie.source, 1});
    }
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }
}

}  // namespace

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  TellTies(outcome, sink);
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
  TellQuantiser(outcome, sink);
  TellError(outcome, sink);
  if (outcome.quantiser.state != QuantisedModel::State::kRefused) TellMissing(outcome, sink);
  TellIncomplete(outcome, sink);
  TellParts(outcome, sink);
}

}  // namespace wcheck::checkpoint_missing
