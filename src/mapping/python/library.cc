// The library's transform and operation classes: construction and attributes, as in
// core_model_loading.py since its first release (including the early names source_keys and
// target_keys).
#include "mapping/python/library.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mapping/transform.h"

namespace wcheck::python {
namespace {

List* PatternList(Interpreter* python, const Value& value, TransformObject* transform,
                  const Node& node) {
  if (value.Is(Type::kList)) {
    for (Opaque* taint : value.AsList()->taint) AddTaint(&transform->unknowns, taint);
    return value.AsList();
  }
  auto* list = python->heap().New<List>();
  if (value.Is(Type::kStr)) {
    list->items.push_back(value);
  } else if (value.opaque()) {
    AddTaint(&transform->unknowns, value.AsOpaque());
  } else {
    AddTaint(&transform->unknowns,
             python
                 ->Raise("AttributeError",
                         "a pattern must be a str or a list, not " + TypeName(value), node)
                 .AsOpaque());
  }
  return list;
}

// The patterns of a list, if each of them is known.
std::optional<std::vector<std::string>> Texts(const List& patterns) {
  std::vector<std::string> texts;
  for (const Value& pattern : patterns.items) {
    if (!pattern.Is(Type::kStr)) return std::nullopt;
    texts.push_back(pattern.text());
  }
  return texts;
}

// Puts in texts where they differ, at the places that their patterns had.
void SetTexts(Interpreter* python, List* patterns, std::vector<std::string> texts,
              const Node& node) {
  for (size_t i = 0; i < texts.size() && !python->fatal(); ++i) {
    Value& pattern = patterns->items[i];
    if (pattern.text() == texts[i]) continue;
    Value made = python->NewStr(std::move(texts[i]), node);
    made.begin = pattern.begin;
    made.end = pattern.end;
    pattern = made;
  }
}

// Binds the arguments to the parameters of the class.
bool BindTo(TransformKind kind, Interpreter* python, const Arguments& arguments,
            std::vector<std::optional<Value>>* slots, const Node& node, Value* failure) {
  const std::string name(TransformKindName(kind));
  const auto bind = [&](std::initializer_list<std::string_view> names, size_t required) {
    return python->Bind(name, names, required, arguments, slots, node, failure);
  };
  switch (kind) {
    case TransformKind::kPrefixChange:
      return bind({"prefix_to_add", "prefix_to_remove", "model_prefix"}, 0);
    case TransformKind::kWeightConverter:
      return bind({"source_patterns", "target_patterns", "operations", "force_cpu"}, 2);
    case TransformKind::kInkling2IndexOffsetWeightRename:
      return bind({"source_patterns", "target_patterns", "offset"}, 3);
    case TransformKind::kLayerPairCollapse:
      return bind({}, 0);
    case TransformKind::kWeightRenaming:
    case TransformKind::kGroupWeightRename:
      break;
  }
  return bind({"source_patterns", "target_patterns"}, 2);
}

Value Construct(Interpreter* python, NativeClass* cls, TransformKind kind, Arguments& arguments,
                const Node& node) {
  // Releases before 5.0 called the patterns keys.
  for (auto& [name, value] : arguments.keywords) {
    if (name == "source_keys") name = "source_patterns";
    if (name == "target_keys") name = "target_patterns";
  }
  std::vector<std::optional<Value>> slots;
  Value failure;
  const bool prefix = kind == TransformKind::kPrefixChange;
  if (!BindTo(kind, python, arguments, &slots, node, &failure) ||
      !python->Charge(sizeof(TransformObject) + 4 * sizeof(List), node)) {
    return failure;
  }

  auto* transform = python->heap().New<TransformObject>();
  transform->cls = cls;
  transform->kind = kind;
  transform->call = python->RangeOf(node);
  Value sources;
  Value targets;
  if (prefix) {
    transform->prefix_to_add = slots[0].value_or(Value::None());
    transform->prefix_to_remove = slots[1].value_or(Value::None());
    transform->model_prefix = slots[2].value_or(Value::None());
    for (const Value& part :
         {transform->prefix_to_add, transform->prefix_to_remove, transform->model_prefix}) {
      if (part.opaque()) AddTaint(&transform->unknowns, part.AsOpaque());
      if (!part.opaque() && !part.none() && !part.Is(Type::kStr)) {
        AddTaint(
            &transform->unknowns,
            python->Unsupported("a prefix of type " + TypeName(part) + " cannot be evaluated", node)
                .AsOpaque());
      }
    }
    auto text = [](const Value& v) { return v.Is(Type::kStr) ? v.text() : std::string(); };
    const bool adds = !transform->prefix_to_add.none();
    PrefixPatterns patterns = PatternsOfPrefixChange(
        adds, text(adds ? transform->prefix_to_add : transform->prefix_to_remove),
        text(transform->model_prefix), DefaultEngine());
    sources = python->NewStr(std::move(patterns.source), node);
    targets = python->NewStr(std::move(patterns.target), node);
  } else if (kind == TransformKind::kLayerPairCollapse) {
    sources = python->NewStr(std::string(kLayerPairSource), node);
    targets = python->NewStr(std::string(kLayerPairTarget), node);
  } else {
    sources = *slots[0];
    targets = *slots[1];
    if (kind == TransformKind::kWeightConverter) {
      transform->operations = slots[2].value_or(python->NewList(Type::kList, {}, node));
      if (slots[3]) transform->force_cpu = TruthOf(*slots[3]) == Truth::kTrue;
    }
    if (transform->operations.opaque()) {
      AddTaint(&transform->unknowns, transform->operations.AsOpaque());
    }
    if (kind == TransformKind::kInkling2IndexOffsetWeightRename) {
      if (slots[2]->IsInteger()) {
        transform->offset = slots[2]->integer;
      } else if (slots[2]->opaque()) {
        AddTaint(&transform->unknowns, slots[2]->AsOpaque());
      } else {
        AddTaint(&transform->unknowns,
                 python->Unsupported("an offset of type " + TypeName(*slots[2]) +
                                         " cannot be evaluated", node)
                     .AsOpaque());
      }
    }
  }
  if (python->fatal()) return failure;
  transform->sources = PatternList(python, sources, transform, node);
  transform->targets = PatternList(python, targets, transform, node);
  transform->original_sources = python->heap().New<List>();
  transform->original_targets = python->heap().New<List>();
  transform->original_sources->items = transform->sources->items;
  transform->original_targets->items = transform->targets->items;
  if (!python->Charge(
          (transform->sources->items.size() + transform->targets->items.size()) * sizeof(Value),
          node)) {
    return failure;
  }

  // Construction edits the lists themselves (docs/semantics.md#construction). Errors are left to
  // the checks: here it only goes as far as it gets. Which engine runs the file is not known yet.
  std::optional<std::vector<std::string>> source_texts = Texts(*transform->sources);
  std::optional<std::vector<std::string>> target_texts = Texts(*transform->targets);
  if (source_texts && target_texts) {
    ProcessPatterns(kind, &*source_texts, &*target_texts, DefaultEngine());
    SetTexts(python, transform->sources, std::move(*source_texts), node);
    SetTexts(python, transform->targets, std::move(*target_texts), node);
  }
  if (python->fatal()) return failure;

  return python->Made(transform, node);
}

Value DefaultOf(const OperationParameter& parameter) {
  return std::visit(
      FieldVisitor{[&](int64_t Operation::*) { return Value::Int(parameter.otherwise); },
                   [&](bool Operation::*) { return Value::Bool(parameter.otherwise != 0); },
                   [](auto) { return Value::None(); }},
      parameter.field);
}

Value ConstructOperation(Interpreter* python, NativeClass* cls, OperationKind kind,
                         Arguments& arguments, const Node& node) {
  const OperationInfo& info = InfoOf(kind);
  auto refuse = [&](const std::string& message) {
    return python->Raise("TypeError", std::string(info.name) + "() " + message, node);
  };
  if (arguments.unknown != nullptr) return python->OpaqueValue(arguments.unknown, node);
  if (arguments.positional.size() > info.parameters.size()) {
    return refuse("takes fewer positional arguments");
  }
  for (const auto& keyword : arguments.keywords) {
    if (std::ranges::find(info.parameters, std::string_view(keyword.first),
                          &OperationParameter::name) == info.parameters.end()) {
      return refuse("got an unexpected keyword argument '" + keyword.first + "'");
    }
  }
  if (!python->Charge(sizeof(OperationObject) + info.parameters.size() * 64, node))
    return Value::None();
  auto* operation = python->heap().New<OperationObject>();
  operation->cls = cls;
  operation->kind = kind;
  size_t position = 0;
  for (const OperationParameter& parameter : info.parameters) {
    std::optional<Value> value;
    if (position < arguments.positional.size()) value = arguments.positional[position];
    ++position;
    for (const auto& [name, given] : arguments.keywords) {
      if (name != parameter.name) continue;
      if (value) return refuse("got multiple values for argument '" + name + "'");
      value = given;
    }
    if (!value && parameter.required) {
      return refuse("is missing the argument '" + std::string(parameter.name) + "'");
    }
    if (!value) value = DefaultOf(parameter);
    operation->attributes.emplace_back(parameter.name, *value);
    if (parameter.name == "num_shards_attribute" && value->Is(Type::kStr)) {
      python->Assume(
          "the number of shards ('" + value->text() + "' of a model's config) is taken as 1", node);
    }
  }
  return python->Made(operation, node);
}

class TransformClass : public NativeClass {
 public:
  // Without a kind: the base of all transforms, which isinstance() asks for.
  explicit TransformClass(std::optional<TransformKind> kind) : kind_(kind) {}

