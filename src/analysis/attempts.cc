#include "analysis/attempts.h"

#include <algorithm>
#include <utility>

#include "engine/key_order.h"
#include "engine/match.h"
#include "engine/rename.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

// Why a transform was not taken: RenameWith only says that it was not.
AttemptOutcome WhyNot(const Transform& transform, const PlacedTransform& placed,
                      const Engine& engine, std::string_view key, AttemptOutcome if_it_matches) {
  if (!ScopeLength(placed, engine, key)) return AttemptOutcome::kOutOfScope;
  return FindMatch(transform, placed, engine, key) ? if_it_matches : AttemptOutcome::kNoMatch;
}

void NameTheOthers(const Plan& plan, const PassOrder& order, std::vector<Attempt>* attempts) {
  std::vector<bool> in_order(plan.transforms.size(), false);
  for (const PassTransform& t : order.transforms) in_order[t.index] = true;
  for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
    if (in_order[i]) continue;
    Attempt attempt;
    attempt.transform = i;
    attempt.outcome = AttemptOutcome::kNotChosen;
    if (plan.transforms[i].forward().is_prefix_change()) {
      attempt.outcome = AttemptOutcome::kPrefixChange;
    }
    if (plan.transforms[i].legacy) attempt.outcome = AttemptOutcome::kLoadOnly;
    attempts->push_back(std::move(attempt));
  }
}

// The members of a trace that get some of these names; nothing if none does.
std::optional<IndexBox> MembersInto(const Trace& trace, const Name& name,
                                    std::span<const IndexSet> numbers) {
  IndexBox members(trace.members.begin(), trace.members.end());
  for (size_t i = 0; i < name.parts.size(); ++i) {
    const NamePart& part = name.parts[i];
    if (part.number == NamePart::kConstant) {
      if (!numbers[i].Contains(part.value)) return std::nullopt;
      continue;
    }
    members[part.number] = members[part.number].Intersect(numbers[i]);
    if (members[part.number].empty()) return std::nullopt;
  }
  return members;
}

Pass EmptyCopy(const Pass& pass) {
  Pass part;
  part.direction = pass.direction;
  part.families = pass.families;
  part.used = pass.used;
  part.folding = pass.folding;
  part.whole = pass.whole == nullptr ? &pass : pass.whole;
  return part;
}

void AddTrace(const Trace& trace, IndexBox members, Pass* part) {
  part->boxes->push_back(std::move(members));
  part->traces.push_back(trace);
  part->traces.back().members = part->boxes->back();
}

}  // namespace

std::optional<KeyInPass> FindKey(const Pass& pass, std::string_view key) {
  SplitKey split = SplitNumbers(key);
  for (uint32_t t = 0; t < pass.traces.size(); ++t) {
    const Trace& trace = pass.traces[t];
    if (pass.families[trace.family].pattern != split.pattern) continue;
    bool held = true;
    for (size_t i = 0; i < split.numbers.size() && held; ++i) {
      held = trace.members[i].Contains(split.numbers[i]);
    }
    if (held) return KeyInPass{t, std::move(split.numbers)};
  }
  return std::nullopt;
}

std::vector<bool> GuardsBefore(const Plan& plan, const Pass& pass, const PassOrder& order,
                               const Engine& engine, std::string_view key) {
  // Where all converters run before all renamings, the renamings come last to the keys that a
  // converter claimed.
  const bool claimed_come_late = pass.direction == Direction::kSave &&
                                 engine.save_order == EngineRules::SaveOrder::kConvertersFirst;
  const bool late =
      claimed_come_late && std::ranges::any_of(order.transforms, [&](const PassTransform& t) {
        return t.transform->is_converter() &&
               FindMatch(*t.transform, plan.transforms[t.index], engine, key).has_value();
      });
  std::vector<bool> guards(order.transforms.size(), false);
  for (size_t i = 0; i < order.transforms.size(); ++i) {
    if (!order.transforms[i].transform->is_group()) continue;
    for (const Trace& trace : pass.traces) {
      bool opens = false;
      for (const TraceStep& step : trace.steps) {
        opens |= step.transform == order.transforms[i].index && step.source == 0;
      }
      if (!opens) continue;
      // The smallest member of a box is its first key.
      const std::string first =
          JoinNumbers(pass.families[trace.family].pattern, SmallestMember(trace.members));
      const bool opens_late = claimed_come_late && trace.claim >= 0;
      if (opens_late != late ? late : KeyLess(first, key, engine)) guards[i] = true;
    }
  }
  return guards;
}

// The loop of a pass for one key, but keeping the transforms that did not fire, with the reason.
std::vector<Attempt> TryTransforms(const Plan& plan, const PassOrder& order, const Engine& engine,
                                   std::string_view key, std::vector<bool> guards) {
  std::vector<Attempt> attempts;
  SymbolicKey now = SymbolicKey::Concrete(key);
  bool claimed = false;
  for (size_t i = 0; i < order.transforms.size(); ++i) {
    const PassTransform& t = order.transforms[i];
    const PlacedTransform& placed = plan.transforms[t.index];
    Attempt attempt;
    attempt.transform = t.index;
    attempt.tried = t.transform;
    attempt.step.before = now;
    attempt.step.transform = t.index;
    if (claimed && t.transform->is_converter()) {
      attempt.outcome = WhyNot(*t.transform, placed, engine, now.text, AttemptOutcome::kClaimed);
      attempts.push_back(std::move(attempt));
      continue;
    }
    bool guard = guards[i];
    SymbolicKey before = now;
    switch (RenameWith(*t.transform, placed, engine, &guard, &now, &attempt.step, &attempt.error)) {
      case RenameOutcome::kMatched:
        attempt.outcome = AttemptOutcome::kFired;
        claimed |= t.transform->is_converter();
        break;
      case RenameOutcome::kError:
        attempt.outcome = AttemptOutcome::kError;
        attempt.step.before = before;
        attempts.push_back(std::move(attempt));
        return attempts;
      case RenameOutcome::kNoMatch:
      case RenameOutcome::kAmbiguous:  // not for a concrete key
        attempt.outcome =
            WhyNot(*t.transform, placed, engine, now.text, AttemptOutcome::kGuardNotSeen);
        break;
    }
    attempts.push_back(std::move(attempt));
  }
  NameTheOthers(plan, order, &attempts);
  return attempts;
}

Name CollectedUnder(const Pass& pass, const Engine& engine, const Trace& trace) {
  bool renamed = engine.collects_under_final_name() || pass.direction == Direction::kLoad;
  if (trace.claim < 0 || renamed) return pass.NameOf(trace);
  std::optional<Name> name = NameAt(trace, trace.steps[static_cast<size_t>(trace.claim)].after);
  return name ? *std::move(name) : pass.NameOf(trace);
}

Pass CollectedPart(const Pass& pass, const Engine& engine, std::string_view pattern,
                   std::span<const IndexSet> numbers) {
  Pass part = EmptyCopy(pass);
  for (const Trace& trace : pass.traces) {
    // A cheap test before a name is built: most traces go elsewhere.
    if (trace.renamed && engine.collects_under_final_name() && trace.renamed->pattern != pattern) {
      continue;
    }
    Name name = CollectedUnder(pass, engine, trace);
    if (name.pattern != pattern) continue;
    if (auto members = MembersInto(trace, name, numbers)) AddTrace(trace, *members, &part);
  }
  return part;
}

Pass OneTrace(const Pass& pass, uint32_t trace, IndexBox members) {
  Pass part = EmptyCopy(pass);
  AddTrace(pass.traces[trace], std::move(members), &part);
  return part;
}

}  // namespace wcheck
