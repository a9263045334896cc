// The tables of names that explain missing and unexpected keys: what quantisers write, which
// constants models compute, and where layers for further tokens go. An excuse needs evidence: a
// quantised part only excuses a weight if the weight's own name is a key of the model.
#include "checkpoint/checkpoint_excuses.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include "checkpoint/checkpoint_reach.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

using Kind = UnexpectedKeys::Kind;

// Suffixes that quantisation adds to a parameter's name: FP8 (weight_scale_inv, weight_scale),
// MXFP4 (_blocks, _scales), compressed-tensors (weight_packed, weight_shape, …), bitsandbytes
// (weight.absmax, …), quanto (weight._data, …).
constexpr std::string_view kBehindParameters[] = {
    "_scale_inv",
    "_scale",
    "_scale_2",
    "_scales",
    "_blocks",
    "_packed",
    "_shape",
    "_zero_point",
    "_global_scale",
    "_g_idx",
    "_format",
    ".absmax",
    ".quant_map",
    ".nested_absmax",
    ".nested_quant_map",
    ".quant_state.bitsandbytes__nf4",
    ".quant_state.bitsandbytes__fp4",
    "._data",
    "._scale",
};
// Names that it adds to a module, beside or instead of `weight`: GPTQ and AWQ (qweight, …), MLX
// (scales, biases), int8 (SCB), HQQ (W_q), and the scales of activations.
constexpr std::string_view kInModules[] = {
    "qweight",
    "qzeros",
    "scales",
    "biases",
    "g_idx",
    "SCB",
    "W_q",
    "input_scale",
    "output_scale",
    "input_scale_ub",
    "input_min",
    "input_max",
    "output_min",
    "output_max",
    "input_global_scale",
    "input_zero_point",
    "output_zero_point",
    "k_scale",
    "v_scale",
};

// Constants that some releases write and others compute. Ends of names, starting at a dot.
constexpr std::string_view kBuffers[] = {
    "inv_freq",          "original_inv_freq", "cos_cached",          "sin_cached",
    "position_ids",      "masked_bias",       "num_batches_tracked", "relative_position_index",
    "final_logits_bias",
};

std::string_view LastPart(std::string_view name) {
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0
}