  std::string_view name() const override {
    return kind_ ? TransformKindName(*kind_) : kTransformBase;
  }
  Value Call(Interpreter* python, Arguments* arguments, const Node& node) override {
    if (kind_) return Construct(python, this, *kind_, *arguments, node);
    return python->Unsupported("a " + std::string(name()) + " cannot be evaluated by itself", node);
  }
  bool Holds(const NativeObject& object) const override {
    const auto* transform = dynamic_cast<const TransformObject*>(&object);
    if (transform == nullptr) return false;
    // PrefixChange and GroupWeightRename are WeightRenamings.
    return !kind_ || transform->kind == *kind_ ||
           (*kind_ == TransformKind::kWeightRenaming &&
            transform->kind != TransformKind::kWeightConverter);
  }

 private:
  std::optional<TransformKind> kind_;
};

class OperationType : public NativeClass {
 public:
  // Without a kind: the base of all operations.
  explicit OperationType(std::optional<OperationKind> kind) : kind_(kind) {}

  std::string_view name() const override { return kind_ ? OperationName(*kind_) : kOperationBase; }
  Value Call(Interpreter* python, Arguments* arguments, const Node& node) override {
    if (kind_) return ConstructOperation(python, this, *kind_, *arguments, node);
    return python->Unsupported("a " + std::string(name()) + " cannot be evaluated by itself", node);
  }
  bool Holds(const NativeObject& object) const override {
    const auto* operation = dynamic_cast<const OperationObject*>(&object);
    return operation != nullptr && (!kind_ || operation->kind == *kind_);
  }

