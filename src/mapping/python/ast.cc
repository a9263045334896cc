#include "mapping/python/ast.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include <tree_sitter/api.h>

#include "mapping/python/plain_data.h"
#include "mapping/python/reader_limits.h"
#include "python/recognizer.h"
#include "python/tokenizer.h"

extern "C" const TSLanguage* tree_sitter_python(void);

namespace wcheck::python {
namespace {

struct KindName {
  const char* name;
  Kind kind;
};

constexpr KindName kKindNames[] = {
    {"module", Kind::kModule},
    {"block", Kind::kBlock},
    {"expression_statement", Kind::kExpressionStatement},
    {"assignment", Kind::kAssignment},
    {"augmented_assignment", Kind::kAugmentedAssignment},
    {"import_statement", Kind::kImportStatement},
    {"import_from_statement", Kind::kImportFromStatement},
    {"future_import_statement", Kind::kFutureImportStatement},
    {"function_definition", Kind::kFunctionDefinition},
    {"class_definition", Kind::kClassDefinition},
    {"decorated_definition", Kind::kDecoratedDefinition},
    {"decorator", Kind::kDecorator},
    {"if_statement", Kind::kIfStatement},
    {"elif_clause", Kind::kElifClause},
    {"else_clause", Kind::kElseClause},
    {"for_statement", Kind::kForStatement},
    {"while_statement", Kind::kWhileStatement},
    {"try_statement", Kind::kTryStatement},
    {"except_clause", Kind::kExceptClause},
    {"except_group_clause", Kind::kExceptGroupClause},
    {"finally_clause", Kind::kFinallyClause},
    {"with_statement", Kind::kWithStatement},
    {"with_clause", Kind::kWithClause},
    {"with_item", Kind::kWithItem},
    {"return_statement", Kind::kReturnStatement},
    {"raise_statement", Kind::kRaiseStatement},
    {"assert_statement", Kind::kAssertStatement},
    {"delete_statement", Kind::kDeleteStatement},
    {"global_statement", Kind::kGlobalStatement},
    {"nonlocal_statement", Kind::kNonlocalStatement},
    {"pass_statement", Kind::kPassStatement},
    {"break_statement", Kind::kBreakStatement},
    {"continue_statement", Kind::kContinueStatement},
    {"match_statement", Kind::kMatchStatement},
    {"case_clause", Kind::kCaseClause},
    {"case_pattern", Kind::kCasePattern},
    {"type_alias_statement", Kind::kTypeAliasStatement},
    {"identifier", Kind::kIdentifier},
    {"dotted_name", Kind::kDottedName},
    {"aliased_import", Kind::kAliasedImport},
    {"relative_import", Kind::kRelativeImport},
    {"import_prefix", Kind::kImportPrefix},
    {"wildcard_import", Kind::kWildcardImport},
    {"as_pattern", Kind::kAsPattern},
    {"as_pattern_target", Kind::kAsPatternTarget},
    {"parameters", Kind::kParameters},
    {"lambda_parameters", Kind::kLambdaParameters},
    {"default_parameter", Kind::kDefaultParameter},
    {"typed_parameter", Kind::kTypedParameter},
    {"typed_default_parameter", Kind::kTypedDefaultParameter},
    {"keyword_separator", Kind::kKeywordSeparator},
    {"positional_separator", Kind::kPositionalSeparator},
    {"list_splat_pattern", Kind::kListSplatPattern},
    {"dictionary_splat_pattern", Kind::kDictionarySplatPattern},
    {"argument_list", Kind::kArgumentList},
    {"keyword_argument", Kind::kKeywordArgument},
    {"list_splat", Kind::kListSplat},
    {"dictionary_splat", Kind::kDictionarySplat},
    {"parenthesized_list_splat", Kind::kParenthesizedListSplat},
    {"string", Kind::kString},
    {"string_start", Kind::kStringStart},
    {"string_content", Kind::kStringContent},
    {"string_end", Kind::kStringEnd},
    {"interpolation", Kind::kInterpolation},
    {"type_conversion", Kind::kTypeConversion},
    {"format_specifier", Kind::kFormatSpecifier},
    {"format_expression", Kind::kFormatExpression},
    {"concatenated_string", Kind::kConcatenatedString},
    {"integer", Kind::kInteger},
    {"float", Kind::kFloat},
    {"true", Kind::kTrue},
    {"false", Kind::kFalse},
    {"none", Kind::kNone},
    {"ellipsis", Kind::kEllipsis},
    {"list", Kind::kList},
    {"tuple", Kind::kTuple},
    {"dictionary", Kind::kDictionary},
    {"set", Kind::kSet},
    {"pair", Kind::kPair},
    {"list_comprehension", Kind::kListComprehension},
    {"dictionary_comprehension", Kind::kDictionaryComprehension},
    {"set_comprehension", Kind::kSetComprehension},
    {"generator_expression", Kind::kGeneratorExpression},
    {"for_in_clause", Kind::kForInClause},
    {"if_clause", Kind::kIfClause},
    {"call", Kind::kCall},
    {"attribute", Kind::kAttribute},
    {"subscript", Kind::kSubscript},
    {"slice", Kind::kSlice},
    {"parenthesized_expression", Kind::kParenthesizedExpression},
    {"expression_list", Kind::kExpressionList},
    {"binary_operator", Kind::kBinaryOperator},
    {"unary_operator", Kind::kUnaryOperator},
    {"not_operator", Kind::kNotOperator},
    {"boolean_operator", Kind::kBooleanOperator},
    {"comparison_operator", Kind::kComparisonOperator},
    {"conditional_expression", Kind::kConditionalExpression},
    {"named_expression", Kind::kNamedExpression},
    {"lambda", Kind::kLambda},
    {"await", Kind::kAwait},
    {"yield", Kind::kYield},
    {"type", Kind::kType},
    {"pattern_list", Kind::kPatternList},
    {"tuple_pattern", Kind::kTuplePattern},
    {"list_pattern", Kind::kListPattern},
};

struct FieldName {
  const char* name;
  Field field;
};

constexpr FieldName kFieldNames[] = {
    {"name", Field::kName},
    {"alias", Field::kAlias},
    {"module_name", Field::kModuleName},
    {"body", Field::kBody},
    {"parameters", Field::kParameters},
    {"return_type", Field::kReturnType},
    {"type", Field::kType},
    {"value", Field::kValue},
    {"key", Field::kKey},
    {"left", Field::kLeft},
    {"right", Field::kRight},
    {"operator", Field::kOperator},
    {"operators", Field::kOperators},
    {"argument", Field::kArgument},
    {"arguments", Field::kArguments},
    {"function", Field::kFunction},
    {"object", Field::kObject},
    {"attribute", Field::kAttribute},
    {"subscript", Field::kSubscript},
    {"condition", Field::kCondition},
    {"consequence", Field::kConsequence},
    {"alternative", Field::kAlternative},
    {"definition", Field::kDefinition},
    {"expression", Field::kExpression},
    {"subject", Field::kSubject},
    {"guard", Field::kGuard},
    {"cause", Field::kCause},
};

// The grammar's numbers for symbols and fields, looked up once.
class Grammar {
 public:
  Grammar() : language_(tree_sitter_python()) {
    std::unordered_map<std::string_view, Kind> kinds;
    for (const KindName& k : kKindNames) kinds.emplace(k.name, k.kind);
    uint32_t symbols = ts_language_symbol_count(language_);
    kinds_.assign(symbols, Kind::kOther);
    for (uint32_t s = 0; s < symbols; ++s) {
      auto symbol = static_cast<TSSymbol>(s);
      if (ts_language_symbol_type(language_, symbol) != TSSymbolTypeRegular) {
        kinds_[s] = Kind::kToken;
        continue;
      }
      auto found = kinds.find(ts_language_symbol_name(language_, symbol));
      if (found != kinds.end()) kinds_[s] = found->second;
      if (std::strcmp(ts_language_symbol_name(language_, symbol), "comment") == 0)
        comment_ = symbol;
      if (std::strcmp(ts_language_symbol_name(language_, symbol), "line_continuation") == 0) {
        continuation_ = symbol;
      }
    }
    fields_.assign(ts_language_field_count(language_) + 1, Field::kNone);
    for (const FieldName& f : kFieldNames) {
      TSFieldId id = ts_language_field_id_for_name(language_, f.name,
                                                   static_cast<uint32_t>(std::strlen(f.name)));
      if (id != 0) fields_[id] = f.field;
    }
  }

