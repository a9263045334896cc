// Which modules of a model a quantiser replaces (docs/checkpoint.md#quantised-checkpoints). A
// layout has keys, no modules, so the kind of a module is read from its name, by a table of the
// library's names (module_kinds.def).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

#include "engine/plan.h"
#include "pattern/pattern.h"

namespace wcheck {

enum class ModuleKind : uint8_t {
  kLinear,          // torch.nn.Linear itself
  kLinearSubclass,  // a class derived from it: some quantisers want the exact class
  kConv1D,          // of GPT-2: its weight is [in, out]
  kEmbedding,
  kOther,
};

// The kind of the module that `weight`, a key pattern that ends with ".weight" and has two
// dimensions, belongs to.
ModuleKind KindOfModule(const Layout& layout, std::string_view weight);

// Whether a model of this folder or model_type is one of `folder`: "llama4_text" is of "llama4".
bool IsOfFolder(std::string_view name, std::string_view folder);

// The library's should_convert_module: a module is left alone if a text of the list matches its
// name from the start up to a dot or the end, or ends it.
class SkipList {
 public:
  explicit SkipList(const std::vector<std::string>& texts);
  bool Skips(std::string_view module) const;

 private:
  struct Entry {
    std::string text;
    std::optional<Pattern> pattern;  // absent for a text of letters, digits, `_` and dots
  };
  std::vector<Entry> entries_;
};

// Python's re.match(text, name) is not None; false for a text that Python rejects.
bool MatchesFromStart(std::string_view text, std::string_view name);

// The modules that are left alone without a list: the output embedding, what is tied, and the
// module of the last parameter. `ties` are those in force.
std::vector<std::string> DefaultSkips(const Layout& layout, const std::vector<Tie>& ties);

// The names in the list that the class keeps in 32 bits, which every list gets in addition.
std::vector<std::string> KeptInFloat32(const Layout& layout);

// A list written in the names of a checkpoint, in those of the model: each name with a dot after it
// goes through all transforms, one after the other.
std::vector<std::string> RenameSkips(const Plan& plan, const Engine& engine,
                                     const std::vector<std::string>& list);

}  // namespace wcheck