 private:
  std::optional<OperationKind> kind_;
};

// The functions of the library, as classes whose calls they are.
class RegisterFunction : public NativeClass {
 public:
  explicit RegisterFunction(std::vector<Registration>* registrations)
      : registrations_(*registrations) {}

  std::string_view name() const override { return kRegisterName; }
  Value Call(Interpreter* python, Arguments* arguments, const Node& node) override {
    // 5.0 to 5.3 called the first one model_type.
    for (auto& [name, value] : arguments->keywords) {
      if (name == "model_type") name = "model_type_or_class_name";
    }
    std::vector<std::optional<Value>> slots;
    Value failure;
    if (!python->Bind(kRegisterName, {"model_type_or_class_name", "mapping", "overwrite"}, 2,
                      *arguments, &slots, node, &failure)) {
      return failure;
    }
    const Truth overwrite = slots[2] ? TruthOf(*slots[2]) : Truth::kFalse;
    if (slots[0]->Is(Type::kStr) && !names_.insert(slots[0]->text()).second &&
        overwrite == Truth::kFalse) {
      return python->Raise("ValueError",
                           "Conversion mapping for '" + slots[0]->text() +
                               "' already exists. Pass overwrite=True to replace it.",
                           node);
    }
    registrations_.push_back({*slots[0], *slots[1], overwrite != Truth::kFalse, false});
    return Value::None().At(node);
  }
  bool Holds(const NativeObject& object) const override { return false; }

