#include "python/interpreter.h"

#include <algorithm>

#include "python/limits.h"
#include "python/unicode.h"
#include "support/limits.h"
#include "support/printable.h"

namespace wcheck::python {

Interpreter::Interpreter(const SyntaxTree& tree, Client* client)
    : tree_(tree), client_(*client), module_(heap_.New<Environment>()) {
  module_->function = module_;
  scope_ = module_;
}

void Interpreter::RunModule() { ExecBlock(*tree_.root); }

Value Interpreter::CallBuilder(Function* function) {
  Arguments none;
  return CallFunction(function, none, *function->node, /*builder=*/true);
}

// --- failure ---------------------------------------------------------------------------------

bool Interpreter::Step(const Node& node) { return Work(1, node); }

bool Interpreter::SearchWork(std::string_view text, std::string_view part, const Node& node) {
  return Work(WorkOf(text.size()) * (1 + WorkOf(part.size())), node);
}

bool Interpreter::Work(uint64_t steps, const Node& node) {
  steps_ += std::min(steps, kMaxSteps + 1);
  if (steps_ <= kMaxSteps) return true;
  Fatal(node, "the file takes more than " + std::to_string(kMaxSteps) + " steps to evaluate",
        Or("shorten its loops"));
  return false;
}

bool Interpreter::Charge(uint64_t bytes, const Node& node) {
  bytes_ += std::min(bytes, kMaxValueBytes + 1);
  if (bytes_ <= kMaxValueBytes) return true;
  Fatal(node,
        "evaluating the file takes more than " + std::to_string(kMaxValueBytes >> 20) +
            " MiB of values",
        Or("build smaller strings and lists"));
  return false;
}

void Interpreter::Fatal(const Node& node, std::string message, std::string advice) {
  if (!fatal_) fatal_ = Error{RangeOf(node).place(), std::move(message), std::move(advice)};
}

Opaque* Interpreter::NewOpaque(std::string message, const Node& node) {
  Charge(message.size() + sizeof(Opaque), node);
  auto* opaque = heap_.New<Opaque>();
  opaque->message = std::move(message);
  opaque->where = RangeOf(node);
  return opaque;
}

Value Interpreter::OpaqueValue(Opaque* opaque, const Node& node) const {
  return Value::Of(Type::kOpaque, opaque).At(node);
}

size_t Interpreter::Report(Opaque* opaque) {
  if (opaque->remark != Opaque::kNoRemark) return opaque->remark;
  // The same place can give several opaques, one per iteration of a loop.
  for (size_t i = 0; i < remarks_.size(); ++i) {
    if (remarks_[i].where.begin == opaque->where.begin && remarks_[i].message == opaque->message) {
      return opaque->remark = i;
    }
  }
  opaque->remark = remarks_.size();
  const Remark::Kind kind = opaque->raises ? Remark::Kind::kRaises : Remark::Kind::kUnsupported;
  remarks_.push_back({kind, opaque->where, opaque->message});
  if (remarks_.size() > kMaxRemarks && !fatal_) {
    fatal_ = Error{
        opaque->where.place(),
        "more than " + std::to_string(kMaxRemarks) + " constructs of this file cannot be evaluated",
        std::string(client_.Alternative())};
  }
  return opaque->remark;
}

Value Interpreter::Unsupported(std::string what, const Node& node) {
  Opaque* opaque = NewOpaque(std::move(what), node);
  Report(opaque);
  return OpaqueValue(opaque, node);
}

Value Interpreter::Raise(std::string type, std::string message, const Node& node) {
  std::string text = "Python raises " + type + " here";
  if (!message.empty()) text += ": " + message;
  Opaque* opaque = NewOpaque(std::move(text), node);
  opaque->raises = true;
  if (handlers_ > 0) {
    if (!raised_) raised_ = Raised{std::move(type), std::move(message), opaque};
  } else {
    Report(opaque);
  }
  return OpaqueValue(opaque, node);
}

void Interpreter::Assume(std::string message, const Node& node, bool once_a_file) {
  message = Elided(message, kSentenceLimit);
  if (!reported_.emplace(once_a_file ? 0 : node.begin, message).second) return;
  remarks_.push_back({Remark::Kind::kAssumption, RangeOf(node), std::move(message)});
}

std::string Interpreter::Or(std::string instead) const {
  return std::move(instead) + ", or " + std::string(client_.Alternative());
}

// --- values ----------------------------------------------------------------------------------

Value Interpreter::NewStr(std::string text, const Node& node) {
  if (!Charge(text.size() + sizeof(Str), node)) return Value::None();
  auto* str = heap_.New<Str>();
  str->text = std::move(text);
  return Value::Of(Type::kStr, str).At(node);
}

Value Interpreter::NewList(Type type, std::vector<Value> items, const Node& node) {
  if (!Charge(items.size() * sizeof(Value) + sizeof(List), node)) return Value::None();
  auto* list = heap_.New<List>();
  list->items = std::move(items);
  return Value::Of(type, list).At(node);
}

Value Interpreter::NewDict(Type type, const Node& node) {
  if (!Charge(sizeof(Dict), node)) return Value::None();
  return Value::Of(type, heap_.New<Dict>()).At(node);
}

Value Interpreter::NewIterator(std::vector<Value> items, const Node& node) {
  if (!Charge(items.size() * sizeof(Value) + sizeof(Iterator), node)) return Value::None();
  auto* iterator = heap_.New<Iterator>();
  iterator->items = std::move(items);
  return Value::Of(Type::kIterator, iterator).At(node);
}

Truth Interpreter::Same(const Value& a, const Value& b, const Node& node) {
  const uint64_t left = kMaxSteps - std::min(steps_, kMaxSteps) + 1;
  uint64_t budget = left;
  const Truth same = Equal(a, b, &budget);
  Work(left - budget, node);
  return same;
}

bool Interpreter::Show(const Value& value, bool repr, const Node& node, std::string* out) {
  const size_t before = out->size();
  const bool known = repr ? ToRepr(value, out) : ToStr(value, out);
  Work(WorkOf(out->size() - before), node);
  return known;
}

int64_t Interpreter::LengthOf(const Value& str) {
  Str* s = str.AsStr();
  if (s->length < 0) s->length = CountCodePoints(s->text);
  return s->length;
}

bool Interpreter::Hash(const Value& value, const Node& node, std::string* hash, Value* failure) {
  if (value.opaque()) {
    *failure = value;
    return false;
  }
  hash->clear();
  const bool hashable = HashKey(value, hash);
  Work(WorkOf(hash->size()), node);
  if (hashable) return true;
  bool known = value.Is(Type::kList) || value.Is(Type::kDict) || value.Is(Type::kSet);
  *failure =
      known ? Raise("TypeError", "unhashable type: '" + TypeName(value) + "'", node)
            : Unsupported("a dictionary key of type " + TypeName(value) + " cannot be evaluated",
                          node);
  return false;
}

void Interpreter::Store(Dict* dict, const std::string& hash, const Value& key, const Value& value,
                        const Node& node) {
  if (!Charge(hash.size() + sizeof(DictItem) + 64, node)) return;
  dict->Set(hash, key, value);
  if (!key.Is(Type::kStr)) return;
  // A container is named after the first key that it was stored under.
  if (value.Is(Type::kList) && !value.AsList()->has_key) {
    value.AsList()->label = Elided(key.text(), kNameLimit);
    value.AsList()->has_key = true;
  }
}

std::string Interpreter::LabelOf(const Value& value) const {
  if (value.Is(Type::kList) || value.Is(Type::kTuple)) return value.AsList()->label;
  return "";
}

Value Interpreter::WithStep(Value value, std::string what, SourceRange where) {
  if (!value.Is(Type::kNative) || !value.AsNative()->KeepsSteps()) return value;
  int length = value.chain == nullptr ? 1 : value.chain->length + 1;
  if (length > static_cast<int>(kMaxProvenance)) return value;
  bytes_ += sizeof(OwnedChain) + what.size();
  auto* chain = heap_.New<OwnedChain>();
  chain->link = {std::move(what), where, value.chain, length};
  value.chain = &chain->link;
  return value;
}

Value Interpreter::Made(NativeObject* object, const Node& node) {
  object->number = natives_made_++;
  Value value = Value::Of(Type::kNative, object).At(node);
  for (size_t i = contexts_.size(); i > 0; --i) {
    value = WithStep(value, contexts_[i - 1].what, contexts_[i - 1].where);
  }
  return value;
}

std::vector<Value> Interpreter::CopyItems(const Value& list, const Node& where) {
  std::string label = LabelOf(list);
  std::string what = label.empty() ? "copied" : "copied from '" + label + "'";
  std::vector<Value> items = list.AsList()->items;
  Work(items.size(), where);
  for (Value& item : items) item = WithStep(item, what, RangeOf(where));
  return items;
}

void Interpreter::TaintValue(const Value& value, Opaque* opaque) {
  std::set<const Object*> seen;
  std::vector<Value> waiting = {value};
  while (!waiting.empty()) {
    const Value next = waiting.back();
    waiting.pop_back();
    switch (next.type) {
      case Type::kList:
      case Type::kTuple:
        if (!seen.insert(next.object).second) break;
        if (next.Is(Type::kList)) AddTaint(&next.AsList()->taint, opaque);
        steps_ += next.AsList()->items.size();
        waiting.insert(waiting.end(), next.AsList()->items.begin(), next.AsList()->items.end());
        break;
      case Type::kDict:
      case Type::kSet:
        if (!seen.insert(next.object).second) break;
        AddTaint(&next.AsDict()->taint, opaque);
        steps_ += next.AsDict()->items.size();
        for (const DictItem& item : next.AsDict()->items) waiting.push_back(item.value);
        break;
      default:
        TaintContainer(next, opaque);
        break;
    }
  }
}

void Interpreter::TaintContainer(const Value& value, Opaque* opaque) {
  if (value.Is(Type::kNative)) {
    if (Taint* taint = value.AsNative()->taint()) AddTaint(taint, opaque);
  }
  if (value.Is(Type::kIterator) && value.AsIterator()->unknown == nullptr) {
    value.AsIterator()->unknown = opaque;
  }
  if (value.Is(Type::kList)) AddTaint(&value.AsList()->taint, opaque);
  if (value.Is(Type::kDict) || value.Is(Type::kSet)) AddTaint(&value.AsDict()->taint, opaque);
}

// --- iteration -------------------------------------------------------------------------------

// A generator is evaluated as it is consumed, and may consume another: as deep as expressions may be
// nested.
bool Interpreter::ForEach(const Value& iterable, const Node& where, Opaque** unknown,
                          const std::function<bool(const Value&)>& each) {
  constexpr int kWeight = 2;  // its frames are large
  if (depth_ + kWeight > kMaxEvalDepth) {
    Fatal(where,
          "the evaluation is nested deeper than " + std::to_string(kMaxEvalDepth) + " levels",
          Or("use lists instead of generators"));
    return true;
  }
  depth_ += kWeight;
  const bool known = Iterate(iterable, where, unknown, each);
  depth_ -= kWeight;
  return known;
}

bool Interpreter::Iterate(const Value& iterable, const Node& where, Opaque** unknown,
                          const std::function<bool(const Value&)>& each) {
  auto fail = [&](Opaque* opaque) {
    *unknown = opaque;
    return false;
  };
  auto tainted = [&](const Taint& taint) { return taint.empty() ? true : fail(taint.front()); };
  switch (iterable.type) {
    case Type::kOpaque:
      return fail(iterable.AsOpaque());
    case Type::kList:
    case Type::kTuple: {
      List* list = iterable.AsList();
      // By index, since the body may change the list.
      for (size_t i = 0; i < list->items.size(); ++i) {
        if (stopped() || !Step(where)) return true;
        Value item = list->items[i];
        if (!each(item)) return true;
      }
      return tainted(list->taint);
    }
    case Type::kDict:
    case Type::kSet:
    case Type::kView: {
      Dict* dict = iterable.Is(Type::kView) ? iterable.AsView()->dict : iterable.AsDict();
      View::Of of = iterable.Is(Type::kView) ? iterable.AsView()->of : View::Of::kKeys;
      size_t size = dict->size();
      if (iterable.Is(Type::kSet) && size > 1 && !any_order_) {
        Assume("the order of a set is taken as the order of insertion", where);
      }
      for (size_t i = 0; i < dict->items.size(); ++i) {
        if (stopped() || !Step(where)) return true;
        if (!dict->items[i].live) continue;
        Value item = dict->items[i].key;
        if (of == View::Of::kValues) item = dict->items[i].value;
        if (of == View::Of::kItems) {
          item = NewList(Type::kTuple, {dict->items[i].key, dict->items[i].value}, where);
        }
        if (!each(item)) return true;
        if (dict->size() != size) {
          return fail(
              Raise("RuntimeError", "dictionary changed size during iteration", where).AsOpaque());
        }
      }
      return tainted(dict->taint);
    }
    case Type::kStr: {
      const std::string& text = iterable.text();
      for (size_t i = 0; i < text.size();) {
        if (stopped() || !Step(where)) return true;
        size_t bytes = CodePointBytes(text[i]);
        if (!each(NewStr(text.substr(i, bytes), where))) return true;
        i += bytes;
      }
      return true;
    }
    case Type::kIterator: {
      Iterator* iterator = iterable.AsIterator();
      if (iterator->generator != nullptr) {
        // Starts over and skips what was consumed before: the expressions of a generator have no
        // effects except `:=`, which are then repeated.
        size_t position = 0;
        size_t consumed = iterator->next;
        Environment* outer = scope_;
        scope_ = iterator->environment;
        Opaque* stop = nullptr;
        const Node* body = iterator->generator->Child(Field::kBody);
        RunClauses(*iterator->generator, 0, &iterator->source, &stop, [&] {
          if (position++ < consumed) return true;
          ++iterator->next;
          Value item = Eval(*body);
          Environment* inner = scope_;
          scope_ = outer;
          bool more = each(item);
          scope_ = inner;
          return more && !stopped();
        });
        scope_ = outer;
        return stop == nullptr ? true : fail(stop);
      }
      while (iterator->next < iterator->items.size()) {
        if (stopped() || !Step(where)) return true;
        Value item = iterator->items[iterator->next++];
        if (!each(item)) return true;
      }
      return iterator->unknown == nullptr ? true : fail(iterator->unknown);
    }
    default:
      // Some types have items, an Enum for example.
      if (iterable.Is(Type::kBuiltin) || iterable.Is(Type::kNativeClass)) {
        return fail(Unsupported("the items of a type cannot be evaluated", where).AsOpaque());
      }
      return fail(Raise("TypeError", "'" + TypeName(iterable) + "' object is not iterable", where)
                      .AsOpaque());
  }
}

std::vector<Value> Interpreter::Items(const Value& iterable, const Node& where, Opaque** unknown) {
  std::vector<Value> items;
  ForEach(iterable, where, unknown, [&](const Value& item) {
    items.push_back(item);
    return Charge(sizeof(Value), where);
  });
  return items;
}

// --- names -----------------------------------------------------------------------------------

const Value* Interpreter::Lookup(std::string_view name, bool* unbound) {
  *unbound = false;
  for (Environment* env = scope_; env != nullptr; env = env->parent) {
    auto outer = env->outer.find(name);
    if (outer != env->outer.end() && outer->second) {
      auto found = module_->names.find(name);
      return found == module_->names.end() ? nullptr : &found->second;
    }
    auto found = env->names.find(name);
    if (found != env->names.end()) return &found->second;
    if (env->locals != nullptr && env->locals->contains(name) && outer == env->outer.end()) {
      *unbound = true;
      return nullptr;
    }
  }
  return nullptr;
}

void Interpreter::Bind(std::string_view name, const Value& value) {
  Environment* env = scope_;
  auto outer = env->outer.find(name);
  if (outer != env->outer.end()) {
    if (outer->second) {
      env = module_;
    } else {
      for (env = env->parent; env != nullptr && env->parent != nullptr; env = env->parent) {
        if (env->names.contains(name) || (env->locals != nullptr && env->locals->contains(name)))
          break;
      }
      if (env == nullptr) env = module_;
    }
  }
  env->names[name] = value;
  if (value.Is(Type::kList) && value.AsList()->label.empty()) {
    value.AsList()->label = Elided(name, kNameLimit);
  }
}

}  // namespace wcheck::python
