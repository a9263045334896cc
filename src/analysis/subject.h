// The subjects of findings: what tells two findings of one cause apart (Finding::subject). A
// subject holds for all layers and all configs, so it is made of patterns and never of numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/transform.h"

namespace wcheck {

// A key, a key pattern or a family as messages show it, with `*` for each of its numbers.
std::string Numberless(std::string_view name);

// Several of them: without repetitions, sorted. A long list is shortened to its first few and a
// digest of the others.
std::string NumberlessList(const std::vector<std::string>& names);

// Whether a key is below the module at `path`.
bool IsUnder(std::string_view key, std::string_view path);

// "1 key", "12 keys".
std::string CountKeys(uint64_t count);

// The name of the exception, without its text: "RuntimeError".
std::string ErrorName(const EngineError& error);

// An exception of a converter's operations: "MergeModulelist, Concatenate: RuntimeError".
std::string OperationFailure(const Transform& converter, const EngineError& error);

}  // namespace wcheck
