#include "wcheck/engine/simulation.h"

#include <algorithm>
#include <unordered_map>

#include "wcheck/engine/boxes.h"
#include "wcheck/engine/family_cells.h"

namespace wcheck {
namespace {

// Names that several keys reach. A name counts if `counts` holds for the traces that reach it.
template <typename Include, typename Counts>
std::vector<Collision> FindCollisions(const Pass& pass, Include&& include, Counts&& counts) {
  struct Arrival {
    uint32_t trace;
    Name name;
  };
  std::unordered_map<std::string, size_t> index;
  std::vector<std::pair<std::string_view, std::vector<Arrival>>> groups;
  bool suspicious = false;
  for (uint32_t t = 0; t < pass.traces.size(); ++t) {
    if (!include(pass.traces[t])) continue;
    Name name = pass.NameOf(pass.traces[t]);
    auto [found, is_new] = index.try_emplace(name.pattern, groups.size());
    if (is_new) groups.emplace_back(found->first, std::vector<Arrival>{});
    suspicious |= !is_new || pass.traces[t].changed();
    groups[found->second].second.push_back({t, std::move(name)});
  }
  std::vector<Collision> out;
  if (!suspicious) return out;
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

// Replaces every textual occurrence of `from`. False if it depends on the numbers where they are.
bool ReplaceText(SymbolicKey* key, std::string_view from, std::string_view to) {
  if (from.empty()) {
    // Python puts the replacement between all characters.
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
    s_.profile = options.profile;
    s_.plan = CollectPlan(layout, registry);
    s_.model = std::make_unique<KeySet>(layout.families);
  }

  Simulation Run() && {
    const Profile& profile = *s_.profile;
    s_.load_order = LoadOrder(s_.plan, profile);
    s_.save_order = SaveOrder(s_.plan, profile, FreshChoice(s_.plan));
    s_.save_loaded_order = SaveOrder(s_.plan, profile, LoadedChoice(s_.plan));
    s_.save_fresh = Save(s_.save_order, s_.layout->families);
    s_.save_loaded = Save(s_.save_loaded_order, s_.layout->families);
    if (options_.save_again && !s_.save_loaded.error) {
      s_.save_again_order = SaveOrder(s_.plan, profile, LoadedChoice(s_.plan), /*second=*/true);
      s_.save_again = Save(s_.save_again_order, s_.layout->families);
    }
    SaveTensors();
    LoadCheckpoint();
    s_.reload = Load(s_.layout->families);
    CollectSaveCollisions();
    return std::move(s_);
  }

 private:
  Pass Save(const PassOrder& order, std::span<const LayoutFamily> families) {
    return RunPass(s_.plan, order, *s_.profile, Direction::kSave, families, nullptr,
                   options_.folding);
  }

  Pass Load(std::span<const LayoutFamily> families) {
    LoadTarget target{s_.layout->base_model_prefix, s_.model.get()};
    return RunPass(s_.plan, s_.load_order, *s_.profile, Direction::kLoad, families, &target,
                   options_.folding);
  }

  void SaveTensors() {
    if (s_.save_fresh.error) {
      s_.saved.error = s_.save_fresh.error;
      s_.saved.error_key = s_.save_fresh.error_key;
      s_.saved.error_transform = s_.save_fresh.error_transform;
      if (options_.checkpoint == nullptr) return;
    } else {
      s_.saved = Convert(s_.save_fresh, s_.plan, s_.save_order, *s_.profile, *s_.model);
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
    s_.load = Load(s_.checkpoint);
    s_.resave = Save(s_.save_order, s_.checkpoint);
    if (s_.load.error) return;
    s_.loaded = Convert(s_.load, s_.plan, s_.load_order, *s_.profile, *s_.model);
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
          return std::any_of(traces.begin(), traces.end(), [this](uint32_t t) {
            return s_.save_fresh.traces[t].claim < 0;
          });
        });
  }

  // By name only, as the reference answers count.
  void CollectMissing() {
    std::vector<std::pair<std::string, IndexBox>> hits;
    for (const Trace& trace : s_.load.traces) {
      if (!trace.in_model) {
        s_.unexpected.push_back(
            {trace.family, IndexBox(trace.members.begin(), trace.members.end())});
        continue;
      }
      if (trace.claim < 0) {
        Name name = s_.load.NameOf(trace);
        IndexBox numbers = name.Numbers(trace.members);
        hits.emplace_back(std::move(name.pattern), std::move(numbers));
        continue;
      }
      for (Name& name : FilledKeys(s_, s_.load, trace)) {
        IndexBox numbers = name.Numbers(trace.members);
        hits.emplace_back(std::move(name.pattern), std::move(numbers));
      }
    }
    std::unordered_map<std::string_view, std::vector<std::span<const IndexSet>>> by_pattern;
    for (const auto& [pattern, numbers] : hits) by_pattern[pattern].push_back(numbers);
    for (uint32_t f = 0; f < s_.layout->families.size(); ++f) {
      const LayoutFamily& family = s_.layout->families[f];
      IndexBox all(family.numbers.begin(), family.numbers.end());
      auto found = by_pattern.find(family.pattern);
      if (found == by_pattern.end()) {
        s_.missing.push_back({f, std::move(all)});
        continue;
      }
      for (IndexBox& left : BoxMinus(all, found->second)) {
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
  // Of two converters with one source text, the later one collects.
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
    // It depends on the numbers: each member's name, as constants.
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
