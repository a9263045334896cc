#include "checkpoint/checkpoint_reach.h"

#include <set>
#include <string_view>

namespace wcheck {
namespace {

constexpr uint32_t kMaxNumber = 999'999'999;  // of a key part, see key_family.h

}  // namespace

Reach::Reach(const Layout& layout, const CompiledRegistry& registry,
             Model model)
    : layout_(layout), engine_(registry.engine()) {
  std::set<std::string_view> patterns;
  for (const LayoutFamily& family : layout.families) {
    if (model == Model::kAsIs || !patterns.insert(family.pattern).second) continue;
    boxes_.emplace_back(family.numbers.size(), IndexSet(0, kMaxNumber));
    open_.push_back({family.pattern, boxes_.back(), family.shape, family.dtype});
  }
  plan_.model = std::make_unique<KeySet>(model == Model::kOpen ? open_ : layout.families);
  plan_.plan = CollectPlan(layout, registry);
  plan_.load_order = LoadOrder(plan_.plan, engine_);
}

Pass Reach::Load(std::span<const LayoutFamily> families) const {
  LoadTarget target{layout_.base_model_prefix, plan_.model.get()};
  return RunPass(plan_.plan, plan_.load_order, engine_, Direction::kLoad, families, &target);
}

std::vector<Name> Reach::KeysOf(const Pass& load, const Trace& trace) const {
  if (!trace.in_model) return {};
  if (trace.claim >= 0) return FilledKeys(plan_, load, trace);
  return {load.NameOf(trace)};
}

}  // namespace wcheck
