#include "python/machine/compiler.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <optional>

#include "python/machine/machine.h"
#include "python/machine/scope.h"
#include "support/utf8.h"

namespace wcheck::machine {
namespace {

using python::Field;
using python::Kind;

const Node& Bare(const Node& node) {
  const Node* n = &node;
  while (n->kind == Kind::kParenthesizedExpression && !n->children.empty()) n = n->children[0];
  return *n;
}

// Appends the characters of a piece of a literal, with its escapes.
void Unescape(std::string_view text, bool raw, bool bytes, bool format, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (format && (c == '{' || c == '}') && i + 1 < text.size() && text[i + 1] == c) {
      *out += c;
      ++i;
      continue;
    }
    if (c == '\r') {
      *out += '\n';
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
      continue;
    }
    if (c != '\\' || raw || i + 1 >= text.size()) {
      *out += c;
      continue;
    }
    const char e = text[++i];
    auto hex = [&](size_t digits) {
      uint32_t code = 0;
      for (size_t k = 0; k < digits && i + 1 < text.size(); ++k) {
        const char h = text[i + 1];
        const int v = h >= '0' && h <= '9'   ? h - '0'
                      : h >= 'a' && h <= 'f' ? h - 'a' + 10
                      : h >= 'A' && h <= 'F' ? h - 'A' + 10
                                             : -1;
        if (v < 0) break;
        code = code * 16 + static_cast<uint32_t>(v);
        ++i;
      }
      if (bytes) {
        *out += static_cast<char>(code);
      } else {
        AppendUtf8(code, out);
      }
    };
    switch (e) {
      case '\n': break;
      case '\\': *out += '\\'; break;
      case '\'': *out += '\''; break;
      case '"': *out += '"'; break;
      case 'a': *out += '\a'; break;
      case 'b': *out += '\b'; break;
      case 'f': *out += '\f'; break;
      case 'n': *out += '\n'; break;
      case 'r': *out += '\r'; break;
      case 't': *out += '\t'; break;
      case 'v': *out += '\v'; break;
      case 'x': hex(2); break;
      case 'u': if (bytes) *out += "\\u"; else hex(4); break;
      case 'U': if (bytes) *out += "\\U"; else hex(8); break;
      default:
        if (e >= '0' && e <= '7') {
          uint32_t code = static_cast<uint32_t>(e - '0');
          for (int k = 0; k < 2 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '7'; ++k) {
            code = code * 8 + static_cast<uint32_t>(text[++i] - '0');
          }
          AppendUtf8(code, out);
        } else {
          *out += '\\';
          *out += e;
        }
    }
  }
}

struct StringParts {
  bool raw = false, bytes = false, format = false;
  uint32_t begin = 0, end = 0;  // of what is between the quotes
};

StringParts PartsOf(std::string_view source, const Node& node) {
  StringParts parts;
  uint32_t at = node.begin;
  while (at < node.end && source[at] != '"' && source[at] != '\'') {
    const char c = static_cast<char>(source[at] | 0x20);
    parts.raw |= c == 'r';
    parts.bytes |= c == 'b';
    parts.format |= c == 'f';
    ++at;
  }
  const char quote = at < node.end ? source[at] : '"';
  const bool triple = at + 2 < node.end && source[at + 1] == quote && source[at + 2] == quote &&
                      node.end - at >= 6;
  parts.begin = at + (triple ? 3 : 1);
  parts.end = node.end - (triple ? 3 : 1);
  return parts;
}

class Compiler {
 public:
  Compiler(Machine& m, Code* code)
      : m_(m), code_(code), file_(code->file), source_(code->file->source->text()) {}

  void Run() {
    Scope& scope = *code_->scope;
    const Node& node = *code_->node;
    for (std::string_view name : scope.parameters) Slot(name);
    code_->frees = scope.frees;
    if (code_->of == Code::Of::kClass) scope.cells.insert("__class__");
    const bool names = code_->of == Code::Of::kClass || code_->of == Code::Of::kModule ||
                       code_->of == Code::Of::kAnnotations;
    if (!names) {
      for (std::string_view name : scope.bound) Slot(name);
    } else if (code_->of == Code::Of::kClass) {
      Slot("__class__");
    }
    code_->first_free = slot_count_;
    for (std::string_view name : scope.frees) free_slots_[name] = NewSlot(name);
    at_ = &node;
    if (!names || code_->of == Code::Of::kClass) {
      for (std::string_view name : scope.cells) {
        auto found = slots_.find(name);
        if (found != slots_.end()) Emit(Op::kMakeCell, found->second);
      }
    }
    switch (code_->of) {
      case Code::Of::kModule:
        for (const Node* child : node.children) {
          const uint32_t begin = Here();
          Statement(*child);
          code_->statements.push_back({begin, Here(), child});
        }
        Constant(None());
        Emit(Op::kReturn);
        break;
      case Code::Of::kClass: {
        Annotations(node);
        if (const Node* body = node.Child(Field::kBody)) {
          if (const Node* doc = DocNode(*body)) {
            String(*doc);
            Emit(Op::kStoreName, Name("__doc__"));
          }
          Block(*body);
        }
        Constant(None());
        Emit(Op::kReturn);
        break;
      }
      case Code::Of::kAnnotations:
        AnnotationBody(node);
        break;
      case Code::Of::kFunction:
        if (const Node* body = node.Child(Field::kBody)) Block(*body);
        Constant(None());
        Emit(Op::kReturn);
        break;
      case Code::Of::kLambda:
        if (const Node* body = node.Child(Field::kBody)) Expression(*body);
        Emit(Op::kReturn);
        break;
      case Code::Of::kComprehension:
        ComprehensionBody(node);
        break;
    }
    code_->generator = scope.generator ||
                       (code_->of == Code::Of::kComprehension && node.kind == Kind::kGeneratorExpression);
    code_->coroutine = node.kind == Kind::kFunctionDefinition && node.Has(Node::kAsync);
    code_->slots = slot_count_;
    code_->stack = MaxDepth();
    code_->compiled = true;
  }

 private:
  // --- instructions ----------------------------------------------------------------------------
  uint32_t Here() const { return static_cast<uint32_t>(code_->instructions.size()); }
  uint32_t Emit(Op op, uint32_t a = 0, uint32_t b = 0) {
    code_->instructions.push_back({op, static_cast<uint16_t>(b), a});
    code_->nodes.push_back(at_);
    return Here() - 1;
  }
  void Patch(uint32_t instruction) { code_->instructions[instruction].a = Here(); }
  void Constant(Value value) {
    code_->constants.push_back(value);
    Emit(Op::kConst, static_cast<uint32_t>(code_->constants.size() - 1));
  }
  uint32_t ConstantIndex(Value value) {
    code_->constants.push_back(value);
    return static_cast<uint32_t>(code_->constants.size() - 1);
  }
  uint32_t Name(std::string_view name) {
    auto [found, is_new] =
        names_.try_emplace(name, static_cast<uint32_t>(code_->names.size()));
    if (is_new) code_->names.push_back(m_.Intern(name));
    return found->second;
  }
  uint32_t NewSlot(std::string_view name) {
    code_->slot_names.push_back(name.empty() ? nullptr : m_.Intern(name));
    return slot_count_++;
  }
  uint32_t Slot(std::string_view name) {
    auto [found, is_new] = slots_.try_emplace(name, slot_count_);
    if (is_new) NewSlot(name);
    return found->second;
  }
  uint32_t Temporary() { return NewSlot(""); }
  std::string_view Text(const Node& node) const {
    return source_.substr(node.begin, node.end - node.begin);
  }
  // A name within a class that begins with two underscores belongs to the class.
  std::string_view Mangled(std::string_view name) {
    if (name.size() < 3 || !name.starts_with("__") || name.ends_with("__")) return name;
    const Str* owner = code_->of == Code::Of::kClass ? code_->name : code_->class_name;
    if (owner == nullptr) return name;
    std::string_view cls = owner->view();
    while (cls.starts_with('_')) cls.remove_prefix(1);
    return m_.Intern("_" + std::string(cls) + std::string(name))->view();
  }
  [[noreturn]] void Unsupported(const Node& node, std::string what) {
    m_.RaiseAt("SyntaxError", what + " is not modelled", file_, &node);
  }

