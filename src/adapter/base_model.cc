#include "adapter/base_model.h"

#include <algorithm>
#include <array>

#include "adapter/peft_release.h"
#include "families/boxes.h"
#include "layout/tied.h"

namespace wcheck {
namespace {

// Embeddings whose name does not say so.
constexpr std::array<std::string_view, 6> kEmbeddingNames = {"wte", "wpe", "shared", "relative_attention_bias", "wtt",
                                                             "tok_emb"};
// Heads that a model returns as its output embedding.
constexpr std::array<std::string_view, 4> kHeadNames = {"lm_head", "embed_out", "output_projection", "proj_out"};

std::string_view LastPart(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string_view Parent(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : name.substr(0, dot);
}

bool IsNamedEmbedding(std::string_view module) {
  const std::string_view last = LastPart(module);
  if (std::ranges::find(kEmbeddingNames, last) != kEmbeddingNames.end()) return true;
  return last.find("embed") != std::string_view::npos && last != "embed_out" &&
         last.find("proj") == std::string_view::npos;
}

}  // namespace

const Shape* BaseModule::Find(std::string_view parameter) const {
  for (const auto& [name, shape] : parameters) {
    if (name == parameter) return &shape;
  }
  return nullptr;
}

bool Agree(const Shape& a, const Shape& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i] && a[i] != kUnknownSize && b[i] != kUnknownSize) return false;
  }
  return true;
}

BaseModel::BaseModel(const Layout& layout, const KnownSizes& known, std::optional<bool> ties)
    : layout_(layout), known_(known) {
  for (const LayoutFamily& family : layout.families) {
    ForEachMember(family.numbers, [&](std::span<const uint32_t> member) {
      const std::string key = JoinNumbers(family.pattern, member);
      const size_t dot = key.rfind('.');
      if (dot == std::string::npos) return;
      BaseModule& module = modules_[Add(std::string_view(key).substr(0, dot))];
      module.parameters.emplace_back(key.substr(dot + 1), Shape(family.shape.begin(), family.shape.end()));
    });
  }
  // Of a model of several parts, that of the text, which is called an embedding.
  for (const std::string& key : InputEmbeddings(layout)) {
    const std::string module = key.substr(0, key.rfind('.'));
    const bool text = module.find("vision") == std::string::npos && module.find("visual") == std::string::npos;
    if (input_embedding_.empty() || (text && IsNamedEmbedding(module) && !IsNamedEmbedding(input_embedding_))) {
      input_embedding_ = module;
    }
  }
  tied_ = ModulesTiedToEmbedding(layout, EffectiveTies(layout, ties));
  for (const BaseModule& module : modules_) {
    if (std::ranges::find(kHeadNames, LastPart(module.name)) != kHeadNames.end() &&
        Parent(module.name).empty()) {
      output_embedding_ = module.name;
    }
  }
}

size_t BaseModel::Add(std::string_view name) {
  const auto found = index_.find(std::string(name));
  if (found != index_.end()) return found->second;
  if (const std::string_view parent = Parent(name); !parent.empty()) Add(parent);
  index_.emplace(name, modules_.size());
  modules_.push_back({std::string(name), {}});
  return modules_.size() - 1;
}

const BaseModule* BaseModel::Find(std::string_view name) const {
  const auto found = index_.find(std::string(name));
  return found == index_.end() ? nullptr : &modules_[found->second];
}

// The router of a mixture of experts is a module of its own kind, with one row for each expert.
bool BaseModel::IsRouter(const BaseModule& module, const Shape& weight, const Version& transformers) const {
  if (RouterIsLinear(layout_.model_type, transformers)) return false;
  const std::string parent(Parent(module.name));
  const BaseModule* experts = Find(parent.empty() ? "experts" : parent + ".experts");
  if (experts == nullptr || experts->name == module.name) return false;
  return std::ranges::any_of(experts->parameters, [&](const auto& parameter) {
    return parameter.second.size() == 3 && parameter.second[0] == weight[0] && weight[0] != 1;
  });
}

Shape BaseModel::KnownShape(const BaseModule& module, std::string_view parameter, const Shape& shape) const {
  if (known_.all) return shape;
  Shape known(shape.size(), kUnknownSize);
  if (shape.size() == 3) {
    known[0] = known_.experts.value_or(kUnknownSize);
    // Of the two sizes of an expert's matrix, one is that of the model's hidden states.
    const BaseModule* embedding = Find(input_embedding_);
    const Shape* rows = embedding == nullptr ? nullptr : embedding->Find("weight");
    if (known_.hidden && rows != nullptr && (shape[1] == (*rows)[1]) != (shape[2] == (*rows)[1])) {
      known[shape[1] == (*rows)[1] ? 1 : 2] = *known_.hidden;
    }
  }
  const bool vocabulary = module.name == input_embedding_ || module.name == output_embedding_;
  if (vocabulary && parameter == "weight" && shape.size() == 2 && known_.vocabulary) known[0] = *known_.vocabulary;
  return known;
}

ModuleKind BaseModel::KindOf(const BaseModule& module, const Version& transformers) const {
  const Shape* weight = module.Find("weight");
  if (weight == nullptr) return ModuleKind::kOther;
  const Shape* bias = module.Find("bias");
  if (module.parameters.size() != (bias == nullptr ? 1U : 2U)) return ModuleKind::kOther;
  if (weight->size() >= 3) return ModuleKind::kConvolution;
  if (weight->size() != 2) return ModuleKind::kOther;
  if (bias == nullptr) {
    const bool only = module.name == input_embedding_ && layout_.modules.size() <= 2;
    if (IsNamedEmbedding(module.name) || only) {
      return ModuleKind::kEmbedding;
    }
  } else if (bias->size() == 1 && (*bias)[0] == (*weight)[1] && (*weight)[0] != (*weight)[1]) {
    return ModuleKind::kTransposedLinear;
  }
  return IsRouter(module, *weight, transformers) ? ModuleKind::kOther : ModuleKind::kLinear;
}

}  // namespace wcheck
