// Imports bind names only: nothing is loaded. A name stands for what it is known to be (a client's
// class, a function that is modelled), whatever module it is taken from, or for an unknown.
#include "python/interpreter.h"

namespace wcheck::python {

Value Interpreter::ImportedName(std::string_view module, std::string_view name, const Node& node) {
  if (std::optional<Value> known = client_.Find(name)) return known->At(node);
  if (!module.empty()) {
    if (std::optional<Builtin> builtin = FindLibraryFunction(module, name)) {
      Value value = Value::Of(Type::kBuiltin, nullptr);
      value.integer = static_cast<int64_t>(*builtin);
      return value.At(node);
    }
  }
  if (name == "TYPE_CHECKING") return Value::Bool(false).At(node);
  std::string path =
      module.empty() ? std::string(name) : std::string(module) + '.' + std::string(name);
  Charge(path.size(), node);
  Opaque* opaque = NewOpaque("the value of '" + path + "' is not known here", node);
  opaque->path = std::move(path);
  return OpaqueValue(opaque, node);
}

void Interpreter::ExecImport(const Node& node) {
  for (const Node* child : node.children) {
    const Node* name = child->kind == Kind::kAliasedImport ? child->Child(Field::kName) : child;
    const Node* alias = child->kind == Kind::kAliasedImport ? child->Child(Field::kAlias) : nullptr;
    std::string_view path = tree_.Text(*name);
    // `import a.b` binds a; `import a.b as c` binds a.b.
    std::string_view bound = alias == nullptr ? path.substr(0, path.find('.')) : tree_.Text(*alias);
    std::string_view stands_for = alias == nullptr ? bound : path;
    Opaque* opaque =
        NewOpaque("the value of '" + std::string(stands_for) + "' is not known here", *name);
    opaque->path = std::string(stands_for);
    Bind(bound, OpaqueValue(opaque, *name));
  }
}

void Interpreter::ExecImportFrom(const Node& node) {
  const std::string_view module = tree_.Text(*node.Child(Field::kModuleName));
  if (module == "__future__") return;
  for (const Node* child : node.children) {
    if (child->kind == Kind::kWildcardImport) any_name_ = true;
    if (child->field != Field::kName) continue;
    const Node* name = child->kind == Kind::kAliasedImport ? child->Child(Field::kName) : child;
    const Node* alias = child->kind == Kind::kAliasedImport ? child->Child(Field::kAlias) : name;
    Bind(tree_.Text(*alias), ImportedName(module, tree_.Text(*name), *name));
  }
}

}  // namespace wcheck::python
