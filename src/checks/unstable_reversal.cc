// A second save gives other names: docs/checks/unstable-reversal.md.
#include <algorithm>
#include <map>

#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::unstable_reversal {
namespace {

// Building the reverse edits the written patterns in place. If the edited texts do not change
// again, the second reverse equals the first one, and nothing needs to be simulated.
bool IsStable(const Transform& reverse) {
  if (reverse.is_prefix_change() || reverse.is_group()) return true;
  if (!reverse.engine->reverse_edits_patterns) return true;
  bool targets = std::all_of(reverse.targets.begin(), reverse.targets.end(),
                             [&](const auto& t) { return ProcessTarget(t, *reverse.engine).text == t; });
  bool sources = std::all_of(reverse.sources.begin(), reverse.sources.end(),
                             [](const auto& t) { return t.find("\\1") == std::string::npos; });
  return targets && sources;
}

std::string Advice() {
  return "write patterns that stay the same after one reversal: no nested groups, no lookaround "
         "with a group in it, no escape before another escape";
}

template <typename Failed>
void ReportError(const Simulation& s, const Failed& failed, FindingSink* sink) {
  Finding finding;
  finding.transform = RefOf(s.plan, failed.error_transform);
  finding.message = "a second save of a loaded model raises `" + failed.error->ToString() +
                    "`: the first one has edited its patterns";
  finding.advice = Advice();
  finding.cause = "second-save-raises";
  finding.subject = ErrorName(*failed.error);
  sink->Add(std::move(finding));
}

// The first step in which the two ways differ.
std::optional<uint32_t> Difference(const Trace& a, const Trace& b) {
  for (size_t i = 0; i < a.steps.size() || i < b.steps.size(); ++i) {
    if (i >= a.steps.size()) return b.steps[i].transform;
    if (i >= b.steps.size()) return a.steps[i].transform;
    if (a.steps[i].transform != b.steps[i].transform ||
        a.steps[i].after.text != b.steps[i].after.text) {
      return a.steps[i].transform;
    }
  }
  return std::nullopt;
}

// Both passes have the same families, but may cut them differently.
void Compare(const ClassContext& context, const Pass& again, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, std::vector<const Trace*>> first;
  for (const Trace& trace : s.save_loaded.traces) first[trace.family].push_back(&trace);
  std::map<uint32_t, Finding> found;
  for (const Trace& trace : again.traces) {
    std::string second_name = ShowResult(again, trace);
    const auto& firsts = first[trace.family];
    bool same = std::any_of(firsts.begin(), firsts.end(), [&](const Trace* t) {
      return s.save_loaded.NameOf(*t) == again.NameOf(trace);
    });
    if (same || firsts.empty()) continue;
    std::optional<uint32_t> blamed = Difference(*firsts.front(), trace);
    if (!blamed) continue;
    Finding& finding = found[*blamed];
    if (!finding.transform) {
      finding.transform = RefOf(s.plan, *blamed);
      finding.message =
          "the first save of a loaded model edits its patterns, and the second "
          "save gives other names";
      finding.cause = "second-save-renames";
      finding.advice = Advice();
    }
    AddEvidence(&finding, {ShowKeys(again, trace), "is first saved as",
                           ShowResult(s.save_loaded, *firsts.front()), again.size(trace)});
    AddEvidence(&finding,
                {ShowKeys(again, trace), "is then saved as", second_name, again.size(trace)});
  }
  for (auto& [transform, finding] : found) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (s.save_loaded.error) return;
  bool unstable =
      std::any_of(s.save_loaded_order.transforms.begin(), s.save_loaded_order.transforms.end(),
                  [](const PassTransform& t) { return !IsStable(*t.transform); });
  if (!unstable) return;
  PassOrder order = SaveOrder(s.plan, *s.engine, LoadedChoice(s.plan), /*second=*/true);
  if (order.error) {
    ReportError(s, order, sink);
    return;
  }
  Pass again = RunPass(s.plan, order, *s.engine, Direction::kSave, s.layout->families, nullptr);
  if (again.error) {
    ReportError(s, again, sink);
    return;
  }
  Compare(context, again, sink);
}

}  // namespace wcheck::unstable_reversal
