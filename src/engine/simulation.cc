// Puts the passes of one class together. Equal work is done once: two saves with the same
// transforms in the same order are one pass, and a checkpoint with the model's own keys loads as
// they do.
#include "engine/simulation.h"

#include <algorithm>
#include <deque>
#include <unordered_map>

#include "families/boxes.h"
#include "families/family_cells.h"
#include "support/limits.h"

namespace wcheck {
namespace {

// Names that several keys reach. A name counts if `counts` is true for the traces that reach it.
//
// Keys that keep their names cannot collide with each other, so only patterns that some renamed key
// reaches are examined.
template <typename Include, typename Counts>
std::vector<Collision> FindCollisions(const Pass& pass, Include&& include, Counts&& counts) {
  struct Arrival {
    uint32_t trace;
    Name name;
  };
  std::unordered_map<std::string_view, size_t> index;  // into groups
  for (const Trace& trace : pass.traces) {
    if (trace.changed() && include(trace)) index.try_emplace(trace.renamed->pattern, SIZE_MAX);
  }
  std::vector<std::pair<std::string_view, std::vector<Arrival>>> groups;
  for (uint32_t t = 0; t < pass.traces.size() && !index.empty(); ++t) {
    const Trace& trace = pass.traces[t];
    auto found = index.find(trace.changed() ? std::string_view(trace.renamed->pattern)
                                            : pass.families[trace.family].pattern);
    if (found == index.end() || !include(trace)) continue;
    if (found->second == SIZE_MAX) {
      found->second = groups.size();
      groups.emplace_back(found->first, std::vector<Arrival>{});
    }
    groups[found->second].second.push_back({t, pass.NameOf(trace)});
  }
  std::vector<Collision> out;
  for (auto& [pattern, arrivals] : groups) {
    const Trace& first = pass.traces[arrivals[0].trace];
    if (arrivals.size() == 1 && arrivals[0].name.Injective(first.members)) continue;
    std::vector<IndexBox> boxes;
    for (const Arrival& a : arrivals) boxes.push_back(a.name.Numbers(pass.traces[a.trace].members));
    for (OverlayCell& cell : Overlay(boxes)) {
      bool several = cell.covering.size() > 1;
      std::vector<uint32_t> traces;
      for (uint32_t c : cell.covering) {
        const Arrival& a = arrivals[c];
        several |= !a.name.Injective(pass.traces[a.trace].members);
        traces.push_back(a.trace);
      }
      if (!several || !counts(traces)) continue;
      out.push_back({std::string(pattern), std::move(cell.box), std::move(traces)});
    }
  }
  return out;
}

// The same transforms in the same order: they have the same effect on the same keys.
bool SameOrder(const PassOrder& a, const PassOrder& b) {
  return !a.error && !b.error &&
         std::equal(a.transforms.begin(), a.transforms.end(), b.transforms.begin(),
                    b.transforms.end(), [](const PassTransform& x, const PassTransform& y) {
                      return x.transform == y.transform && x.index == y.index;
                    });
}

// The same keys, cut into the same families.
bool SameKeys(std::span<const LayoutFamily> a, std::span<const LayoutFamily> b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const LayoutFamily& x, const LayoutFamily& y) {
        return x.pattern == y.pattern &&
               (x.numbers.data() == y.numbers.data() ||
                std::equal(x.numbers.begin(), x.numbers.end(), y.numbers.begin(), y.numbers.end()));
      });
}

// A pass of other families with the same keys.
Pass PassOf(const Pass& same, std::span<const LayoutFamily> families) {
  Pass pass = same;
  pass.families = families;
  for (Trace& trace : pass.traces) {
    if (trace.members.data() == same.families[trace.family].numbers.data()) {
      trace.members = families[trace.family].numbers;
    }
  }
  return pass;
}

// Replaces every textual occurrence of `from`. False if the result depends on the numbers there, or
// becomes longer than a key may be.
bool ReplaceText(SymbolicKey* key, std::string_view from, std::string_view to) {
  if (from.empty()) {
    // Python inserts the replacement between all characters.
    SymbolicKey out;
    out.Append(to);
    for (size_t i = 0; i < key->text.size();) {
      size_t next = i + 1;
      while (next < key->text.size() &&
             (static_cast<unsigned char>(key->text[next]) & 0xC0U) == 0x80U) {
        ++next;
      }
      out.Append(*key, i, next);
      out.Append(to);
      if (out.text.size() > kMaxKeyBytes) return false;
      i = next;
    }
    *key = std::move(out);
    return true;
  }
  for (size_t at = 0;;) {
    SymbolicKey text = *key;
    text.Append(from);
    Occurrence first = FirstOccurrence(text, at, key->text.size(), text.text.size());
    if (!first.known) return false;
    if (first.at + from.size() > key->text.size()) return true;
    if (key->text.size() > kMaxKeyBytes) return false;
    key->Replace(first.at, from.size(), SymbolicKey::Concrete(to));
    at = first.at + to.size();
  }
}

