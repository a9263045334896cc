// Names that get a part twice in a row: docs/checks/repeated-part.md.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "analysis/pattern_name.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::repeated_part {
namespace {

// The parts, numbers apart, that occur twice in a row in a name.
std::set<std::string_view> RepeatedIn(std::string_view name) {
  std::set<std::string_view> out;
  std::string_view last;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('.'));
    const bool number = part.find_first_not_of("0123456789") == std::string_view::npos;
    if (!number && part == last) out.insert(part);
    last = part;
    name.remove_prefix(std::min(name.size(), part.size() + 1));
  }
  return out;
}

// On save a transform puts in names that one of its sources, or the prefix that it removes, is.
bool PutsIn(const TransformSpec& spec, std::string_view part) {
  const auto has_part = [&](std::string_view name) {
    return ('.' + std::string(name) + '.').find('.' + std::string(part) + '.') != std::string::npos;
  };
  if (spec.prefix_to_remove && has_part(*spec.prefix_to_remove)) return true;
  return std::ranges::any_of(spec.sources,
                             [&](const std::string& pattern) { return has_part(NameOf(pattern)); });
}

// Published names can have a part twice in a row (`attention.attention.query`), which one step
// puts together. A fault are two entries that both put it in, and a name that has the whole source
// already.
bool IsFault(const Plan& plan, const Trace& trace, const TraceStep& step, std::string_view part) {
  const PlacedTransform& placed = plan.transforms[step.transform];
  const TransformSpec& spec = *placed.forward().spec;
  if (!PutsIn(spec, part)) return false;
  const std::string_view from = std::string_view(step.before.text).substr(step.match.begin);
  const bool renamed_already = std::ranges::any_of(spec.sources, [&](const std::string& pattern) {
    const std::string name = NameOf(pattern);
    return !RepeatedIn(name).contains(part) && name.find('.') != std::string::npos &&
           from.starts_with(name);
  });
  if (renamed_already) return true;
  return std::ranges::any_of(trace.steps, [&](const TraceStep& other) {
    const PlacedTransform& earlier = plan.transforms[other.transform];
    return &other < &step && other.changed() && earlier.entry != placed.entry &&
           PutsIn(*earlier.forward().spec, part);
  });
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  std::map<std::pair<uint32_t, std::string>, Finding> found;
  for (const Trace& trace : s.save_fresh.traces) {
    if (!trace.changed() || trace.steps.empty()) continue;
    const std::set<std::string_view> before = RepeatedIn(trace.steps.front().before.text);
    // What later steps repair is no fault.
    const std::set<std::string_view> left = RepeatedIn(trace.steps.back().after.text);
    for (const TraceStep& step : trace.steps) {
      if (!step.changed()) continue;
      const std::set<std::string_view> had = RepeatedIn(step.before.text);
      for (const std::string_view part : RepeatedIn(step.after.text)) {
        if (had.contains(part) || before.contains(part) || !left.contains(part)) continue;
        if (!IsFault(s.plan, trace, step, part)) continue;
        Finding& finding = found[{step.transform, std::string(part)}];
        if (!finding.transform) {
          finding.transform = RefOf(s.plan, step.transform);
          finding.cause = "inserted-again";
          finding.subject = part;
          finding.message = "on save it puts `" + std::string(part) +
                            "` into names that have it at that place already";
          finding.advice =
              "add what follows to the target, or a lookahead, so that it leaves such names alone";
        }
        AddEvidence(&finding, EvidenceOf(s.save_fresh, trace));
      }
    }
  }
  for (auto& [key, finding] : found) {
    AddOrExplain(context.round_trip, key.first, std::move(finding), sink);
  }
}

}  // namespace wcheck::repeated_part
