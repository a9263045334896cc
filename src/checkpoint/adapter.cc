// Puts the keys of an adapter through a load, next to the weights that they belong to, and compares
// where the two end up. Both kinds of names are tried: the model's own, which an adapter saved
// today has, and those of checkpoints, which an older one has.
#include "checkpoint/adapter.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "families/boxes.h"
#include "layout/tied.h"

namespace wcheck {
namespace {

constexpr std::string_view kWeight = ".weight";
constexpr std::string_view kFactors[] = {".lora_A.weight", ".lora_B.weight"};

bool NamesEnd(std::string_view name, std::string_view end) {
  return name == end || (name.size() > end.size() && name.ends_with(end) &&
                         name[name.size() - end.size() - 1] == '.');
}

bool AnyEnd(std::string_view name, const std::vector<std::string>& ends) {
  return std::any_of(ends.begin(), ends.end(),
                     [name](const std::string& end) { return NamesEnd(name, end); });
}

bool Matches(const Pattern& pattern, std::string_view name) {
  Match match;
  return pattern.Search(name, &match);
}

// What layers_to_transform says about a module: the last number in its name is one of the list, and
// follows one of layers_pattern.
bool InLayers(const AdapterConfig& config, std::string_view module) {
  if (config.layers.empty()) return true;
  std::vector<std::string_view> parts;
  for (size_t at = 0; at <= module.size();) {
    size_t dot = std::min(module.find('.', at), module.size());
    parts.push_back(module.substr(at, dot - at));
    at = dot + 1;
  }
  for (size_t i = parts.size(); i-- > 1;) {
    SplitKey split = SplitNumbers(parts[i]);
    if (split.numbers.size() != 1) continue;
    const auto& before = config.layers_pattern;
    if (!before.empty() && std::find(before.begin(), before.end(), parts[i - 1]) == before.end()) {
      continue;
    }
    return std::find(config.layers.begin(), config.layers.end(), split.numbers[0]) !=
           config.layers.end();
  }
  return false;
}

bool Selects(const AdapterConfig::Modules& modules, std::string_view module, bool is_linear) {
  if (modules.all_linear) return is_linear;
  if (modules.regex) return Matches(*modules.regex, module);
  return AnyEnd(module, modules.ends);
}

// Layouts do not record which modules are linear. Taken as linear: a module with a matrix, no part
// of whose name calls it an embedding, and that is not the head that PEFT leaves out.
bool LooksLinear(std::string_view module, size_t dimensions) {
  std::string_view last = module.substr(module.rfind('.') + 1);
  return dimensions == 2 && module.find("embed") == std::string_view::npos && last != "lm_head" &&
         last != "wte" && last != "wpe";
}

bool IsTarget(const AdapterConfig& config, std::string_view module, size_t dimensions) {
  return Selects(config.targets, module, LooksLinear(module, dimensions)) &&
         !Selects(config.excluded, module, /*is_linear=*/true) && InLayers(config, module);
}

// The module of a key that an adapter has factors for, or, for a parameter by name, the module that
// owns it.
std::optional<std::string> AdaptedModule(const AdapterConfig& config, const std::string& key,
                                         size_t dimensions) {
  if (AnyEnd(key, config.parameters)) return key.substr(0, key.rfind('.'));
  if (!key.ends_with(kWeight)) return std::nullopt;
  std::string module = key.substr(0, key.size() - kWeight.size());
  if (!IsTarget(config, module, dimensions)) return std::nullopt;
  return module;
}

// Keys of an adapter, and the families that contain them.
struct AdapterFamilies {
  std::deque<std::string> patterns;
  std::deque<IndexBox> boxes;

  LayoutFamily Add(std::string pattern, IndexBox box) {
    patterns.push_back(std::move(pattern));
    boxes.push_back(std::move(box));
    return {patterns.back(), boxes.back(), {}, {}};
  }
};

// The members of a family that an adapter has factors for, and their module as a pattern.
struct Adapted {
  std::string module;
  std::vector<IndexBox> boxes;
};
std::optional<Adapted> AdaptedPart(const AdapterConfig& config, const LayoutFamily& family,
                                   std::span<const IndexSet> members) {
  std::vector<std::vector<uint32_t>> tuples;
  Adapted out;
  ForEachMember(members, [&](std::span<const uint32_t> member) {
    std::string key = JoinNumbers(family.pattern, member);
    std::optional<std::string> module = AdaptedModule(config, key, family.shape.size());
    if (!module) return;
    if (out.module.empty()) out.module = SplitNumbers(*module).pattern;
    tuples.emplace_back(member.begin(), member.end());
  });
  if (tuples.empty()) return std::nullopt;
  out.boxes = CutIntoBoxes(std::move(tuples));
  return out;
}

class FateFinder {
 public:
  FateFinder(const Simulation& simulation, const AdapterConfig& config)
      : s_(simulation),
        config_(config),
        model_(s_.layout->families.begin(), s_.layout->families.end()) {
    // The model has the adapter's keys where its modules are.
    for (const LayoutFamily& family : s_.layout->families) {
      std::optional<Adapted> adapted = AdaptedPart(config_, family, family.numbers);
      if (!adapted) continue;
      for (std::string_view factor : kFactors) {
        for (const IndexBox& box : adapted->boxes) {
          model_.push_back(storage_.Add(adapted->module + std::string(factor), box));
        }
      }
    }
  }

