// The model that an adapter is put into, by its modules: which there are, what each holds, and what
// PEFT takes each for. A layout has keys and shapes only, so the kind of a module is read off its
// parameters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapter/sized_layout.h"
#include "engine/operations.h"
#include "wcheck/layout.h"
#include "wcheck/release.h"

namespace wcheck {

// A size that a layout of another configuration does not tell.
inline constexpr int64_t kUnknownSize = -1;
// Two shapes agree if they have as many sizes, and the same where both are known.
bool Agree(const Shape& a, const Shape& b);

enum class ModuleKind : uint8_t {
  kLinear,
  kTransposedLinear,  // Conv1D of transformers: (in, out)
  kEmbedding,
  kConvolution,
  kOther,  // PEFT has no layer for it
};

struct BaseModule {
  std::string name;
  std::vector<std::pair<std::string, Shape>> parameters;  // its own, in the order of the layout
  const Shape* Find(std::string_view parameter) const;
};

class BaseModel {
 public:
  // `ties` is what the model's config says of tie_word_embeddings.
  explicit BaseModel(const Layout& layout, const KnownSizes& known = {}, std::optional<bool> ties = std::nullopt);

  const Layout& layout() const { return layout_; }
  // All but the root, each after the module that it belongs to.
  const std::vector<BaseModule>& modules() const { return modules_; }
  const BaseModule* Find(std::string_view name) const;
  // `transformers` is the release whose class it is.
  ModuleKind KindOf(const BaseModule& module, const Version& transformers) const;
  // The shape of a parameter of it, with kUnknownSize for a size that is not known.
  Shape KnownShape(const BaseModule& module, std::string_view parameter, const Shape& shape) const;
  // The module of the input embedding of the whole model; "" if there is none.
  const std::string& input_embedding() const { return input_embedding_; }
  // The modules whose weight is tied to it.
  const std::vector<std::string>& tied_to_embedding() const { return tied_; }
  // The head of a model that generates: lm_head, or what is tied or called so; "" if there is none.
  const std::string& output_embedding() const { return output_embedding_; }

 private:
  size_t Add(std::string_view name);
  bool IsRouter(const BaseModule& module, const Shape& weight, const Version& transformers) const;

  const Layout& layout_;
  KnownSizes known_;
  std::vector<BaseModule> modules_;
  std::unordered_map<std::string, size_t> index_;
  std::string input_embedding_;
  std::string output_embedding_;
  std::vector<std::string> tied_;
};

}  // namespace wcheck
