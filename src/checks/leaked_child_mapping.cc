// A mapping for one sub-model reaches into another: docs/checks/leaked-child-mapping.md.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"

namespace wcheck::leaked_child_mapping {
namespace {

// The dotted parts of a name that are no numbers.
size_t NamedParts(std::string_view name) {
  size_t count = 0;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('.'));
    if (!part.empty() && part.front() != '*') ++count;
    name.remove_prefix(std::min(part.size() + 1, name.size()));
  }
  return count;
}

using Step = std::pair<const Trace*, const TraceStep*>;

// The renamed keys of one sub-model; null for keys of none.
struct Reached {
  const SubModel* module = nullptr;
  std::set<std::string> rests;  // what follows the match (RestOf)
  std::vector<Step> steps;
};

// What an unscoped transform of the root does to the keys of one model on save. On save the keys
// are the model's own, so the paths of its sub-models tell whose they are.
struct Reach {
  std::map<std::string_view, Reached> modules;  // by path
  // Keys of one sub-model that get names of another: the two sub-models.
  std::vector<Step> misfiled;
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
  // Earlier steps may have renamed the path, so the text is looked for in the key as it was.
  static bool Within(std::string_view key, std::string_view matched, const SubModel& module) {
    return !module.path.empty() && IsUnder(key, module.path) &&
           key.find(matched, module.path.size()) != std::string_view::npos;
  }

  // The innermost sub-model of a key; null for the root.
  const SubModel* OwnerOf(std::string_view key) const {
    const SubModel* owner = nullptr;
    for (const SubModel& module : s_.layout->modules) {
      const bool deeper = owner == nullptr || module.path.size() > owner->path.size();
      if (!module.path.empty() && deeper && IsUnder(key, module.path)) owner = &module;
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
      return &a == &b || IsUnder(a.path, b.path);
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

  // Under the innermost sub-model of a kind of its own that the step stays within.
  void Place(const Trace& trace, const TraceStep& step, Reach* reach) const {
    const std::vector<SubModel>& modules = s_.layout->modules;
    const std::string_view key = trace.steps.front().before.text;
    const std::string_view matched =
        std::string_view(step.before.text).substr(step.match.begin, step.match.size());
    Reached found;
    for (uint32_t m = 1; m < modules.size(); ++m) {
      if (!Within(key, matched, modules[m])) continue;
      if (found.module != nullptr && found.module->path.size() > modules[m].path.size()) continue;
      const auto hit = std::ranges::find_if(
          s_.plan.hits, [&](const Plan::Hit& h) { return h.module == m && h.count > 0; });
      const bool own_kind =
          !modules[m].model_type.empty() && modules[m].model_type != modules.front().model_type;
      if (hit == s_.plan.hits.end() && !own_kind) continue;
      found.module = &modules[m];
    }
    const std::string_view path = found.module == nullptr ? std::string_view() : found.module->path;
    Reached& reached = reach->modules.try_emplace(path, std::move(found)).first->second;
    // A last part such as `weight` is everywhere, and says nothing.
    std::string rest = RestOf(step.before.text, step.match);
    if (NamedParts(rest) > 1) reached.rests.insert(std::move(rest));
    reached.steps.emplace_back(&trace, &step);
  }

  const Simulation& s_;
};

// Nothing is known of a sub-model without rests.
bool Meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  if (a.empty() || b.empty()) return true;
  return std::ranges::any_of(a, [&](const std::string& text) { return b.contains(text); });
}

// Two sub-models of different kinds whose renamed keys have nothing in common but the text that is
// replaced: a transform that is meant for one of them reaches into the other. Where they have the
// names around it in common, it is meant for both.
std::optional<std::pair<const Reached*, const Reached*>> Strangers(const Reach& reach) {
  for (auto a = reach.modules.begin(); a != reach.modules.end(); ++a) {
    for (auto b = std::next(a); b != reach.modules.end(); ++b) {
      const Reached& one = a->second;
      const Reached& other = b->second;
      if (one.module == nullptr || other.module == nullptr) continue;
      if (one.module->model_type == other.module->model_type) continue;
      if (!Meet(one.rests, other.rests)) return std::pair(&one, &other);
    }
  }
  return std::nullopt;
}

std::string Named(const SubModel& module) {
  return module.class_name + " at `" + module.path + "`";
}

void Report(const ClassContext& context, uint32_t transform, const Reach& reach,
            FindingSink* sink) {
  const Simulation& s = context.simulation;
  Finding finding;
  auto add = [&](const Step& place) {
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
  } else {
    const auto strangers = Strangers(reach);
    if (!strangers) return;
    const auto& [one, other] = *strangers;
    finding.message = "it has no scope, and on save it renames keys of " + Named(*one->module) +
                      " and of " + Named(*other->module) +
                      ", which have nothing in common but the text that it replaces: the names "
                      "that one of them gets are no model's";
    finding.cause = "leaks-into";
    // The kinds do not depend on the class that contains them.
    finding.subject = std::min(one->module->model_type, other->module->model_type) + ", " +
                      std::max(one->module->model_type, other->module->model_type);
    // In turn, so that both are among the first.
    for (size_t i = 0; i < std::max(one->steps.size(), other->steps.size()); ++i) {
      for (const Reached* reached : {one, other}) {
        if (i < reached->steps.size()) add(reached->steps[i]);
      }
    }
  }
  finding.advice =
      "register it under the class or model_type of the sub-model that it is meant for, or add "
      "that sub-model's path to both patterns";
  AddOrExplain(context.round_trip, transform, std::move(finding), sink);
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
