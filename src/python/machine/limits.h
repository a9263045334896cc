// Limits of the evaluator of models; docs/limits.md states them. A class that meets one is not
// judged, with the limit named.
#pragma once

#include <cstdint>

namespace wcheck::machine {

// Of a class: calls and rounds of loops, calls within calls, bytes of values.
inline constexpr uint64_t kMaxClassSteps = 20'000'000;
inline constexpr uint64_t kMaxClassCalls = 200;
inline constexpr uint64_t kMaxClassBytes = uint64_t{256} << 20;
// Modules of PyTorch in a model.
inline constexpr uint64_t kMaxModules = 50'000;
// Calls and rounds of loops of a file of the package. What a file costs is nobody's who happens to
// be the first to use it.
inline constexpr uint64_t kMaxFileSteps = 50'000'000;

}  // namespace wcheck::machine
