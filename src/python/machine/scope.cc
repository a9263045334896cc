#include "python/machine/scope.h"

#include <functional>

#include "python/machine/compiler.h"

namespace wcheck::machine {

Code::Code() = default;
Code::~Code() = default;

namespace {

using python::Field;
using python::Kind;

class Analysis {
 public:
  explicit Analysis(std::string_view source) : source_(source) {}

  void Body(Scope* scope) {
    const Node& node = *scope->node;
    switch (scope->of) {
      case Code::Of::kModule:
        Children(node, scope);
        break;
      case Code::Of::kClass:
        if (const Node* body = node.Child(Field::kBody)) Visit(*body, scope);
        break;
      case Code::Of::kFunction:
      case Code::Of::kLambda:
        if (const Node* parameters = node.Child(Field::kParameters)) Parameters(*parameters, scope);
        if (const Node* body = node.Child(Field::kBody)) Visit(*body, scope);
        break;
      case Code::Of::kComprehension:
        scope->parameters.push_back(".0");
        Bind(".0", scope);
        Comprehension(node, scope);
        break;
      case Code::Of::kAnnotations:
        break;
    }
  }

  // What inner scopes use of outer ones. Inner scopes first know what they need.
  void Resolve(Scope* scope) {
    for (auto& child : scope->children) Resolve(child.get());
    auto need = [&](std::string_view name) {
      if (!scope->IsFree(name)) scope->frees.push_back(name);
    };
    std::set<std::string_view> wanted;
    for (std::string_view name : scope->used) {
      if (!scope->local.count(name) && !scope->global.count(name)) wanted.insert(name);
    }
    for (std::string_view name : scope->nonlocal) wanted.insert(name);
    std::set<std::string_view> inner;
    for (auto& child : scope->children) {
      for (std::string_view name : child->frees) {
        const bool class_scope = scope->of == Code::Of::kClass;
        if (class_scope && name == "__class__") {
          scope->cells.insert(name);
        } else if (!class_scope && scope->local.count(name)) {
          scope->cells.insert(name);
        } else {
          inner.insert(name);
        }
      }
    }
    for (std::string_view name : wanted) {
      if (Outside(scope, name)) need(name);
    }
    for (std::string_view name : inner) need(name);
  }

  void set_class_cell() { class_cell_ = true; }

 private:
  // Whether a function around `scope` binds the name.
  bool Outside(const Scope* scope, std::string_view name) {
    for (const Scope* s = scope->parent; s != nullptr; s = s->parent) {
      if (s->of == Code::Of::kClass) {
        if (name == "__class__") return true;
        continue;
      }
      if (s->of == Code::Of::kModule) return false;
      if (s->global.count(name)) return false;
      if (s->local.count(name)) return true;
    }
    return class_cell_ && name == "__class__";
  }

