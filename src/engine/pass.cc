#include "engine/pass.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/key_order.h"
#include "engine/pass_runner.h"

namespace wcheck {
namespace {

enum class Phases : uint8_t { kListed, kRenamingsFirst, kConvertersFirst };

// "All renamings, then the first converter that matches" is the list with its converters put last,
// run with at most one converter a key; likewise the other way round.
void OrderPhases(Phases phases, std::vector<PassTransform>* list) {
  if (phases == Phases::kListed) return;
  const bool converters_first = phases == Phases::kConvertersFirst;
  std::stable_partition(list->begin(), list->end(), [&](const PassTransform& t) {
    return t.transform->is_converter() == converters_first;
  });
}

Phases SavePhases(const EngineRules& rules) {
  switch (rules.save_order) {
    case EngineRules::SaveOrder::kAsLoad:
      return Phases::kRenamingsFirst;
    case EngineRules::SaveOrder::kListed:
      return Phases::kListed;
    case EngineRules::SaveOrder::kConverterFirst:
    case EngineRules::SaveOrder::kUnderFinalName:
    case EngineRules::SaveOrder::kConvertersFirst:
      break;
  }
  return Phases::kConvertersFirst;
}

// The engine asks the operations for their reverses before it builds the reversed transform, so
// this comes before errors of the patterns.
std::optional<EngineError> MissingReverse(const Transform& transform, const Engine& engine) {
  if (engine.permute != EngineRules::Permute::kNoReverse) return std::nullopt;
  for (const Operation& operation : transform.operations) {
    if (operation.kind != OperationKind::kPermuteForRope) continue;
    EngineError error;
    error.kind = EngineError::Kind::kNotImplementedError;
    error.message = "PermuteForRope has no reverse in this release";
    return error;
  }
  return std::nullopt;
}

// Whether the guard of a GroupWeightRename matched a key of a pass of save before what the
// converters produced comes to it. Where all converters run first, the renamings do not meet the
// keys that they claimed.
bool GuardSeen(const Pass& pass, uint32_t transform, const EngineRules& rules) {
  const bool late = rules.save_order == EngineRules::SaveOrder::kConvertersFirst;
  return std::ranges::any_of(pass.traces, [&](const Trace& trace) {
    if (late && trace.claim >= 0) return false;
    return std::ranges::any_of(trace.steps, [&](const TraceStep& step) {
      return step.transform == transform && step.source == 0;
    });
  });
}

Pass EmptySave(const Plan& plan, std::span<const LayoutFamily> families) {
  Pass pass;
  pass.direction = Direction::kSave;
  pass.families = families;
  pass.used.assign(plan.transforms.size(), false);
  return pass;
}

// Adds a trace of another pass, whose box that pass may own.
void TakeTrace(Trace trace, Pass* pass) {
  trace.members = pass->boxes->emplace_back(trace.members.begin(), trace.members.end());
  pass->traces.push_back(std::move(trace));
}

}  // namespace

bool MeetsGuard(const Trace& trace, const Plan& plan) {
  return std::ranges::any_of(trace.steps, [&](const TraceStep& step) {
    return plan.transforms[step.transform].forward().is_group();
  });
}

PassOrder LoadOrder(const Plan& plan, const Engine& engine) {
  PassOrder order;
  for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
    order.transforms.push_back({&plan.transforms[i].forward(), i});
  }
  OrderPhases(engine.load_in_list_order ? Phases::kListed : Phases::kRenamingsFirst,
              &order.transforms);
  return order;
}

PassOrder SaveOrder(const Plan& plan, const Engine& engine, const std::vector<bool>& chosen,
                    bool second) {
  PassOrder order;
  const auto count = static_cast<uint32_t>(plan.transforms.size());
  for (uint32_t n = 0; n < count; ++n) {
    const uint32_t i = engine.reverses_list ? count - 1 - n : n;
    if (!chosen[i]) continue;
    if (auto error = MissingReverse(plan.transforms[i].forward(), engine)) {
      order.error = *std::move(error);
      order.error_transform = i;
      return order;
    }
    const CompiledTransform& compiled = *plan.transforms[i].compiled;
    const auto& reversed = second ? compiled.second_reverse() : compiled.reverse();
    if (const auto* error = std::get_if<EngineError>(&reversed)) {
      order.error = *error;
      order.error_transform = i;
      return order;
    }
    order.transforms.push_back({&std::get<Transform>(reversed), i});
  }
  OrderPhases(SavePhases(engine), &order.transforms);
  return order;
}

std::vector<bool> FreshChoice(const Plan& plan) {
  std::vector<bool> chosen = LoadedChoice(plan);
  for (size_t i = 0; i < chosen.size(); ++i) {
    const PlacedTransform& placed = plan.transforms[i];
    if (placed.forward().is_prefix_change() || placed.entry == kKeyMappingEntry) chosen[i] = false;
  }
  return chosen;
}

std::vector<bool> LoadedChoice(const Plan& plan) {
  std::vector<bool> chosen(plan.transforms.size());
  for (size_t i = 0; i < chosen.size(); ++i) chosen[i] = !plan.transforms[i].legacy;
  return chosen;
}