  const TSLanguage* language() const { return language_; }
  bool IsExtra(TSSymbol symbol) const { return symbol == comment_ || symbol == continuation_; }
  bool IsComment(TSSymbol symbol) const { return symbol == comment_; }
  Kind KindOf(TSSymbol symbol) const {
    if (symbol == static_cast<TSSymbol>(-1)) return Kind::kError;  // ts_builtin_sym_error
    return symbol < kinds_.size() ? kinds_[symbol] : Kind::kOther;
  }
  Field FieldOf(TSFieldId id) const { return id < fields_.size() ? fields_[id] : Field::kNone; }

 private:
  const TSLanguage* language_;
  std::vector<Kind> kinds_;
  std::vector<Field> fields_;
  TSSymbol comment_ = 0;
  TSSymbol continuation_ = 0;
};

struct ParserDelete {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct TreeDelete {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};

// One open node while the tree is copied.
struct Open {
  Node* node;
  std::vector<const Node*> children;
  bool inside_error;
};

class Copier {
 public:
  // `items` stand in the copy where the tree, which is of `source`, has names for them.
  Copier(const Grammar& grammar, const std::vector<PlainData>& items,
         const WithoutPlainData& source, Ast* ast)
      : grammar_(grammar), items_(items), source_(source), ast_(ast) {}

