// The load and the save of a model side by side: for its key families, which checkpoint families
// they are loaded from, and which they are saved as.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/key_map.h"

namespace wcheck {

// Model families that share a converter are one row. Load rows that reach no key of the model are
// rows of their own.
struct RoundRow {
  std::vector<MapEnd> model;  // distinct
  std::vector<const MapRow*> load;
  std::vector<const MapRow*> save;
  bool touched = false;     // something moves the keys, on load or save
  bool faulty = false;      // the status of some row is not kOk
  bool same_names = false;  // they are saved under the names that they are loaded from
};

struct RoundTable {
  // Absent if the engine raises before all keys have their names; then the reason.
  std::optional<KeyMap> load;
  std::optional<KeyMap> save;
  std::string load_error;
  std::string save_error;
  std::vector<RoundRow> rows;  // in the order of the model's families
};

// `simulation` must outlive the result.
RoundTable BuildRoundTable(const Simulation& simulation);

}  // namespace wcheck
