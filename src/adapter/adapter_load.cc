#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "adapter/adapter_plan.h"
#include "adapter/adapter_verdict.h"
#include "families/boxes.h"
#include "layout/key_set.h"
#include "layout/tied.h"

namespace wcheck {
namespace {

constexpr std::string_view kWrapper = "base_model.model.";

// A tensor on its way: its shape, and the keys of the file that it is made of.
struct Carried {
  std::optional<Shape> shape;
  std::set<std::string> from;
};
using State = std::map<std::string, Carried, std::less<>>;

// A name without the adapter's name: removed where it stands between dots or at the end.
std::string WithoutAdapterName(std::string_view name) {
  std::string out(name);
  const std::string part = "." + std::string(kAdapterName);
  for (size_t at = 0; (at = out.find(part, at)) != std::string::npos;) {
    const size_t end = at + part.size();
    if (end == out.size() || out[end] == '.') {
      out.erase(at, part.size());
    } else {
      at = end;
    }
  }
  return out;
}

std::string ShowShape(const Shape& shape) {
  std::string out;
  for (const int64_t size : shape) out += (out.empty() ? "" : ", ") + std::to_string(size);
  return "[" + out + "]";
}

class Loader {
 public:
  Loader(const AdapterFolder& folder, const BaseModel& model, const CompiledRegistry& registry,
         const PeftRelease& peft, AdapterRoute route)
      : folder_(folder), model_(model), registry_(registry), peft_(peft) {
    out_.route = route;
  }

  AdapterLoad Load() && {
    const PeftConfig& config = folder_.config;
    type_ = FindPeftType(config.type);
    if (type_ == nullptr || type_->since > Later(peft_.since) || Gone(*type_)) {
      Raise("KeyError: '" + config.type + "'");
      return Finish();
    }
    if (type_->kind == PeftType::Kind::kUnknown) return NotJudged("adapters of the type " + config.type);
    if (type_->kind == PeftType::Kind::kPrompt) return Prompt();
    const bool refused = out_.route == AdapterRoute::kTransformers && peft_.refuses_shared_state;
    if (refused && !type_->shared.empty()) {
      Raise("ValueError: `inject_adapter_in_model` does not support PeftType." + config.type +
            " because it uses shared state stored on the tuner.");
      return Finish();
    }
    if (out_.route == AdapterRoute::kPeft) {
      ByPeft();
    } else {
      ByTransformers();
    }
    return Finish();
  }

 private:
  static Version Later(Version since) { return {since.major, since.minor, UINT32_MAX}; }
  bool Gone(const PeftType& type) const { return type.until != Version{} && peft_.since >= type.until; }

  void Raise(std::string what) {
    if (out_.raises.empty()) out_.raises = std::move(what);
  }

  AdapterLoad NotJudged(std::string what) {
    out_.not_judged.push_back(std::move(what));
    out_.verdict = AdapterVerdict::kNotJudged;
    return std::move(out_);
  }

  bool Inject(const LoadAdapterRules* first) {
    PeftConfig config = folder_.config;
    if (first == nullptr) {
      // The PeftModel for a task trains the head of that task.
      if (config.task_type == "SEQ_CLS" || config.task_type == "TOKEN_CLS") {
        config.saved.insert(config.saved.end(), {"classifier", "score"});
      } else if (config.task_type == "QUESTION_ANS") {
        config.saved.emplace_back("qa_outputs");
      }
    }
    const bool modules = type_->kind == PeftType::Kind::kModules || type_->kind == PeftType::Kind::kLayerNorms;
    if (modules && std::holds_alternative<std::monostate>(config.targets) && config.parameters.empty()) {
      out_.not_judged.emplace_back("an adapter without target_modules: PEFT has a table of its own for them");
      return false;
    }
    out_.injection = wcheck::Inject(model_, config, *type_, peft_, registry_.registry(),
                                     TransformersOf(registry_.engine()), first, folder_.keys);
    if (out_.injection.raises) {
      Raise(*out_.injection.raises);
      return false;
    }
    if (!out_.injection.remarks.empty()) {
      out_.not_judged = out_.injection.remarks;
      return false;
    }
    for (const std::string_view shared : type_->shared) {
      const bool projection = type_->name == "VERA";
      if (projection && !folder_.config.save_projection) continue;
      const std::string name = "base_model." + std::string(shared);
      shared_[name] = name + "." + std::string(kAdapterName);
    }
    return true;
  }