  // An upper bound for the stack: what the instructions of a statement push at most.
  uint32_t MaxDepth() const {
    uint32_t depth = 0, most = 0;
    size_t next = 0;
    for (uint32_t i = 0; i < code_->instructions.size(); ++i) {
      while (next < boundaries_.size() && boundaries_[next] <= i) {
        depth = 0;
        ++next;
      }
      const Instruction& instruction = code_->instructions[i];
      switch (instruction.op) {
        case Op::kUnpack: depth += instruction.a; break;
        case Op::kUnpackStarred: depth += instruction.a + instruction.b + 1; break;
        case Op::kDup2: depth += 2; break;
        default: ++depth;
      }
      most = std::max(most, depth);
    }
    return most + 8;
  }

  // --- names ------------------------------------------------------------------------------------
  bool names_scope() const {
    return code_->of == Code::Of::kClass || code_->of == Code::Of::kModule ||
           code_->of == Code::Of::kAnnotations;
  }
  void Load(std::string_view raw) {
    std::string_view name = Mangled(raw);
    const Scope& scope = *code_->scope;
    auto free = free_slots_.find(name);
    if (!names_scope()) {
      if (auto slot = slots_.find(name); slot != slots_.end()) {
        Emit(scope.cells.count(name) ? Op::kLoadCell : Op::kLoadFast, slot->second);
      } else if (free != free_slots_.end()) {
        Emit(Op::kLoadCell, free->second);
      } else {
        Emit(Op::kLoadGlobal, Name(name));
      }
      return;
    }
    if (code_->of == Code::Of::kModule || scope.global.count(name)) {
      Emit(Op::kLoadGlobal, Name(name));
    } else if (free != free_slots_.end()) {
      Emit(Op::kLoadClassCell, free->second, Name(name));
    } else {
      Emit(Op::kLoadName, Name(name));
    }
  }
  void Store(std::string_view raw) {
    std::string_view name = Mangled(raw);
    const Scope& scope = *code_->scope;
    auto free = free_slots_.find(name);
    if (!names_scope()) {
      if (auto slot = slots_.find(name); slot != slots_.end()) {
        Emit(scope.cells.count(name) ? Op::kStoreCell : Op::kStoreFast, slot->second);
      } else if (free != free_slots_.end()) {
        Emit(Op::kStoreCell, free->second);
      } else {
        Emit(Op::kStoreGlobal, Name(name));
      }
      return;
    }
    if (code_->of == Code::Of::kModule || scope.global.count(name)) {
      Emit(Op::kStoreGlobal, Name(name));
    } else {
      Emit(Op::kStoreName, Name(name));
    }
  }
  void Delete(std::string_view raw) {
    std::string_view name = Mangled(raw);
    const Scope& scope = *code_->scope;
    if (!names_scope()) {
      if (auto slot = slots_.find(name); slot != slots_.end()) {
        Emit(scope.cells.count(name) ? Op::kDeleteCell : Op::kDeleteFast, slot->second);
      } else {
        Emit(Op::kDeleteGlobal, Name(name));
      }
      return;
    }
    Emit(code_->of == Code::Of::kModule ? Op::kDeleteGlobal : Op::kDeleteName, Name(name));
  }

  // --- statements -------------------------------------------------------------------------------
  const Node* DocNode(const Node& body) const {
    if (body.children.empty()) return nullptr;
    const Node& first = *body.children[0];
    if (first.kind != Kind::kExpressionStatement || first.children.empty()) return nullptr;
    const Node& e = Bare(*first.children[0]);
    return e.kind == Kind::kString || e.kind == Kind::kConcatenatedString ? &e : nullptr;
  }
  void Block(const Node& block) {
    if (block.kind != Kind::kBlock) {
      Statement(block);
      return;
    }
    for (const Node* child : block.children) Statement(*child);
  }

  void Statement(const Node& node) {
    at_ = &node;
    boundaries_.push_back(Here());
    switch (node.kind) {
      case Kind::kBlock:
        Block(node);
        return;
      case Kind::kExpressionStatement: {
        if (node.children.empty()) return;
        const Node& e = Bare(*node.children[0]);
        if (e.kind == Kind::kString || e.kind == Kind::kEllipsis) return;
        Expression(e);
        Emit(Op::kPop);
        return;
      }
      case Kind::kAssignment: {
        std::vector<const Node*> targets;
        for (const Node* child : node.children) {
          if (child->field == Field::kLeft) targets.push_back(child);
        }
        Expression(*node.Child(Field::kRight));
        for (size_t i = 0; i < targets.size(); ++i) {
          if (i + 1 < targets.size()) Emit(Op::kDup);
          Target(*targets[i]);
        }
        return;
      }
      case Kind::kAnnotatedAssignment:
        if (const Node* right = node.Child(Field::kRight)) {
          Expression(*right);
          Target(*node.Child(Field::kLeft));
        }
        return;
      case Kind::kAugmentedAssignment:
        Augmented(node);
        return;
      case Kind::kImportStatement:
        Import(node);
        return;
      case Kind::kImportFromStatement:
        ImportFrom(node);
        return;
      case Kind::kFunctionDefinition:
        Function(node);
        Store(Text(*node.Child(Field::kName)));
        return;
      case Kind::kClassDefinition:
        ClassDefinition(node);
        Store(Text(*node.Child(Field::kName)));
        return;
      case Kind::kDecoratedDefinition: {
        const Node* definition = nullptr;
        size_t decorators = 0;
        for (const Node* child : node.children) {
          if (child->kind == Kind::kDecorator) {
            Expression(*child->children[0]);
            ++decorators;
          } else {
            definition = child;
          }
        }
        if (definition->kind == Kind::kFunctionDefinition) {
          Function(*definition);
        } else {
          ClassDefinition(*definition);
        }
        at_ = &node;
        for (size_t i = 0; i < decorators; ++i) Emit(Op::kDecorate);
        Store(Text(*definition->Child(Field::kName)));
        return;
      }
      case Kind::kIfStatement:
        If(node);
        return;
      case Kind::kForStatement:
        For(node);
        return;
      case Kind::kWhileStatement:
        While(node);
        return;
      case Kind::kTryStatement:
        Try(node);
        return;
      case Kind::kWithStatement:
        With(node, 0);
        return;
      case Kind::kReturnStatement: {
        if (node.children.empty()) {
          Constant(None());
        } else {
          Expression(*node.children[0]);
        }
        if (!blocks_.empty()) {
          bool unwinds = false;
          for (const BlockInfo& block : blocks_) unwinds |= block.of != BlockInfo::Of::kLoop;
          if (unwinds) {
            const uint32_t slot = Temporary();
            Emit(Op::kStoreFast, slot);
            Unwind(0, 2);
            Emit(Op::kLoadFast, slot);
          }
        }
        Emit(Op::kReturn);
        return;
      }
      case Kind::kRaiseStatement: {
        const Node* cause = node.Child(Field::kCause);
        const Node* exception = nullptr;
        for (const Node* child : node.children) {
          if (child != cause) exception = child;
        }
        if (exception == nullptr) {
          if (caught_.empty()) {
            Emit(Op::kRaise, 0);
          } else {
            Emit(Op::kReraise, caught_.back());
          }
          return;
        }
        Expression(*exception);
        if (cause != nullptr) {
          Expression(*cause);
          Emit(Op::kPop);
        }
        at_ = &node;
        Emit(Op::kRaise, 1);
        return;
      }
      case Kind::kAssertStatement: {
        Expression(*node.children[0]);
        const uint32_t fine = Emit(Op::kJumpIfTrue);
        if (node.children.size() > 1) {
          Expression(*node.children[1]);
        } else {
          Constant(None());
        }
        at_ = &node;
        Emit(Op::kAssertFailed);
        Patch(fine);
        return;
      }
      case Kind::kDeleteStatement:
        for (const Node* child : node.children) DeleteTarget(*child);
        return;
      case Kind::kGlobalStatement:
      case Kind::kNonlocalStatement:
      case Kind::kPassStatement:
        return;
      case Kind::kBreakStatement:
      case Kind::kContinueStatement: {
        size_t loop = blocks_.size();
        while (loop > 0 && blocks_[loop - 1].of != BlockInfo::Of::kLoop) --loop;
        if (loop == 0) Unsupported(node, "break outside of a loop");
        Unwind(loop, 1);
        const uint32_t jump = Emit(Op::kJump);
        if (node.kind == Kind::kBreakStatement) {
          blocks_[loop - 1].breaks.push_back(jump);
        } else {
          code_->instructions[jump].a = blocks_[loop - 1].start;
        }
        return;
      }
      case Kind::kMatchStatement:
        Match(node);
        return;
      default:
        Expression(node);
        Emit(Op::kPop);
    }
  }

