// What becomes of an adapter: one verdict for each route by which it can be loaded.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/adapter_folder.h"
#include "adapter/injection.h"
#include "engine/plan.h"

namespace wcheck {

enum class AdapterRoute : uint8_t {
  kPeft,          // PeftModel.from_pretrained(model, folder)
  kTransformers,  // model.load_adapter(folder)
};
std::string_view RouteName(AdapterRoute route);  // "peft"

enum class AdapterVerdict : uint8_t {
  kAll,
  kPartly,
  kNothing,
  kRaises,
  kWrongScale,  // all arrive, and are multiplied with another number than when they were trained
  kNotJudged,
};
std::string_view VerdictName(AdapterVerdict verdict);

// The fate of one key of the file.
struct AdapterKey {
  std::vector<std::string> reached;  // names of the adapter in the model, as it would be saved; empty: nothing
  bool converted = false;            // by a converter, with others
};

struct WrongScale {
  std::string module;  // by its name in the file
  double trained = 0;
  double loaded = 0;
};

struct AdapterLoad {
  AdapterRoute route = AdapterRoute::kPeft;
  AdapterVerdict verdict = AdapterVerdict::kAll;
  std::string raises;  // kRaises: what Python says
  std::map<std::string, AdapterKey, std::less<>> keys;
  std::vector<std::string> unexpected;  // keys that reach nothing
  std::vector<std::string> not_loaded;  // names of the adapter that nothing fills
  std::vector<WrongScale> scales;
  std::vector<std::string> not_judged;  // why, or what of it
  // Whether the library says that keys are lost.
  bool told = false;
  Injection injection;
};

// `model_registry` is the mapping of the model, whose plan is `plan`. A folder without weights is
// judged by the names that its configuration writes (see NamesOfConfig).
AdapterLoad LoadAdapter(const AdapterFolder& folder, const BaseModel& model, const CompiledRegistry& registry,
                        const PeftRelease& peft, AdapterRoute route);

}  // namespace wcheck
