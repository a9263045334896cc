// The syntax tree of a Python file: compact nodes with their places.
//
// A node is 32 bytes, plain data in an arena that its tree owns, and never changes once the tree is
// there. Its place is a file (by number, since one run can read several) and a range of bytes;
// SourceFile::At turns an offset into line and column. Children are in the order of the source; a
// child that has a role in its parent has a Field.
//
// The nodes follow the reference grammar of Python 3.11 and hold no more than it says; what CPython
// calls a context (load, store, del) follows from the parent. Differences to CPython's `ast`:
// brackets around an expression are a node (kParenthesizedExpression), since a place with them
// differs from one without; adjacent string literals are a node each in a kConcatenatedString; the
// items of a comprehension's clauses are siblings in their order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wcheck/source_file.h"

#include "python/tokenizer.h"

namespace wcheck::python {

// What its children are stands behind each kind: `name` is a child with that field, `x*` any number
// of x without one, `?` may be missing.
enum class Kind : uint8_t {
  kError,   // a piece that is not Python; anything of it that could be read
  kModule,  // statement*
  kBlock,   // statement*; also of the statements behind a colon on one line
  // --- statements -----------------------------------------------------------------------------
  kExpressionStatement,  // expression
  kAssignment,           // left+ right
  kAnnotatedAssignment,  // left type right?
  kAugmentedAssignment,  // left right, and op
  kImportStatement,      // (kDottedName | kAliasedImport)*
  kImportFromStatement,  // module_name, then kWildcardImport or name+ (kAliasedImport | identifier)
  kFunctionDefinition,   // name parameters return_type? body; maybe kAsync
  kClassDefinition,      // name arguments? body
  kDecoratedDefinition,  // kDecorator+ definition
  kDecorator,            // expression
  kIfStatement,          // condition consequence alternative* (kElifClause, then kElseClause)
  kElifClause,           // condition consequence
  kElseClause,           // body
  kForStatement,         // left right body alternative?; maybe kAsync
  kWhileStatement,       // condition body alternative?
  kTryStatement,         // body kExceptClause* kElseClause? kFinallyClause?
  kExceptClause,         // value? alias? body; kStar if it is `except*`
  kFinallyClause,        // body
  kWithStatement,        // kWithItem+ body; maybe kAsync
  kWithItem,             // value alias?
  kReturnStatement,      // expression?
  kRaiseStatement,       // expression? cause?
  kAssertStatement,      // expression expression?
  kDeleteStatement,      // expression+
  kGlobalStatement,      // identifier+
  kNonlocalStatement,    // identifier+
  kPassStatement,
  kBreakStatement,
  kContinueStatement,
  kMatchStatement,  // subject kCaseClause+
  kCaseClause,      // pattern guard? body
  // --- patterns of `case` ---------------------------------------------------------------------
  kWildcardPattern,    // _
  kCapturePattern,     // name
  kValuePattern,       // expression: a literal, or a dotted name
  kOrPattern,          // pattern+
  kAsPattern,          // pattern name
  kSequencePattern,    // (pattern | kStarPattern)*
  kStarPattern,        // name?: none if it is _
  kMappingPattern,     // (kPatternPair | kDoubleStarPattern)*
  kPatternPair,        // key value
  kDoubleStarPattern,  // name
  kClassPattern,       // function (pattern | kKeywordPattern)*
  kKeywordPattern,     // name value
  // --- names and imports ----------------------------------------------------------------------
  kIdentifier,
  kDottedName,      // identifier+
  kAliasedImport,   // name alias
  kRelativeImport,  // dots, and kDottedName?
  kWildcardImport,
  // --- parameters and arguments ---------------------------------------------------------------
  kParameters,           // any of the five that follow
  kParameter,            // name type? value?
  kStarParameter,        // name type?
  kDoubleStarParameter,  // name type?
  kKeywordSeparator,     // *
  kPositionalSeparator,  // /
  kArgumentList,         // (expression | kListSplat | kKeywordArgument | kDictionarySplat)*
  kKeywordArgument,      // name value
  kListSplat,            // expression
  kDictionarySplat,      // expression
  // --- expressions ----------------------------------------------------------------------------
  kString,              // kInterpolation*; the text between is taken from the source
  kConcatenatedString,  // kString+
  kInterpolation,       // expression kTypeConversion? kFormatSpecifier?
  kTypeConversion,      // !r
  kFormatSpecifier,     // kInterpolation*; begins with the colon
  kInteger,
  kFloat,
  kImaginary,
  kTrue,
  kFalse,
  kNone,
  kEllipsis,
  kList,                     // (expression | kListSplat)*
  kTuple,                    // (expression | kListSplat | kSlice)*; in brackets or not
  kDictionary,               // (kPair | kDictionarySplat)*
  kSet,                      // (expression | kListSplat)*
  kPair,                     // key value
  kListComprehension,        // body, then kForInClause and kIfClause
  kDictionaryComprehension,  // body (a kPair), then the same
  kSetComprehension,         // as a list's
  kGeneratorExpression,      // as a list's; with its brackets
  kForInClause,              // left right; maybe kAsync
  kIfClause,                 // expression
  kCall,                     // function arguments (kArgumentList or kGeneratorExpression)
  kAttribute,                // object attribute
  kSubscript,                // value subscript: an expression, a kSlice or a kTuple of them
  kSlice,                    // lower? upper? step?
  kParenthesizedExpression,  // expression
  kBinaryOperator,           // left right, and op
  kUnaryOperator,            // argument, and op
  kNotOperator,              // argument
  kBooleanOperator,          // expression+, and op: of one operator, however many operands
  kComparisonOperator,       // expression (kOperator expression)+
  kOperator,                 // op
  kConditionalExpression,    // consequence condition alternative
  kNamedExpression,          // name value
  kLambda,                   // parameters? body
  kAwait,                    // expression
  kYield,                    // expression?; kFrom if it is `yield from`
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
  kArgument,
  kArguments,
  kFunction,
  kObject,
  kAttribute,
  kSubscript,
  kLower,
  kUpper,
  kStep,
  kCondition,
  kConsequence,
  kAlternative,
  kDefinition,
  kExpression,
  kSubject,
  kPattern,
  kGuard,
  kCause,
};

enum class Op : uint8_t {
  kNone,
  // Binary, in the order of the tokens.
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kMatrixMultiply,
  kBitAnd,
  kBitOr,
  kBitXor,
  kShiftLeft,
  kShiftRight,
  kPower,
  kInvert,  // unary, as are kAdd and kSubtract
  // Comparisons, in the order of the tokens.
  kLess,
  kGreater,
  kLessEqual,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kIn,
  kNotIn,
  kIs,
  kIsNot,
  // Boolean.
  kAnd,
  kOr,
};

// As Python writes it: "+", "not in".
std::string_view OpText(Op op);
// For messages: "augmented_assignment".
std::string_view KindName(Kind kind);

// Which file of a run; the files' numbers are for the reader of several to give.
using FileId = uint16_t;

struct Node {
  enum Flag : uint8_t { kAsync = 1, kFrom = 2, kStar = 4 };