  void If(const Node& node) {
    std::vector<uint32_t> ends;
    auto branch = [&](const Node& condition, const Node& body) {
      Expression(condition);
      const uint32_t next = Emit(Op::kJumpIfFalse);
      Block(body);
      ends.push_back(Emit(Op::kJump));
      Patch(next);
    };
    branch(*node.Child(Field::kCondition), *node.Child(Field::kConsequence));
    for (const Node* child : node.children) {
      if (child->kind == Kind::kElifClause) {
        at_ = child;
        branch(*child->Child(Field::kCondition), *child->Child(Field::kConsequence));
      } else if (child->kind == Kind::kElseClause) {
        Block(*child->Child(Field::kBody));
      }
    }
    for (uint32_t end : ends) Patch(end);
  }

  const Node* ElseOf(const Node& node) const {
    for (const Node* child : node.children) {
      if (child->kind == Kind::kElseClause) return child->Child(Field::kBody);
    }
    return nullptr;
  }

  struct BlockInfo {
    enum class Of { kLoop, kFinally, kWith } of = Of::kLoop;
    uint32_t start = 0;            // loop: where `continue` goes
    std::vector<uint32_t> breaks;  // loop
    const Node* body = nullptr;    // finally
    uint32_t slot = 0;             // with
    uint32_t range_begin = 0;
    std::vector<std::pair<uint32_t, uint32_t>> ranges;
  };

  // Emits what runs when control leaves the blocks from `outermost` on.
  // `after`: the instructions that follow it and leave as well.
  void Unwind(size_t outermost, uint32_t after) {
    std::vector<BlockInfo> left;
    while (blocks_.size() > outermost) {
      BlockInfo block = std::move(blocks_.back());
      blocks_.pop_back();
      if (block.of == BlockInfo::Of::kLoop) {
        left.push_back(std::move(block));
        continue;
      }
      // What runs here is not guarded by the block itself any more.
      block.ranges.emplace_back(block.range_begin, Here());
      if (block.of == BlockInfo::Of::kWith) {
        Emit(Op::kExit, block.slot);
      } else {
        const Node* at = at_;
        Block(*block.body);
        at_ = at;
      }
      left.push_back(std::move(block));
    }
    while (!left.empty()) {
      blocks_.push_back(std::move(left.back()));
      left.pop_back();
    }
    for (size_t i = outermost; i < blocks_.size(); ++i) blocks_[i].range_begin = Here() + after;
  }

  void For(const Node& node) {
    Expression(*node.Child(Field::kRight));
    at_ = &node;
    const uint32_t iterator = Temporary();
    Emit(Op::kGetIterator);
    Emit(Op::kStoreFast, iterator);
    const uint32_t start = Here();
    const uint32_t next = Emit(Op::kNext, iterator);
    // The place to go to at the end is in a second instruction, which is never run as such.
    const uint32_t end = Emit(Op::kJump);
    (void)next;
    Target(*node.Child(Field::kLeft));
    blocks_.push_back({BlockInfo::Of::kLoop, start, {}, nullptr, 0, 0, {}});
    Block(*node.Child(Field::kBody));
    at_ = &node;
    Emit(Op::kJump, start);
    Patch(end);
    BlockInfo loop = std::move(blocks_.back());
    blocks_.pop_back();
    if (const Node* other = ElseBody(node)) Block(*other);
    for (uint32_t jump : loop.breaks) Patch(jump);
  }
  const Node* ElseBody(const Node& node) const {
    const Node* other = node.Child(Field::kAlternative);
    if (other == nullptr) return ElseOf(node);
    if (other->kind == Kind::kElseClause) return other->Child(Field::kBody);
    return other;
  }
  void While(const Node& node) {
    const uint32_t start = Here();
    Expression(*node.Child(Field::kCondition));
    const uint32_t end = Emit(Op::kJumpIfFalse);
    blocks_.push_back({BlockInfo::Of::kLoop, start, {}, nullptr, 0, 0, {}});
    Block(*node.Child(Field::kBody));
    at_ = &node;
    Emit(Op::kJump, start);
    Patch(end);
    BlockInfo loop = std::move(blocks_.back());
    blocks_.pop_back();
    if (const Node* other = ElseBody(node)) Block(*other);
    for (uint32_t jump : loop.breaks) Patch(jump);
  }

  void AddHandlers(const BlockInfo& block, uint32_t end, uint32_t target, uint32_t slot) {
    for (auto [a, b] : block.ranges) {
      if (a < b) code_->handlers.push_back({a, b, target, slot});
    }
    if (block.range_begin < end) code_->handlers.push_back({block.range_begin, end, target, slot});
  }

  void Try(const Node& node) {
    const Node* finally = nullptr;
    bool excepts = false;
    for (const Node* child : node.children) {
      if (child->kind == Kind::kFinallyClause) finally = child->Child(Field::kBody);
      excepts |= child->kind == Kind::kExceptClause;
    }
    if (finally != nullptr) {
      blocks_.push_back({BlockInfo::Of::kFinally, 0, {}, finally, 0, Here(), {}});
    }
    if (excepts) {
      TryExcept(node);
    } else {
      Block(*node.Child(Field::kBody));
    }
    if (finally == nullptr) return;
    BlockInfo block = std::move(blocks_.back());
    blocks_.pop_back();
    const uint32_t slot = Temporary();
    const uint32_t end = Here();
    Block(*finally);
    const uint32_t done = Emit(Op::kJump);
    AddHandlers(block, end, Here(), slot);
    Block(*finally);
    Emit(Op::kReraise, slot);
    Patch(done);
  }

  void TryExcept(const Node& node) {
    const uint32_t slot = Temporary();
    const uint32_t begin = Here();
    ++tries_;
    Block(*node.Child(Field::kBody));
    --tries_;
    const uint32_t end = Here();
    std::vector<uint32_t> ends;
    if (const Node* other = ElseOf(node)) Block(*other);
    ends.push_back(Emit(Op::kJump));
    if (begin < end) code_->handlers.push_back({begin, end, Here(), slot});
    caught_.push_back(slot);
    bool bare = false;
    for (const Node* child : node.children) {
      if (child->kind != Kind::kExceptClause) continue;
      at_ = child;
      uint32_t next = 0;
      if (const Node* type = child->Child(Field::kValue)) {
        Emit(Op::kLoadFast, slot);
        Expression(*type);
        Emit(Op::kMatches);
        next = Emit(Op::kJumpIfFalse);
      } else {
        bare = true;
      }
      if (const Node* alias = child->Child(Field::kAlias)) {
        Emit(Op::kLoadFast, slot);
        Target(*alias);
      }
      Block(*child->Child(Field::kBody));
      ends.push_back(Emit(Op::kJump));
      if (next != 0) Patch(next);
    }
    caught_.pop_back();
    if (!bare) Emit(Op::kReraise, slot);
    for (uint32_t jump : ends) Patch(jump);
  }

