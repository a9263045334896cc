// A search that was given up: docs/checks/match-limit.md.
#include <algorithm>
#include <utility>
#include <variant>

#include "checks/check.h"
#include "checkpoint/checkpoint.h"
#include "analysis/round_trip.h"

namespace wcheck::match_limit {
namespace {

Finding FindingFor(const Pattern& pattern) {
  Finding finding;
  finding.cause = "search-given-up";
  finding.message = "a search of its pattern was given up after some millions of steps, so which "
                    "keys it renames cannot be judged";
  finding.advice = "write the pattern without repeats of repeats, or without several in a row that "
                   "match the same text; Python would search for minutes, or forever";
  finding.classes.push_back(
      {"", {{pattern.gave_up_on(), "may or may not be matched by the pattern", "", 1}}, 0});
  return finding;
}

bool HasPattern(const std::variant<Transform, EngineError>& transform, const Pattern& pattern) {
  const auto* made = std::get_if<Transform>(&transform);
  return made != nullptr && made->pattern.text() == pattern.text();
}

// What part of a transform becomes the pattern: its sources, or for a save its targets.
std::optional<Blame> BlameOf(const CompiledTransform& compiled, const Pattern& pattern) {
  if (HasPattern(compiled.forward(), pattern)) return Blame{Blame::Part::kSource, 0};
  if (HasPattern(compiled.reverse(), pattern) || HasPattern(compiled.second_reverse(), pattern)) {
    return Blame{Blame::Part::kTarget, 0};
  }
  return std::nullopt;
}

}  // namespace

void Check(const RegistryContext& context, FindingSink* sink) {
  for (const Pattern& pattern : context.registry.GivenUp()) {
    for (const auto& [name, entry] : context.registry.registry().entries) {
      const CompiledRegistry::CompiledEntry& compiled = *context.registry.Find(name);
      for (const auto& transform : compiled) {
        const TransformRef ref = RefIn(entry, *std::get<Transform>(transform->forward()).spec);
        if (context.written.IsCopy(ref)) continue;
        const std::optional<Blame> blame = BlameOf(*transform, pattern);
        if (!blame) continue;
        Finding finding = FindingFor(pattern);
        finding.transform = ref;
        finding.blame = *blame;
        if (const RegistryContext::Use* use = context.UseOf(ref);
            use != nullptr && !use->classes.empty()) {
          finding.classes.front().class_name = use->classes.front();
        }
        sink->Add(std::move(finding));
      }
    }
  }
}

void Check(const CheckpointOutcome& outcome, FindingSink* sink) {
  const Plan& plan = outcome.simulation.plan;
  for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
    const CompiledTransform& compiled = *plan.transforms[i].compiled;
    const auto& forward = std::get<Transform>(compiled.forward());
    const auto* reverse = std::get_if<Transform>(&compiled.reverse());
    const bool on_load = forward.pattern.gave_up();
    if (!on_load && (reverse == nullptr || !reverse->pattern.gave_up())) continue;
    Finding finding = FindingFor(on_load ? forward.pattern : reverse->pattern);
    finding.transform = RefOf(plan, i);
    finding.blame.part = on_load ? Blame::Part::kSource : Blame::Part::kTarget;
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::match_limit
