#include "ast_lines.h"

#include <algorithm>
#include <tuple>

namespace wcheck::python {
namespace {

class Translator {
 public:
  explicit Translator(const SyntaxTree& tree) : tree_(tree) {}

  std::vector<std::string> Run() {
    Children(*tree_.root);
    std::sort(found_.begin(), found_.end());
    std::vector<std::string> lines;
    lines.reserve(found_.size());
    for (const auto& [begin, end, type] : found_) {
      lines.push_back(begin < 0 ? "- - " + type
                                : std::to_string(begin) + " " + std::to_string(end) + " " + type);
    }
    return lines;
  }

 private:
  void Add(int64_t begin, int64_t end, std::string type) {
    if (inside_) begin = end = -1;
    found_.emplace_back(begin, end, std::move(type));
  }
  void Add(const Node& node, std::string type) { Add(node.begin, node.end, std::move(type)); }

  void Children(const Node& node) {
    for (const Node* child : node.children) Visit(*child);
  }
  void Fields(const Node& node, std::initializer_list<Field> fields) {
    for (const Field field : fields) {
      if (const Node* child = node.Child(field)) Visit(*child);
    }
  }

  bool IsFormatted(const Node& string) const {
    for (const char c : tree_.Text(string)) {
      if (c == '"' || c == '\'') return false;
      if (c == 'f' || c == 'F') return true;
    }
    return false;
  }

  void Strings(const Node& node) {
    bool formatted = IsFormatted(node);
    if (node.kind == Kind::kConcatenatedString) {
      formatted = std::any_of(node.children.begin(), node.children.end(),
                              [&](const Node* part) { return IsFormatted(*part); });
    }
    Add(node, formatted ? "JoinedStr" : "Constant");
    Interpolations(node);
  }

  void Interpolations(const Node& node) {
    const bool outer = std::exchange(inside_, true);
    for (const Node* child : node.children) {
      if (const Node* expression = child->Child(Field::kExpression)) Visit(*expression);
      if (child->kind == Kind::kString) Interpolations(*child);
      for (const Node* part : child->children) {
        if (part->kind == Kind::kFormatSpecifier) Interpolations(*part);
      }
    }
    inside_ = outer;
  }

  // The rest of an `if` from one of its alternatives on.
  void Alternatives(const Node& node) {
    for (const Node* child : node.children) {
      if (child->kind == Kind::kElifClause) {
        Add(child->begin, node.end, "If");
        Fields(*child, {Field::kCondition, Field::kConsequence});
      } else if (child->kind == Kind::kElseClause) {
        Children(*child);
      }
    }
  }

  // `name: type`; the default stands beside it.
  void Parameter(const Node& node) {
    const Node* name = node.Child(Field::kName);
    const Node* type = node.Child(Field::kType);
    Add(name->begin, type == nullptr ? name->end : type->end, "arg");
    Fields(node, {Field::kType, Field::kValue});
  }

  void Alias(const Node& name) {
    if (name.field == Field::kName || name.kind == Kind::kWildcardImport) Add(name, "alias");
  }