  std::string_view Text(const Node& node) const {
    return source_.substr(node.begin, node.end - node.begin);
  }
  void Bind(std::string_view name, Scope* scope) {
    if (scope->global.count(name) || scope->nonlocal.count(name)) return;
    if (scope->local.insert(name).second) scope->bound.push_back(name);
  }
  void Children(const Node& node, Scope* scope) {
    for (const Node* child : node.children) Visit(*child, scope);
  }
  Scope* NewScope(Code::Of of, const Node& node, Scope* parent) {
    auto child = std::make_unique<Scope>();
    child->of = of;
    child->node = &node;
    child->parent = parent;
    Scope* raw = child.get();
    parent->by_node[&node] = raw;
    parent->children.push_back(std::move(child));
    return raw;
  }
  void Parameters(const Node& parameters, Scope* scope) {
    for (const Node* parameter : parameters.children) {
      if (const Node* name = parameter->Child(Field::kName)) {
        scope->parameters.push_back(Text(*name));
        Bind(Text(*name), scope);
      }
    }
  }
  void Comprehension(const Node& node, Scope* scope) {
    bool first = true;
    for (const Node* child : node.children) {
      if (child->kind == Kind::kForInClause) {
        if (const Node* left = child->Child(Field::kLeft)) Target(*left, scope);
        const Node* right = child->Child(Field::kRight);
        if (right != nullptr && !first) Visit(*right, scope);
        first = false;
      } else {
        Visit(*child, scope);
      }
    }
  }
  void Target(const Node& node, Scope* scope) {
    switch (node.kind) {
      case Kind::kIdentifier:
        Bind(Text(node), scope);
        break;
      case Kind::kTuple:
      case Kind::kList:
      case Kind::kParenthesizedExpression:
      case Kind::kListSplat:
        for (const Node* child : node.children) Target(*child, scope);
        break;
      default:
        Visit(node, scope);
    }
  }
  static Scope* Function(Scope* scope) {
    while (scope->of == Code::Of::kComprehension && scope->parent != nullptr) scope = scope->parent;
    return scope;
  }
  void Visit(const Node& node, Scope* scope) {
    switch (node.kind) {
      case Kind::kIdentifier:
        scope->used.insert(Text(node));
        if (Text(node) == "super") scope->used.insert("__class__");
        return;
      case Kind::kFunctionDefinition: {
        if (const Node* name = node.Child(Field::kName)) Bind(Text(*name), scope);
        Defaults(node, scope);
        if (Deferred(scope)) return;
        Body(NewScope(Code::Of::kFunction, node, scope));
        return;
      }
      case Kind::kLambda:
        Defaults(node, scope);
        Body(NewScope(Code::Of::kLambda, node, scope));
        return;
      case Kind::kClassDefinition: {
        if (const Node* name = node.Child(Field::kName)) Bind(Text(*name), scope);
        if (const Node* arguments = node.Child(Field::kArguments)) Children(*arguments, scope);
        if (Deferred(scope)) return;
        Body(NewScope(Code::Of::kClass, node, scope));
        return;
      }
      case Kind::kListComprehension:
      case Kind::kSetComprehension:
      case Kind::kDictionaryComprehension:
      case Kind::kGeneratorExpression: {
        for (const Node* child : node.children) {
          if (child->kind == Kind::kForInClause) {
            if (const Node* right = child->Child(Field::kRight)) Visit(*right, scope);
            break;
          }
        }
        Body(NewScope(Code::Of::kComprehension, node, scope));
        return;
      }
      case Kind::kAssignment:
      case Kind::kAugmentedAssignment:
      case Kind::kForStatement:
      case Kind::kForInClause:
        for (const Node* child : node.children) {
          if (child->field == Field::kLeft) {
            Target(*child, scope);
            if (node.kind == Kind::kAugmentedAssignment) Visit(*child, scope);
          } else {
            Visit(*child, scope);
          }
        }
        return;
      case Kind::kAnnotatedAssignment:
        if (const Node* left = node.Child(Field::kLeft)) Target(*left, scope);
        if (const Node* right = node.Child(Field::kRight)) Visit(*right, scope);
        // The annotations of a class are evaluated with its names and those around it.
        if (const Node* type = node.Child(Field::kType); type && scope->of == Code::Of::kClass) {
          Visit(*type, scope);
        }
        return;
      case Kind::kNamedExpression:
        if (const Node* name = node.Child(Field::kName)) {
          Scope* target = Function(scope);
          if (target != scope) {
            Bind(Text(*name), target);
            if (target->of == Code::Of::kModule || target->of == Code::Of::kClass) {
              scope->global.insert(Text(*name));
            } else {
              scope->nonlocal.insert(Text(*name));
            }
          } else {
            Bind(Text(*name), scope);
          }
        }
        if (const Node* value = node.Child(Field::kValue)) Visit(*value, scope);
        return;
      case Kind::kWithItem:
        if (const Node* value = node.Child(Field::kValue)) Visit(*value, scope);
        if (const Node* alias = node.Child(Field::kAlias)) Target(*alias, scope);
        return;
      case Kind::kExceptClause:
        if (const Node* alias = node.Child(Field::kAlias)) Bind(Text(*alias), scope);
        for (const Node* child : node.children) {
          if (child->field != Field::kAlias) Visit(*child, scope);
        }
        return;
      case Kind::kImportStatement:
      case Kind::kImportFromStatement:
        BoundNames(source_, node, [&](std::string_view name, const Node&) { Bind(name, scope); });
        return;
      case Kind::kGlobalStatement:
        for (const Node* name : node.children) {
          scope->global.insert(Text(*name));
          Unbind(Text(*name), scope);
        }
        return;
      case Kind::kNonlocalStatement:
        for (const Node* name : node.children) {
          scope->nonlocal.insert(Text(*name));
          Unbind(Text(*name), scope);
        }
        return;
      case Kind::kDeleteStatement:
        for (const Node* child : node.children) Target(*child, scope);
        return;
      case Kind::kYield:
      case Kind::kAwait:
        if (node.kind == Kind::kYield) scope->generator = true;
        Children(node, scope);
        return;
      case Kind::kAttribute:
        if (const Node* object = node.Child(Field::kObject)) Visit(*object, scope);
        return;
      case Kind::kKeywordArgument:
        if (const Node* value = node.Child(Field::kValue)) Visit(*value, scope);
        return;
      case Kind::kCapturePattern:
        if (const Node* name = node.Child(Field::kName)) Bind(Text(*name), scope);
        return;
      case Kind::kAsPattern:
      case Kind::kStarPattern:
      case Kind::kDoubleStarPattern:
        for (const Node* child : node.children) {
          if (child->field == Field::kName) {
            Bind(Text(*child), scope);
          } else {
            Visit(*child, scope);
          }
        }
        return;
      case Kind::kKeywordPattern:
        if (const Node* value = node.Child(Field::kValue)) Visit(*value, scope);
        return;
      default:
        Children(node, scope);
    }
  }
  void Defaults(const Node& node, Scope* scope) {
    const Node* parameters = node.Child(Field::kParameters);
    if (parameters == nullptr) return;
    for (const Node* parameter : parameters->children) {
      if (const Node* value = parameter->Child(Field::kValue)) Visit(*value, scope);
    }
  }
  void Unbind(std::string_view name, Scope* scope) {
    if (scope->local.erase(name) == 0) return;
    std::erase(scope->bound, name);
  }
  // Bodies that stand in no function are analyzed when they are first run.
  static bool Deferred(const Scope* scope) {
    return (scope->of == Code::Of::kModule || scope->of == Code::Of::kClass) &&
           scope->parent == nullptr;
  }

  std::string_view source_;
  bool class_cell_ = false;
};

}  // namespace

std::unique_ptr<Scope> AnalyzeScope(std::string_view source, Code::Of of, const Node& node,
                                    bool class_cell) {
  auto scope = std::make_unique<Scope>();
  scope->of = of;
  scope->node = &node;
  Analysis analysis(source);
  if (class_cell) analysis.set_class_cell();
  analysis.Body(scope.get());
  analysis.Resolve(scope.get());
  // What encloses it gives it the cell, whether it uses it or not.
  if (class_cell && !scope->IsFree("__class__")) {
    scope->frees.insert(scope->frees.begin(), "__class__");
  }
  return scope;
}

}  // namespace wcheck::machine