  void With(const Node& node, size_t item) {
    std::vector<const Node*> items;
    for (const Node* child : node.children) {
      if (child->kind == Kind::kWithItem) items.push_back(child);
    }
    if (item == items.size()) {
      Block(*node.Child(Field::kBody));
      return;
    }
    const uint32_t manager = Temporary();
    Expression(*items[item]->Child(Field::kValue));
    at_ = items[item];
    Emit(Op::kStoreFast, manager);
    Emit(Op::kEnter, manager);
    if (const Node* alias = items[item]->Child(Field::kAlias)) {
      Target(*alias);
    } else {
      Emit(Op::kPop);
    }
    blocks_.push_back({BlockInfo::Of::kWith, 0, {}, nullptr, manager, Here(), {}});
    With(node, item + 1);
    BlockInfo block = std::move(blocks_.back());
    blocks_.pop_back();
    const uint32_t end = Here();
    at_ = items[item];
    Emit(Op::kExit, manager);
    const uint32_t done = Emit(Op::kJump);
    const uint32_t slot = Temporary();
    AddHandlers(block, end, Here(), slot);
    Emit(Op::kExitRaise, manager, slot);
    const uint32_t swallowed = Emit(Op::kJumpIfTrue);
    Emit(Op::kReraise, slot);
    Patch(done);
    Patch(swallowed);
  }

  void Target(const Node& raw) {
    const Node& node = Bare(raw);
    switch (node.kind) {
      case Kind::kIdentifier:
        Store(Text(node));
        return;
      case Kind::kAttribute:
        Expression(*node.Child(Field::kObject));
        at_ = &node;
        Emit(Op::kStoreAttribute, Name(Mangled(Text(*node.Child(Field::kAttribute)))));
        return;
      case Kind::kSubscript:
        Expression(*node.Child(Field::kValue));
        Index(*node.Child(Field::kSubscript));
        at_ = &node;
        Emit(Op::kStoreIndex);
        return;
      case Kind::kTuple:
      case Kind::kList: {
        size_t star = SIZE_MAX;
        const size_t n = node.children.size();
        for (size_t i = 0; i < n; ++i) {
          if (node.children[i]->kind == Kind::kListSplat) star = i;
        }
        at_ = &node;
        if (star == SIZE_MAX) {
          Emit(Op::kUnpack, static_cast<uint32_t>(n));
        } else {
          Emit(Op::kUnpackStarred, static_cast<uint32_t>(star), static_cast<uint32_t>(n - star - 1));
        }
        for (const Node* child : node.children) {
          Target(child->kind == Kind::kListSplat ? *child->children[0] : *child);
        }
        return;
      }
      default:
        Unsupported(node, "this target of an assignment");
    }
  }
  void DeleteTarget(const Node& raw) {
    const Node& node = Bare(raw);
    switch (node.kind) {
      case Kind::kIdentifier:
        Delete(Text(node));
        return;
      case Kind::kAttribute:
        Expression(*node.Child(Field::kObject));
        Emit(Op::kDeleteAttribute, Name(Mangled(Text(*node.Child(Field::kAttribute)))));
        return;
      case Kind::kSubscript:
        Expression(*node.Child(Field::kValue));
        Index(*node.Child(Field::kSubscript));
        Emit(Op::kDeleteIndex);
        return;
      case Kind::kTuple:
      case Kind::kList:
        for (const Node* child : node.children) DeleteTarget(*child);
        return;
      default:
        Unsupported(node, "this target of del");
    }
  }
  void Augmented(const Node& node) {
    const Node& left = Bare(*node.Child(Field::kLeft));
    const Node& right = *node.Child(Field::kRight);
    const uint32_t op = static_cast<uint32_t>(node.op);
    switch (left.kind) {
      case Kind::kIdentifier:
        Load(Text(left));
        Expression(right);
        at_ = &node;
        Emit(Op::kInPlace, op);
        Store(Text(left));
        return;
      case Kind::kAttribute: {
        const uint32_t name = Name(Mangled(Text(*left.Child(Field::kAttribute))));
        Expression(*left.Child(Field::kObject));
        Emit(Op::kDup);
        Emit(Op::kLoadAttribute, name);
        Expression(right);
        at_ = &node;
        Emit(Op::kInPlace, op);
        Emit(Op::kRotate2);
        Emit(Op::kStoreAttribute, name);
        return;
      }
      case Kind::kSubscript:
        Expression(*left.Child(Field::kValue));
        Index(*left.Child(Field::kSubscript));
        Emit(Op::kDup2);
        Emit(Op::kLoadIndex);
        Expression(right);
        at_ = &node;
        Emit(Op::kInPlace, op);
        Emit(Op::kRotate3);
        Emit(Op::kStoreIndex);
        return;
      default:
        Unsupported(left, "this target of an assignment");
    }
  }

  // --- imports ----------------------------------------------------------------------------------
  // Names that a function imports are used at once; so are those that a `try` guards.
  bool Now() const { return !names_scope() || tries_ > 0; }
  void Import(const Node& node) {
    for (const Node* child : node.children) {
      const bool aliased = child->kind == Kind::kAliasedImport;
      const Node& dotted = aliased ? *child->Child(Field::kName) : *child;
      std::string name(Text(dotted));
      std::erase_if(name, [](char c) { return c == ' ' || c == '\\' || c == '\n' || c == '\r'; });
      const uint32_t constant = ConstantIndex(Obj(m_.Intern(name)));
      const bool first = !aliased && name.find('.') != std::string::npos;
      at_ = child;
      Emit(Op::kImport, constant, (first ? kImportFirst : 0) | (Now() ? kImportNow : 0));
      Store(aliased ? Text(*child->Child(Field::kAlias))
                    : std::string_view(m_.Intern(name.substr(0, name.find('.')))->view()));
    }
  }
  void ImportFrom(const Node& node) {
    const std::string module = m_.AbsoluteModule(*file_, Text(*node.Child(Field::kModuleName)));
    const uint32_t constant = ConstantIndex(Obj(m_.Intern(module)));
    if (module == "__future__") return;
    for (const Node* child : node.children) {
      if (child->field == Field::kModuleName) continue;
      at_ = child;
      if (child->kind == Kind::kWildcardImport) {
        Emit(Op::kImportStar, constant);
        continue;
      }
      const bool aliased = child->kind == Kind::kAliasedImport;
      const std::string_view name = Text(aliased ? *child->Child(Field::kName) : *child);
      const uint32_t name_constant = Name(name);
      Emit(Op::kImportFrom, constant, name_constant);
      if (Now()) Emit(Op::kResolve);
      Store(aliased ? Text(*child->Child(Field::kAlias)) : name);
    }
  }

