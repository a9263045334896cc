// Reads a Python file into a syntax tree, by the reference grammar of Python 3.11 (chapters 6 to 9
// of the language reference, and its full grammar specification).
//
// Valid files. One pass over the tokens, by recursive descent; chains (operators, attributes,
// `elif`, statements) are read in loops, so that only what nests costs stack.
//
// Syntax errors. `problem` is the error that CPython 3.11 reports first, at its place: the first
// token that no rule can take, unless the tokenizer has something to say further on, or a bracket
// was never closed. What CPython finds only after parsing is reported where it can be told from the
// tree: `return` outside of a function, `break` outside of a loop, and targets that cannot be
// assigned to. Its symbol table is not modelled (`nonlocal` at module level, an argument given
// twice, an escape that is not valid). Errors inside of an f-string stand at their true place,
// where CPython 3.11 counts from the beginning of the expression.
//
// A file with an error is read once more, recovering: a broken item of a bracketed list costs that
// item, a broken line that line, a bracket that is never closed ends before the next line that
// cannot belong to it (tokenizer.h). What is lost is a kError node in the tree. So the rest of the
// file can still be used, and no error hides in the tree: it has kError nodes or `problem` is set
// by what is found after parsing.
//
// Limits. A file with more than kMaxTreeDepth nodes from the root to a leaf is refused; CPython's
// own limit of 200 open brackets is a syntax error, as there. Time and memory are linear in the
// size of the file, whatever is wrong with it.
#pragma once

#include "wcheck/result.h"
#include "wcheck/source_file.h"

#include "python/syntax_tree.h"

namespace wcheck::python {

// Nodes from the root of a syntax tree to a leaf.
inline constexpr size_t kMaxTreeDepth = 400;

// The tree of a file, which is valid UTF-8 of less than 4 GiB and outlives the tree. Fails if the
// file is nested too deep.
Result<SyntaxTree> ParsePython(const SourceFile& file, FileId id = 0);

}  // namespace wcheck::python
