// The tables of pairs: what tells one release of PEFT from another, and one release of transformers'
// `load_adapter` from another (docs/adapters.md#the-pairs). A new release that behaves otherwise is
// a row here; nothing else names a release.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wcheck/release.h"
#include "wcheck/result.h"

namespace wcheck {

// How a release of PEFT treats an adapter. Members start with the values of 0.18.
struct PeftRules {
  // `PeftModel.from_pretrained` and the injection convert the configuration and the weights, for a
  // model whose model_type has an entry in the mapping.
  bool converts = false;
  // New converters get the arguments of an older constructor, which raises from the rule
  // LoadAdapterRules::new_converters on.
  bool passes_old_arguments = false;
  // The mapping is collected for the model inside of its wrapper, so that every transform is scoped by
  // the wrapper's path; otherwise for the model itself.
  bool collects_in_wrapper = false;
  // A converter of which nothing remains for an adapter is left out; otherwise it raises.
  bool leaves_empty_converters_out = false;
  // `base_model.model.` is taken off every key; otherwise only before `model.`.
  bool strips_wrapper = false;
  // A rename whose result is an end of the old key is undone.
  bool undoes_suffixes = false;
  // A regex, and "all-linear", is resolved to names before the configuration is converted; otherwise
  // it is taken apart into letters, as Python makes a set of a string.
  bool resolves_strings = false;
  // A three-dimensional parameter has (experts, out, in), unless its module says otherwise.
  bool swaps_features = false;
  // The first number of a name is its layer, for layers_to_transform; otherwise the last.
  bool first_number_is_layer = false;
  // A pattern of layers_pattern may stand at the start of a name.
  bool layer_pattern_at_start = false;
  // Keys get the adapter's name where the model has them; otherwise wherever the method's prefix
  // stands.
  bool names_by_model = false;
  // A method with state that modules share cannot be injected without a PeftModel.
  bool refuses_shared_state = false;
};

struct PeftRelease : PeftRules {
  std::string_view name;  // "0.20": what --peft takes
  Version since;
};

// From the oldest to the newest.
std::span<const PeftRelease> PeftReleases();
const PeftRelease& NewestPeft();
// By a version, "0.20" or "0.20.1". Errors: not a version, or one that is older than all of the
// table.
Result<const PeftRelease*> FindPeft(std::string_view version);

// How a release of transformers loads an adapter by itself. Members start with the values of 5.0.
struct LoadAdapterRules {
  // Who rewrites the mapping for an adapter: transformers' own code, else PEFT's.
  bool own_code = true;
  // Of its own code. `base_model.model.` is taken off every key.
  bool strips_wrapper = false;
  // Only the one converter that was known at first is rewritten; otherwise those whose target ends
  // in gate_up_proj or down_proj.
  bool only_mixtral = true;
  // A type of the table of experts whose rule is not one for experts raises.
  bool raises_for_other_types = true;
  // New converters are constructed with arguments that this release's constructor refuses.
  bool passes_old_arguments = false;
  // What the module wrappers of PEFT expect is renamed too, so that modules_to_save and token
  // adapters arrive.
  bool loads_wrapped_modules = false;
  // The release's converters take no arguments for distribution and quantisation.
  bool new_converters = false;
  // The least PEFT that this release asks for. It is asked for by the methods that add an adapter
  // for training; a load goes on.
  std::string_view least_peft = "0.18.0";
};

struct LoadAdapterRelease : LoadAdapterRules {
  Version since;
};

std::span<const LoadAdapterRelease> LoadAdapterReleases();
// The row of an engine: of its release, or of the newest for one that was never released.
const LoadAdapterRelease& LoadAdapterOf(const Engine& engine);

// Types of models whose experts keep their parameters as (experts, in, out), which they say by an
// attribute.
bool ExpertsAreTransposed(std::string_view model_type, const Version& transformers);

// Types of models whose router beside stacked experts is a linear module; others have a class of its
// own for it, which PEFT does not adapt.
bool RouterIsLinear(std::string_view model_type, const Version& transformers);

// The release of an engine; for one that was never released, that whose classes it has.
Version TransformersOf(const Engine& engine);

}  // namespace wcheck
