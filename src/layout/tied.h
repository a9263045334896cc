// Tied weights: which of a model's keys share one tensor (docs/semantics.md#ties).
//
// A class declares ties relative to itself, as a list (before transformers v5: every name in it is
// tied to the input embedding) or as a mapping target -> source (v5). The names of a mapping are
// literal keys. As soon as one of them is not, all of them are regular expressions anchored at the
// start, and a module name among them ties every parameter below it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

// A declaration that does not fit a model.
struct DanglingTie {
  std::string module;  // the sub-model that declares it; "" is the root
  std::string target;  // as declared
  std::string source;  // as declared; empty in a list
  // How many keys each side names. The engine distributes the targets over the sources, so a number
  // of targets that is not a multiple of the number of sources is a fault, too.
  size_t targets = 0;
  size_t sources = 0;
};

struct TiedWeights {
  // By full key. The source is the tensor that is written, and is never itself a target. For a tie
  // from a list it is the input embedding, or empty if that is not known.
  std::vector<Tie> ties;
  std::vector<DanglingTie> dangling;
};

// The layout of a class, or null: used for the declarations of a model's sub-models.
using LayoutLookup = std::function<const Layout*(std::string_view class_name)>;

// The ties that the class and, as far as `lookup` knows them, its sub-models declare. Whether they
// are in force depends on the model's config.
TiedWeights DeclaredTies(const Layout& layout, const LayoutLookup& lookup = nullptr);

// The ties in force. By default those found on the built model. If the checkpoint's own config sets
// tie_word_embeddings: without those of input embeddings (false), or with the declared ones (true).
// Targets and sources are keys of the layout.
std::vector<Tie> EffectiveTies(const Layout& layout, std::optional<bool> config_ties);

// The keys that hold input embeddings, in layout order. A layout does not record which module the
// model's get_input_embeddings() returns, so this goes by structure: the first two-dimensional
// `<module>.weight` of a (sub-)model that has no bias, has no number in its name, is not called a
// position embedding, and is inside the base model if the class has one.
std::vector<std::string> InputEmbeddings(const Layout& layout);

// The modules whose weight is tied to an input embedding: sorted, unique names without their last
// component.
std::vector<std::string> ModulesTiedToEmbedding(const Layout& layout, const std::vector<Tie>& ties);

// The prefix that adapter files and wrapped models add to every key.
inline constexpr std::string_view kAdapterPrefix = "base_model.model.";
// The name of a key inside an adapter wrapper, and back: `lm_head.weight` is
// `base_model.model.lm_head.weight`, or `base_model.model.lm_head.base_layer.weight` if the module
// itself is wrapped. Unwrapping a name that is not wrapped returns it unchanged.
std::string WrapForAdapter(std::string_view name);
std::string UnwrapAdapter(std::string_view name);

}  // namespace wcheck