  // --- PeftModel.from_pretrained

  void ByPeft() {
    if (!Inject(nullptr)) return;
    State state;
    for (const auto& [key, shape] : folder_.keys) state[key] = {shape, {key}};
    ConvertByPeft(&state);
    if (Done()) return;
    Unwrap(&state);
    if (Done()) return;
    InsertName(&state);
    const std::string wrapper(kWrapper);
    for (const auto& [key, carried] : state) {
      if (const auto shared = std::ranges::find(shared_, key, &Shared::second); shared != shared_.end()) {
        for (const std::string& from : carried.from) Reach(from, shared->first);
        filled_.insert(shared->first);
        continue;
      }
      if (!key.starts_with(wrapper)) continue;
      Arrive(key.substr(wrapper.size()), carried);
    }
    // What it does not find is told, and nothing else is.
    told_unexpected_ = false;
  }

  bool Done() const { return !out_.raises.empty() || !out_.not_judged.empty(); }

  RewriteRules PeftRewrite() const {
    RewriteRules rules;
    rules.strips_wrapper = peft_.strips_wrapper;
    rules.leaves_empty_converters_out = peft_.leaves_empty_converters_out;
    rules.raises_for_converters =
        peft_.passes_old_arguments && LoadAdapterOf(registry_.engine()).new_converters;
    rules.prefix = type_->prefix;
    return rules;
  }

  void ConvertByPeft(State* state) {
    const std::string& model_type = model_.layout().model_type;
    if (!peft_.converts || type_->name != "LORA") return;
    if (!TableOf(registry_.registry(), model_type, true).has_entry) return;
    Layout wrapped = model_.layout();
    if (peft_.collects_in_wrapper) {
      for (SubModel& module : wrapped.modules) {
        module.path = module.path.empty() ? std::string(kWrapper.substr(0, kWrapper.size() - 1)) : std::string(kWrapper) + module.path;
      }
    }
    const Plan own = CollectPlan(wrapped, registry_);
    AdapterPlan plan = RewriteForAdapter(own, registry_.engine(), PeftRewrite());
    if (plan.raises) return Raise(*plan.raises);
    State lora;
    for (auto it = state->begin(); it != state->end();) {
      if (it->first.find(".lora_") == std::string::npos) {
        ++it;
        continue;
      }
      lora.insert(state->extract(it++));
    }
    if (lora.empty()) return;
    const PassOrder order = RenamingsFirst(plan.plan);
    const auto rename = [&](const std::string& key, const std::string& renamed) {
      if (!peft_.undoes_suffixes || folder_.keys.contains(renamed)) return renamed;
      std::string without = renamed;
      const std::string part = "." + std::string(kAdapterName);
      if (const size_t at = without.rfind(part); at != std::string::npos) without.erase(at, part.size());
      return key.ends_with(without) ? key : renamed;
    };
    State converted;
    if (!Convert(plan, order, lora, nullptr, rename, &converted)) return;
    for (auto& [key, carried] : converted) (*state)[Serialized(key)] = std::move(carried);
  }

  static std::string Serialized(std::string key) {
    if (!key.starts_with("base_model.")) key = std::string(kWrapper) + key;
    const std::string part = "." + std::string(kAdapterName);
    if (key.ends_with(part)) {
      key.resize(key.size() - part.size());
    } else if (const size_t dot = key.rfind('.'); dot != std::string::npos) {
      const std::string_view head = std::string_view(key).substr(0, dot);
      if (head.ends_with(part)) key.erase(dot - part.size(), part.size());
    }
    return key;
  }

