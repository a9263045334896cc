#include "python/syntax_tree.h"

#include <algorithm>

namespace wcheck::python {

std::string_view OpText(Op op) {
  constexpr std::string_view kTexts[] = {
      "",  "+", "-", "*",  "/",  "//", "%",  "@",  "&",      "|",  "^",      "<<",  ">>", "**",
      "~", "<", ">", "<=", ">=", "==", "!=", "in", "not in", "is", "is not", "and", "or"};
  return kTexts[static_cast<size_t>(op)];
}

std::string_view KindName(Kind kind) {
  constexpr std::string_view kNames[] = {
      "error",
      "module",
      "block",
      "expression_statement",
      "assignment",
      "annotated_assignment",
      "augmented_assignment",
      "import_statement",
      "import_from_statement",
      "function_definition",
      "class_definition",
      "decorated_definition",
      "decorator",
      "if_statement",
      "elif_clause",
      "else_clause",
      "for_statement",
      "while_statement",
      "try_statement",
      "except_clause",
      "finally_clause",
      "with_statement",
      "with_item",
      "return_statement",
      "raise_statement",
      "assert_statement",
      "delete_statement",
      "global_statement",
      "nonlocal_statement",
      "pass_statement",
      "break_statement",
      "continue_statement",
      "match_statement",
      "case_clause",
      "wildcard_pattern",
      "capture_pattern",
      "value_pattern",
      "or_pattern",
      "as_pattern",
      "sequence_pattern",
      "star_pattern",
      "mapping_pattern",
      "pattern_pair",
      "double_star_pattern",
      "class_pattern",
      "keyword_pattern",
      "identifier",
      "dotted_name",
      "aliased_import",
      "relative_import",
      "wildcard_import",
      "parameters",
      "parameter",
      "star_parameter",
      "double_star_parameter",
      "keyword_separator",
      "positional_separator",
      "argument_list",
      "keyword_argument",
      "list_splat",
      "dictionary_splat",
      "string",
      "concatenated_string",
      "interpolation",
      "type_conversion",
      "format_specifier",
      "integer",
      "float",
      "imaginary",
      "true",
      "false",
      "none",
      "ellipsis",
      "list",
      "tuple",
      "dictionary",
      "set",
      "pair",
      "list_comprehension",
      "dictionary_comprehension",
      "set_comprehension",
      "generator_expression",
      "for_in_clause",
      "if_clause",
      "call",
      "attribute",
      "subscript",
      "slice",
      "parenthesized_expression",
      "binary_operator",
      "unary_operator",
      "not_operator",
      "boolean_operator",
      "comparison_operator",
      "operator",
      "conditional_expression",
      "named_expression",
      "lambda",
      "await",
      "yield",
  };
  static_assert(std::size(kNames) == static_cast<size_t>(Kind::kYield) + 1);
  return kNames[static_cast<size_t>(kind)];
}

void* NodeArena::Take(size_t bytes) {
  constexpr size_t kBlock = size_t{64} << 10;
  if (bytes > left_) {
    const size_t size = std::max(bytes, kBlock);
    // Not initialized: every byte that is taken is written.
    blocks_.emplace_back(new std::byte[size]);
    next_ = blocks_.back().get();
    left_ = size;
  }
  std::byte* taken = next_;
  next_ += bytes;
  left_ -= bytes;
  return taken;
}

}  // namespace wcheck::python