// The name without its last part; empty if it has only one.
std::string_view Parent(std::string_view name) {
  size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

// The weight that a quantised part would belong to; nothing if it is not a quantised part.
std::optional<std::string> WeightOf(std::string_view name) {
  auto in_module = std::find(std::begin(kInModules), std::end(kInModules), LastPart(name));
  if (in_module != std::end(kInModules)) return std::string(Parent(name)) + ".weight";
  std::string_view longest;
  for (std::string_view ending : kBehindParameters) {
    if (name.ends_with(ending) && ending.size() > longest.size()) longest = ending;
  }
  if (longest.empty()) return std::nullopt;
  name.remove_suffix(longest.size());
  return std::string(name);
}

// What becomes of a quantised part of a weight that a converter merges. Of those beside `weight`, as
// of FP8 and compressed-tensors, all but global scales are merged like the weight.
UnexpectedKeys::Unmerged UnmergedAs(std::string_view name) {
  const std::string_view last = LastPart(name);
  if (last.ends_with("_global_scale")) return UnexpectedKeys::Unmerged::kGlobalScale;
  for (const std::string_view part : {"qweight", "qzeros", "scales", "biases", "g_idx", "SCB"}) {
    if (last == part) return UnexpectedKeys::Unmerged::kParts;
  }
  return UnexpectedKeys::Unmerged::kNo;
}

class Excuser {
 public:
  Excuser(const Layout& layout, const CompiledRegistry& registry,
          const std::vector<LayoutFamily>& families, const QuantisedModel& quantiser)
      : families_(families),
        quantiser_(quantiser),
        reach_(layout, registry, Reach::Model::kAsIs),
        parameters_(layout.families) {
    for (const LayoutFamily& family : layout.families) {
      for (std::string_view module = Parent(family.pattern); !module.empty();
           module = Parent(module)) {
        if (!modules_.insert(module).second) break;
      }
    }
  }

  Excuses Sort(const Plan& plan, const Pass& load, const std::vector<FamilyPart>& unexpected,
               const std::vector<Fit::Behind>& behind) && {
    for (const FamilyPart& part : unexpected) {
      std::string_view pattern = families_[part.family].pattern;
      Kind kind = Kind::kUnknown;
      if (IsConstantBuffer(pattern) || IsMask(pattern)) {
        kind = Kind::kBuffer;
      } else if (IsOfPrediction(pattern)) {
        kind = Kind::kPrediction;
      } else if (std::ranges::any_of(quantiser_.ignored_ends, [&](const std::string& end) {
                   return pattern.ends_with(end);
                 })) {
        kind = Kind::kQuantised;
      }
      FamilyPart own = part;
      if (kind == Kind::kUnknown) CutBehind(pattern, behind, &own);
      if (BoxSize(own.numbers) == 0) continue;
      bool by_mapping = kind == Kind::kUnknown && ByMapping(plan, load, own);
      UnexpectedKeys keys{{std::move(own)}, kind};
      keys.by_mapping = by_mapping;
      out_.unexpected.push_back(std::move(keys));
    }
    FindWeights(load);
    return std::move(out_);
  }

 private:
  // The causal mask of an attention module: a "bias" of a module that has parameters only further
  // below.
  bool IsMask(std::string_view pattern) const {
    if (LastPart(pattern) != "bias" || LastPart(Parent(pattern)).find("att") == std::string::npos) {
      return false;
    }
    return parameters_.FamiliesOf(std::string(Parent(pattern)) + ".weight").empty();
  }

  static bool IsOfPrediction(std::string_view pattern) {
    for (std::string_view rest = pattern; !rest.empty();) {
      std::string_view part = rest.substr(0, rest.find('.'));
      if (part == "mtp" || part.starts_with("mtp_")) return true;
      rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    }
    return false;
  }

  // Removes the layers after the model's own from a family.
  void CutBehind(std::string_view pattern, const std::vector<Fit::Behind>& behind,
                 FamilyPart* part) {
    for (const Fit::Behind& b : behind) {
      if (!pattern.starts_with(b.part)) continue;
      auto hole = static_cast<size_t>(std::count(b.part.begin(), b.part.end(), kHole)) - 1;
      FamilyPart cut = *part;
      cut.numbers[hole] = cut.numbers[hole].Intersect(IndexSet(b.first, UINT32_MAX));
      if (cut.numbers[hole].empty()) continue;
      part->numbers[hole] = part->numbers[hole].Minus(cut.numbers[hole]);
      out_.unexpected.push_back({{std::move(cut)}, Kind::kPrediction});
    }
  }

  // Loads all weights to which unexpected keys may belong at once.
  void FindWeights(const Pass& load_of_all) {
    std::deque<std::string> patterns;
    std::vector<LayoutFamily> weights;
    std::vector<size_t> owners;  // into out_.unexpected
    for (size_t i = 0; i < out_.unexpected.size(); ++i) {
      const UnexpectedKeys& keys = out_.unexpected[i];
      if (keys.kind != Kind::kUnknown) continue;
      std::optional<std::string> weight = WeightOf(families_[keys.family].pattern);
      if (!weight) continue;
      if (LosesItsEnd(load_of_all, keys)) {
        out_.unexpected[i].torn = true;
        continue;
      }
      patterns.push_back(*std::move(weight));
      weights.push_back({patterns.back(), keys.numbers, {}, {}});
      owners.push_back(i);
    }
    Pass load = reach_.Load(weights);
    if (load.error) return;
    std::vector<bool> stray(weights.size(), false);
    for (const Trace& trace : load.traces) {
      if (trace.claim >= 0) {
        UnexpectedKeys& keys = out_.unexpected[owners[trace.family]];
        keys.unmerged = UnmergedAs(families_[keys.family].pattern);
      }
      std::vector<Name> names = reach_.KeysOf(load, trace);
      if (names.empty()) stray[trace.family] = true;
      if (quantiser_.state != QuantisedModel::State::kUnknown) continue;
      for (Name& name : names) {
        IndexBox numbers = name.Numbers(trace.members);
        out_.quantised.push_back({std::move(name.pattern), std::move(numbers)});
      }
    }
    for (size_t w = 0; w < weights.size(); ++w) {
      if (stray[w]) continue;
      // Of a quantiser that applies, only what it cannot merge is worth a word of its own.
      const bool known = quantiser_.state != QuantisedModel::State::kUnknown &&
                         (quantiser_.state != QuantisedModel::State::kNone ||
                          !quantiser_.message.empty());
      if (known && out_.unexpected[owners[w]].unmerged == UnexpectedKeys::Unmerged::kNo) continue;
      out_.unexpected[owners[w]].kind = Kind::kQuantised;
      out_.unexpected[owners[w]].by_mapping = false;
    }
  }

  // A transform renames what makes the key a quantised part, so that no quantiser finds it.
  bool LosesItsEnd(const Pass& load, const UnexpectedKeys& keys) const {
    const std::string_view pattern = families_[keys.family].pattern;
    const std::string_view weight_part = LastPart(*WeightOf(pattern));
    // What a quantiser adds to the name of the weight: "_scale_inv", or a name of its own.
    const std::string_view last = LastPart(pattern);
    const std::string_view end =
        last.starts_with(weight_part) ? last.substr(weight_part.size()) : last;
    return std::ranges::any_of(TracesOf(load, keys.family), [&](const Trace& trace) {
      return BoxesIntersect(trace.members, keys.numbers) &&
             !load.NameOf(trace).pattern.ends_with(end);
    });
  }

  bool ByMapping(const Plan& plan, const Pass& load, const FamilyPart& part) const {
    for (const Trace& trace : TracesOf(load, part.family)) {
      if (trace.in_model) continue;
      if (!BoxesIntersect(trace.members, part.numbers)) continue;
      Name name = load.NameOf(trace);
      std::string_view module = Parent(Parent(name.pattern));
      if (!module.empty() && !modules_.contains(module)) return true;
      for (const TraceStep& step : trace.steps) {
        if (plan.transforms[step.transform].legacy || !step.changed()) continue;
        if (EndOf(step.before.text) != EndOf(step.after.text)) return true;
      }
    }
    return false;
  }

  // The last two parts of a name.
  static std::string_view EndOf(std::string_view name) {
    std::string_view module = Parent(Parent(name));
    return name.substr(module.empty() ? 0 : module.size() + 1);
  }

  const std::vector<LayoutFamily>& families_;
  const QuantisedModel& quantiser_;
  Reach reach_;
  std::unordered_set<std::string_view> modules_;
  KeySet parameters_;
  Excuses out_;
};

}  // namespace

Excuses ExcuseUnexpected(const Layout& layout, const CompiledRegistry& registry,
                         const std::vector<LayoutFamily>& families, const Plan& plan,
                         const Pass& load, const std::vector<FamilyPart>& unexpected,
                         const std::vector<Fit::Behind>& behind, const QuantisedModel& quantiser) {
  if (unexpected.empty()) return {};
  return Excuser(layout, registry, families, quantiser).Sort(plan, load, unexpected, behind);
}

bool IsConstantBuffer(std::string_view pattern) {
  auto found = std::find(std::begin(kBuffers), std::end(kBuffers), LastPart(pattern));
  return found != std::end(kBuffers);
}

}  // namespace wcheck
