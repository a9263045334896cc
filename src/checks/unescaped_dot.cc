// A dot that matched another character: docs/checks/unescaped-dot.md.
#include <map>
#include <utility>

#include "analysis/trace_text.h"
#include "analysis/variant.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::unescaped_dot {
namespace {

struct Seen {
  const Pass* pass = nullptr;
  const Transform* ran = nullptr;
  uint32_t source = 0;
  bool dots = false;  // elsewhere its dots match dots, as intended
  std::vector<KeyEvidence> keys;
};

// By transform, and 0 on load, 1 on save.
using Found = std::map<std::pair<uint32_t, int>, Seen>;

void Look(const Simulation& s, const Pass& pass, const PassOrder& order, Found* found) {
  for (const Trace& trace : pass.traces) {
    if (trace.set_aside) continue;
    for (const TraceStep& step : trace.steps) {
      if (!step.changed() || s.plan.transforms[step.transform].legacy) continue;
      const Transform& ran = *RanAs(order, step.transform);
      if (ran.is_prefix_change()) continue;
      const std::string& source = ran.sources[step.source];
      if (!HasBareDot(source)) continue;
      Seen& seen = (*found)[{step.transform, pass.direction == Direction::kSave ? 1 : 0}];
      if (DotIsADot(source, step)) {
        seen.dots = true;
        continue;
      }
      if (seen.pass == nullptr) {
        seen.pass = &pass;
        seen.ran = &ran;
        seen.source = step.source;
      }
      seen.keys.push_back(
          {ShowText(trace, step.before), "becomes", ShowText(trace, step.after), pass.size(trace)});
    }
  }
}

std::optional<Fix> Escape(const TransformRef& transform) {
  TransformSpec replacement = *transform.spec;
  for (std::string& source : replacement.sources) source = EscapeBareDots(source);
  for (std::string& target : replacement.targets) target = EscapeBareDots(target);
  return RewritePatterns(transform, std::move(replacement), "escape the dots");
}

void Report(const ClassContext& context, uint32_t transform, Seen& seen, FindingSink* sink) {
  Finding finding;
  finding.transform = RefOf(context.simulation.plan, transform);
  finding.blame = BlameForSource(*seen.pass, *seen.ran, seen.source);
  bool load = seen.pass->direction == Direction::kLoad;
  finding.message = std::string("an unescaped dot of its ") + (load ? "source" : "target") +
                    " matches another character" + (load ? "" : " on save") +
                    (seen.dots ? ", so it also renames names that it was not written for" : "");
  finding.cause = "dot-matches-other";
  finding.advice = "escape the dot: `\\.`";
  Propose(Escape(*finding.transform), &finding);
  finding.classes.push_back({"", std::move(seen.keys), 0});
  if (seen.dots) {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
    return;
  }
  // Never a dot: the name may well be written so.
  finding.severity = Severity::kNote;
  sink->Add(std::move(finding), /*keep_severity=*/true);
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  Found found;
  Look(s, s.load, s.load_order, &found);
  Look(s, s.save_fresh, s.save_order, &found);
  for (auto& [place, one] : found) {
    if (!one.keys.empty()) Report(context, place.first, one, sink);
  }
}

}  // namespace wcheck::unescaped_dot
