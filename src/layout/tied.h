// Tied weights (SEMANTICS section 5): which of a model's keys share one tensor.
//
// A class declares ties as a list (before transformers v5: every name in it is tied to the input
// embedding) or as a mapping target -> source (v5), relative to itself. The names of a mapping are
// literal keys, or, as soon as one of them is not, all of them are regular expressions that are
// anchored at the start, and the names of modules among them tie every parameter below.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

// A declaration that a model cannot follow.
struct DanglingTie {
  std::string module;  // the sub-model that declares it; "" is the root
  std::string target;  // as declared
  std::string source;  // as declared; empty in a list
  // How many keys each names. The engine spreads the targets over the sources, so that a number of
  // targets that the sources do not divide is a fault too.
  size_t targets = 0;
  size_t sources = 0;
};

struct TiedWeights {
  // By full key. The source is the tensor that is written; never itself a target. From a list, it
  // is the input embedding, or empty if that is not known.
  std::vector<Tie> ties;
  std::vector<DanglingTie> dangling;
};

// The layout of a class, or null: for the declarations of a model's sub-models.
using LayoutLookup = std::function<const Layout*(std::string_view class_name)>;

// The ties that the class and, as far as `lookup` knows them, its sub-models declare. Whether they
// are in force is for the model's config to say.
TiedWeights DeclaredTies(const Layout& layout, const LayoutLookup& lookup = nullptr);

// The ties in force: those found on the built model; given what the checkpoint's own config says of
// tie_word_embeddings, only those of input embeddings (false) or the declared ones too (true).
// Targets and sources are keys of the layout.
std::vector<Tie> EffectiveTies(const Layout& layout, std::optional<bool> config_ties);

// The keys that hold input embeddings, in layout order. A layout does not record which module the
// model's get_input_embeddings() gives, so this goes by structure: the first two-dimensional
// `<module>.weight` of a (sub-)model that has no bias beside it, no number in its name, is not
// called a position embedding, and stands inside of the base model where the class has one.
std::vector<std::string> InputEmbeddings(const Layout& layout);

// The modules whose weight is tied to an input embedding: sorted, unique names without their last
// component.
std::vector<std::string> ModulesTiedToEmbedding(const Layout& layout, const std::vector<Tie>& ties);

// A key as an adapter wrapper knows it, and back: `lm_head.weight` is
// `base_model.model.lm_head.weight`, or `base_model.model.lm_head.base_layer.weight` where the
// module itself is wrapped. Unwrapping a name that is not wrapped gives it back.
std::string WrapForAdapter(std::string_view name);
std::string UnwrapAdapter(std::string_view name);

}  // namespace wcheck
