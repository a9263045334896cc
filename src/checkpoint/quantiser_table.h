// The table of quantisers (docs/checkpoint.md#quantised-checkpoints): what a quantiser of the
// library makes of a module, one row each. Read from the source of transformers 5.24.0 and of the
// packages that it calls.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/quantiser_modules.h"
#include "engine/operations.h"
#include "support/json.h"

namespace wcheck {

// A quantization_config, as written.
class QuantiserSettings {
 public:
  explicit QuantiserSettings(const json::Value& value) : value_(&value) {}
  const json::Value* Find(std::string_view name) const { return value_->Find(name); }
  int64_t Int(std::string_view name, int64_t otherwise) const;
  bool Bool(std::string_view name, bool otherwise) const;
  std::string Text(std::string_view name, std::string_view otherwise) const;
  // Nothing if it is absent or null; other items than strings are left out.
  std::optional<std::vector<std::string>> List(std::string_view name) const;

 private:
  const json::Value* value_;
};

// One tensor of a quantised module.
struct QuantisedTensor {
  enum class Use : uint8_t {
    kExpected,   // a parameter or buffer of the module
    kCollected,  // a converter of the quantiser takes it, if it is there
    kFills,      // the same, and makes the module's own weight of it
  };
  std::string name;  // after the module's name and a dot
  Shape shape;
  Use use = Use::kExpected;
  bool any_shape = false;  // the quantiser gives it its shape, or the shape is not known
  // Others without which the load raises if this one is there.
  std::vector<std::string> needs = {};
  // And others of which one must be there.
  std::vector<std::string> needs_one_of = {};
  // Of a weight: what must be there if it is stored in integers.
  std::vector<std::string> needs_if_packed = {};
};
using QuantisedTensors = std::vector<QuantisedTensor>;

// A module that a quantiser may replace.
struct QuantisableModule {
  std::string_view name;
  ModuleKind kind;
  std::string_view model_type;
  int64_t out = 0;
  int64_t in = 0;
  Shape weight;  // as the model has it
};

// All experts of a layer, as two or three tensors of a module called "experts".
struct FusedExperts {
  std::string_view name;
  std::string_view folder;
  std::string_view tensor;  // "gate_up_proj"
  int64_t experts = 0;
  int64_t out = 0;
  int64_t in = 0;
  bool transposed = false;  // [experts, in, out]
  Shape shape;              // as the model has it
};

struct Quantiser {
  enum class Answer : uint8_t {
    kReplaces,   // modules become others, by `module`
    kNotJudged,  // it does, but how depends on more than names and the configuration
    kNothing,    // a checkpoint that it wrote fills nothing
    kRefuses,    // the library raises
  };
  // How the list of the configuration says which modules stay as they are.
  enum class Skips : uint8_t {
    kReplacesDefault,  // instead of the default
    kAddsToDefault,    // in addition
    kNoDefault,        // nothing without a list
    kBySuffix,         // as an end of the name, nothing without a list
    kOwn,              // `module` decides
  };

  std::string_view method;
  std::string_view source;  // the files that the row was read from
  Answer answer = Answer::kReplaces;
  Skips skips = Skips::kReplacesDefault;
  std::string_view list = "modules_to_not_convert";
  bool renames_list = false;  // the list is in the names of the checkpoint
  // The tensors of a module that is not left alone; nothing if it stays as it is.
  std::optional<QuantisedTensors> (*module)(const QuantisableModule&,
                                            const QuantiserSettings&) = nullptr;
  // Of experts in one module. `name` of the tensors replaces that of the fused one.
  std::optional<QuantisedTensors> (*experts)(const FusedExperts&,
                                             const QuantiserSettings&) = nullptr;
  // What is different on another device, for a message; "" if nothing is.
  std::string_view otherwise = "";
};

std::span<const Quantiser> Quantisers();
// The row of the method that the configuration names; null for one that the library does not know.
const Quantiser* FindQuantiser(const QuantiserSettings& settings);

}  // namespace wcheck