  // The keys of modules that are trained beside the adapter; one that is not in the file raises.
  void Unwrap(State* state) {
    for (const WrappedModule& wrapped : out_.injection.wrapped) {
      for (const auto& [rest, stored] : wrapped.keys) {
        const std::string name = std::string(kWrapper) + wrapped.module + ".";
        auto found = state->find(name + rest);
        if (found == state->end() || !folder_.keys.contains(name + rest)) {
          return Raise("KeyError: '" + name + rest + "'");
        }
        Carried carried = std::move(found->second);
        state->erase(found);
        (*state)[name + stored] = std::move(carried);
      }
    }
  }

  void InsertName(State* state) {
    State named;
    std::map<std::string, std::string, std::less<>> by_saved;
    if (peft_.names_by_model) {
      for (const auto& [key, injected] : out_.injection.keys) {
        if (!injected.saved.empty()) by_saved[std::string(kWrapper) + injected.saved] = std::string(kWrapper) + key;
      }
      for (const auto& [saved, key] : shared_) by_saved[saved] = key;
    }
    const std::string name(kAdapterName);
    for (auto& [key, carried] : *state) {
      std::string result = key;
      if (peft_.names_by_model) {
        if (const auto found = by_saved.find(key); found != by_saved.end()) result = found->second;
      } else if (const size_t at = key.rfind(type_->prefix); at != std::string::npos && !type_->prefix.empty()) {
        const std::string_view suffix = std::string_view(key).substr(at + type_->prefix.size());
        if (const size_t dot = suffix.find('.'); dot != std::string_view::npos) {
          result.insert(key.size() - (suffix.size() - dot - 1), name + ".");
        } else {
          result += "." + name;
        }
        if (result.ends_with("lora_magnitude_vector." + name)) result += ".weight";
      }
      named[std::move(result)] = std::move(carried);
    }
    *state = std::move(named);
  }

  // --- model.load_adapter

  void ByTransformers() {
    const LoadAdapterRelease& rules = LoadAdapterOf(registry_.engine());
    const Plan own = CollectPlan(model_.layout(), registry_);
    RewriteRules rewrite = PeftRewrite();
    if (rules.own_code) {
      rewrite.strips_wrapper = rules.strips_wrapper;
      rewrite.only_mixtral = rules.only_mixtral;
      rewrite.leaves_empty_converters_out = false;
      rewrite.raises_for_converters = rules.passes_old_arguments;
    }
    if (!Inject(&rules)) return;
    AdapterPlan plan = RewriteForAdapter(own, registry_.engine(), rewrite);
    if (plan.raises) return Raise(*plan.raises);
    if (rules.loads_wrapped_modules) {
      for (const WrappedModule& wrapped : out_.injection.wrapped) {
        for (const auto& [rest, stored] : wrapped.keys) {
          AppendRenaming(&plan, registry_.engine(), wrapped.module + "." + rest, wrapped.module + "." + stored);
        }
      }
    }
    LayoutBuilder builder;
    for (const auto& [key, injected] : out_.injection.keys) builder.Add(key, {}, "");
    Layout keys;
    builder.FinishInto(&keys);
    const KeySet model(keys.families);
    const LoadTarget target{model_.layout().base_model_prefix, &model};
    State state;
    for (const auto& [key, shape] : folder_.keys) state[key] = {shape, {key}};
    State converted;
    const auto same = [](const std::string&, const std::string& renamed) { return renamed; };
    if (!Convert(plan, LoadOrder(plan.plan, registry_.engine()), state, &target, same, &converted)) return;
    for (const auto& [key, carried] : converted) Arrive(key, carried);
    told_unexpected_ = true;
  }

  // --- Both

