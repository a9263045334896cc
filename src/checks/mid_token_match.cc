// A pattern that matches inside another word: docs/checks/mid-token-match.md.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/rivals.h"
#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::mid_token_match {
namespace {

// The dotted part of a name inside which a match begins or ends.
std::string CutPart(std::string_view text, const TraceStep& step, bool at_begin) {
  size_t at = at_begin ? step.match.begin : step.match.end;
  size_t begin = text.substr(0, at).rfind('.');
  size_t end = text.find('.', at);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  if (end == std::string_view::npos) end = text.size();
  return std::string(text.substr(begin, end - begin));
}

struct Place {
  const Pass* pass;
  const PassOrder* order;
  const Trace* trace;
  const TraceStep* step;
};

struct Seen {
  std::set<std::string> whole;  // what follows where it matches complete parts (RestOf)
  std::vector<Place> inside;    // of one direction
  // A save renames names that have no more in common with those that it was written for than a
  // piece of a part. Nobody has such names.
  bool strange = false;
};

// It begins inside parts, and what follows these never follows the complete ones.
bool IsStrange(const Seen& seen, const Pass& pass) {
  if (pass.direction == Direction::kLoad || seen.whole.empty()) return false;
  return std::ranges::any_of(seen.inside, [&](const Place& place) {
    const TraceStep& step = *place.step;
    return StartsInsidePart(step.before.text, step.scope.end, step.match) &&
           !seen.whole.contains(RestOf(step.before.text, step.match));
  });
}

using Transforms = std::map<uint32_t, Seen>;

void Look(const Simulation& s, const Pass& pass, const PassOrder& order, Transforms* transforms) {
  Transforms found;
  for (const Trace& trace : pass.traces) {
    if (trace.set_aside) continue;
    for (const TraceStep& step : trace.steps) {
      if (!step.changed() || s.plan.transforms[step.transform].legacy) continue;
      bool inside = StartsInsidePart(step.before.text, step.scope.end, step.match) ||
                    EndsInsidePart(step.before.text, step.match);
      if (!inside) {
        found[step.transform].whole.insert(RestOf(step.before.text, step.match));
      } else if (!RivalOf(s, order, step)) {
        found[step.transform].inside.push_back({&pass, &order, &trace, &step});
      }
    }
  }
  for (auto& [transform, seen] : found) {
    seen.strange = IsStrange(seen, pass);
    Seen& known = (*transforms)[transform];
    // Both directions say the same; the one in which complete parts match, too, is more
    // informative.
    bool better = known.inside.empty() || (!seen.whole.empty() && known.whole.empty()) ||
                  (seen.strange && !known.strange);
    if (!seen.inside.empty() && better) known = std::move(seen);
  }
}

void Report(const ClassContext& context, uint32_t transform, const Seen& seen, FindingSink* sink) {
  const Place& first = seen.inside.front();
  const TraceStep& step = *first.step;
  bool at_begin = StartsInsidePart(step.before.text, step.scope.end, step.match);
  std::string part = CutPart(step.before.text, step, at_begin);
  bool load = first.pass->direction == Direction::kLoad;
  Finding finding;
  finding.transform = RefOf(context.simulation.plan, transform);
  finding.blame = BlameForSource(*first.pass, *RanAs(*first.order, transform), step.source);
  finding.message =
      std::string(load ? "it" : "on save it") + " matches inside the part `" + part +
      "` of a name" +
      (seen.whole.empty() ? "" : ", in addition to the names that it was written for") +
      (seen.strange ? ", so that it makes names that no model has" : "");
  finding.cause = "inside-part";
  finding.subject = Numberless(part);
  for (const Place& place : seen.inside) {
    AddEvidence(&finding,
                {ShowText(*place.trace, place.step->before), "becomes",
                 ShowText(*place.trace, place.step->after), place.pass->size(*place.trace)});
  }
  finding.advice = at_begin
                       ? "begin the pattern where the name begins: `(?<![^.])…`, `^…` or `\\.…`"
                   : context.simulation.engine->keeps_dollar
                       ? "end the pattern where the name ends: `…\\.`"
                       : "end the pattern where the name ends: `…\\.` or `…$`";
  if (!at_begin) Propose(EndAtPart(*finding.transform), &finding);
  // Only ever inside: it was written that way.
  const Severity severity = seen.whole.empty() ? Severity::kNote
                            : seen.strange     ? Severity::kError
                                               : Severity::kWarning;
  AddOrExplainAs(severity, context.round_trip, transform, std::move(finding), sink);
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  Transforms transforms;
  Look(s, s.load, s.load_order, &transforms);
  Look(s, s.save_fresh, s.save_order, &transforms);
  for (auto& [transform, seen] : transforms) {
    if (!seen.inside.empty()) Report(context, transform, seen, sink);
  }
}

}  // namespace wcheck::mid_token_match
