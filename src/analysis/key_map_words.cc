#include "analysis/key_map_words.h"

namespace wcheck {

std::string ShowPlaced(const Plan& plan, uint32_t transform) {
  const PlacedTransform& placed = plan.transforms[transform];
  return std::string(placed.entry) + '[' + std::to_string(placed.index_in_entry) + ']';
}

std::string ShowOperations(const Transform& converter) {
  return ShowOperations(converter.operations, " > ");
}

}  // namespace wcheck
