// What a file may ask of the evaluator, beyond the parser's own limits. All are far above what a
// real file needs, and keep hostile input from exhausting anything. Where one is met, the
// evaluation ends with an error that names it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wcheck::python {

// Items of one list, tuple, set or dict display, and bytes of one string literal.
inline constexpr size_t kMaxDisplayItems = 50'000;
inline constexpr size_t kMaxLiteralBytes = size_t{1} << 20;
// Expressions and statements evaluated, including loop iterations.
inline constexpr uint64_t kMaxSteps = 1'000'000;
// Bytes of all strings and containers that the evaluation creates.
inline constexpr uint64_t kMaxValueBytes = uint64_t{64} << 20;
// Nested evaluations (of expressions, statements and calls), and nested calls of functions.
inline constexpr int kMaxEvalDepth = 1200;
inline constexpr int kMaxCallDepth = 40;
// Steps of one object's provenance that are kept.
inline constexpr int kMaxProvenance = 32;
// Remarks about one file; with more, the file is not worth reading further.
inline constexpr size_t kMaxRemarks = 1'000;

}  // namespace wcheck::python
