// Keys of a checkpoint that go nowhere: docs/checks/checkpoint-unexpected.md.
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "analysis/round_trip.h"
#include "families/boxes.h"

#include "checks/catalogue.h"
#include "checks/checkpoint_evidence.h"

namespace wcheck {
namespace {

using Kind = UnexpectedKeys::Kind;

class CheckpointUnexpectedCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"checkpoint-unexpected", "checkpoint", Severity::kWarning,
                                     "a key of a checkpoint goes nowhere"};
    return kInfo;
  }

  void JudgeCheckpoint(const CheckpointJudgement& judgement, FindingSink* sink) const override {
    TellFiles(judgement, sink);
    TellUnknown(judgement, sink);
    TellKnown(judgement, Kind::kQuantised,
              "what quantisation wrote beside parameters of the model or in their place; a "
              "quantised model has them",
              sink);
    TellKnown(judgement, Kind::kBuffer,
              "constants that other releases wrote; the model computes them itself", sink);
    TellKnown(judgement, Kind::kPrediction,
              "of layers that predict further tokens, which the model does not have", sink);
  }

 private:
  static void TellFiles(const CheckpointJudgement& judgement, FindingSink* sink) {
    for (const CheckpointRemark& remark : judgement.checkpoint->remarks) {
      if (remark.kind == CheckpointRemark::Kind::kNotInShard) continue;
      Finding finding = AboutCheckpoint(judgement, remark.message, "files");
      finding.cause += ' ' + remark.file;
      finding.severity = remark.kind == CheckpointRemark::Kind::kConfigUnreadable
                             ? Severity::kNote
                             : Severity::kWarning;
      sink->Add(std::move(finding), /*keep_severity=*/true);
    }
  }

  // One finding for each transform that leads keys astray, and one for all others.
  static void TellUnknown(const CheckpointJudgement& judgement, FindingSink* sink) {
    std::map<std::optional<uint32_t>, std::vector<const UnexpectedKeys*>> groups;
    for (const UnexpectedKeys& keys : judgement.unexpected) {
      if (keys.kind == Kind::kUnknown) groups[BlameOf(judgement, keys)].push_back(&keys);
    }
    for (const auto& [transform, group] : groups) {
      uint64_t count = CountIn(group);
      Finding finding = AboutCheckpoint(
          judgement,
          CountKeys(count) + " of the checkpoint " + (count == 1 ? "goes" : "go") + " nowhere" +
              (judgement.exact || transform ? "" : ", unless its own config has them"),
          "unexpected",
          transform ? "they are dropped on load; correct the transform that renames them last"
                    : "they are dropped on load; if the model needs them, write the transform that "
                      "leads them to its keys");
      if (transform) finding.transform = RefOf(judgement.simulation.plan, *transform);
      Show(judgement, group, &finding);
      sink->Add(std::move(finding));
    }
  }

  static void TellKnown(const CheckpointJudgement& judgement, Kind kind, const std::string& what,
                        FindingSink* sink) {
    std::vector<const UnexpectedKeys*> group;
    for (const UnexpectedKeys& keys : judgement.unexpected) {
      if (keys.kind == kind) group.push_back(&keys);
    }
    if (group.empty()) return;
    uint64_t count = CountIn(group);
    Finding finding = AboutCheckpoint(
        judgement, CountKeys(count) + " of the checkpoint " + (count == 1 ? "is " : "are ") + what,
        what);
    finding.severity = Severity::kNote;
    Show(judgement, group, &finding);
    sink->Add(std::move(finding), /*keep_severity=*/true);
  }

  static uint64_t CountIn(const std::vector<const UnexpectedKeys*>& group) {
    return std::accumulate(
        group.begin(), group.end(), uint64_t{0},
        [](uint64_t n, const UnexpectedKeys* keys) { return n + BoxSize(keys->numbers); });
  }

  static void Show(const CheckpointJudgement& judgement,
                   const std::vector<const UnexpectedKeys*>& group, Finding* finding) {
    ClassEvidence& evidence = finding->classes.front();
    for (const UnexpectedKeys* part : group) {
      const UnexpectedKeys& keys = *part;
      if (evidence.keys.size() == kMaxEvidence) {
        evidence.omitted = group.size() - kMaxEvidence;
        return;
      }
      std::string to;
      if (const Trace* trace = TraceOf(judgement, keys); trace != nullptr && trace->changed()) {
        Name name = judgement.simulation.load.NameOf(*trace);
        to = ShowFamily(name.pattern, name.Numbers(trace->members));
      }
      ShowFamilyIn(
          finding, judgement.families[keys.family].pattern, keys.numbers,
          to.empty() ? "is no key of the model" : "becomes what is no key of the model:", to);
    }
  }

  static const Trace* TraceOf(const CheckpointJudgement& judgement, const FamilyPart& part) {
    for (const Trace& trace : TracesOf(judgement.simulation.load, part.family)) {
      if (!trace.in_model && BoxesIntersect(trace.members, part.numbers)) return &trace;
    }
    return nullptr;
  }

  static std::optional<uint32_t> BlameOf(const CheckpointJudgement& judgement,
                                         const UnexpectedKeys& keys) {
    const Trace* trace = TraceOf(judgement, keys);
    if (!keys.by_mapping || trace == nullptr) return std::nullopt;
    return LastRenamer(*trace);
  }
};

}  // namespace

const Check& CheckpointUnexpected() {
  static const CheckpointUnexpectedCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
