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
// Expressions and statements evaluated, including loop iterations, and the work that one of them does
// on large values: an item that is looked at or moved, or kBytesPerStep of a string, is a step too.
inline constexpr uint64_t kMaxSteps = 1'000'000;
inline constexpr uint64_t kBytesPerStep = 64;
constexpr uint64_t WorkOf(uint64_t bytes) { return bytes / kBytesPerStep; }
// Bytes of all strings and containers that the evaluation creates.
inline constexpr uint64_t kMaxValueBytes = uint64_t{64} << 20;
// A tuple as a key of a dict: the bytes of its spelling, and how deep it is nested.
inline constexpr size_t kMaxTupleKeyBytes = size_t{1} << 16;
inline constexpr int kMaxTupleKeyDepth = 100;
// Bytes of what repr() gives for one value.
inline constexpr size_t kMaxReprBytes = size_t{4} << 20;
// Unknowns that one container remembers.
inline constexpr size_t kMaxTaint = 64;
// Nested evaluations (of expressions, statements and calls), and nested calls of functions.
inline constexpr int kMaxEvalDepth = 1200;
inline constexpr int kMaxCallDepth = 40;
// Remarks about one file; with more, the file is not worth reading further.
inline constexpr size_t kMaxRemarks = 1'000;

}  // namespace wcheck::python
