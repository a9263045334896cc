// A group that captures more than the layer index: docs/checks/greedy-capture.md.
#include <map>

#include "analysis/trace_text.h"
#include "analysis/variant.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::greedy_capture {
namespace {

// "0.attn" is a layer's index and more; "layers.0" and "12" are not.
bool IsIndexAndMore(std::string_view text) {
  size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
  return digits != 0 && digits + 1 < text.size() && text[digits] == '.';
}

// The text of a group that is an index and more.
std::optional<std::string> Taken(const Transform& ran, const TraceStep& step) {
  thread_local Match match;
  std::string_view text = step.before.text;
  text.remove_prefix(step.scope.end);
  if (!ran.pattern.Search(text, &match)) return std::nullopt;
  auto own = static_cast<size_t>(ran.source_group[step.source]);
  for (size_t g = own + 1; g < match.size(); ++g) {
    if (!match[g].matched()) continue;
    std::string_view group = text.substr(match[g].begin, match[g].size());
    if (IsIndexAndMore(group)) return std::string(group);
  }
  return std::nullopt;
}

void Look(const Simulation& s, const Pass& pass, const PassOrder& order,
          std::map<uint32_t, Finding>* found) {
  for (const Trace& trace : pass.traces) {
    for (const TraceStep& step : trace.steps) {
      if (!step.changed() || s.plan.transforms[step.transform].legacy) continue;
      const Transform& ran = *RanAs(order, step.transform);
      // A PrefixChange captures the rest of the name on purpose.
      if (ran.is_prefix_change() || !HasGreedyCapture(ran.sources[step.source])) continue;
      std::optional<std::string> taken = Taken(ran, step);
      if (!taken) continue;
      Finding& finding = (*found)[step.transform];
      if (!finding.transform) {
        finding.transform = RefOf(s.plan, step.transform);
        finding.blame = BlameForSource(pass, ran, step.source);
        finding.message = "its group captures `" + *taken + "`: a layer's index and more parts";
        finding.cause = "index-and-more";
        finding.advice = "capture one part: `(\\d+)`, or `([^.]+)`";
      }
      AddEvidence(&finding, {ShowText(trace, step.before), "becomes", ShowText(trace, step.after),
                             pass.size(trace)});
    }
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<uint32_t, Finding> found;
  Look(s, s.load, s.load_order, &found);
  Look(s, s.save_fresh, s.save_order, &found);
  for (auto& [transform, finding] : found) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace wcheck::greedy_capture
