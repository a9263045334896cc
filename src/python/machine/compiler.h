// Compiles bodies of a file to instructions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "python/machine/code.h"

namespace wcheck::machine {

// The code of a file's module.
Code* ModuleCode(Machine& m, ModuleFile* file);

// Fills in the instructions of a code that has none yet. Throws Raised (a SyntaxError) for a
// construct that the evaluator does not have.
void Compile(Machine& m, Code* code);

// The text of a string literal, or of several that stand side by side; nullopt if one is an
// f-string.
std::optional<std::string> LiteralText(std::string_view source, const Node& node);

// Names that a statement binds in its scope.
void BoundNames(std::string_view source, const Node& statement,
                const std::function<void(std::string_view name, const Node& where)>& each);

}  // namespace wcheck::machine