class Simulator {
 public:
  Simulator(const Layout& layout, const CompiledRegistry& registry,
            const SimulationOptions& options)
      : options_(options) {
    s_.layout = &layout;
    s_.engine = &registry.engine();
    s_.plan = CollectPlan(layout, registry);
    s_.model = std::make_unique<KeySet>(layout.families);
  }

  Simulation Run() && {
    const Engine& engine = *s_.engine;
    s_.load_order = LoadOrder(s_.plan, engine);
    if (options_.load_only) {
      s_.checkpoint = *options_.checkpoint;
      s_.has_checkpoint = true;
      s_.load = Load(s_.checkpoint);
      CollectLoaded();
      return std::move(s_);
    }
    s_.save_order = SaveOrder(s_.plan, engine, FreshChoice(s_.plan));
    s_.save_loaded_order = SaveOrder(s_.plan, engine, LoadedChoice(s_.plan));
    s_.save_fresh = Save(s_.save_order, s_.layout->families);
    s_.save_loaded = SameOrder(s_.save_order, s_.save_loaded_order)
                         ? s_.save_fresh
                         : Save(s_.save_loaded_order, s_.layout->families);
    if (options_.save_again && !s_.save_loaded.error) {
      s_.save_again_order = SaveOrder(s_.plan, engine, LoadedChoice(s_.plan), /*second=*/true);
      s_.save_again = Save(s_.save_again_order, s_.layout->families);
    }
    s_.reload = Load(s_.layout->families);
    SaveTensors();
    LoadCheckpoint();
    CollectSaveCollisions();
    return std::move(s_);
  }

 private:
  Pass Save(const PassOrder& order, std::span<const LayoutFamily> families) {
    return RunPass(s_.plan, order, *s_.engine, Direction::kSave, families, nullptr,
                   options_.folding);
  }

  Pass Load(std::span<const LayoutFamily> families) {
    LoadTarget target{s_.layout->base_model_prefix, s_.model.get()};
    return RunPass(s_.plan, s_.load_order, *s_.engine, Direction::kLoad, families, &target,
                   options_.folding);
  }

  void SaveTensors() {
    if (s_.save_fresh.error) {
      s_.saved.error = s_.save_fresh.error;
      s_.saved.error_key = s_.save_fresh.error_key;
      s_.saved.error_transform = s_.save_fresh.error_transform;
      if (options_.checkpoint == nullptr) return;
    } else {
      s_.saved = Convert(s_.save_fresh, s_.plan, s_.save_order, *s_.engine, *s_.model);
    }
    if (options_.checkpoint != nullptr) {
      s_.checkpoint = *options_.checkpoint;
      s_.has_checkpoint = true;
    } else if (!s_.saved.error) {
      s_.checkpoint = s_.saved.tensors;
      s_.has_checkpoint = true;
    }
  }

  void LoadCheckpoint() {
    if (!s_.has_checkpoint) {
      s_.load.used.assign(s_.plan.transforms.size(), false);
      s_.resave = Save(s_.save_order, {});
      return;
    }
    if (SameKeys(s_.checkpoint, s_.layout->families)) {
      // A model that no transform renames on save: its checkpoint has the model's own keys.
      s_.load = PassOf(s_.reload, s_.checkpoint);
      s_.resave = PassOf(s_.save_fresh, s_.checkpoint);
    } else {
      s_.load = Load(s_.checkpoint);
      s_.resave = Save(s_.save_order, s_.checkpoint);
    }
    CollectLoaded();
  }

  void CollectLoaded() {
    if (s_.load.error) return;
    s_.loaded = Convert(s_.load, s_.plan, s_.load_order, *s_.engine, *s_.model);
    CollectMissing();
    s_.load_collisions = FindCollisions(
        s_.load, [](const Trace& t) { return t.in_model && t.claim < 0; },
        [](const std::vector<uint32_t>&) { return true; });
  }

