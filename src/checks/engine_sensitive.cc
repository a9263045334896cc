// Another order of renamings and converters gives other names: docs/checks/engine-sensitive.md.
#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analysis/same_names.h"
#include "analysis/trace_text.h"
#include "checks/check.h"
#include "checks/evidence.h"
#include "engine/match.h"
#include "families/boxes.h"

namespace wcheck::engine_sensitive {
namespace {

// The orders that engines have: everything in list order (reversed, on save), or in two phases.
enum class Phases : uint8_t { kListed, kRenamingsFirst, kConvertersFirst };

std::string_view OrderName(Phases phases) {
  switch (phases) {
    case Phases::kListed:
      return "in list order";
    case Phases::kRenamingsFirst:
      return "renamings first";
    case Phases::kConvertersFirst:
      return "converters first";
  }
  return "";
}

// Which order gives other names, in which direction.
std::string_view CauseOf(Direction direction, Phases phases) {
  const bool load = direction == Direction::kLoad;
  switch (phases) {
    case Phases::kListed:
      return load ? "load-listed" : "save-listed";
    case Phases::kRenamingsFirst:
      return load ? "load-renamings-first" : "save-renamings-first";
    case Phases::kConvertersFirst:
      break;
  }
  return load ? "load-converters-first" : "save-converters-first";
}

// The engine's own order of one direction, and the orders to compare it with.
struct Orders {
  Direction direction;
  Phases own;
  std::vector<Phases> others;
};

PassOrder Arranged(PassOrder listed, Phases phases) {
  if (phases == Phases::kListed) return listed;
  bool converters_first = phases == Phases::kConvertersFirst;
  std::stable_partition(listed.transforms.begin(), listed.transforms.end(),
                        [converters_first](const PassTransform& t) {
                          return t.transform->is_converter() == converters_first;
                        });
  return listed;
}

// For each renaming of the plan, the number of converters that run before it; two arrangements of a
// list differ in nothing else.
std::map<uint32_t, size_t> ConvertersBefore(const PassOrder& order) {
  std::map<uint32_t, size_t> before;
  size_t converters = 0;
  for (const PassTransform& t : order.transforms) {
    if (t.transform->is_converter()) {
      ++converters;
    } else {
      before[t.index] = converters;
    }
  }
  return before;
}

// The renamings that change sides with a converter.
std::vector<PassTransform> MovedRenamings(const PassOrder& own, const PassOrder& other) {
  std::map<uint32_t, size_t> before = ConvertersBefore(own);
  std::map<uint32_t, size_t> then = ConvertersBefore(other);
  std::vector<PassTransform> moved;
  for (const PassTransform& t : own.transforms) {
    if (!t.transform->is_converter() && before[t.index] != then[t.index]) moved.push_back(t);
  }
  return moved;
}

bool MeetsGroup(const Simulation& s, const Trace& trace) {
  return std::any_of(trace.steps.begin(), trace.steps.end(), [&s](const TraceStep& step) {
    return s.plan.transforms[step.transform].forward().is_group();
  });
}

const TraceStep* MovedStep(const Trace& trace, const std::vector<PassTransform>& moved) {
  for (const TraceStep& step : trace.steps) {
    bool is_moved = std::any_of(moved.begin(), moved.end(),
                                [&](const PassTransform& t) { return t.index == step.transform; });
    if (is_moved) return &step;
  }
  return nullptr;
}

const TraceStep* Claim(const Trace& trace) {
  return trace.claim < 0 ? nullptr : &trace.steps[static_cast<size_t>(trace.claim)];
}

// `moved` are the renamings that change sides with a converter. Keys that a converter claimed may
// differ if one of these matched, or matches what the converter took or produced. Other keys pass
// through the same names, and differ only if a converter matches one of those.
bool MayDiffer(const Simulation& s, const Trace& trace, const PassOrder& order,
               const std::vector<PassTransform>& moved) {
  auto matches = [&s](const PassTransform& t, const SymbolicKey& key) {
    return FindMatch(*t.transform, s.plan.transforms[t.index], *s.engine, key.text).has_value();
  };
  const TraceStep* claim = Claim(trace);
  if (claim != nullptr) {
    return MovedStep(trace, moved) != nullptr ||
           std::any_of(moved.begin(), moved.end(), [&](const PassTransform& t) {
             return matches(t, claim->before) || matches(t, claim->after);
           });
  }
  if (MovedStep(trace, moved) == nullptr) return false;
  return std::any_of(order.transforms.begin(), order.transforms.end(), [&](const auto& t) {
    return t.transform->is_converter() &&
           std::any_of(trace.steps.begin(), trace.steps.end(), [&](const TraceStep& step) {
             return matches(t, step.before) || matches(t, step.after);
           });
  });
}

// The families that another order may treat differently; the others need not run again.
std::vector<uint32_t> Candidates(const Simulation& s, const Pass& own, const PassOrder& order,
                                 const std::vector<PassTransform>& moved) {
  std::vector<uint32_t> families;
  std::vector<uint32_t> grouped;
  if (moved.empty()) return families;
  for (const Trace& trace : own.traces) {
    if (!families.empty() && families.back() == trace.family) continue;
    if (MayDiffer(s, trace, order, moved)) {
      families.push_back(trace.family);
    } else if (MeetsGroup(s, trace)) {
      grouped.push_back(trace.family);
    }
  }
  if (families.empty()) return families;
  // What a GroupWeightRename does to a key depends on the keys before it.
  families.insert(families.end(), grouped.begin(), grouped.end());
  std::sort(families.begin(), families.end());
  families.erase(std::unique(families.begin(), families.end()), families.end());
  return families;
}

bool Same(const Pass& own, const Trace& here, const Pass& other, const Trace& there) {
  const TraceStep* a = Claim(here);
  const TraceStep* b = Claim(there);
  if ((a == nullptr) != (b == nullptr)) return false;
  if (a != nullptr && (a->transform != b->transform || a->source != b->source)) return false;
  return SameNames(own.NameOf(here), other.NameOf(there),
                   IntersectBoxes(here.members, there.members));
}

// A trace as evidence: the names of a key on its way.
KeyEvidence Way(const Pass& pass, const Trace& trace, Phases phases) {
  std::string relation(OrderName(phases));
  relation += pass.direction == Direction::kLoad ? ", is loaded" : ", is saved";
  std::string result = ShowResult(pass, trace);
  std::string_view by = " by way of ";
  for (const TraceStep& step : trace.steps) {
    std::string text = ShowText(trace, step.after);
    if (!step.changed() || text == result) continue;
    relation += by;
    relation += '`' + text + '`';
    by = " and ";
  }
  relation += pass.direction == Direction::kLoad ? " into" : " as";
  return {ShowKeys(pass, trace), std::move(relation), std::move(result), pass.size(trace)};
}

void Report(const Simulation& s, const Pass& own, const Pass& other,
            const std::vector<uint32_t>& families, const std::vector<PassTransform>& moved,
            const Orders& orders, Phases phases, std::set<std::pair<uint32_t, uint32_t>>* told,
            FindingSink* sink) {
  std::map<std::pair<uint32_t, uint32_t>, Finding> found;
  for (const Trace& there : other.traces) {
    for (const Trace& here : own.traces) {
      if (here.family != families[there.family]) continue;
      if (!BoxesIntersect(here.members, there.members) || Same(own, here, other, there)) continue;
      const TraceStep* claim = Claim(here) != nullptr ? Claim(here) : Claim(there);
      const TraceStep* rename = MovedStep(here, moved);
      if (rename == nullptr) rename = MovedStep(there, moved);
      if (claim == nullptr || rename == nullptr) continue;
      std::pair<uint32_t, uint32_t> pair{claim->transform, rename->transform};
      // One order is enough to call a pair sensitive.
      if (told->contains(pair)) continue;
      Finding& finding = found[pair];
      AddEvidence(&finding, Way(own, here, orders.own));
      AddEvidence(&finding, Way(other, there, phases));
    }
  }
  for (auto& [pair, finding] : found) {
    told->insert(pair);
    bool load = orders.direction == Direction::kLoad;
    finding.transform = RefOf(s.plan, pair.first);
    TransformRef renaming = RefOf(s.plan, pair.second);
    finding.message = std::string(load ? "on load" : "on save") + ", this converter and " +
                      ShowTransform(*renaming.spec) +
                      " need their order: " + std::string(OrderName(orders.own)) + " and " +
                      std::string(OrderName(phases)) + ", they give different names";
    finding.cause = CauseOf(orders.direction, phases);
    finding.subject = ShowTransform(*renaming.spec);
    finding.related.push_back({std::move(renaming), {}, "the renaming"});
    finding.advice =
        "if the mapping has to work with other releases, write both so that neither depends on the "
        "other";
    sink->Add(std::move(finding));
  }
}

void Compare(const Simulation& s, const Pass& own, const Orders& orders, FindingSink* sink) {
  Engine listing = *s.engine;
  listing.load_in_list_order = true;
  listing.save_order = EngineRules::SaveOrder::kListed;
  PassOrder listed = orders.direction == Direction::kLoad
                         ? LoadOrder(s.plan, listing)
                         : SaveOrder(s.plan, listing, FreshChoice(s.plan));
  PassOrder ran = Arranged(listed, orders.own);
  std::set<std::pair<uint32_t, uint32_t>> told;
  for (Phases other : orders.others) {
    PassOrder order = Arranged(listed, other);
    std::vector<PassTransform> moved = MovedRenamings(ran, order);
    std::vector<uint32_t> families = Candidates(s, own, listed, moved);
    if (families.empty()) continue;
    std::vector<LayoutFamily> keys;
    keys.reserve(families.size());
    for (uint32_t family : families) keys.push_back(own.families[family]);
    LoadTarget target{s.layout->base_model_prefix, s.model.get()};
    bool load = orders.direction == Direction::kLoad;
    Pass pass =
        RunPass(s.plan, order, *s.engine, orders.direction, keys, load ? &target : nullptr);
    if (!pass.error) Report(s, own, pass, families, moved, orders, other, &told, sink);
  }
}

std::vector<Phases> OtherThan(Phases own) {
  std::vector<Phases> others{Phases::kConvertersFirst, Phases::kListed, Phases::kRenamingsFirst};
  std::erase(others, own);
  return others;
}

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  bool converters = std::any_of(s.plan.transforms.begin(), s.plan.transforms.end(),
                                [](const auto& t) { return t.forward().is_converter(); });
  if (!converters) return;
  bool load_listed = s.engine->load_in_list_order;
  Phases save = Phases::kConvertersFirst;
  if (s.engine->save_order == EngineRules::SaveOrder::kListed) save = Phases::kListed;
  if (s.engine->save_order == EngineRules::SaveOrder::kAsLoad) save = Phases::kRenamingsFirst;
  if (s.has_checkpoint && !s.load.error) {
    Compare(s, s.load,
            {Direction::kLoad,
             load_listed ? Phases::kListed : Phases::kRenamingsFirst,
             {load_listed ? Phases::kRenamingsFirst : Phases::kListed}},
            sink);
  }
  // An engine that does not mirror its phases on save breaks chains in this direction.
  if (!s.save_fresh.error) {
    Compare(s, s.save_fresh, {Direction::kSave, save, OtherThan(save)}, sink);
  }
}

}  // namespace wcheck::engine_sensitive
