// Short texts shared by tables, graphs and explanations.
#pragma once

#include <string>
#include <string_view>

#include <llvm/ADT/StringRef.h>

#include "engine/operations.h"
#include "engine/plan.h"
#include "mapping/transform.h"

namespace wcheck {

inline llvm::StringRef Ref(std::string_view text) { return {text.data(), text.size()}; }

// "mixtral[0]": a transform of a plan by its entry and its index there.
std::string ShowPlaced(const Plan& plan, uint32_t transform);

// Its operations, joined by " > ".
std::string ShowOperations(const Transform& converter);

}  // namespace wcheck
