// What can be assigned to, and what CPython calls what cannot.
#include "python/parser_impl.h"

namespace wcheck::python {

const Node* Parser::InvalidTarget(const Node& target, TargetOf of) {
  switch (target.kind) {
    case Kind::kIdentifier:
    case Kind::kAttribute:
    case Kind::kSubscript:
    case Kind::kError:
      return nullptr;
    case Kind::kParenthesizedExpression:
      return target.children.size() == 1 ? InvalidTarget(*target.children[0], of) : nullptr;
    case Kind::kListSplat:
      return of == TargetOf::kDelete ? &target : InvalidTarget(*target.children[0], of);
    case Kind::kTuple:
    case Kind::kList:
      for (const Node* child : target.children) {
        if (const Node* invalid = InvalidTarget(*child, of)) return invalid;
      }
      return nullptr;
    default:
      return &target;
  }
}

bool Parser::CheckTarget(const Node& target, TargetOf of, const char* verb) {
  const Node* invalid = InvalidTarget(target, of);
  if (invalid == nullptr) return true;
  if (invalid->kind == Kind::kYield) {
    return FailAt(*invalid, "assignment to yield expression not possible");
  }
  std::string message = "cannot " + std::string(verb) + " " + std::string(ExpressionName(*invalid));
  // Where a comparison could have been meant.
  const bool whole = of == TargetOf::kAssignment && invalid == &target && Is(Tok::kAssign);
  switch (invalid->kind) {
    case Kind::kTrue:
    case Kind::kFalse:
    case Kind::kNone:
    case Kind::kEllipsis:
    case Kind::kGeneratorExpression:
    case Kind::kListComprehension:
    case Kind::kSetComprehension:
    case Kind::kDictionaryComprehension:
      break;
    default:
      if (whole) message += " here. Maybe you meant '==' instead of '='?";
  }
  return FailAt(*invalid, std::move(message));
}

std::string_view Parser::ExpressionName(const Node& node) {
  switch (node.kind) {
    case Kind::kAttribute:
      return "attribute";
    case Kind::kSubscript:
      return "subscript";
    case Kind::kListSplat:
      return "starred";
    case Kind::kIdentifier:
      return "name";
    case Kind::kList:
      return "list";
    case Kind::kTuple:
      return "tuple";
    case Kind::kLambda:
      return "lambda";
    case Kind::kCall:
      return "function call";
    case Kind::kGeneratorExpression:
      return "generator expression";
    case Kind::kYield:
      return "yield expression";
    case Kind::kAwait:
      return "await expression";
    case Kind::kListComprehension:
      return "list comprehension";
    case Kind::kSetComprehension:
      return "set comprehension";
    case Kind::kDictionaryComprehension:
      return "dict comprehension";
    case Kind::kDictionary:
      return "dict literal";
    case Kind::kSet:
      return "set display";
    case Kind::kString:
    case Kind::kConcatenatedString:
      return node.children.empty() ? "literal" : "f-string expression";
    case Kind::kInteger:
    case Kind::kFloat:
    case Kind::kImaginary:
      return "literal";
    case Kind::kTrue:
      return "True";
    case Kind::kFalse:
      return "False";
    case Kind::kNone:
      return "None";
    case Kind::kEllipsis:
      return "ellipsis";
    case Kind::kComparisonOperator:
      return "comparison";
    case Kind::kConditionalExpression:
      return "conditional expression";
    case Kind::kNamedExpression:
      return "named expression";
    case Kind::kParenthesizedExpression:
      return node.children.empty() ? "expression" : ExpressionName(*node.children[0]);
    default:
      return "expression";
  }
}

}  // namespace wcheck::python