  void Visit(const Node& node) {
    switch (node.kind) {
      case Kind::kExpressionStatement:
        Add(node, "Expr");
        return Children(node);
      case Kind::kAssignment:
        Add(node, "Assign");
        return Children(node);
      case Kind::kAnnotatedAssignment:
        Add(node, "AnnAssign");
        return Children(node);
      case Kind::kAugmentedAssignment:
        Add(node, "AugAssign");
        return Children(node);
      case Kind::kImportStatement:
      case Kind::kImportFromStatement:
        Add(node, node.kind == Kind::kImportStatement ? "Import" : "ImportFrom");
        for (const Node* child : node.children) Alias(*child);
        return;
      case Kind::kFunctionDefinition:
        Add(node, node.Has(Node::kAsync) ? "AsyncFunctionDef" : "FunctionDef");
        return Fields(node, {Field::kParameters, Field::kReturnType, Field::kBody});
      case Kind::kClassDefinition:
        Add(node, "ClassDef");
        return Fields(node, {Field::kArguments, Field::kBody});
      case Kind::kIfStatement:
        Add(node, "If");
        Fields(node, {Field::kCondition, Field::kConsequence});
        return Alternatives(node);
      case Kind::kForStatement:
        Add(node, node.Has(Node::kAsync) ? "AsyncFor" : "For");
        return Children(node);
      case Kind::kWhileStatement:
        Add(node, "While");
        return Children(node);
      case Kind::kTryStatement: {
        const bool star = std::any_of(node.children.begin(), node.children.end(),
                                      [](const Node* child) { return child->Has(Node::kStar); });
        Add(node, star ? "TryStar" : "Try");
        return Children(node);
      }
      case Kind::kExceptClause:
        Add(node, "ExceptHandler");
        return Fields(node, {Field::kValue, Field::kBody});
      case Kind::kWithStatement:
        Add(node, node.Has(Node::kAsync) ? "AsyncWith" : "With");
        return Children(node);
      case Kind::kReturnStatement:
        Add(node, "Return");
        return Children(node);
      case Kind::kRaiseStatement:
        Add(node, "Raise");
        return Children(node);
      case Kind::kAssertStatement:
        Add(node, "Assert");
        return Children(node);
      case Kind::kDeleteStatement:
        Add(node, "Delete");
        return Children(node);
      case Kind::kGlobalStatement:
        return Add(node, "Global");
      case Kind::kNonlocalStatement:
        return Add(node, "Nonlocal");
      case Kind::kPassStatement:
        return Add(node, "Pass");
      case Kind::kBreakStatement:
        return Add(node, "Break");
      case Kind::kContinueStatement:
        return Add(node, "Continue");
      case Kind::kMatchStatement:
        Add(node, "Match");
        return Children(node);
      case Kind::kWildcardPattern:
      case Kind::kCapturePattern:
        return Add(node, "MatchAs");
      case Kind::kAsPattern:
        Add(node, "MatchAs");
        return Fields(node, {Field::kPattern});
      case Kind::kValuePattern: {
        const Kind inner = node.children[0]->kind;
        if (inner == Kind::kNone || inner == Kind::kTrue || inner == Kind::kFalse) {
          return Add(node, "MatchSingleton");
        }
        Add(node, "MatchValue");
        return Children(node);
      }
      case Kind::kOrPattern:
        Add(node, "MatchOr");
        return Children(node);
      case Kind::kSequencePattern:
        Add(node, "MatchSequence");
        return Children(node);
      case Kind::kStarPattern:
        return Add(node, "MatchStar");
      case Kind::kMappingPattern:
        Add(node, "MatchMapping");
        return Children(node);
      case Kind::kDoubleStarPattern:
        return;
      case Kind::kClassPattern:
        Add(node, "MatchClass");
        return Children(node);
      case Kind::kKeywordPattern:
        return Fields(node, {Field::kValue});
      case Kind::kParameter:
      case Kind::kStarParameter:
      case Kind::kDoubleStarParameter:
        return Parameter(node);
      case Kind::kKeywordArgument:
        Add(node, "keyword");
        return Fields(node, {Field::kValue});
      case Kind::kDictionarySplat:
        return Children(node);
      case Kind::kListSplat:
        Add(node, "Starred");
        return Children(node);
      case Kind::kArgumentList:
        for (const Node* child : node.children) {
          if (child->kind == Kind::kDictionarySplat) Add(*child, "keyword");
          Visit(*child);
        }
        return;
      case Kind::kIdentifier:
        return Add(node, "Name");
      case Kind::kString:
      case Kind::kConcatenatedString:
        return Strings(node);
      case Kind::kInteger:
      case Kind::kFloat:
      case Kind::kImaginary:
      case Kind::kTrue:
      case Kind::kFalse:
      case Kind::kNone:
      case Kind::kEllipsis:
        return Add(node, "Constant");
      case Kind::kList:
        Add(node, "List");
        return Children(node);
      case Kind::kTuple:
        Add(node, "Tuple");
        return Children(node);
      case Kind::kDictionary:
        Add(node, "Dict");
        return Children(node);
      case Kind::kSet:
        Add(node, "Set");
        return Children(node);
      case Kind::kListComprehension:
        Add(node, "ListComp");
        return Children(node);
      case Kind::kDictionaryComprehension:
        Add(node, "DictComp");
        return Children(node);
      case Kind::kSetComprehension:
        Add(node, "SetComp");
        return Children(node);
      case Kind::kGeneratorExpression:
        Add(node, "GeneratorExp");
        return Children(node);
      case Kind::kCall:
        Add(node, "Call");
        return Children(node);
      case Kind::kAttribute:
        Add(node, "Attribute");
        return Fields(node, {Field::kObject});
      case Kind::kSubscript:
        Add(node, "Subscript");
        return Children(node);
      case Kind::kSlice:
        Add(node, "Slice");
        return Children(node);
      case Kind::kBinaryOperator:
        Add(node, "BinOp");
        return Children(node);
      case Kind::kUnaryOperator:
      case Kind::kNotOperator:
        Add(node, "UnaryOp");
        return Children(node);
      case Kind::kBooleanOperator:
        Add(node, "BoolOp");
        return Children(node);
      case Kind::kComparisonOperator:
        Add(node, "Compare");
        return Children(node);
      case Kind::kConditionalExpression:
        Add(node, "IfExp");
        return Children(node);
      case Kind::kNamedExpression:
        Add(node, "NamedExpr");
        return Children(node);
      case Kind::kLambda:
        Add(node, "Lambda");
        return Children(node);
      case Kind::kAwait:
        Add(node, "Await");
        return Children(node);
      case Kind::kYield:
        Add(node, node.Has(Node::kFrom) ? "YieldFrom" : "Yield");
        return Children(node);
      case Kind::kError:
        Add(node, "error");
        return Children(node);
      case Kind::kDecoratedDefinition:
      case Kind::kDecorator:
      case Kind::kBlock:
      case Kind::kElseClause:
      case Kind::kFinallyClause:
      case Kind::kWithItem:
      case Kind::kCaseClause:
      case Kind::kPatternPair:
      case Kind::kParameters:
      case Kind::kPair:
      case Kind::kForInClause:
      case Kind::kIfClause:
      case Kind::kParenthesizedExpression:
        return Children(node);
      default:  // punctuation: CPython has no node for it
        return;
    }
  }

  const SyntaxTree& tree_;
  bool inside_ = false;
  std::vector<std::tuple<int64_t, int64_t, std::string>> found_;
};

}  // namespace

std::vector<std::string> AstLines(const SyntaxTree& tree) { return Translator(tree).Run(); }

}  // namespace wcheck::python
