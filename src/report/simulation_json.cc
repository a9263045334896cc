#include "report/simulation_json.h"

#include <algorithm>
#include <map>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "engine/load_remains.h"
#include "families/boxes.h"
#include "report/json_text.h"
#include "report/transform_json.h"

namespace wcheck {
namespace {

using llvm::json::OStream;

// One key of a pass: its new name, and the pattern of the converter that claimed it.
struct RenamedKey {
  std::string key;
  std::string result;
  const std::string* claim = nullptr;
};

const std::string* ClaimPattern(const Trace& trace, const PassOrder& order) {
  if (trace.claim < 0) return nullptr;
  const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
  for (const PassTransform& t : order.transforms) {
    if (t.index == step.transform) return &t.transform->sources[step.source];
  }
  return nullptr;
}

// The keys of some traces, in natural order.
template <typename Include>
std::vector<RenamedKey> Keys(const Pass& pass, const PassOrder& order, Include&& include) {
  std::vector<RenamedKey> out;
  for (const Trace& trace : pass.traces) {
    if (!include(trace)) continue;
    const std::string* claim = ClaimPattern(trace, order);
    Name name = pass.NameOf(trace);
    ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
      out.push_back(
          {JoinNumbers(pass.families[trace.family].pattern, member), name.Of(member), claim});
    });
  }
  std::stable_sort(out.begin(), out.end(), [](const RenamedKey& a, const RenamedKey& b) {
    return NaturalLess(a.key, b.key);
  });
  return out;
}

class SimulationWriter {
 public:
  SimulationWriter(const Simulation& simulation, OStream* out) : s_(simulation), out_(*out) {}

  void Write() {
    out_.attribute("class", s_.layout->class_name);
    WriteMapping();
    WriteSave("save_fresh", s_.save_fresh, s_.save_order);
    WriteSave("save_loaded", s_.save_loaded, s_.save_loaded_order);
    if (s_.save_again) WriteSaveAgain();
    if (s_.saved.error) {
      WriteError("checkpoint", *s_.saved.error);
    } else {
      WriteTensors("checkpoint", s_.saved.tensors);
    }
    WriteLoads();
    WriteCollisions("save_collisions", s_.save_collisions, s_.save_fresh, s_.save_order);
    if (s_.resave.error) {
      WriteError("resave", *s_.resave.error);
    } else {
      WriteChangedNames("resave", s_.resave, s_.save_order);
    }
  }

  // The fields of the load alone.
  void WriteLoad() {
    if (s_.load.error) {
      WriteError("load", *s_.load.error);
      return;
    }
    WriteUsed("load_used", s_.load);
    WriteRenames("load", s_.load, s_.load_order);
    WriteParts("unexpected", s_.unexpected, s_.checkpoint);
    WriteParts("missing", s_.missing, s_.layout->families);
    WriteCollisions("load_collisions", s_.load_collisions, s_.load, s_.load_order);
    if (s_.loaded.error) {
      WriteError("carry", *s_.loaded.error);
      return;
    }
    const LoadRemains remains = RemainsOf(s_);
    out_.attributeObject("load_failures", [&] {
      for (const LoadRemains::Failure& failure : remains.failures) {
        ForEachMember(failure.numbers, [&](std::span<const uint32_t> member) {
          out_.attribute(JoinNumbers(failure.pattern, member), failure.error->message);
        });
      }
    });
    WriteTensors("stray", remains.stray);
    WriteTensors("mismatched", remains.mismatched);
    WriteParts("unset", remains.unset, s_.layout->families);
  }

 private:
  void WriteMapping() {
    out_.attributeArray("mapping", [&] {
      for (const PlacedTransform& placed : s_.plan.transforms) {
        out_.object([&] {
          TransformSpec spec = *placed.forward().spec;
          if (placed.forward().is_prefix_change()) spec.model_prefix = placed.forward().model_prefix;
          WriteTransformAttributes(spec, *s_.engine, &out_);
          if (!placed.scope_prefix) return;
          out_.attribute("scope_prefix", *placed.scope_prefix);
          if (s_.engine->scope != EngineRules::Scope::kPath) {
            out_.attribute("base_model_prefix", placed.base_model_prefix);
          }
        });
      }
    });
  }

  void WriteError(std::string_view field, const EngineError& error) {
    out_.attribute(JsonName(std::string(field) + "_error"), error.ToString());
  }

  // Keys that change or are claimed: key -> [name, pattern].
  void WriteRenames(std::string_view field, const Pass& pass, const PassOrder& order) {
    out_.attributeObject(JsonName(field), [&] {
      auto include = [](const Trace& t) { return t.changed() || t.claim >= 0; };
      for (const RenamedKey& k : Keys(pass, order, include)) {
        if (k.result == k.key && k.claim == nullptr) continue;
        out_.attributeArray(k.key, [&] {
          out_.value(k.result);
          if (k.claim != nullptr) {
            out_.value(*k.claim);
          } else {
            out_.value(nullptr);
          }
        });
      }
    });
  }