std::vector<bool> ChoiceAfter(const Pass& load, const Engine& engine) {
  return engine.saves_what_was_used ? load.used : std::vector<bool>(load.used.size(), true);
}

// The steps show one key, which need not be of the trace any more: a trace covers other members once
// cells are joined, or once a part is cut out of it. Before the first step, every number is in the key.
std::optional<Name> NameAt(const Trace& trace, const SymbolicKey& key) {
  const SymbolicKey& first = trace.steps.front().before;
  std::vector<uint32_t> shown;
  for (size_t i = 0; i < first.text.size(); ++i) {
    if (!first.tagged(i)) continue;
    const auto number = static_cast<size_t>(static_cast<unsigned char>(first.tags[i])) - 1;
    if (number >= shown.size()) shown.resize(number + 1);
    shown[number] = shown[number] * 10 + static_cast<uint32_t>(first.text[i] - '0');
  }
  Name name;
  if (!ToName(key, shown, &name)) return std::nullopt;
  return name;
}

std::optional<uint32_t> LastRenamer(const Trace& trace) {
  for (auto step = trace.steps.rbegin(); step != trace.steps.rend(); ++step) {
    if (step->changed()) return step->transform;
  }
  return std::nullopt;
}

Name Pass::NameOf(const Trace& trace) const {
  if (trace.renamed) return *trace.renamed;
  Name name{std::string(families[trace.family].pattern), {}};
  for (uint32_t i = 0; i < trace.members.size(); ++i) name.parts.push_back({i, 0});
  return name;
}

uint64_t Pass::size(const Trace& trace) const {
  return std::accumulate(trace.members.begin(), trace.members.end(), uint64_t{1},
                         [](uint64_t n, const IndexSet& set) { return n * set.size(); });
}

Pass RunPass(const Plan& plan, const PassOrder& order, const Engine& engine, Direction direction,
             std::span<const LayoutFamily> families, const LoadTarget* target, Folding folding) {
  Pass pass;
  pass.direction = direction;
  pass.families = families;
  pass.folding = folding;
  pass.used.assign(plan.transforms.size(), false);
  if (order.error) {
    pass.error = order.error;
    pass.error_transform = order.error_transform;
    return pass;
  }
  if (!CanSort(families, engine)) {
    pass.error = EngineError{EngineError::Kind::kTypeError,
                             "'<' not supported between instances of 'str' and 'int'", "", -1};
    return pass;
  }
  PassRunner(plan, order, engine, target, nullptr, &pass).Run(folding);
  return pass;
}

Pass RunRenamings(const Plan& plan, const PassOrder& order, const Engine& engine, const Pass& pass,
                  std::span<const LayoutFamily> families) {
  PassOrder renamings;
  std::vector<bool> open(plan.transforms.size(), false);
  bool closed = false;
  for (const PassTransform& t : order.transforms) {
    if (t.transform->is_converter()) continue;
    renamings.transforms.push_back(t);
    if (!t.transform->is_group()) continue;
    open[t.index] = GuardSeen(pass.whole == nullptr ? pass : *pass.whole, t.index, engine);
    closed |= !open[t.index];
  }
  Pass renamed = EmptySave(plan, families);
  if (!closed) {
    PassRunner(plan, renamings, engine, nullptr, &open, &renamed).Run(pass.folding);
    return renamed;
  }
  // Some name may be the first that a guard matches: one after another, but for the families that
  // meet no guard even if all have been seen.
  const std::vector<bool> all_open(plan.transforms.size(), true);
  Pass apart = EmptySave(plan, families);
  PassRunner(plan, renamings, engine, nullptr, &all_open, &apart).Run(Folding::kFamilies);
  std::vector<bool> meets_guard(families.size(),
                                apart.error.has_value() || pass.folding == Folding::kMembers);
  for (const Trace& trace : apart.traces) {
    if (MeetsGuard(trace, plan)) meets_guard[trace.family] = true;
  }
  size_t next = 0;  // in apart.traces, which are in the order of the families
  for (uint32_t f = 0; f < families.size() && !renamed.error; ++f) {
    if (!meets_guard[f]) {
      while (next < apart.traces.size() && apart.traces[next].family < f) ++next;
      for (; next < apart.traces.size() && apart.traces[next].family == f; ++next) {
        TakeTrace(std::move(apart.traces[next]), &renamed);
      }
      continue;
    }
    Pass one = EmptySave(plan, families.subspan(f, 1));
    PassRunner(plan, renamings, engine, nullptr, &open, &one).Run(Folding::kMembers);
    for (const PassTransform& t : renamings.transforms) {
      if (t.transform->is_group()) open[t.index] = open[t.index] || GuardSeen(one, t.index, engine);
    }
    for (Trace& trace : one.traces) {
      trace.family = f;
      TakeTrace(std::move(trace), &renamed);
    }
    renamed.error = one.error;
    renamed.error_transform = one.error_transform;
    renamed.error_key = one.error_key;
  }
  return renamed;
}

}  // namespace wcheck
