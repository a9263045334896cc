// Reads a registry from Python source (conversion_mapping.py) without Python: the file is parsed
// and evaluated by a small evaluator of the Python that such files use. No code of
// the file is ever run. What the evaluator does not know becomes a ReaderRemark and marks the
// entries that it touches incomplete.
#pragma once

#include <memory>

#include "wcheck/registry.h"

namespace wcheck {

// Fails only if the whole file is unreadable: not UTF-8, over a limit (docs/python-registry.md), or
// not a registry at all (no entry found).
Result<Registry> ReadPythonRegistry(std::shared_ptr<const SourceFile> file);

}  // namespace wcheck
