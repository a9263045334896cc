// `.*.` does not mean what re means by it: docs/checks/wildcard-rewrite.md.
#include "analysis/trace_text.h"
#include "analysis/variant.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"

namespace wcheck::wildcard_rewrite {
namespace {

// A source that matches keys was written as the engine reads it.
bool Fires(const Pass& pass, uint32_t transform, uint32_t source) {
  if (!Used(pass, transform)) return false;
  for (const Trace& trace : pass.traces) {
    for (const TraceStep& step : trace.steps) {
      if (step.transform == transform && step.source == source) return true;
    }
  }
  return false;
}

std::vector<uint32_t> Smallest(const Trace& trace) {
  std::vector<uint32_t> member;
  for (const IndexSet& set : trace.members) member.push_back(set.min());
  return member;
}

void Look(const Simulation& s, uint32_t transform, uint32_t source, FindingSink* sink) {
  const PlacedTransform& placed = s.plan.transforms[transform];
  const std::string& written = placed.forward().sources[source];
  const Pattern* plain = CompileVariant(written);
  if (plain == nullptr) return;
  Finding finding;
  thread_local Match match;
  for (const Pass* pass : {&s.load, &s.reload}) {
    for (const Trace& trace : pass->traces) {
      std::string key = SymbolicKey::Of(pass->families[trace.family].pattern, Smallest(trace)).text;
      std::optional<uint32_t> scope = ScopeLength(placed, *s.engine, key);
      if (!scope || !plain->Search(std::string_view(key).substr(*scope), &match)) continue;
      // The engine matches it as well, but something else came first.
      if (FindMatch(placed.forward(), placed, *s.engine, key)) continue;
      AddEvidence(&finding, {ShowKeys(*pass, trace), "would be matched by",
                             "re.search(r'" + written + "', …)", pass->size(trace)});
    }
  }
  if (finding.classes.empty()) return;
  finding.transform = RefOf(s.plan, transform);
  finding.blame = BlameForSource(s.load, placed.forward(), source);
  finding.message =
      "the engine reads its `.*.` as `\\..*\\.`, which matches no key here; as Python "
      "reads it, it would match some";
  finding.cause = "wildcard-misses";
  finding.subject = written;
  finding.advice =
      "write `.*.` only for a whole part between two dots (`experts.*.w1`), and "
      "without a backslash before it";
  sink->Add(std::move(finding));
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  for (uint32_t i = 0; i < s.plan.transforms.size(); ++i) {
    const PlacedTransform& placed = s.plan.transforms[i];
    if (placed.legacy || placed.forward().is_prefix_change()) continue;
    const std::vector<std::string>& sources = placed.forward().sources;
    for (uint32_t source = 0; source < sources.size(); ++source) {
      if (sources[source].find(".*.") == std::string::npos) continue;
      if (!Fires(s.load, i, source) && !Fires(s.reload, i, source)) Look(s, i, source, sink);
    }
  }
}

}  // namespace wcheck::wildcard_rewrite