  // False if the tree is too deep; `deep` is then the place.
  bool Copy(const TSTree* tree, uint32_t* deep) {
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
    bool ok = Walk(&cursor, deep);
    ts_tree_cursor_delete(&cursor);
    return ok;
  }

  // True if each item got its place, and each where a value stands: there alone an expression reads
  // as a name does.
  bool placed_all() const { return next_item_ == items_.size() && !misplaced_; }

 private:
  bool Walk(TSTreeCursor* cursor, uint32_t* deep) {
    Enter(cursor);
    while (true) {
      if (open_.size() > kMaxTreeDepth) {
        *deep = open_.back().node->begin;
        return false;
      }
      if (ts_tree_cursor_goto_first_child(cursor)) {
        Enter(cursor);
        continue;
      }
      Leave();
      while (!ts_tree_cursor_goto_next_sibling(cursor)) {
        if (!ts_tree_cursor_goto_parent(cursor)) return true;
        Leave();
      }
      Enter(cursor);
    }
  }

  void Enter(TSTreeCursor* cursor) {
    TSNode from = ts_tree_cursor_current_node(cursor);
    TSSymbol symbol = ts_node_symbol(from);
    Node& node = ast_->nodes.emplace_back();
    if (ast_->root == nullptr) ast_->root = &node;
    node.kind = grammar_.KindOf(symbol);
    node.field = grammar_.FieldOf(ts_tree_cursor_current_field_id(cursor));
    node.begin = source_.InSource(ts_node_start_byte(from));
    node.end = source_.InSource(ts_node_end_byte(from));
    node.name = ts_node_type(from);
    node.missing = ts_node_is_missing(from);
    if (node.kind == Kind::kStringEnd) MendStringEnd(&node);
    bool inside_error = !open_.empty() && open_.back().inside_error;
    bool is_error = node.missing || node.kind == Kind::kError || IsPython2(node);
    if (is_error && !inside_error) ast_->errors.push_back(&node);
    if (grammar_.IsComment(symbol)) {
      ast_->comments.push_back({ast_->file, node.begin, node.end});
    }
    bool kept = !grammar_.IsExtra(symbol) && Keep(node);
    if (kept && !open_.empty()) open_.back().children.push_back(&node);
    open_.push_back({&node, {}, inside_error || is_error});
    PlaceItem(&node);
  }

