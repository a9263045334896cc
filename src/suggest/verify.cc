#include "suggest/verify.h"

#include <algorithm>
#include <set>

namespace wcheck::suggest {
namespace {

constexpr uint32_t kSampled[] = {0, 1, 2, 9, 10, 11};

bool InSample(const Numbers& member, uint32_t last) {
  return member.empty() || member[0] == last || std::ranges::find(kSampled, member[0]) != std::end(kSampled);
}

uint32_t LastOf(const std::vector<Numbers>& members) {
  return members.empty() || members.back().empty() ? 0 : members.back()[0];
}

template <typename F>
void ForEachMember(std::span<const IndexSet> sets, F&& use) {
  Numbers member(sets.size());
  const auto walk = [&](auto&& self, size_t hole) -> void {
    if (hole == sets.size()) {
      use(member);
      return;
    }
    sets[hole].ForEach([&](uint32_t value) {
      member[hole] = value;
      self(self, hole + 1);
    });
  };
  walk(walk, 0);
}

std::unordered_map<std::string, Shape> TensorsByName(const std::vector<LayoutFamily>& tensors) {
  std::unordered_map<std::string, Shape> out;
  for (const LayoutFamily& family : tensors) {
    ForEachMember(family.numbers, [&](const Numbers& member) {
      out.emplace(JoinNumbers(family.pattern, member), ShapeOf(family));
    });
  }
  return out;
}

const SubModel* ModuleAt(const Layout& model, const std::string& path) {
  const auto it = std::ranges::find(model.modules, path, &SubModel::path);
  return it == model.modules.end() ? nullptr : &*it;
}

}  // namespace

std::string EntryName(const Layout& model, const std::string& scope) {
  const std::string root = model.model_type.empty() ? model.class_name : model.model_type;
  if (scope.empty()) return root;
  const SubModel* module = ModuleAt(model, scope);
  if (module == nullptr) return scope;
  return module->model_type.empty() || module->model_type == root ? module->class_name : module->model_type;
}

Registry AsRegistry(const Layout& model, const std::vector<Line>& lines) {
  Registry registry;
  for (const Line& line : lines) {
    const std::string name = EntryName(model, line.scope);
    Entry& entry = registry.entries[name];
    entry.name = name;
    entry.transforms.push_back(line.transform);
  }
  return registry;
}

Verifier::Verifier(const Layout& model, const Goal& goal, const Tables& tables, bool shapes, bool sample)
    : shapes_(shapes) {
  layout_.class_name = model.class_name;
  layout_.model_type = model.model_type;
  layout_.base_model_prefix = model.base_model_prefix;
  layout_.modules = model.modules;
  layout_.config = model.config;
  if (!shapes) whole_shapes_ = TensorsByName(model.families);
  LayoutBuilder checkpoint, whole;
  builders_[0] = &checkpoint;
  builders_[1] = &whole;
  for (const Pairing& pair : goal.pairs) AddPair(pair, tables, sample);
  for (const ConverterGroup& group : goal.groups) AddGroup(group, tables, sample);
  const auto add_left = [&](const std::vector<const Family*>& families, bool of_model) {
    for (const Family* family : families) {
      for (size_t i = 0; i < family->members.size(); ++i) {
        if (sample && !InSample(family->members[i], LastOf(family->members))) continue;
        const std::string key = family->Key(family->members[i]);
        if (of_model) {
          AddToModel(key, tables.ShapeAt(*family, i));
        } else {
          checkpoint.Add(key, tables.ShapeAt(*family, i), "float32");
        }
      }
    }
  };
  add_left(goal.left_checkpoint, false);
  add_left(goal.left_model, true);
  whole.FinishInto(&layout_);
  Layout holder;
  checkpoint.FinishInto(&holder);
  checkpoint_ = std::move(holder.families);
  storage_ = std::move(holder.storage);
  builders_[0] = builders_[1] = nullptr;
}

void Verifier::AddPair(const Pairing& pair, const Tables& tables, bool sample) {
  const Family& c = *pair.checkpoint;
  const Family& m = *pair.model;
  for (size_t i = 0; i < c.members.size(); ++i) {
    if (sample && !InSample(c.members[i], LastOf(c.members))) continue;
    const std::string from = c.Key(c.members[i]);
    const std::string to = m.Key(c.members[i]);
    const Shape& shape = tables.ShapeAt(c, i);
    builders_[0]->Add(from, shape, "float32");
    AddToModel(to, tables.ShapeAt(m, i));
    checkpoint_shapes_.emplace(from, shape);
    model_shapes_.emplace(to, tables.ShapeAt(m, i));
    saved_as_.emplace(to, from);
    places_.emplace(from, Place{to});
  }
}

void Verifier::AddGroup(const ConverterGroup& group, const Tables& tables, bool sample) {
  const Family& base = group.source_list ? *group.targets[0] : *group.sources[0];
  // For a list of each of its families, the members by the numbers that the whole group has.
  const auto members_of = [&](const Family& family, std::optional<size_t> list) {
    if (list) return WithoutHole(family, *list);
    std::map<Numbers, std::vector<size_t>> out;
    for (size_t i = 0; i < family.members.size(); ++i) out[family.members[i]] = {i};
    return out;
  };
  std::vector<std::map<Numbers, std::vector<size_t>>> sources, targets;
  for (const Family* family : group.sources) sources.push_back(members_of(*family, group.source_list));
  for (const Family* family : group.targets) targets.push_back(members_of(*family, group.target_list));
  for (const Numbers& member : base.members) {
    if (sample && !InSample(member, LastOf(base.members))) continue;
    Bucket bucket;
    bucket.list = group.target_list.has_value();
    for (size_t t = 0; t < targets.size(); ++t) {
      for (const size_t i : targets[t].at(member)) {
        const Family& family = *group.targets[t];
        bucket.targets.push_back(family.Key(family.members[i]));
        AddToModel(bucket.targets.back(), tables.ShapeAt(family, i));
        model_shapes_.emplace(bucket.targets.back(), tables.ShapeAt(family, i));
      }
    }
    for (size_t s = 0; s < sources.size(); ++s) {
      for (const size_t i : sources[s].at(member)) {
        const Family& family = *group.sources[s];
        const std::string key = family.Key(family.members[i]);
        builders_[0]->Add(key, tables.ShapeAt(family, i), "float32");
        checkpoint_shapes_.emplace(key, tables.ShapeAt(family, i));
        places_.emplace(key, Place{"", buckets_.size(), s, true});
      }
    }
    buckets_.push_back(std::move(bucket));
  }
}

void Verifier::AddToModel(const std::string& key, const Shape& shape) {
  const auto known = whole_shapes_.find(key);
  builders_[1]->Add(key, known != whole_shapes_.end() ? known->second : shape, "float32");
}

Layout Verifier::Shaped(const CompiledRegistry& compiled) const {
  const Simulation simulation = Simulate(layout_, compiled, {});
  const std::unordered_map<std::string, Shape> saved = TensorsByName(simulation.saved.tensors);
  LayoutBuilder builder;
  for (const LayoutFamily& family : checkpoint_) {
    ForEachMember(family.numbers, [&](const Numbers& member) {
      const std::string key = JoinNumbers(family.pattern, member);
      const auto known = saved.find(key);
      builder.Add(key, known != saved.end() ? known->second : Shape{}, "float32");
    });
  }
  Layout out;
  builder.FinishInto(&out);
  return out;
}

const std::string* Verifier::PlaceOf(const std::string& key) const {
  const auto place = places_.find(key);
  return place == places_.end() || place->second.converted ? nullptr : &place->second.model;
}

std::vector<Fault> Verifier::Check(const std::vector<Line>& lines, const Engine& engine,
                                   std::vector<Line>* counted) const {
  std::vector<Fault> faults;
  const auto fault = [&](const std::string& key, std::string what) {
    faults.push_back({key, std::move(what)});
  };
  const Registry registry = AsRegistry(layout_, lines);
  const CompiledRegistry compiled(registry, engine);
  if (!compiled.rejections().empty()) return {{"", compiled.rejections().front().error.ToString()}};
  const Layout shaped = shapes_ ? Layout() : Shaped(compiled);
  const std::vector<LayoutFamily>& checkpoint = shapes_ ? checkpoint_ : shaped.families;
  const Simulation simulation = Simulate(layout_, compiled, {.checkpoint = &checkpoint});
  if (simulation.saved.error) return {{"", "the save raises " + simulation.saved.error->ToString()}};
  if (simulation.save_order.error) return {{"", "the save raises " + simulation.save_order.error->ToString()}};
  if (simulation.loaded.error) return {{"", "the load raises " + simulation.loaded.error->ToString()}};

  std::vector<uint64_t> moved(simulation.plan.transforms.size());
  for (const Trace& trace : simulation.load.traces) {
    const LayoutFamily& family = checkpoint[trace.family];
    const Name name = simulation.load.NameOf(trace);
    const bool claimed = trace.claim >= 0 && !trace.set_aside;
    std::vector<Name> filled;
    if (claimed) filled = FilledKeys(simulation, simulation.load, trace);
    uint64_t size = 0;
    ForEachMember(trace.members, [&](const Numbers& member) {
      ++size;
      const std::string key = JoinNumbers(family.pattern, member);
      const auto found = places_.find(key);
      if (found == places_.end()) {
        // A key without a place must not take that of another.
        if (claimed || model_shapes_.contains(name.Of(member))) fault(key, "has no place, but fills " + name.Of(member));
        return;
      }
      const Place& place = found->second;
      if (place.converted != claimed) {
        fault(key, claimed ? "is converted" : "is not converted");
      } else if (!claimed) {
        if (name.Of(member) != place.model) fault(key, "goes to " + name.Of(member));
      } else {
        const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
        const Bucket& bucket = buckets_[place.bucket];
        if (step.source != place.source) fault(key, "is another part");
        if (bucket.list) return;
        bool same = filled.size() == bucket.targets.size();
        for (size_t i = 0; i < filled.size() && same; ++i) same = filled[i].Of(member) == bucket.targets[i];
        if (!same) fault(key, "fills other keys");
      }
    });
    if (trace.set_aside) continue;
    std::set<uint32_t> indices;
    for (size_t i = 0; i < trace.steps.size(); ++i) {
      if (trace.steps[i].changed() || static_cast<int32_t>(i) == trace.claim) indices.insert(trace.steps[i].transform);
    }
    for (const uint32_t index : indices) moved[index] += size;
  }
  const std::unordered_map<std::string, Shape> loaded = TensorsByName(simulation.loaded.tensors);
  for (const auto& [key, shape] : model_shapes_) {
    const auto there = loaded.find(key);
    if (there == loaded.end()) {
      fault("", key + " is not filled");
    } else if (shapes_ && there->second != shape) {
      fault("", key + " gets the shape " + ShowShape(there->second));
    }
  }
  const std::unordered_map<std::string, Shape> saved = TensorsByName(simulation.saved.tensors);
  for (const auto& [key, shape] : checkpoint_shapes_) {
    const auto there = saved.find(key);
    if (there == saved.end()) {
      fault(key, "is not saved again");
    } else if (shapes_ && there->second != shape) {
      fault(key, "is saved with the shape " + ShowShape(there->second));
    }
  }
  for (const Trace& trace : simulation.save_fresh.traces) {
    if (trace.claim >= 0) continue;
    const LayoutFamily& family = layout_.families[trace.family];
    const Name name = simulation.save_fresh.NameOf(trace);
    ForEachMember(trace.members, [&](const Numbers& member) {
      const auto as = saved_as_.find(JoinNumbers(family.pattern, member));
      if (as == saved_as_.end()) {
        if (checkpoint_shapes_.contains(name.Of(member))) fault(name.Of(member), "is saved from another key");
      } else if (name.Of(member) != as->second) {
        fault(as->second, "is saved as " + name.Of(member));
      }
    });
  }
  std::ranges::sort(faults, {}, [](const Fault& f) { return std::tie(f.key, f.what); });
  if (counted != nullptr) {
    *counted = lines;
    // The lines of an entry stand in its order; an entry that several sub-models have counts for all.
    std::map<std::string, std::vector<Line*>> by_entry;
    for (Line& line : *counted) by_entry[EntryName(layout_, line.scope)].push_back(&line);
    for (size_t i = 0; i < simulation.plan.transforms.size(); ++i) {
      const PlacedTransform& placed = simulation.plan.transforms[i];
      const auto entry = by_entry.find(std::string(placed.entry));
      if (entry != by_entry.end()) entry->second[placed.index_in_entry]->keys += moved[i];
    }
  }
  return faults;
}

}  // namespace wcheck::suggest
