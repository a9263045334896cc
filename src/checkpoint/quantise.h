// A model as the quantiser of a checkpoint builds it: its keys and shapes, and what may stand for
// what.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "checkpoint/checkpoint_files.h"
#include "engine/plan.h"

namespace wcheck {

struct QuantisedModel {
  enum class State : uint8_t {
    kUnknown,  // no config.json was read, or its quantiser cannot be judged by names
    kNone,     // the configuration has no quantiser, or none that the library knows
    kApplied,  // `layout` is the model with its modules replaced
    kNothing,  // as kApplied if there is a layout; but a checkpoint of this quantiser fills nothing
    kRefused,  // the library raises
  };
  State state = State::kUnknown;
  std::string method;  // "" without a quantiser
  std::string
      message;  // what the user should know of a quantiser that does not apply; may be empty
  std::string_view otherwise;  // Quantiser::otherwise

  // The rest is of kApplied. All names are key patterns.
  std::shared_ptr<const Layout> layout;
  // Keys of `layout` that a converter takes: none of them is missing.
  std::unordered_set<std::string> collected;
  // Keys that no other key fills, which the quantiser adds or changes.
  std::unordered_set<std::string> own;
  std::unordered_set<std::string> any_shape;
  struct Fill {
    std::string from;
    std::string weight;
  };
  std::vector<Fill> fills;
  // The load raises for the numbers where `has` is there and `lacks` is not.
  struct Need {
    std::string has;
    std::string lacks;
    std::vector<std::string> nor = {};  // and where none of these is there
    bool if_packed = false;             // only if `has` is stored in integers
  };
  std::vector<Need> needs;
  // The registry whose converters also merge the parts of quantised experts; null if it is the
  // given one. What it is made from must outlive it.
  std::shared_ptr<const CompiledRegistry> registry;
  // Ends of keys that may be there for others than the library.
  std::vector<std::string> ignored_ends;
};

// `layout` with the modules that the quantiser of the checkpoint's config.json replaces.
QuantisedModel Quantise(const Layout& layout, const CompiledRegistry& registry,
                        const Checkpoint& checkpoint);

// The families with the names that the quantiser gives them before anything else is renamed.
std::vector<LayoutFamily> RenameForQuantiser(const Checkpoint& checkpoint, std::string_view method,
                                             std::vector<LayoutFamily> families,
                                             std::shared_ptr<const void>* storage);

}  // namespace wcheck
