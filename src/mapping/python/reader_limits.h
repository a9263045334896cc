// What a registry file may ask of the reader, beyond the limits of the parser (python/parser.h) and
// of the evaluator (python/limits.h). docs/python-registry.md states them for users.
#pragma once

#include <cstddef>

namespace wcheck::python {

// The real file has some 100 kB.
inline constexpr size_t kMaxFileBytes = size_t{4} << 20;

}  // namespace wcheck::python