  void CollectSaveCollisions() {
    if (s_.save_fresh.error) return;
    s_.save_collisions = FindCollisions(
        s_.save_fresh, [](const Trace&) { return true; },
        [this](const std::vector<uint32_t>& traces) {
          return std::any_of(traces.begin(), traces.end(),
                             [this](uint32_t t) { return s_.save_fresh.traces[t].claim < 0; });
        });
  }

  // By name only, as in the reference answers.
  void CollectMissing() {
    // What the load reaches of each family of the layout.
    std::vector<std::vector<std::span<const IndexSet>>> reached(s_.layout->families.size());
    std::deque<IndexBox> boxes;  // storage of the spans
    auto reach = [&](std::string_view pattern, std::span<const IndexSet> numbers) {
      for (uint32_t f : s_.model->FamiliesOf(pattern)) reached[f].push_back(numbers);
    };
    for (const Trace& trace : s_.load.traces) {
      if (!trace.in_model) {
        s_.unexpected.push_back(
            {trace.family, IndexBox(trace.members.begin(), trace.members.end())});
      } else if (trace.claim >= 0) {
        for (const Name& name : FilledKeys(s_, s_.load, trace)) {
          reach(name.pattern, boxes.emplace_back(name.Numbers(trace.members)));
        }
      } else if (trace.changed()) {
        reach(trace.renamed->pattern, boxes.emplace_back(trace.renamed->Numbers(trace.members)));
      } else {
        reach(s_.load.families[trace.family].pattern, trace.members);
      }
    }
    for (uint32_t f = 0; f < s_.layout->families.size(); ++f) {
      std::span<const IndexSet> all = s_.layout->families[f].numbers;
      bool whole = std::any_of(reached[f].begin(), reached[f].end(), [&](const auto& numbers) {
        return numbers.data() == all.data() || BoxContains(numbers, all);
      });
      if (whole) continue;
      for (IndexBox& left : BoxMinus(IndexBox(all.begin(), all.end()), reached[f])) {
        s_.missing.push_back({f, std::move(left)});
      }
    }
  }

  const SimulationOptions& options_;
  Simulation s_;
};

}  // namespace

std::vector<Name> FilledKeys(const Simulation& simulation, const Pass& pass, const Trace& trace) {
  const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
  const PassOrder& order = simulation.load_order;
  const Transform* claimed = nullptr;
  const Transform* collects = nullptr;
  for (const PassTransform& t : order.transforms) {
    if (t.index == step.transform) claimed = t.transform;
  }
  // Of two converters with the same source text, the later one collects.
  for (const PassTransform& t : order.transforms) {
    if (!t.transform->is_converter()) continue;
    const auto& sources = t.transform->sources;
    if (std::find(sources.begin(), sources.end(), claimed->sources[step.source]) != sources.end()) {
      collects = t.transform;
    }
  }
  Name reached = pass.NameOf(trace);
  std::vector<Name> out;
  if (collects == nullptr || collects->targets.empty()) return out;
  const std::string& first = collects->targets[0];
  if (collects->targets.size() == 1) return {std::move(reached)};
  std::vector<uint32_t> member = SmallestMember(trace.members);
  // The reached name as a key whose numbers are those of the family.
  std::vector<uint32_t> values;
  for (const NamePart& part : reached.parts) {
    values.push_back(part.number == NamePart::kConstant ? part.value : member[part.number]);
  }
  for (const std::string& target : collects->targets) {
    SymbolicKey key = SymbolicKey::Of(reached.pattern, values);
    for (char& tag : key.tags) {
      if (tag == 0) continue;
      const NamePart& part = reached.parts[static_cast<unsigned char>(tag) - 1U];
      tag = part.number == NamePart::kConstant ? '\0' : static_cast<char>(part.number + 1);
    }
    Name name;
    if (ReplaceText(&key, first, target) && ToName(key, member, &name)) {
      out.push_back(std::move(name));
      continue;
    }
    // The result depends on the numbers: each member's name, as constants.
    ForEachMember(trace.members, [&](std::span<const uint32_t> m) {
      SymbolicKey one = SymbolicKey::Concrete(reached.Of(m));
      ReplaceText(&one, first, target);
      ToName(one, {}, &name);
      out.push_back(name);
    });
  }
  return out;
}

Simulation Simulate(const Layout& layout, const CompiledRegistry& registry,
                    const SimulationOptions& options) {
  return Simulator(layout, registry, options).Run();
}

}  // namespace wcheck
