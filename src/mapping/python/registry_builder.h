// Converts the result of evaluating a file to a Registry, by the convention of
// docs/python-registry.md: which dict is the registry, which is the table of aliases.
#pragma once

#include "wcheck/registry.h"

#include "mapping/python/library.h"

namespace wcheck::python {

// Runs the file and fills everything of `registry` but `files`, `ignores` and the syntax errors.
// Fails on a limit, and when the file has no registry.
Status BuildRegistry(Interpreter* interpreter, const Library& library, Registry* registry);

}  // namespace wcheck::python
