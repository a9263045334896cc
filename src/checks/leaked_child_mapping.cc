// A mapping for one sub-model reaches into another: docs/checks/leaked-child-mapping.md.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "checks/repair.h"

namespace wcheck::leaked_child_mapping {
namespace {

bool IsInside(std::string_view key, std::string_view path) {
  return key.size() > path.size() && key.starts_with(path) && key[path.size()] == '.';
}

// What an unscoped transform of the root does to the keys of one model on save. On save the keys
// are the model's own, so the paths of its sub-models tell whose they are.
struct Reach {
  std::vector<std::pair<const Trace*, const TraceStep*>> foreign;  // in a sub-model with a mapping
  const Plan::Hit* owner = nullptr;                                // which one
  std::map<uint32_t, std::pair<const Trace*, const TraceStep*>> kinds;  // by sub-model
  // Keys of one sub-model that get names of another: the two sub-models.
  std::vector<std::pair<const Trace*, const TraceStep*>> misfiled;
  const SubModel* from = nullptr;
  const SubModel* to = nullptr;
};

class Explorer {
 public:
  explicit Explorer(const Simulation& s) : s_(s) {}

  std::map<uint32_t, Reach> Run() {
    std::map<uint32_t, Reach> reaches;
    for (const Trace& trace : s_.save_fresh.traces) {
      for (const TraceStep& step : trace.steps) {
        const PlacedTransform& placed = s_.plan.transforms[step.transform];
        if (!step.changed() || placed.legacy || placed.scope_prefix) continue;
        Place(trace, step, &reaches[step.transform]);
      }
      Misfiled(trace, &reaches);
    }
    return reaches;
  }

 private:
  // The match does not touch the sub-model's own path: it is about the inside of the sub-model.
  static bool Within(const TraceStep& step, const SubModel& module) {
    return !module.path.empty() && IsInside(step.before.text, module.path) &&
           step.match.begin > module.path.size();
  }

  // The innermost sub-model of a key; null for the root.
  const SubModel* OwnerOf(std::string_view key) const {
    const SubModel* owner = nullptr;
    for (const SubModel& module : s_.layout->modules) {
      const bool deeper = owner == nullptr || module.path.size() > owner->path.size();
      if (!module.path.empty() && deeper && IsInside(key, module.path)) owner = &module;
    }
    return owner;
  }

  // The step that moves a key of one sub-model under the path of another, where neither contains
  // the other.
  void Misfiled(const Trace& trace, std::map<uint32_t, Reach>* reaches) const {
    if (trace.steps.empty()) return;
    const SubModel* from = OwnerOf(trace.steps.front().before.text);
    const SubModel* to = OwnerOf(trace.steps.back().after.text);
    auto is_part = [](const SubModel& a, const SubModel& b) {
      return &a == &b || IsInside(a.path, b.path);
    };
    if (from == nullptr || to == nullptr || is_part(*from, *to) || is_part(*to, *from)) return;
    for (const TraceStep& step : trace.steps) {
      if (OwnerOf(step.after.text) != to) continue;
      if (s_.plan.transforms[step.transform].scope_prefix) return;
      Reach& reach = (*reaches)[step.transform];
      if (reach.from == nullptr) {
        reach.from = from;
        reach.to = to;
      }
      reach.misfiled.emplace_back(&trace, &step);
      return;
    }
  }

  void Place(const Trace& trace, const TraceStep& step, Reach* reach) const {
    const std::vector<SubModel>& modules = s_.layout->modules;
    for (const Plan::Hit& hit : s_.plan.hits) {
      if (hit.count == 0 || !Within(step, modules[hit.module])) continue;
      reach->owner = &hit;
      reach->foreign.emplace_back(&trace, &step);
      return;
    }
    for (uint32_t m = 1; m < modules.size(); ++m) {
      bool own_kind =
          !modules[m].model_type.empty() && modules[m].model_type != modules.front().model_type;
      if (!own_kind || !Within(step, modules[m])) continue;
      reach->kinds.try_emplace(m, &trace, &step);  // the outermost: modules come before the modules
                                                   // inside them
      return;
    }
  }

  const Simulation& s_;
};

bool SeveralKinds(const std::vector<SubModel>& modules, const Reach& reach) {
  std::set<std::string_view> kinds;
  for (const auto& [module, place] : reach.kinds) kinds.insert(modules[module].model_type);
  return kinds.size() > 1;
}

void Report(const ClassContext& context, uint32_t transform, const Reach& reach,
            FindingSink* sink) {
  const Simulation& s = context.simulation;
  const std::vector<SubModel>& modules = s.layout->modules;
  Finding finding;
  auto add = [&](const std::pair<const Trace*, const TraceStep*>& place) {
    if (!finding.transform) {
      finding.transform = RefOf(s.plan, transform);
      finding.blame =
          BlameForSource(s.save_fresh, *RanAs(s.save_order, transform), place.second->source);
    }
    AddEvidence(&finding, EvidenceOf(s.save_fresh, *place.first));
  };
  if (!reach.misfiled.empty()) {
    finding.message = "on save it gives keys of " + reach.from->class_name + " at `" +
                      reach.from->path + "` names of " + reach.to->class_name +
                      ", the sub-model at `" + reach.to->path + "`";
    finding.cause = "misfiled";
    finding.subject = Numberless(reach.from->path);
    for (const auto& place : reach.misfiled) add(place);
  } else if (!reach.foreign.empty()) {
    const SubModel& owner = modules[reach.owner->module];
    finding.message = "it has no scope, and on save it renames keys of " + owner.class_name +
                      ", a sub-model with a mapping of its own";
    finding.cause = "leaks-into";
    finding.subject = owner.class_name;
    for (const auto& place : reach.foreign) add(place);
    Propose(MoveUnder(*finding.transform, std::string(reach.owner->entry), owner.path), &finding);
  } else if (SeveralKinds(modules, reach)) {
    finding.message =
        "it has no scope, and on save it renames keys inside several sub-models "
        "of different model types";
    finding.cause = "several-sub-models";
    for (const auto& [module, place] : reach.kinds) add(place);
    finding.severity = Severity::kNote;
  } else {
    return;
  }
  finding.advice =
      "register it under the class or model_type of the sub-model that it is meant for, or add "
      "that sub-model's path to both patterns";
  if (reach.misfiled.empty() && reach.foreign.empty()) {
    sink->Add(std::move(finding), /*keep_severity=*/true);
  } else {
    AddOrExplain(context.round_trip, transform, std::move(finding), sink);
  }
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (s.layout->modules.size() < 2 || s.save_fresh.error) return;
  for (auto& [transform, reach] : Explorer(s).Run()) {
    Report(context, transform, reach, sink);
  }
}

}  // namespace wcheck::leaked_child_mapping
