// A class alone that has no entry, though the model that it is a part of has: docs/checks/missing-entry.md.
#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "analysis/trace_text.h"
#include "analysis/written.h"
#include "checks/check.h"
#include "engine/family_filter.h"
#include "engine/match.h"

namespace wcheck::missing_entry {
namespace {

// The entry of the model that a class of this model_type is a part of: the longest name to which the
// type adds words, "qwen3_omni_moe" for "qwen3_omni_moe_text".
const Entry* EntryOfWhole(const Registry& registry, std::string_view model_type) {
  for (size_t end = model_type.rfind('_'); end != std::string_view::npos && end > 0;
       end = model_type.rfind('_', end - 1)) {
    const Entry* entry = registry.Find(model_type.substr(0, end));
    if (entry != nullptr) return entry->incomplete || AppliesToAll(entry->name) ? nullptr : entry;
  }
  return nullptr;
}

// The families of which a save by the converter, here without a scope, would change the names.
std::vector<const Trace*> Claimed(const Simulation& s, const Transform& reverse,
                                  const PlacedTransform& placed) {
  std::vector<const Trace*> traces;
  for (const Trace& trace : s.save_fresh.traces) {
    const LayoutFamily& family = s.layout->families[trace.family];
    if (!trace.steps.empty() || !MayTouch(reverse, placed, family.pattern)) continue;
    std::vector<uint32_t> first;
    for (const IndexSet& set : trace.members) first.push_back(set.min());
    if (FindMatch(reverse, placed, *s.engine, JoinNumbers(family.pattern, first))) {
      traces.push_back(&trace);
    }
  }
  return traces;
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  const SubModel& root = s.layout->modules.front();
  const bool found = std::ranges::any_of(s.plan.hits, [](const Plan::Hit& h) { return h.module == 0; });
  if (found || s.save_fresh.error) return;
  const Registry& registry = context.registry.registry();
  const Entry* whole = EntryOfWhole(registry, root.model_type);
  if (whole == nullptr) return;
  Finding finding;
  for (const auto& compiled : *context.registry.Find(whole->name)) {
    const auto& forward = std::get<Transform>(compiled->forward());
    const auto* reverse = std::get_if<Transform>(&compiled->reverse());
    if (!forward.is_converter() || reverse == nullptr) continue;
    PlacedTransform placed;
    placed.compiled = compiled;
    placed.entry = whole->name;
    const std::vector<const Trace*> claimed = Claimed(s, *reverse, placed);
    if (claimed.empty()) continue;
    TransformRef converter = RefIn(*whole, *forward.spec);
    if (finding.transform) {
      finding.related.push_back({std::move(converter), {}, "so does this one"});
    } else {
      finding.transform = std::move(converter);
      finding.classes.push_back({"", {}, 0});
    }
    for (const Trace* trace : claimed) {
      finding.classes.front().keys.push_back({ShowKeys(s.save_fresh, *trace),
                                              "is not saved, as in the whole model, as",
                                              forward.original_sources.front(),
                                              s.save_fresh.size(*trace)});
    }
  }
  if (!finding.transform) return;
  finding.cause = "whole-has-one";
  finding.subject = root.model_type;
  finding.message = "no entry applies to `" + root.model_type + "` alone, though this converter of `" +
                    whole->name +
                    "` matches its keys: alone it is saved under other names than as a part of that "
                    "model, and cannot read those";
  finding.advice = "give `" + root.model_type + "` an entry with this converter, or an alias";
  sink->Add(std::move(finding));
}

}  // namespace wcheck::missing_entry