  // --- definitions ------------------------------------------------------------------------------
  bool MentionsClass(const Node& node) const {
    const std::string_view text = Text(node);
    return text.find("super") != std::string_view::npos ||
           text.find("__class__") != std::string_view::npos;
  }
  Code* NewCode(Code::Of of, const Node& node, std::string_view name) {
    auto owned = std::make_unique<Code>();
    Code* code = owned.get();
    code->of = of;
    code->file = file_;
    code->node = &node;
    code->name = m_.Intern(name);
    std::string qualified;
    if (code_->of == Code::Of::kClass) {
      qualified = std::string(code_->qualified_name->view()) + "." + std::string(name);
    } else if (code_->of == Code::Of::kModule) {
      qualified = std::string(name);
    } else {
      qualified = std::string(code_->qualified_name->view()) + ".<locals>." + std::string(name);
    }
    code->qualified_name = m_.Intern(qualified);
    code->class_name = code_->of == Code::Of::kClass ? code_->name : code_->class_name;
    auto found = code_->scope->by_node.find(&node);
    if (found != code_->scope->by_node.end()) {
      code->scope = found->second;
      code->frees = found->second->frees;
      code->generator = found->second->generator ||
                        (of == Code::Of::kComprehension && node.kind == Kind::kGeneratorExpression);
    } else if (of == Code::Of::kFunction && code_->of == Code::Of::kClass && MentionsClass(node)) {
      code->frees = {"__class__"};
    }
    file_->codes.push_back(std::move(owned));
    return code;
  }
  // Pushes what a new function needs and makes it.
  void MakeFunction(Code* code, const Node* parameters) {
    uint16_t flags = 0;
    if (parameters != nullptr) {
      std::vector<const Node*> defaults;
      std::vector<std::pair<std::string_view, const Node*>> keyword_defaults;
      bool keyword_only = false;
      for (const Node* p : parameters->children) {
        if (p->kind == Kind::kKeywordSeparator || p->kind == Kind::kStarParameter) {
          keyword_only = true;
        }
        if (p->kind != Kind::kParameter) continue;
        if (const Node* value = p->Child(Field::kValue)) {
          if (keyword_only) {
            keyword_defaults.emplace_back(Text(*p->Child(Field::kName)), value);
          } else {
            defaults.push_back(value);
          }
        }
      }
      if (!defaults.empty()) {
        for (const Node* value : defaults) Expression(*value);
        Emit(Op::kBuildTuple, static_cast<uint32_t>(defaults.size()));
        flags |= kHasDefaults;
      }
      if (!keyword_defaults.empty()) {
        for (auto& [name, value] : keyword_defaults) {
          Constant(Obj(m_.Intern(name)));
          Expression(*value);
        }
        Emit(Op::kBuildDict, static_cast<uint32_t>(keyword_defaults.size()));
        flags |= kHasKeywordDefaults;
      }
    }
    if (!code->frees.empty()) {
      for (std::string_view name : code->frees) {
        if (auto free = free_slots_.find(name); free != free_slots_.end() &&
                                                !(code_->of == Code::Of::kClass && name == "__class__")) {
          Emit(Op::kLoadClosure, free->second);
        } else if (auto slot = slots_.find(name); slot != slots_.end()) {
          Emit(Op::kLoadClosure, slot->second);
        } else {
          Unsupported(*code->node, "a shared name");
        }
      }
      Emit(Op::kBuildTuple, static_cast<uint32_t>(code->frees.size()));
      flags |= kHasClosure;
    }
    code_->codes.push_back(code);
    Emit(Op::kMakeFunction, static_cast<uint32_t>(code_->codes.size() - 1), flags);
  }
  void Signature(Code* code, const Node* parameters) {
    if (parameters == nullptr) return;
    bool keyword_only = false;
    uint16_t positional = 0;
    for (const Node* p : parameters->children) {
      switch (p->kind) {
        case Kind::kParameter:
          if (keyword_only) {
            ++code->keyword_only;
          } else {
            ++positional;
          }
          break;
        case Kind::kStarParameter:
          code->star = true;
          keyword_only = true;
          break;
        case Kind::kDoubleStarParameter:
          code->double_star = true;
          break;
        case Kind::kKeywordSeparator:
          keyword_only = true;
          break;
        case Kind::kPositionalSeparator:
          code->positional_only = positional;
          break;
        default:
          break;
      }
    }
    code->positional = positional;
  }
  void Function(const Node& node) {
    at_ = &node;
    const Node* parameters = node.Child(Field::kParameters);
    Code* code = NewCode(Code::Of::kFunction, node, Text(*node.Child(Field::kName)));
    Signature(code, parameters);
    MakeFunction(code, parameters);
  }
  void ClassDefinition(const Node& node) {
    at_ = &node;
    const std::string_view name = Text(*node.Child(Field::kName));
    Code* code = NewCode(Code::Of::kClass, node, name);
    MakeFunction(code, nullptr);
    Constant(Obj(m_.Intern(name)));
    Emit(Op::kBuildList, 2);
    if (const Node* arguments = node.Child(Field::kArguments)) {
      ListArguments(*arguments);
      DictArguments(*arguments);
    } else {
      Emit(Op::kBuildDict, 0);
    }
    at_ = &node;
    Emit(Op::kBuildClass);
  }
  // The annotations of a class become a function, which is called when somebody asks for them.
  void Annotations(const Node& node) {
    const Node* body = node.Child(Field::kBody);
    if (body == nullptr) return;
    bool any = false;
    for (const Node* child : body->children) any |= child->kind == Kind::kAnnotatedAssignment;
    if (!any) return;
    auto owned = std::make_unique<Code>();
    Code* code = owned.get();
    code->of = Code::Of::kAnnotations;
    code->file = file_;
    code->node = &node;
    code->name = m_.Intern("__annotate__");
    code->class_name = code_->name;
    code->qualified_name = code->name;
    code->scope = code_->scope;
    code->frees = code_->scope->frees;
    file_->codes.push_back(std::move(owned));
    if (!code->frees.empty()) {
      for (std::string_view name : code->frees) Emit(Op::kLoadClosure, free_slots_[name]);
      Emit(Op::kBuildTuple, static_cast<uint32_t>(code->frees.size()));
    }
    code_->codes.push_back(code);
    Emit(Op::kMakeFunction, static_cast<uint32_t>(code_->codes.size() - 1),
         code->frees.empty() ? 0 : kHasClosure);
    Emit(Op::kStoreName, Name("__annotate__"));
  }
  void AnnotationBody(const Node& node) {
    const uint32_t result = Temporary();
    Emit(Op::kBuildDict, 0);
    Emit(Op::kStoreFast, result);
    for (const Node* child : node.Child(Field::kBody)->children) {
      if (child->kind != Kind::kAnnotatedAssignment) continue;
      const Node& left = Bare(*child->Child(Field::kLeft));
      if (left.kind != Kind::kIdentifier) continue;
      const Node& type = *child->Child(Field::kType);
      at_ = &type;
      const uint32_t slot = Temporary();
      const uint32_t value = Temporary();
      const uint32_t begin = Here();
      Expression(type);
      Emit(Op::kStoreFast, value);
      const uint32_t end = Here();
      const uint32_t fine = Emit(Op::kJump);
      code_->handlers.push_back({begin, end, Here(), slot});
      Emit(Op::kUnknownValue, ConstantIndex(Obj(m_.NewStr("an annotation that cannot be evaluated"))));
      Emit(Op::kStoreFast, value);
      Patch(fine);
      Constant(Obj(m_.Intern(Mangled(Text(left)))));
      Emit(Op::kLoadFast, value);
      Emit(Op::kSetInSlot, result);
    }
    Emit(Op::kLoadFast, result);
    Emit(Op::kReturn);
  }

