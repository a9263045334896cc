// Finds where a file stops being Python: a recursive-descent recognizer of Python's grammar that
// builds nothing. It reports as CPython 3.11 does: the first token that no rule can take, unless
// the tokenizer has something to say further on, or a bracket was never closed.
#pragma once

#include <optional>

#include "python/tokenizer.h"

namespace wcheck::python {

// nullopt if the text is Python as far as this can tell.
std::optional<SyntaxProblem> FindSyntaxProblem(const Tokens& tokens);

}  // namespace wcheck::python