  // Sends keys through a plan. `rename` may change what a key that no converter claims is called.
  template <typename Rename>
  bool Convert(const AdapterPlan& plan, const PassOrder& order, const State& state, const LoadTarget* target,
               Rename rename, State* out) {
    LayoutBuilder builder;
    for (const auto& [key, carried] : state) builder.Add(key, {}, "");
    Layout keys;
    builder.FinishInto(&keys);
    const Pass pass = RunPass(plan.plan, order, registry_.engine(), Direction::kLoad, keys.families, target);
    if (pass.error) {
      Raise(pass.error->ToString());
      return false;
    }
    struct Collected {
      uint32_t transform = 0;
      std::map<uint32_t, std::vector<std::string>> sources;
    };
    std::map<std::string, Collected> groups;
    for (const Trace& trace : pass.traces) {
      const std::string_view pattern = pass.families[trace.family].pattern;
      const Name name = pass.NameOf(trace);
      ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
        const std::string key = JoinNumbers(pattern, member);
        const std::string renamed = name.Of(member);
        if (trace.claim >= 0) {
          const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
          const std::string kept = rename(key, renamed);
          if (kept != renamed) {
            Put(kept, state.find(key)->second, out);
            return;
          }
          Collected& group = groups[renamed];
          group.transform = step.transform;
          group.sources[step.source].push_back(key);
          return;
        }
        Put(rename(key, renamed), state.find(key)->second, out);
      });
    }
    for (auto& [name, group] : groups) {
      std::vector<CollectedShapes> sources;
      Carried carried;
      for (auto& [source, list] : group.sources) {
        std::ranges::sort(list, NaturalLess);
        CollectedShapes& shapes = sources.emplace_back();
        for (const std::string& key : list) {
          const Carried& one = state.find(key)->second;
          shapes.push_back(one.shape);
          carried.from.insert(one.from.begin(), one.from.end());
          out_.keys[key].converted = true;
        }
      }
      Converted converted = ConvertShapes(plan.operations[group.transform], sources);
      if (converted.raises) {
        Raise(*converted.raises);
        return false;
      }
      carried.shape = std::move(converted.shape);
      Put(name, carried, out);
    }
    return true;
  }

  // Two keys of one name: the last one stays.
  static void Put(const std::string& key, const Carried& carried, State* out) { (*out)[key] = carried; }

  void Arrive(const std::string& key, const Carried& carried) {
    const auto found = out_.injection.keys.find(key);
    if (found == out_.injection.keys.end()) return;
    const InjectedKey& injected = found->second;
    if (carried.shape && injected.shape && !Agree(*carried.shape, *injected.shape)) {
      Raise("RuntimeError: size mismatch for " + key + ": copying a param with shape " + ShowShape(*carried.shape) +
            " from checkpoint, the shape in current model is " + ShowShape(*injected.shape) + ".");
      return;
    }
    for (const std::string& from : carried.from) {
      Reach(from, injected.saved.empty() ? WithoutAdapterName(key) : injected.saved);
    }
    if (!injected.saved.empty()) filled_.insert(injected.saved);
    CompareScale(key, carried);
  }

  void Reach(const std::string& from, const std::string& name) {
    out_.keys[from].reached.push_back(name);
  }

  // The scale that a pair was trained with goes by its name in the file, the one that it is applied
  // with by where it came to lie.
  void CompareScale(const std::string& key, const Carried& carried) {
    constexpr std::string_view kFactor = ".lora_A.";
    if (type_->name != "LORA") return;
    const size_t end = key.find(kFactor);
    if (end == std::string::npos) return;
    const auto scale = out_.injection.scales.find(key.substr(0, end));
    if (scale == out_.injection.scales.end()) return;
    for (const std::string& from : carried.from) {
      const size_t at = from.find(kFactor);
      if (at == std::string::npos) continue;
      std::string module = from.substr(0, at);
      if (module.starts_with(kWrapper)) module.erase(0, kWrapper.size());
      // A parameter of the model: its own name is not in the key.
      if (!out_.keys[from].converted && scale->first == module) continue;
      const double trained = ScaleOf(folder_.config, &patterns_, module);
      if (std::abs(trained - scale->second) > 1e-9 * std::abs(trained)) {
        scales_.push_back({module, trained, scale->second});
      }
    }
  }

