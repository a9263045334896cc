// The syntax tree of a registry file: tree-sitter's tree, copied into plain nodes.
//
// The copy is made once, by a cursor and without recursion, so that nothing after it has to fear
// the depth of hostile input; it drops comments (they go to Ast::comments), punctuation and the
// contents of strings, and turns node names into enumerators, so that the evaluator can switch over
// them.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wcheck/result.h"
#include "wcheck/source_file.h"

#include "python/tokenizer.h"

namespace wcheck::python {

// The names of the grammar's nodes, in its own spelling. kToken is punctuation or a keyword that
// carries meaning (an operator, the colon of a slice); kOther is a node the evaluator does not
// know.
enum class Kind : uint8_t {
  kOther,
  kToken,
  kError,
  // Statements.
  kModule,
  kBlock,
  kExpressionStatement,
  kAssignment,
  kAugmentedAssignment,
  kImportStatement,
  kImportFromStatement,
  kFutureImportStatement,
  kFunctionDefinition,
  kClassDefinition,
  kDecoratedDefinition,
  kDecorator,
  kIfStatement,
  kElifClause,
  kElseClause,
  kForStatement,
  kWhileStatement,
  kTryStatement,
  kExceptClause,
  kExceptGroupClause,
  kFinallyClause,
  kWithStatement,
  kWithClause,
  kWithItem,
  kReturnStatement,
  kRaiseStatement,
  kAssertStatement,
  kDeleteStatement,
  kGlobalStatement,
  kNonlocalStatement,
  kPassStatement,
  kBreakStatement,
  kContinueStatement,
  kMatchStatement,
  kCaseClause,
  kCasePattern,
  kTypeAliasStatement,
  // Names and imports.
  kIdentifier,
  kDottedName,
  kAliasedImport,
  kRelativeImport,
  kImportPrefix,
  kWildcardImport,
  kAsPattern,
  kAsPatternTarget,
  // Parameters and arguments.
  kParameters,
  kLambdaParameters,
  kDefaultParameter,
  kTypedParameter,
  kTypedDefaultParameter,
  kKeywordSeparator,
  kPositionalSeparator,
  kListSplatPattern,
  kDictionarySplatPattern,
  kArgumentList,
  kKeywordArgument,
  kListSplat,
  kDictionarySplat,
  kParenthesizedListSplat,
  // Expressions.
  kString,
  kStringStart,
  kStringContent,
  kStringEnd,
  kInterpolation,
  kTypeConversion,
  kFormatSpecifier,
  kFormatExpression,
  kConcatenatedString,
  kInteger,
  kFloat,
  kTrue,
  kFalse,
  kNone,
  kEllipsis,
  kList,
  kTuple,
  kDictionary,
  kSet,
  kPair,
  kListComprehension,
  kDictionaryComprehension,
  kSetComprehension,
  kGeneratorExpression,
  kForInClause,
  kIfClause,
  kCall,
  kAttribute,
  kSubscript,
  kSlice,
  kParenthesizedExpression,
  kExpressionList,
  kBinaryOperator,
  kUnaryOperator,
  kNotOperator,
  kBooleanOperator,
  kComparisonOperator,
  kConditionalExpression,
  kNamedExpression,
  kLambda,
  kAwait,
  kYield,
  kType,
  kPatternList,
  kTuplePattern,
  kListPattern,
};

enum class Field : uint8_t {
  kNone,
  kName,
  kAlias,
  kModuleName,
  kBody,
  kParameters,
  kReturnType,
  kType,
  kValue,
  kKey,
  kLeft,
  kRight,
  kOperator,
  kOperators,
  kArgument,
  kArguments,
  kFunction,
  kObject,
  kAttribute,
  kSubscript,
  kCondition,
  kConsequence,
  kAlternative,
  kDefinition,
  kExpression,
  kSubject,
  kGuard,
  kCause,
};

struct Node {
  Kind kind = Kind::kOther;
  Field field = Field::kNone;  // of its parent
  bool missing = false;        // put in by the parser to recover from a syntax error
  uint32_t begin = 0;          // bytes
  uint32_t end = 0;
  const char* name = "";  // the grammar's name, for messages and for kToken
  std::span<const Node* const> children;

  const Node* Child(Field wanted) const {
    for (const Node* child : children) {
      if (child->field == wanted) return child;
    }
    return nullptr;
  }
  // Child i, or null.
  const Node* At(size_t i) const { return i < children.size() ? children[i] : nullptr; }
};

struct Ast {
  const SourceFile* file = nullptr;
  const Node* root = nullptr;
  std::vector<const Node*> errors;  // the kError and missing nodes, outermost, in source order
  std::vector<SourceRange> comments;
  std::optional<SyntaxProblem> problem;  // what Python finds first; see recognizer.h

  std::string_view Text(const Node& node) const {
    return std::string_view(file->text()).substr(node.begin, node.end - node.begin);
  }

  // Storage.
  std::deque<Node> nodes;
  std::deque<std::vector<const Node*>> child_lists;
};

// Fails if the file is nested deeper than reader_limits.h allows.
Result<Ast> ParsePython(const SourceFile& file);

// The same, with all of it read by tree-sitter: see plain_data.h.
Result<Ast> ParseByTreeSitter(const SourceFile& file);

}  // namespace wcheck::python