  // --- expressions ------------------------------------------------------------------------------
  void Expression(const Node& raw) {
    const Node& node = Bare(raw);
    const Node* outer = at_;
    at_ = &node;
    ExpressionInner(node);
    at_ = outer;
  }
  void ExpressionInner(const Node& node) {
    switch (node.kind) {
      case Kind::kIdentifier:
        Load(Text(node));
        return;
      case Kind::kString:
      case Kind::kConcatenatedString:
        String(node);
        return;
      case Kind::kInteger:
      case Kind::kFloat:
      case Kind::kImaginary:
        Number(node);
        return;
      case Kind::kTrue:
        Constant(Bool(true));
        return;
      case Kind::kFalse:
        Constant(Bool(false));
        return;
      case Kind::kNone:
        Constant(None());
        return;
      case Kind::kEllipsis:
        Constant(m_.ellipsis());
        return;
      case Kind::kTuple:
        Items(node, Op::kBuildTuple);
        return;
      case Kind::kList:
        Items(node, Op::kBuildList);
        return;
      case Kind::kSet:
        Items(node, Op::kBuildSet);
        return;
      case Kind::kDictionary:
        Dictionary(node);
        return;
      case Kind::kListComprehension:
      case Kind::kSetComprehension:
      case Kind::kDictionaryComprehension:
      case Kind::kGeneratorExpression:
        Comprehension(node);
        return;
      case Kind::kCall:
        Call(node);
        return;
      case Kind::kAttribute:
        Expression(*node.Child(Field::kObject));
        Emit(Op::kLoadAttribute, Name(Mangled(Text(*node.Child(Field::kAttribute)))));
        return;
      case Kind::kSubscript:
        Expression(*node.Child(Field::kValue));
        Index(*node.Child(Field::kSubscript));
        Emit(Op::kLoadIndex);
        return;
      case Kind::kBinaryOperator:
        Expression(*node.Child(Field::kLeft));
        Expression(*node.Child(Field::kRight));
        Emit(Op::kBinary, static_cast<uint32_t>(node.op));
        return;
      case Kind::kUnaryOperator:
        Expression(*node.Child(Field::kArgument));
        Emit(Op::kUnary, static_cast<uint32_t>(node.op));
        return;
      case Kind::kNotOperator:
        Expression(*node.Child(Field::kArgument));
        Emit(Op::kNot);
        return;
      case Kind::kBooleanOperator: {
        std::vector<uint32_t> ends;
        const Op jump =
            node.op == python::Op::kAnd ? Op::kJumpIfFalseKeep : Op::kJumpIfTrueKeep;
        for (size_t i = 0; i < node.children.size(); ++i) {
          Expression(*node.children[i]);
          if (i + 1 < node.children.size()) ends.push_back(Emit(jump));
        }
        for (uint32_t end : ends) Patch(end);
        return;
      }
      case Kind::kComparisonOperator:
        Comparison(node);
        return;
      case Kind::kConditionalExpression: {
        Expression(*node.Child(Field::kCondition));
        const uint32_t other = Emit(Op::kJumpIfFalse);
        Expression(*node.Child(Field::kConsequence));
        const uint32_t end = Emit(Op::kJump);
        Patch(other);
        Expression(*node.Child(Field::kAlternative));
        Patch(end);
        return;
      }
      case Kind::kNamedExpression:
        Expression(*node.Child(Field::kValue));
        Emit(Op::kDup);
        Store(Text(*node.Child(Field::kName)));
        return;
      case Kind::kLambda: {
        const Node* parameters = node.Child(Field::kParameters);
        Code* code = NewCode(Code::Of::kLambda, node, "<lambda>");
        Signature(code, parameters);
        MakeFunction(code, parameters);
        return;
      }
      case Kind::kAwait:
        Expression(*node.children[0]);
        Emit(Op::kAwait);
        return;
      case Kind::kYield:
        if (node.Has(Node::kFrom)) {
          const uint32_t iterator = Temporary();
          Expression(*node.children[0]);
          Emit(Op::kGetIterator);
          Emit(Op::kStoreFast, iterator);
          Constant(None());
          Emit(Op::kYieldFrom, iterator);
          return;
        }
        if (node.children.empty()) {
          Constant(None());
        } else {
          Expression(*node.children[0]);
        }
        Emit(Op::kYield);
        return;
      case Kind::kSlice:
        SliceExpression(node);
        return;
      default:
        Unsupported(node, std::string(python::KindName(node.kind)));
    }
  }
  void SliceExpression(const Node& node) {
    for (Field field : {Field::kLower, Field::kUpper, Field::kStep}) {
      if (const Node* part = node.Child(field)) {
        Expression(*part);
      } else {
        Constant(None());
      }
    }
    Emit(Op::kBuildSlice);
  }
  void Index(const Node& raw) {
    const Node& node = raw.kind == Kind::kTuple ? raw : Bare(raw);
    if (node.kind == Kind::kSlice) {
      SliceExpression(node);
    } else {
      Expression(node);
    }
  }
  void Items(const Node& node, Op build) {
    bool splat = false;
    for (const Node* child : node.children) splat |= child->kind == Kind::kListSplat;
    if (!splat) {
      for (const Node* child : node.children) Expression(*child);
      Emit(build, static_cast<uint32_t>(node.children.size()));
      return;
    }
    const bool set = build == Op::kBuildSet;
    Emit(set ? Op::kBuildSet : Op::kBuildList, 0);
    for (const Node* child : node.children) {
      if (child->kind == Kind::kListSplat) {
        Expression(*child->children[0]);
        Emit(set ? Op::kSetUpdate : Op::kListExtend);
      } else {
        Expression(*child);
        Emit(set ? Op::kSetAdd : Op::kListAppend);
      }
    }
    if (build == Op::kBuildTuple) Emit(Op::kListToTuple);
  }
  void Dictionary(const Node& node) {
    Emit(Op::kBuildDict, 0);
    for (const Node* child : node.children) {
      if (child->kind == Kind::kDictionarySplat) {
        Expression(*child->children[0]);
        Emit(Op::kDictUpdate);
      } else {
        Expression(*child->Child(Field::kKey));
        Expression(*child->Child(Field::kValue));
        Emit(Op::kDictSet);
      }
    }
  }
  void Comparison(const Node& node) {
    // expression (operator expression)+
    Expression(*node.children[0]);
    std::vector<uint32_t> ends;
    for (size_t i = 1; i + 1 < node.children.size(); i += 2) {
      Expression(*node.children[i + 1]);
      const bool last = i + 3 >= node.children.size();
      if (!last) {
        Emit(Op::kDup);
        Emit(Op::kRotate3);
      }
      Emit(Op::kCompare, static_cast<uint32_t>(node.children[i]->op));
      if (!last) ends.push_back(Emit(Op::kJumpIfFalseKeep));
    }
    if (ends.empty()) return;
    const uint32_t done = Emit(Op::kJump);
    for (uint32_t end : ends) Patch(end);
    // The right operand is still below the result.
    Emit(Op::kRotate2);
    Emit(Op::kPop);
    Patch(done);
  }
  void Comprehension(const Node& node) {
    const std::string_view name = node.kind == Kind::kListComprehension         ? "<listcomp>"
                                  : node.kind == Kind::kSetComprehension        ? "<setcomp>"
                                  : node.kind == Kind::kDictionaryComprehension ? "<dictcomp>"
                                                                                : "<genexpr>";
    Code* code = NewCode(Code::Of::kComprehension, node, name);
    code->positional = 1;
    MakeFunction(code, nullptr);
    for (const Node* child : node.children) {
      if (child->kind != Kind::kForInClause) continue;
      Expression(*child->Child(Field::kRight));
      break;
    }
    Emit(Op::kGetIterator);
    Emit(Op::kCall, 1, kNoKeywords);
  }
  void ComprehensionBody(const Node& node) {
    const bool generator = node.kind == Kind::kGeneratorExpression;
    const uint32_t result = Temporary();
    if (!generator) {
      Emit(node.kind == Kind::kListComprehension  ? Op::kBuildList
           : node.kind == Kind::kSetComprehension ? Op::kBuildSet
                                                  : Op::kBuildDict,
           0);
      Emit(Op::kStoreFast, result);
    }
    std::vector<const Node*> clauses;
    const Node* body = nullptr;
    for (const Node* child : node.children) {
      if (child->kind == Kind::kForInClause || child->kind == Kind::kIfClause) {
        clauses.push_back(child);
      } else {
        body = child;
      }
    }
    Clauses(node, clauses, 0, *body, result);
    if (generator) {
      Constant(None());
    } else {
      Emit(Op::kLoadFast, result);
    }
    Emit(Op::kReturn);
  }
  void Clauses(const Node& node, const std::vector<const Node*>& clauses, size_t i,
               const Node& body, uint32_t result) {
    if (i == clauses.size()) {
      at_ = &body;
      switch (node.kind) {
        case Kind::kListComprehension:
          Expression(body);
          Emit(Op::kAppendToSlot, result);
          return;
        case Kind::kSetComprehension:
          Expression(body);
          Emit(Op::kAddToSlot, result);
          return;
        case Kind::kDictionaryComprehension:
          Expression(*body.Child(Field::kKey));
          Expression(*body.Child(Field::kValue));
          Emit(Op::kSetInSlot, result);
          return;
        default:
          Expression(body);
          Emit(Op::kYield);
          Emit(Op::kPop);
          return;
      }
    }
    const Node& clause = *clauses[i];
    at_ = &clause;
    if (clause.kind == Kind::kIfClause) {
      Expression(*clause.children[0]);
      const uint32_t skip = Emit(Op::kJumpIfFalse);
      Clauses(node, clauses, i + 1, body, result);
      // To the next round, which is where the enclosing loop goes on.
      Patch(skip);
      return;
    }
    uint32_t iterator;
    if (i == 0) {
      iterator = slots_[".0"];
    } else {
      iterator = Temporary();
      Expression(*clause.Child(Field::kRight));
      Emit(Op::kGetIterator);
      Emit(Op::kStoreFast, iterator);
    }
    const uint32_t start = Here();
    Emit(Op::kNext, iterator);
    const uint32_t end = Emit(Op::kJump);
    Target(*clause.Child(Field::kLeft));
    Clauses(node, clauses, i + 1, body, result);
    Emit(Op::kJump, start);
    Patch(end);
  }