  AdapterLoad Prompt() {
    if (out_.route == AdapterRoute::kTransformers) {
      Raise("ValueError: `create_and_replace` does not support prompt learning and adaption prompt yet.");
      return Finish();
    }
    constexpr std::string_view kPrompt = "prompt_embeddings";
    for (const auto& [key, shape] : folder_.keys) {
      if (key == kPrompt) {
        out_.keys[key].reached.emplace_back(kPrompt);
        const int64_t tokens = folder_.config.virtual_tokens;
        if (type_->name != "MULTITASK_PROMPT_TUNING" && !shape.empty() && tokens > 0 && shape[0] % tokens != 0) {
          Raise("RuntimeError: size mismatch for weight: " + ShowShape(shape) + " for " + std::to_string(tokens) +
                " virtual tokens");
        }
      }
    }
    if (!folder_.keys.contains(kPrompt)) Raise("KeyError: 'prompt_embeddings'");
    return Finish();
  }

  AdapterLoad Finish() {
    if (!out_.raises.empty()) {
      out_.verdict = AdapterVerdict::kRaises;
      out_.not_judged.clear();
      return std::move(out_);
    }
    if (!out_.not_judged.empty()) {
      out_.verdict = AdapterVerdict::kNotJudged;
      return std::move(out_);
    }
    for (const auto& [key, shape] : folder_.keys) {
      if (out_.keys[key].reached.empty()) out_.unexpected.push_back(key);
    }
    for (const auto& [key, injected] : out_.injection.keys) {
      if (!injected.saved.empty() && !filled_.contains(injected.saved)) out_.not_loaded.push_back(injected.saved);
    }
    if (out_.route == AdapterRoute::kPeft) {
      for (const auto& [saved, key] : shared_) {
        if (!filled_.contains(saved)) out_.not_loaded.push_back(saved);
      }
    }
    out_.scales = std::move(scales_);
    const bool lost = !out_.unexpected.empty();
    out_.told = !out_.not_loaded.empty() || (lost && told_unexpected_);
    if (out_.unexpected.size() == folder_.keys.size()) {
      out_.verdict = AdapterVerdict::kNothing;
    } else if (lost || !out_.not_loaded.empty()) {
      out_.verdict = AdapterVerdict::kPartly;
    } else if (!out_.scales.empty()) {
      out_.verdict = AdapterVerdict::kWrongScale;
    }
    return std::move(out_);
  }

  using Shared = std::pair<const std::string, std::string>;

  const AdapterFolder& folder_;
  const BaseModel& model_;
  const CompiledRegistry& registry_;
  const PeftRelease& peft_;
  const PeftType* type_ = nullptr;
  NamePatterns patterns_;
  std::map<std::string, std::string, std::less<>> shared_;  // in the file -> in the model
  std::set<std::string, std::less<>> filled_;
  std::vector<WrongScale> scales_;
  bool told_unexpected_ = false;
  AdapterLoad out_;
};

}  // namespace

std::string_view RouteName(AdapterRoute route) { return route == AdapterRoute::kPeft ? "peft" : "transformers"; }

std::string_view VerdictName(AdapterVerdict verdict) {
  switch (verdict) {
    case AdapterVerdict::kAll: return "all";
    case AdapterVerdict::kPartly: return "partly";
    case AdapterVerdict::kNothing: return "nothing";
    case AdapterVerdict::kRaises: return "raises";
    case AdapterVerdict::kWrongScale: return "wrong scale";
    case AdapterVerdict::kNotJudged: return "not judged";
  }
  return "";
}

AdapterLoad LoadAdapter(const AdapterFolder& folder, const BaseModel& model, const CompiledRegistry& registry,
                        const PeftRelease& peft, AdapterRoute route) {
  return Loader(folder, model, registry, peft, route).Load();
}

}  // namespace wcheck
