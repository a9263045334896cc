#include "engine/pass.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/pass_runner.h"

namespace wcheck {
namespace {

// In list order, or with the renamings before (load) or behind (save) the converters. "All
// renamings, then the first converter that matches" is the list with its converters put last, run
// with at most one converter a key; likewise for the save.
void OrderPhases(bool in_list_order, bool converters_first, std::vector<PassTransform>* list) {
  if (in_list_order) return;
  std::stable_partition(list->begin(), list->end(), [&](const PassTransform& t) {
    return t.transform->is_converter() == converters_first;
  });
}

// The engine asks the operations for their reverses before it builds the reversed transform, so
// this comes before what is wrong with the patterns.
std::optional<EngineError> MissingReverse(const Transform& transform, const Profile& profile) {
  if (profile.permute_has_reverse) return std::nullopt;
  for (const Operation& operation : transform.operations) {
    if (operation.kind != OperationKind::kPermuteForRope) continue;
    EngineError error;
    error.kind = EngineError::Kind::kNotImplementedError;
    error.message = "PermuteForRope has no reverse in this release";
    return error;
  }
  return std::nullopt;
}

}  // namespace

PassOrder LoadOrder(const Plan& plan, const Profile& profile) {
  PassOrder order;
  for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
    order.transforms.push_back({&plan.transforms[i].forward(), i});
  }
  OrderPhases(profile.load_in_list_order, /*converters_first=*/false, &order.transforms);
  return order;
}

PassOrder SaveOrder(const Plan& plan, const Profile& profile, const std::vector<bool>& chosen,
                    bool second) {
  PassOrder order;
  for (auto i = static_cast<uint32_t>(plan.transforms.size()); i-- > 0;) {
    if (!chosen[i]) continue;
    if (auto error = MissingReverse(plan.transforms[i].forward(), profile)) {
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
  OrderPhases(profile.save_in_list_order, /*converters_first=*/true, &order.transforms);
  return order;
}

std::vector<bool> FreshChoice(const Plan& plan) {
  std::vector<bool> chosen = LoadedChoice(plan);
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (plan.transforms[i].forward().is_prefix_change()) chosen[i] = false;
  }
  return chosen;
}

std::vector<bool> LoadedChoice(const Plan& plan) {
  std::vector<bool> chosen(plan.transforms.size());
  for (size_t i = 0; i < chosen.size(); ++i) chosen[i] = !plan.transforms[i].legacy;
  return chosen;
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

Pass RunPass(const Plan& plan, const PassOrder& order, const Profile& profile, Direction direction,
             std::span<const LayoutFamily> families, const LoadTarget* target, Folding folding) {
  Pass pass;
  pass.direction = direction;
  pass.families = families;
  pass.used.assign(plan.transforms.size(), false);
  if (order.error) {
    pass.error = order.error;
    pass.error_transform = order.error_transform;
    return pass;
  }
  PassRunner(plan, order, profile, target, &pass).Run(folding);
  return pass;
}

}  // namespace wcheck