  Kind kind = Kind::kError;
  Field field = Field::kNone;  // of its parent
  Op op = Op::kNone;
  uint8_t flags = 0;
  uint32_t begin = 0;  // bytes
  uint32_t end = 0;
  FileId file = 0;
  uint16_t height = 1;  // nodes from here to the deepest leaf, up to 65535
  std::span<const Node* const> children;

  bool Has(Flag flag) const { return (flags & flag) != 0; }
  const Node* Child(Field wanted) const {
    for (const Node* child : children) {
      if (child->field == wanted) return child;
    }
    return nullptr;
  }
  // Child i, or null.
  const Node* At(size_t i) const { return i < children.size() ? children[i] : nullptr; }
};
static_assert(sizeof(Node) == 32);

// Where the nodes of a tree live: blocks that are freed together.
class NodeArena {
 public:
  Node* NewNode() { return new (Take(sizeof(Node))) Node; }
  // A copy of a list of children.
  std::span<const Node* const> Copy(std::span<const Node* const> nodes) {
    if (nodes.empty()) return {};
    auto* copy = static_cast<const Node**>(Take(nodes.size_bytes()));
    std::copy(nodes.begin(), nodes.end(), copy);
    return {copy, nodes.size()};
  }

 private:
  void* Take(size_t bytes);

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  size_t left_ = 0;
};

struct SyntaxTree {
  const SourceFile* file = nullptr;
  FileId id = 0;
  const Node* root = nullptr;
  std::vector<const Node*> errors;  // the kError nodes, in source order
  std::vector<SourceRange> comments;
  std::optional<SyntaxProblem> problem;  // what Python finds first; none if the file is valid

  std::string_view Text(const Node& node) const {
    return std::string_view(file->text()).substr(node.begin, node.end - node.begin);
  }

  NodeArena arena;
};

}  // namespace wcheck::python