 private:
  std::vector<Registration>& registrations_;
  std::set<std::string> names_;  // that were registered
};

class GetFunction : public NativeClass {
 public:
  std::string_view name() const override { return kGetName; }
  Value Call(Interpreter* python, Arguments* arguments, const Node& node) override {
    std::vector<std::optional<Value>> slots;
    Value failure;
    if (!python->Bind(kGetName, {"model_type"}, 1, *arguments, &slots, node, &failure)) {
      return failure;
    }
    if (!slots[0]->Is(Type::kStr)) {
      return python->Unsupported("which mapping this gives cannot be evaluated", node);
    }
    if (!python->Charge(sizeof(ReleaseEntry), node)) return Value::None();
    auto* entry = python->heap().New<ReleaseEntry>();
    entry->cls = this;
    entry->name = slots[0]->text();
    return python->Made(entry, node);
  }
  bool Holds(const NativeObject& object) const override { return false; }
};

}  // namespace

Value ReleaseEntry::GetAttribute(Interpreter* python, const Value& self, std::string_view attribute,
                                 const Node& node) {
  return python->Unsupported(
      "what is done here with the release's mapping for '" + name + "' cannot be evaluated", node);
}

void ReleaseEntry::SetAttribute(Interpreter* python, const Value& self, std::string_view attribute,
                                const Value& value, const Node& node) {
  python->Unsupported("an assignment to an attribute cannot be evaluated", node);
}

NativeObject* ReleaseEntry::Copy(Heap* heap) const {
  auto* copy = heap->New<ReleaseEntry>();
  *copy = *this;
  return copy;
}

ReleaseEntry* AsReleaseEntry(const Value& value) {
  return value.Is(Type::kNative) ? dynamic_cast<ReleaseEntry*>(value.AsNative()) : nullptr;
}

Value TransformObject::GetAttribute(Interpreter* python, const Value& self, std::string_view name,
                                    const Node& node) {
  auto list = [&](List* of) { return Value::Of(Type::kList, of).At(node); };
  if (name == "source_patterns" || name == "source_keys") return list(sources);
  if (name == "target_patterns" || name == "target_keys") return list(targets);
  if (name == "_original_source_patterns") return list(original_sources);
  if (name == "_original_target_patterns") return list(original_targets);
  if (name == "operations" && kind == TransformKind::kWeightConverter) {
    return operations;
  }
  if (name == "force_cpu" && kind == TransformKind::kWeightConverter) {
    return Value::Bool(force_cpu).At(node);
  }
  if (name == "offset" && kind == TransformKind::kInkling2IndexOffsetWeightRename) {
    return Value::Int(offset).At(node);
  }
  if (kind == TransformKind::kPrefixChange) {
    if (name == "prefix_to_add") return prefix_to_add;
    if (name == "prefix_to_remove") return prefix_to_remove;
    if (name == "model_prefix") {
      return model_prefix.none() ? python->NewStr("", node) : model_prefix;
    }
  }
  if (name == "scope_prefix" || name == "base_model_prefix" || name == "quantization_operation" ||
      name == "distributed_operation") {
    return Value::None().At(node);
  }
  if (name == "compiled_sources" || name == "reverse_transform" || name == "was_used" ||
      name == "collected_tensors" || name == "layer_targets" || name.starts_with("__")) {
    return python->Unsupported(
        "the attribute '" + std::string(name) + "' of a transform cannot be evaluated", node);
  }
  return python->Raise(
      "AttributeError",
      "'" + TypeName(self) + "' object has no attribute '" + std::string(name) + "'", node);
}

std::optional<bool> TransformObject::HasAttribute(std::string_view name) const {
  if (name == "prefix_to_add" || name == "prefix_to_remove" || name == "model_prefix") {
    return kind == TransformKind::kPrefixChange;
  }
  if (name == "operations") return kind == TransformKind::kWeightConverter;
  return name == "source_patterns" || name == "target_patterns" || name == "scope_prefix";
}

void TransformObject::SetAttribute(Interpreter* python, const Value& self, std::string_view name,
                                   const Value& value, const Node& node) {
  if (name == "operations" && kind == TransformKind::kWeightConverter) {
    operations = value;
    return;
  }
  const std::string attribute(name);
  const bool fixed = name == "source_patterns" || name == "target_patterns";
  const Value refused =
      fixed
          ? python->Raise(
                "ValueError",
                "Cannot assign to field " + attribute + ", you should create a new instance", node)
          : python->Unsupported(
                "an assignment to '" + attribute + "' of a transform cannot be evaluated", node);
  AddTaint(&unknowns, refused.AsOpaque());
}

NativeObject* TransformObject::Copy(Heap* heap) const {
  auto* copy = heap->New<TransformObject>();
  *copy = *this;
  return copy;
}

void TransformObject::CopyParts(const std::function<Value(const Value&)>& copy) {
  for (List** list : {&sources, &targets, &original_sources, &original_targets}) {
    const Value part = copy(Value::Of(Type::kList, *list));
    if (part.Is(Type::kList)) *list = part.AsList();
  }
  operations = copy(operations);
}

Value OperationObject::GetAttribute(Interpreter* python, const Value& self, std::string_view name,
                                    const Node& node) {
  for (const auto& [attribute, value] : attributes) {
    if (attribute == name) return value;
  }
  return python->Unsupported(
      "the attribute '" + std::string(name) + "' of " + TypeName(self) + " cannot be evaluated",
      node);
}

void OperationObject::SetAttribute(Interpreter* python, const Value& self, std::string_view name,
                                   const Value& value, const Node& node) {
  python->Unsupported("an assignment to an attribute cannot be evaluated", node);
}

NativeObject* OperationObject::Copy(Heap* heap) const {
  auto* copy = heap->New<OperationObject>();
  *copy = *this;
  return copy;
}

TransformObject* AsTransform(const Value& value) {
  return value.Is(Type::kNative) ? dynamic_cast<TransformObject*>(value.AsNative()) : nullptr;
}

OperationObject* AsOperation(const Value& value) {
  return value.Is(Type::kNative) ? dynamic_cast<OperationObject*>(value.AsNative()) : nullptr;
}

Library::Library() {
  for (size_t i = 0; i < kTransformKinds; ++i) {
    classes_.push_back(std::make_unique<TransformClass>(static_cast<TransformKind>(i)));
  }
  classes_.push_back(std::make_unique<TransformClass>(std::nullopt));
  for (size_t i = 0; i < OperationTable().size(); ++i) {
    classes_.push_back(std::make_unique<OperationType>(static_cast<OperationKind>(i)));
  }
  classes_.push_back(std::make_unique<OperationType>(std::nullopt));
  classes_.push_back(std::make_unique<RegisterFunction>(&registrations_));
  classes_.push_back(std::make_unique<GetFunction>());
  release_aliases_.message = "which aliases the release has is not known here";
  aliases_.taint.push_back(&release_aliases_);
}

bool Library::WantsClassAttribute(std::string_view name) const {
  return name == kClassAttribute.substr(1);
}

void Library::ClassAttribute(const Value& class_name, const Value& value) {
  registrations_.push_back({class_name, value, true, true});
}

std::optional<Value> Library::Find(std::string_view name) {
  if (name == kAliasTable) return Value::Of(Type::kDict, &aliases_);
  for (const std::unique_ptr<NativeClass>& cls : classes_) {
    if (cls->name() == name) return Value::Of(Type::kNativeClass, cls.get());
  }
  return std::nullopt;
}

}  // namespace wcheck::python