  void ListArguments(const Node& arguments) {
    if (arguments.kind == Kind::kGeneratorExpression) {
      Expression(arguments);
      Emit(Op::kListAppend);
      return;
    }
    for (const Node* child : arguments.children) {
      if (child->kind == Kind::kListSplat) {
        Expression(*child->children[0]);
        Emit(Op::kListExtend);
      } else if (child->kind != Kind::kKeywordArgument && child->kind != Kind::kDictionarySplat) {
        Expression(*child);
        Emit(Op::kListAppend);
      }
    }
  }
  void DictArguments(const Node& arguments) {
    Emit(Op::kBuildDict, 0);
    for (const Node* child : arguments.children) {
      if (child->kind == Kind::kKeywordArgument) {
        Constant(Obj(m_.Intern(Text(*child->Child(Field::kName)))));
        Expression(*child->Child(Field::kValue));
        Emit(Op::kDictSet);
      } else if (child->kind == Kind::kDictionarySplat) {
        Expression(*child->children[0]);
        Emit(Op::kDictMerge);
      }
    }
  }
  void Call(const Node& node) {
    const Node& callee = Bare(*node.Child(Field::kFunction));
    const Node& arguments = *node.Child(Field::kArguments);
    bool extended = false;
    const bool generator = arguments.kind == Kind::kGeneratorExpression;
    if (!generator) {
      for (const Node* child : arguments.children) {
        extended |= child->kind == Kind::kListSplat || child->kind == Kind::kDictionarySplat;
      }
    }
    if (extended || (!generator && arguments.children.size() > 4000)) {
      Expression(callee);
      Emit(Op::kBuildList, 0);
      ListArguments(arguments);
      DictArguments(arguments);
      at_ = &node;
      Emit(Op::kCallExtended);
      return;
    }
    const bool method = callee.kind == Kind::kAttribute;
    if (method) {
      Expression(*callee.Child(Field::kObject));
      at_ = &callee;
      Emit(Op::kLoadMethod, Name(Mangled(Text(*callee.Child(Field::kAttribute)))));
    } else {
      Expression(callee);
    }
    uint32_t positional = 0;
    std::vector<Value> keywords;
    if (generator) {
      Expression(arguments);
      positional = 1;
    } else {
      for (const Node* child : arguments.children) {
        if (child->kind == Kind::kKeywordArgument) continue;
        Expression(*child);
        ++positional;
      }
      for (const Node* child : arguments.children) {
        if (child->kind != Kind::kKeywordArgument) continue;
        keywords.push_back(Obj(m_.Intern(Text(*child->Child(Field::kName)))));
        Expression(*child->Child(Field::kValue));
      }
    }
    at_ = &node;
    uint32_t names = kNoKeywords;
    if (!keywords.empty()) names = ConstantIndex(Obj(m_.NewPermanentTuple(keywords)));
    if (names > kNoKeywords) Unsupported(node, "a body of more than 65,000 constants");
    Emit(method ? Op::kCallMethod : Op::kCall, positional, names);
  }

  void Number(const Node& node) {
    std::string text(Text(node));
    std::erase(text, '_');
    if (node.kind == Kind::kImaginary) {
      Emit(Op::kUnknownValue, ConstantIndex(Obj(m_.NewStr("a complex number"))));
      return;
    }
    if (node.kind == Kind::kFloat) {
      Constant(Float(std::strtod(text.c_str(), nullptr)));
      return;
    }
    int base = 10;
    size_t skip = 0;
    if (text.size() > 2 && text[0] == '0') {
      const char c = static_cast<char>(text[1] | 0x20);
      base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
      skip = base == 10 ? 0 : 2;
    }
    int64_t value = 0;
    auto [end, error] = std::from_chars(text.data() + skip, text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) {
      Emit(Op::kUnknownValue, ConstantIndex(Obj(m_.NewStr("an integer of more than 64 bits"))));
      return;
    }
    Constant(Int(value));
  }

  void String(const Node& node) {
    if (auto text = LiteralText(source_, node)) {
      const Node& first = node.kind == Kind::kConcatenatedString ? *node.children[0] : node;
      if (PartsOf(source_, first).bytes) {
        Emit(Op::kUnknownValue, ConstantIndex(Obj(m_.NewStr("bytes"))));
        return;
      }
      Constant(Obj(text->size() < 64 ? m_.Intern(*text) : m_.NewPermanentStr(*text)));
      return;
    }
    uint32_t parts = 0;
    if (node.kind == Kind::kConcatenatedString) {
      for (const Node* child : node.children) Pieces(*child, &parts);
    } else {
      Pieces(node, &parts);
    }
    at_ = &node;
    Emit(Op::kBuildString, parts);
  }
  void Pieces(const Node& node, uint32_t* parts) {
    const StringParts shape = PartsOf(source_, node);
    Interpolations(node, shape.begin, shape.end, shape.raw, shape.format, parts);
  }
  void Interpolations(const Node& node, uint32_t begin, uint32_t end, bool raw, bool format,
                      uint32_t* parts) {
    uint32_t at = begin;
    auto literal = [&](uint32_t to) {
      if (to <= at) return;
      std::string text;
      Unescape(source_.substr(at, to - at), raw, false, format, &text);
      Constant(Obj(m_.NewPermanentStr(text)));
      ++*parts;
    };
    for (const Node* child : node.children) {
      if (child->kind != Kind::kInterpolation) continue;
      literal(child->begin);
      at = child->end;
      const Node& expression = *child->Child(Field::kExpression);
      const Node* conversion = nullptr;
      const Node* specification = nullptr;
      uint32_t stop = child->end - 1;
      for (const Node* part : child->children) {
        if (part->kind == Kind::kTypeConversion) conversion = part;
        if (part->kind == Kind::kFormatSpecifier) specification = part;
      }
      if (conversion != nullptr) {
        stop = conversion->begin;
      } else if (specification != nullptr) {
        stop = specification->begin;
      }
      // `{x=}`: the text of the expression as well.
      bool debug = false;
      for (uint32_t i = expression.end; i < stop; ++i) debug |= source_[i] == '=';
      if (debug) {
        Constant(Obj(m_.NewPermanentStr(source_.substr(child->begin + 1, stop - child->begin - 1))));
        ++*parts;
      }
      Expression(expression);
      uint32_t letter = 0;
      if (conversion != nullptr) letter = static_cast<unsigned char>(source_[conversion->begin + 1]);
      if (debug && conversion == nullptr && specification == nullptr) letter = 'r';
      if (specification != nullptr) {
        uint32_t inner = 0;
        Interpolations(*specification, specification->begin + 1, specification->end, raw, format, &inner);
        Emit(Op::kBuildString, inner);
      }
      at_ = child;
      Emit(Op::kFormat, letter, specification != nullptr ? 1 : 0);
      ++*parts;
    }
    literal(end);
  }