  std::vector<AdapterFate> Find() && {
    if (!s_.load.error) {
      for (const Trace& trace : s_.load.traces) {
        if (trace.in_model) JudgeWeight(s_.load, trace, /*old_names=*/true);
      }
    }
    if (!s_.reload.error) {
      for (const Trace& trace : s_.reload.traces)
        JudgeWeight(s_.reload, trace, /*old_names=*/false);
    }
    return std::move(fates_);
  }

 private:
  void JudgeWeight(const Pass& pass, const Trace& trace, bool old_names) {
    const LayoutFamily& family = pass.families[trace.family];
    // A name that checkpoint and model share is judged as a name of the model.
    if (old_names && !trace.changed() && trace.claim < 0) return;
    std::optional<Adapted> adapted = AdaptedPart(config_, family, trace.members);
    if (!adapted) return;
    for (std::string_view factor : kFactors) {
      for (const IndexBox& box : adapted->boxes) {
        JudgeKeys(pass, trace, adapted->module + std::string(factor), box, factor, old_names);
      }
    }
  }

  // `goal` is the name under which the adapter's keys should be loaded: that of the module that
  // their weight is loaded to. It is added to the keys of the model, because the prefix step
  // depends on which keys the model has.
  void JudgeKeys(const Pass& pass, const Trace& weight, std::string pattern, const IndexBox& box,
                 std::string_view factor, bool old_names) {
    AdapterFamilies storage;
    LayoutFamily keys = storage.Add(std::move(pattern), box);
    AdapterFate fate;
    fate.old_names = old_names;
    fate.keys = ShowFamily(keys.pattern, keys.numbers);
    fate.count = keys.size();
    Name goal = pass.NameOf(weight);
    fate.weight = ShowFamily(goal.pattern, goal.Numbers(box));
    // The model's own names stay as they are, whatever a load makes of the full weights.
    if (!old_names) {
      goal = Name{std::string(keys.pattern), {}};
      for (uint32_t i = 0; i < keys.numbers.size(); ++i) goal.parts.push_back({i, 0});
      fate.weight = ShowFamily(pass.families[weight.family].pattern, box);
    } else if (weight.claim >= 0) {
      fate.kind = AdapterFate::Kind::kConverted;
      fate.transform = weight.steps[static_cast<size_t>(weight.claim)].transform;
      fates_.push_back(std::move(fate));
      return;
    } else if (goal.pattern.ends_with(kWeight)) {
      goal.pattern.resize(goal.pattern.size() - kWeight.size());
      goal.pattern += factor;
    }
    // The names of a renamed module, by whichever name the config selects it.
    std::vector<LayoutFamily> model = model_;
    model.push_back(storage.Add(goal.pattern, goal.Numbers(box)));
    KeySet target_keys(model);
    LoadTarget target{s_.layout->base_model_prefix, &target_keys};
    Pass load = RunPass(s_.plan, s_.load_order, *s_.engine, Direction::kLoad, std::span(&keys, 1),
                        &target);
    if (load.error) return;
    for (const Trace& trace : load.traces) {
      Name reached = load.NameOf(trace);
      AdapterFate part = fate;
      part.keys = ShowFamily(keys.pattern, trace.members);
      part.count = load.size(trace);
      part.result = ShowFamily(reached.pattern, reached.Numbers(trace.members));
      if (trace.claim >= 0 || reached != goal) {
        part.kind = AdapterFate::Kind::kLeftBehind;
        part.transform = Separating(weight, trace);
      }
      fates_.push_back(std::move(part));
    }
  }

  // The transform that matched only one of the two.
  static std::optional<uint32_t> Separating(const Trace& weight, const Trace& adapter) {
    auto meets = [](const Trace& trace, uint32_t transform) {
      return std::any_of(trace.steps.begin(), trace.steps.end(),
                         [transform](const TraceStep& step) {
                           return step.transform == transform && step.changed();
                         });
    };
    for (const auto& [one, other] : {std::pair(&weight, &adapter), std::pair(&adapter, &weight)}) {
      for (const TraceStep& step : one->steps) {
        if (step.changed() && !meets(*other, step.transform)) return step.transform;
      }
    }
    return std::nullopt;
  }

  const Simulation& s_;
  const AdapterConfig& config_;
  AdapterFamilies storage_;
  std::vector<LayoutFamily> model_;  // its own keys and those of the adapter
  std::vector<AdapterFate> fates_;
};

}  // namespace

std::vector<AdapterFate> FatesOfAdapter(const Simulation& simulation, const AdapterConfig& config) {
  return FateFinder(simulation, config).Find();
}

bool TouchesAny(const AdapterConfig& config, std::span<const LayoutFamily> keys) {
  return std::any_of(keys.begin(), keys.end(), [&](const LayoutFamily& f) {
    bool touches = AdaptedPart(config, f, f.numbers).has_value();
    ForEachMember(f.numbers, [&](std::span<const uint32_t> member) {
      std::string key = JoinNumbers(f.pattern, member);
      touches |= !touches && AnyEnd(key.substr(0, key.rfind('.')), config.saved);
    });
    return touches;
  });
}

std::vector<std::string> SavedOrTargeted(const AdapterConfig& config,
                                         const std::vector<std::string>& modules) {
  std::vector<std::string> touched;
  for (const std::string& module : modules) {
    // Modules with ties are matrices; "all-linear" does not select the head and the embedding.
    if (AnyEnd(module, config.saved) || IsTarget(config, module, 2) ||
        AnyEnd(module + std::string(kWeight), config.parameters)) {
      touched.push_back(module);
    }
  }
  return touched;
}

}  // namespace wcheck
