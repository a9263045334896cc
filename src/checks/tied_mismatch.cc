// A tied key is renamed differently from its source: docs/checks/tied-mismatch.md.
#include <map>
#include <utility>

#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "families/boxes.h"

namespace wcheck::tied_mismatch {
namespace {

// What a save does with one key.
struct SavedKey {
  const Trace* trace;
  std::string name;
};

std::optional<SavedKey> SaveOf(const Simulation& s, const std::string& key) {
  SplitKey split = SplitNumbers(key);
  for (const Trace& trace : s.save_fresh.traces) {
    if (s.save_fresh.families[trace.family].pattern != split.pattern) continue;
    bool in = true;
    for (size_t i = 0; i < split.numbers.size() && in; ++i) {
      in = trace.members[i].Contains(split.numbers[i]);
    }
    if (in) return SavedKey{&trace, s.save_fresh.NameOf(trace).Of(split.numbers)};
  }
  return std::nullopt;
}

// The number of dotted parts that two names have in common at their ends.
size_t CommonEnd(std::string_view a, std::string_view b) {
  size_t parts = 0;
  while (!a.empty() && !b.empty()) {
    size_t a_dot = a.rfind('.');
    size_t b_dot = b.rfind('.');
    size_t a_from = a_dot == std::string_view::npos ? 0 : a_dot + 1;
    size_t b_from = b_dot == std::string_view::npos ? 0 : b_dot + 1;
    if (a.substr(a_from) != b.substr(b_from)) break;
    ++parts;
    a = a.substr(0, a_from == 0 ? 0 : a_from - 1);
    b = b.substr(0, b_from == 0 ? 0 : b_from - 1);
  }
  return parts;
}

const Transform* ClaimOf(const Simulation& s, const Trace& trace) {
  if (trace.claim < 0) return nullptr;
  return RanAs(s.save_order, trace.steps[static_cast<size_t>(trace.claim)].transform);
}

// The last step of `a` that a trace like `b` did not take; nothing if there is none.
std::optional<uint32_t> StepOnlyIn(const Trace& a, const Trace& b) {
  for (auto step = a.steps.rbegin(); step != a.steps.rend(); ++step) {
    bool shared = false;
    for (const TraceStep& other : b.steps) shared |= other.transform == step->transform;
    if (!shared) return step->transform;
  }
  return std::nullopt;
}

void Describe(const Simulation& s, uint32_t blamed, bool operations, Finding* finding) {
  finding->transform = RefOf(s.plan, blamed);
  finding->cause = operations ? "operations-differ" : "renamed-apart";
  if (operations) {
    finding->message =
        "two tied keys go through different operations, so a checkpoint with both names is loaded "
        "into two different tensors";
    finding->advice = "convert both keys of the tie in the same way, or neither";
  } else {
    finding->message =
        "a tied key is renamed where its source is not, in the part of the name that the two "
        "share";
    finding->advice =
        "rename both keys of the tie alike, or make the pattern match only one of them";
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (s.save_fresh.error) return;
  std::map<std::pair<uint32_t, bool>, Finding> found;
  for (const Tie& tie : s.layout->tied) {
    std::optional<SavedKey> target = SaveOf(s, tie.target);
    std::optional<SavedKey> source = SaveOf(s, tie.source);
    if (!target || !source) continue;
    const Transform* of_target = ClaimOf(s, *target->trace);
    const Transform* of_source = ClaimOf(s, *source->trace);
    bool operations = (of_target == nullptr) != (of_source == nullptr) ||
                      (of_target != nullptr && of_target->operations != of_source->operations);
    bool names = CommonEnd(target->name, source->name) < CommonEnd(tie.target, tie.source);
    if (!operations && !names) continue;
    std::optional<uint32_t> blamed = StepOnlyIn(*target->trace, *source->trace);
    if (!blamed) blamed = StepOnlyIn(*source->trace, *target->trace);
    if (!blamed || IsBlamed(context.round_trip, *blamed)) continue;
    Finding& finding = found[{*blamed, operations}];
    if (!finding.transform) Describe(s, *blamed, operations, &finding);
    AddEvidence(&finding, {tie.target, "is tied to " + tie.source + ", but is saved as",
                           target->name + " (the source: " + source->name + ")", 1});
  }
  for (auto& [key, finding] : found) sink->Add(std::move(finding));
}

}  // namespace wcheck::tied_mismatch