  // --- match ------------------------------------------------------------------------------------
  void Match(const Node& node) {
    const uint32_t subject = Temporary();
    Expression(*node.Child(Field::kSubject));
    Emit(Op::kStoreFast, subject);
    std::vector<uint32_t> ends;
    for (const Node* clause : node.children) {
      if (clause->kind != Kind::kCaseClause) continue;
      std::vector<uint32_t> misses;
      Pattern(*clause->Child(Field::kPattern), subject, &misses);
      if (const Node* guard = clause->Child(Field::kGuard)) {
        Expression(*guard);
        misses.push_back(Emit(Op::kJumpIfFalse));
      }
      Block(*clause->Child(Field::kBody));
      ends.push_back(Emit(Op::kJump));
      for (uint32_t miss : misses) Patch(miss);
    }
    for (uint32_t end : ends) Patch(end);
  }
  void Pattern(const Node& node, uint32_t subject, std::vector<uint32_t>* misses) {
    at_ = &node;
    switch (node.kind) {
      case Kind::kWildcardPattern:
        return;
      case Kind::kCapturePattern:
        Emit(Op::kLoadFast, subject);
        Store(Text(*node.Child(Field::kName)));
        return;
      case Kind::kValuePattern: {
        Emit(Op::kLoadFast, subject);
        Expression(*node.children[0]);
        const Kind kind = Bare(*node.children[0]).kind;
        const bool is = kind == Kind::kNone || kind == Kind::kTrue || kind == Kind::kFalse;
        Emit(Op::kCompare, static_cast<uint32_t>(is ? python::Op::kIs : python::Op::kEqual));
        misses->push_back(Emit(Op::kJumpIfFalse));
        return;
      }
      case Kind::kOrPattern: {
        std::vector<uint32_t> hits;
        for (size_t i = 0; i < node.children.size(); ++i) {
          std::vector<uint32_t> inner;
          Pattern(*node.children[i], subject, &inner);
          hits.push_back(Emit(Op::kJump));
          for (uint32_t miss : inner) Patch(miss);
        }
        misses->push_back(Emit(Op::kJump));
        for (uint32_t hit : hits) Patch(hit);
        return;
      }
      case Kind::kAsPattern:
        for (const Node* child : node.children) {
          if (child->field == Field::kName) {
            Emit(Op::kLoadFast, subject);
            Store(Text(*child));
          } else {
            Pattern(*child, subject, misses);
          }
        }
        return;
      default:
        Unsupported(node, std::string(python::KindName(node.kind)));
    }
  }

  Machine& m_;
  Code* code_;
  ModuleFile* file_;
  std::string_view source_;
  const Node* at_ = nullptr;
  std::map<std::string_view, uint32_t> slots_;
  std::map<std::string_view, uint32_t> free_slots_;
  std::map<std::string_view, uint32_t> names_;
  uint32_t slot_count_ = 0;
  std::vector<BlockInfo> blocks_;
  std::vector<uint32_t> caught_;  // slots of the exceptions whose handlers this stands in
  int tries_ = 0;
  std::vector<uint32_t> boundaries_;  // where statements begin
};

}  // namespace

std::optional<std::string> LiteralText(std::string_view source, const Node& node) {
  std::string text;
  auto add = [&](const Node& string) {
    const StringParts parts = PartsOf(source, string);
    for (const Node* child : string.children) {
      if (child->kind == Kind::kInterpolation) return false;
    }
    if (parts.begin <= parts.end) {
      Unescape(source.substr(parts.begin, parts.end - parts.begin), parts.raw, parts.bytes,
               parts.format, &text);
    }
    return true;
  };
  if (node.kind == Kind::kConcatenatedString) {
    for (const Node* child : node.children) {
      if (!add(*child)) return std::nullopt;
    }
  } else if (!add(node)) {
    return std::nullopt;
  }
  return text;
}

void BoundNames(std::string_view source, const Node& node,
                const std::function<void(std::string_view, const Node&)>& each) {
  auto text = [&](const Node& n) { return source.substr(n.begin, n.end - n.begin); };
  std::function<void(const Node&)> target = [&](const Node& t) {
    if (t.kind == Kind::kIdentifier) {
      each(text(t), node);
    } else if (t.kind == Kind::kTuple || t.kind == Kind::kList || t.kind == Kind::kListSplat ||
               t.kind == Kind::kParenthesizedExpression) {
      for (const Node* child : t.children) target(*child);
    }
  };
  switch (node.kind) {
    case Kind::kFunctionDefinition:
    case Kind::kClassDefinition:
      if (const Node* name = node.Child(Field::kName)) each(text(*name), node);
      return;
    case Kind::kImportStatement:
      for (const Node* child : node.children) {
        if (child->kind == Kind::kAliasedImport) {
          each(text(*child->Child(Field::kAlias)), node);
        } else if (!child->children.empty()) {
          each(text(*child->children[0]), node);
        } else {
          each(text(*child), node);
        }
      }
      return;
    case Kind::kImportFromStatement:
      for (const Node* child : node.children) {
        if (child->field == Field::kModuleName || child->kind == Kind::kWildcardImport) continue;
        each(text(child->kind == Kind::kAliasedImport ? *child->Child(Field::kAlias) : *child), node);
      }
      return;
    case Kind::kAssignment:
    case Kind::kAnnotatedAssignment:
    case Kind::kAugmentedAssignment:
      for (const Node* child : node.children) {
        if (child->field == Field::kLeft) target(*child);
      }
      return;
    case Kind::kForStatement:
      if (const Node* left = node.Child(Field::kLeft)) target(*left);
      break;
    case Kind::kWithItem:
      if (const Node* alias = node.Child(Field::kAlias)) target(*alias);
      return;
    case Kind::kExpressionStatement:
    case Kind::kReturnStatement:
      return;
    default:
      break;
  }
  for (const Node* child : node.children) BoundNames(source, *child, each);
}

Code* ModuleCode(Machine& m, ModuleFile* file) {
  auto owned = std::make_unique<Code>();
  Code* code = owned.get();
  code->of = Code::Of::kModule;
  code->file = file;
  code->node = file->tree.root;
  code->name = m.Intern("<module>");
  code->qualified_name = code->name;
  file->codes.push_back(std::move(owned));
  return code;
}

void Compile(Machine& m, Code* code) {
  if (code->scope == nullptr) {
    const bool class_cell = !code->frees.empty();
    code->owned_scope =
        AnalyzeScope(code->file->source->text(), code->of, *code->node, class_cell);
    code->scope = code->owned_scope.get();
  }
  Compiler(m, code).Run();
}

}  // namespace wcheck::machine