  // The grammar takes a backslash and what stands behind it for a part of the end, if a raw string
  // has them just before its end.
  void MendStringEnd(Node* end) const {
    if (open_.empty() || open_.back().children.empty()) return;
    const Node& start = *open_.back().children.front();
    const std::string_view opening = ast_->Text(start);
    const size_t quote_at = opening.find_first_of("'\"");
    if (start.kind != Kind::kStringStart || quote_at == std::string_view::npos) return;
    const auto quotes = static_cast<uint32_t>(opening.size() - quote_at);
    if (end->end - end->begin > quotes) end->begin = end->end - quotes;
  }

  // Puts the next item where the tree has the name that stands for it.
  void PlaceItem(Node* node) {
    if (next_item_ == items_.size() || node->kind != Kind::kIdentifier) return;
    const PlainData& item = items_[next_item_];
    if (item.node->begin != node->begin) return;
    ++next_item_;
    const Field field = node->field;
    *node = *item.node;
    node->field = field;
    const Node* parent = open_.size() < 2 ? nullptr : open_[open_.size() - 2].node;
    if (parent == nullptr || !HoldsValue(*parent, field)) misplaced_ = true;
    if (open_.size() + static_cast<size_t>(item.depth) > kMaxTreeDepth) misplaced_ = true;
  }

  static bool HoldsValue(const Node& parent, Field field) {
    switch (parent.kind) {
      case Kind::kArgumentList:
      case Kind::kList:
      case Kind::kParenthesizedExpression:
      case Kind::kReturnStatement:
      case Kind::kSet:
      case Kind::kTuple:
      case Kind::kType:
        return true;
      case Kind::kAssignment:
        return field == Field::kRight;
      case Kind::kDefaultParameter:
      case Kind::kKeywordArgument:
      case Kind::kPair:
      case Kind::kTypedDefaultParameter:
        return field == Field::kValue;
      case Kind::kSubscript:
        return field == Field::kSubscript;
      default:
        return false;
    }
  }

  // Statements of Python 2 that the grammar still takes.
  static bool IsPython2(const Node& node) {
    return node.kind == Kind::kOther && (std::strcmp(node.name, "print_statement") == 0 ||
                                         std::strcmp(node.name, "exec_statement") == 0);
  }

  // Tokens matter where they are operators, where the parser made them up, and in slices. The
  // content of a string is what stands between its other parts.
  bool Keep(const Node& node) const {
    if (node.kind == Kind::kStringContent) return false;
    if (node.kind != Kind::kToken || node.missing) return true;
    if (node.field == Field::kOperator || node.field == Field::kOperators) return true;
    if (open_.empty()) return true;
    Kind parent = open_.back().node->kind;
    return parent == Kind::kSlice || parent == Kind::kUnaryOperator ||
           std::strcmp(node.name, "async") == 0;
  }

  void Leave() {
    Open& open = open_.back();
    if (!open.children.empty()) {
      ast_->child_lists.push_back(std::move(open.children));
      open.node->children = ast_->child_lists.back();
      // An item is longer than its name.
      open.node->end = std::max(open.node->end, open.node->children.back()->end);
      RaiseSplat(open.node);
    }
    open_.pop_back();
  }