  void WriteChangedNames(std::string_view field, const Pass& pass, const PassOrder& order) {
    out_.attributeObject(JsonName(field), [&] {
      for (const RenamedKey& k : Keys(pass, order, [](const Trace& t) { return t.changed(); })) {
        if (k.result != k.key) out_.attribute(k.key, k.result);
      }
    });
  }

  void WriteSave(std::string_view field, const Pass& pass, const PassOrder& order) {
    if (pass.error) {
      WriteError(field, *pass.error);
    } else {
      WriteRenames(field, pass, order);
    }
  }

  // Where a second save of the same loaded model gives another name than the first.
  void WriteSaveAgain() {
    if (s_.save_again->error) {
      WriteError("save_again", *s_.save_again->error);
      return;
    }
    auto all = [](const Trace&) { return true; };
    std::map<std::string, std::string> first;
    for (RenamedKey& k : Keys(s_.save_loaded, s_.save_loaded_order, all)) {
      first.emplace(std::move(k.key), std::move(k.result));
    }
    out_.attributeObject("save_again", [&] {
      for (const RenamedKey& k : Keys(*s_.save_again, s_.save_again_order, all)) {
        if (first.at(k.key) != k.result) out_.attribute(k.key, k.result);
      }
    });
  }

  void WriteTensors(std::string_view field, std::span<const LayoutFamily> families) {
    std::vector<std::pair<std::string, std::span<const int64_t>>> tensors;
    for (const LayoutFamily& family : families) {
      ForEachMember(family.numbers, [&](std::span<const uint32_t> member) {
        tensors.emplace_back(JoinNumbers(family.pattern, member), family.shape);
      });
    }
    std::sort(tensors.begin(), tensors.end(),
              [](const auto& a, const auto& b) { return NaturalLess(a.first, b.first); });
    out_.attributeObject(JsonName(field), [&] {
      for (const auto& [key, shape] : tensors) {
        out_.attributeArray(key, [&, shape = shape] {
          for (int64_t size : shape) out_.value(size);
        });
      }
    });
  }

  void WriteUsed(std::string_view field, const Pass& pass) {
    if (!s_.engine->saves_what_was_used) return;
    out_.attributeArray(JsonName(field), [&] {
      for (size_t i = 0; i < pass.used.size(); ++i) {
        if (pass.used[i]) out_.value(static_cast<int64_t>(i));
      }
    });
  }

  void WriteParts(std::string_view field, const std::vector<FamilyPart>& parts,
                  std::span<const LayoutFamily> families) {
    std::vector<std::string> keys;
    for (const FamilyPart& part : parts) {
      ForEachMember(part.numbers, [&](std::span<const uint32_t> member) {
        keys.push_back(JoinNumbers(families[part.family].pattern, member));
      });
    }
    std::sort(keys.begin(), keys.end(), NaturalLess);
    out_.attributeArray(JsonName(field), [&] {
      for (const std::string& key : keys) out_.value(key);
    });
  }

  void WriteCollisions(std::string_view field, const std::vector<Collision>& collisions,
                       const Pass& pass, const PassOrder& order) {
    // The keys of each name, only for traces that a collision names.
    std::vector<bool> involved(pass.traces.size(), false);
    for (const Collision& c : collisions) {
      for (uint32_t t : c.traces) involved[t] = true;
    }
    auto include = [&](const Trace& trace) {
      return involved[static_cast<size_t>(&trace - pass.traces.data())];
    };
    std::map<std::string, std::vector<std::string>> by_name;
    if (!collisions.empty()) {
      for (RenamedKey& k : Keys(pass, order, include)) by_name[k.result].push_back(k.key);
    }
    out_.attributeObject(JsonName(field), [&] {
      for (const Collision& c : collisions) {
        ForEachMember(c.numbers, [&](std::span<const uint32_t> member) {
          std::string name = JoinNumbers(c.pattern, member);
          out_.attributeArray(name, [&] {
            for (const std::string& key : by_name[name]) out_.value(key);
          });
        });
      }
    });
  }

  void WriteLoads() {
    if (s_.has_checkpoint) {
      WriteLoad();
      if (s_.load.error) return;
    }
    if (s_.reload.error) {
      WriteError("load", *s_.reload.error);
      return;
    }
    WriteUsed("reload_used", s_.reload);
    WriteRenames("reload", s_.reload, s_.load_order);
  }

  const Simulation& s_;
  OStream& out_;
};

}  // namespace

std::string SimulationJson(const Simulation& simulation, const Simulation* given) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OStream out(stream);
  out.object([&] {
    SimulationWriter(simulation, &out).Write();
    if (given == nullptr) return;
    out.attributeObject("given", [&] { SimulationWriter(*given, &out).WriteLoad(); });
  });
  stream.flush();
  return text;
}

std::string RejectedJson(std::string_view class_name, const EngineError& error) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OStream out(stream);
  out.object([&] {
    out.attribute("class", JsonName(class_name));
    out.attribute("rejected", error.ToString());
  });
  stream.flush();
  return text;
}

}  // namespace wcheck
