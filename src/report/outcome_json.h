// What a run looked at and what it did not judge, in the JSON formats.
#pragma once

#include <vector>

#include <llvm/Support/JSON.h>

#include "wcheck/outcome.h"

namespace wcheck {

// The attribute `name` of the object that is being written; nothing for an empty scope.
void WriteScope(llvm::StringRef name, const Scope& scope, llvm::json::OStream* out);
// The attribute "not_judged".
void WriteNotJudged(const std::vector<NotJudged>& list, llvm::json::OStream* out);

}  // namespace wcheck