  // At the start of a display the grammar reads `*f(x)` as a call of `*f`: put the star outside.
  void RaiseSplat(Node* node) {
    switch (node->kind) {
      case Kind::kCall:
      case Kind::kAttribute:
      case Kind::kSubscript:
      case Kind::kBinaryOperator:
      case Kind::kBooleanOperator:
      case Kind::kComparisonOperator:
      case Kind::kConditionalExpression:
        break;
      default:
        return;
    }
    const Node* splat = node->children[0];
    if (splat->kind != Kind::kListSplat || splat->children.size() != 1) return;
    Node& first = ast_->nodes.emplace_back(*splat->children[0]);
    first.field = splat->field;
    ast_->child_lists.back()[0] = &first;
    Node& inner = ast_->nodes.emplace_back(*node);
    inner.field = Field::kNone;
    inner.begin = first.begin;
    inner.children = ast_->child_lists.back();
    ast_->child_lists.push_back({&inner});
    node->kind = Kind::kListSplat;
    node->name = splat->name;
    node->children = ast_->child_lists.back();
  }

  const Grammar& grammar_;
  const std::vector<PlainData>& items_;
  const WithoutPlainData& source_;
  size_t next_item_ = 0;
  bool misplaced_ = false;
  Ast* ast_;
  std::vector<Open> open_;
};

// Whether the file is one that tree-sitter must not be given: see kMaxBrokenTokens.
bool TooBroken(const Ast& ast) {
  return ast.problem && CountTokensRoughly(ast.file->text()) > kMaxBrokenTokens;
}

Error TooDeep(const SourceFile& file, uint32_t offset) {
  return {SourceRange{&file, offset, offset}.place(),
          "the source is nested deeper than " + std::to_string(kMaxTreeDepth) + " levels",
          "split the expression into named parts"};
}

Result<Ast> Parse(const SourceFile& file, const Tokens& tokens,
                  std::optional<SyntaxProblem> problem, bool plain_data) {
  static const Grammar kGrammar;
  std::unique_ptr<TSParser, ParserDelete> parser(ts_parser_new());
  if (!ts_parser_set_language(parser.get(), kGrammar.language())) {
    return Error{{file.path(), 0, 0, ""},
                 "the tree-sitter library does not support the version of the Python grammar",
                 "rebuild wcheck with the grammar that ./bootstrap installs"};
  }
  Ast ast;
  ast.file = &file;
  ast.problem = std::move(problem);
  if (TooBroken(ast)) {
    return Error{SourceRange{&file, ast.problem->begin, ast.problem->end}.place(),
                 ast.problem->message,
                 "mend this first: a file of this size is not read beyond a syntax error"};
  }
  std::vector<PlainData> items;
  if (plain_data) items = FindPlainData(tokens, &ast);
  const WithoutPlainData source(file.text(), tokens, items);
  ts_parser_set_timeout_micros(parser.get(), kMaxParseMicroseconds);
  std::unique_ptr<TSTree, TreeDelete> tree(ts_parser_parse_string(
      parser.get(), nullptr, source.text().data(), static_cast<uint32_t>(source.text().size())));
  if (tree == nullptr) {
    uint32_t at = ast.problem ? ast.problem->begin : 0;
    return Error{SourceRange{&file, at, at}.place(),
                 ast.problem ? ast.problem->message : "the file takes too long to parse",
                 "mend this first: nothing of the file could be read"};
  }
  uint32_t deep = 0;
  Copier copier(kGrammar, items, source, &ast);
  if (!copier.Copy(tree.get(), &deep)) return TooDeep(file, deep);
  // Whatever is wrong with a file is said of the file as it is.
  if (plain_data && (!ast.errors.empty() || !copier.placed_all())) {
    return Parse(file, tokens, std::move(ast.problem), false);
  }
  return ast;
}

}  // namespace

Result<Ast> ParsePython(const SourceFile& file) {
  const Tokens tokens = Tokenize(file.text());
  std::optional<SyntaxProblem> problem = FindSyntaxProblem(tokens);
  const bool valid = !problem.has_value();
  return Parse(file, tokens, std::move(problem), /*plain_data=*/valid);
}

Result<Ast> ParseByTreeSitter(const SourceFile& file) {
  const Tokens tokens = Tokenize(file.text());
  return Parse(file, tokens, FindSyntaxProblem(tokens), /*plain_data=*/false);
}

}  // namespace wcheck::python
