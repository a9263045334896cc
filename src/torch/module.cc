// torch.nn.Module: ordered parameters, buffers and children.
#include <functional>
#include <set>
#include <tuple>

#include "torch/tensor.h"

namespace wcheck::torch {
namespace {

using namespace machine;  // NOLINT: a file of functions over its types

ModuleObject* SelfModule(Machine& m, const Arguments& a) {
  if (a.count == 0 || !IsModule(m, a[0])) m.Raise("TypeError", "expected a Module");
  return a[0].As<ModuleObject>();
}
std::string NameText(Machine& m, const Value& v) {
  if (v.Is(Form::kUnknown)) throw Open{v.As<Unknown>()};
  if (!v.Is(Form::kStr)) m.Raise("TypeError", "module name should be a string. Got " + std::string(TypeNameOf(m, v)));
  return std::string(v.As<Str>()->view());
}
void NeedInit(Machine& m, const ModuleObject* self, const char* what) {
  if (self->parameters == nullptr) {
    m.Raise("AttributeError", std::string("cannot assign ") + what + " before Module.__init__() call");
  }
}
bool IsParameter(Machine& m, const Value& v) { return IsTensor(m, v) && m.IsInstance(v, TorchOf(m).parameter); }
bool IsBuffer(Machine& m, const Value& v) { return IsTensor(m, v) && m.IsInstance(v, TorchOf(m).buffer); }

Value ModuleNew(Machine& m, const Arguments& a) {
  return Obj(m.New<ModuleObject>(a[0].As<Class>(), Form::kForeign));
}
Value ModuleInit(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  self->parameters = m.NewDict();
  self->buffers = m.NewDict();
  self->modules = m.NewDict();
  self->non_persistent = m.NewSet();
  if (self->attributes == nullptr) self->attributes = m.NewDict();
  m.Set_(self->attributes, "training", Bool(true));
  return None();
}

void Drop(Machine& m, Dict* dict, const Value& name) {
  if (dict != nullptr) m.Erase(dict, name);
}
bool Holds(Machine& m, const Dict* dict, const Value& name) { return dict != nullptr && m.Find(*dict, name) != nullptr; }

void Register(Machine& m, ModuleObject* self, Dict* dict, const Value& name, const Value& value, const char* what) {
  const std::string text = NameText(m, name);
  if (text.find('.') != std::string::npos) m.Raise("KeyError", std::string(what) + " name can't contain \".\", got: " + text);
  if (text.empty()) m.Raise("KeyError", std::string(what) + " name can't be empty string \"\"");
  if (!Holds(m, dict, name)) {
    Value existing;
    if (m.FindAttribute(Obj(self), m.Intern(text), &existing)) {
      m.Raise("KeyError", "attribute '" + text + "' already exists");
    }
  }
  m.Set_(dict, m.Intern(text), value);
}

Value ModuleSetattr(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  if (a.count < 3) m.Raise("TypeError", "__setattr__ misses an argument");
  const Value name = a[1];
  const Value value = m.Resolve(a[2]);
  if (IsParameter(m, value)) {
    NeedInit(m, self, "parameters");
    Drop(m, self->attributes, name);
    Drop(m, self->buffers, name);
    Drop(m, self->modules, name);
    m.Erase(&self->non_persistent->table, name);
    Register(m, self, self->parameters, name, value, "parameter");
  } else if (Holds(m, self->parameters, name)) {
    if (!value.none()) {
      if (value.Is(Form::kUnknown)) throw Open{value.As<Unknown>()};
      m.Raise("TypeError", "cannot assign '" + std::string(TypeNameOf(m, value)) + "' as parameter '" + NameText(m, name) +
                               "' (torch.nn.Parameter or None expected)");
    }
    m.Set_(self->parameters, name, value);
  } else if (IsModule(m, value)) {
    NeedInit(m, self, "module");
    Drop(m, self->attributes, name);
    Drop(m, self->parameters, name);
    Drop(m, self->buffers, name);
    m.Erase(&self->non_persistent->table, name);
    m.Set_(self->modules, name, value);
  } else if (Holds(m, self->modules, name)) {
    if (!value.none()) {
      if (value.Is(Form::kUnknown)) throw Open{value.As<Unknown>()};
      m.Raise("TypeError", "cannot assign '" + std::string(TypeNameOf(m, value)) + "' as child module '" + NameText(m, name) + "'");
    }
    m.Set_(self->modules, name, value);
  } else if (IsBuffer(m, value) || Holds(m, self->buffers, name)) {
    if (!value.none() && !IsTensor(m, value)) {
      if (value.Is(Form::kUnknown)) throw Open{value.As<Unknown>()};
      m.Raise("TypeError", "cannot assign '" + std::string(TypeNameOf(m, value)) + "' as buffer '" + NameText(m, name) + "'");
    }
    if (IsBuffer(m, value)) {
      NeedInit(m, self, "buffers");
      Drop(m, self->attributes, name);
      Drop(m, self->parameters, name);
      Drop(m, self->modules, name);
      Register(m, self, self->buffers, name, value, "buffer");
      if (value.As<Tensor>()->persistent) {
        m.Erase(&self->non_persistent->table, name);
      } else {
        m.Add(self->non_persistent, name);
      }
    } else {
      m.Set_(self->buffers, name, value);
    }
  } else {
    if (value.Is(Form::kUnknown) && self->parameters != nullptr) {
      // It may be a module or a parameter: what it holds would be keys.
      Torch& torch = TorchOf(m);
      if (!torch.doubtful) {
        torch.doubtful = true;
        torch.doubt = std::string(value.As<Unknown>()->why->view());
      }
    }
    m.GenericSet(a[0], m.Intern(name.As<Str>()), value);
  }
  return None();
}
Value ModuleGetattr(Machine& m, const Arguments& a) {
  const ModuleObject* self = a[0].As<ModuleObject>();
  Str* name = m.Intern(a[1].As<Str>());
  for (const Dict* dict : {self->parameters, self->buffers, self->modules}) {
    if (dict == nullptr) continue;
    if (Dict::Entry* e = m.Find(*dict, name)) return e->value;
  }
  if (self->partial) return Obj(self->why);
  return Value();
}
Value ModuleDelattr(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  for (Dict* dict : {self->parameters, self->buffers, self->modules}) {
    if (Holds(m, dict, a[1])) {
      m.Erase(dict, a[1]);
      if (dict == self->buffers) m.Erase(&self->non_persistent->table, a[1]);
      return None();
    }
  }
  m.GenericDelete(a[0], m.Intern(a[1].As<Str>()));
  return None();
}
Value ModuleCall(Machine& m, const Arguments& a) {
  return m.Call(m.GetAttribute(a[0], "forward"), Arguments{a.values + 1, a.count - 1, a.keywords});
}
Value RegisterParameter(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  NeedInit(m, self, "parameter");
  const Value* name = a.Get(1, "name");
  const Value* value = a.Get(2, "param");
  if (!value->none() && !IsParameter(m, *value)) {
    if (value->Is(Form::kUnknown)) throw Open{value->As<Unknown>()};
    m.Raise("TypeError", "cannot assign '" + std::string(TypeNameOf(m, *value)) + "' object to parameter '" + NameText(m, *name) + "'");
  }
  Register(m, self, self->parameters, *name, *value, "parameter");
  return None();
}
Value RegisterBuffer(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  NeedInit(m, self, "buffer");
  const Value* name = a.Get(1, "name");
  const Value* value = a.Get(2, "tensor");
  const Value* keep = a.Get(3, "persistent");
  if (name == nullptr || value == nullptr) m.Raise("TypeError", "register_buffer() misses an argument");
  const bool persistent = keep == nullptr || m.Truth(*keep);
  Value tensor = m.Resolve(*value);
  if (tensor.Is(Form::kUnknown)) {
    Tensor* unknown = NewTensor(m, {}, TorchOf(m).default_dtype, TorchOf(m).default_device);
    unknown->shape_known = false;
    if (persistent) throw Open{tensor.As<Unknown>()};
    tensor = Obj(unknown);
  }
  if (!tensor.none() && !IsTensor(m, tensor)) {
    m.Raise("TypeError", "cannot assign '" + std::string(TypeNameOf(m, tensor)) + "' object to buffer '" + NameText(m, *name) + "' (torch Tensor or None required)");
  }
  Register(m, self, self->buffers, *name, tensor, "buffer");
  if (persistent) {
    m.Erase(&self->non_persistent->table, *name);
  } else {
    m.Add(self->non_persistent, *name);
  }
  return None();
}
Value AddModule(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  NeedInit(m, self, "module");
  const Value* name = a.Get(1, "name");
  const Value* value = a.Get(2, "module");
  if (name == nullptr || value == nullptr) m.Raise("TypeError", "add_module() misses an argument");
  const Value module = m.Resolve(*value);
  if (!module.none() && !IsModule(m, module)) {
    if (module.Is(Form::kUnknown)) throw Open{module.As<Unknown>()};
    m.Raise("TypeError", std::string(TypeNameOf(m, module)) + " is not a Module subclass");
  }
  Register(m, self, self->modules, *name, module, "module");
  return None();
}

Value SubmoduleAt(Machine& m, Value module, std::string_view path) {
  while (!path.empty()) {
    const size_t dot = path.find('.');
    const std::string part(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    module = m.GetAttribute(module, part);
    if (module.Is(Form::kUnknown)) throw Open{module.As<Unknown>()};
    if (!IsModule(m, module)) m.Raise("AttributeError", "`" + part + "` is not an nn.Module");
  }
  return module;
}
Value GetSubmodule(Machine& m, const Arguments& a) { return SubmoduleAt(m, a[0], NameText(m, *a.Get(1, "target"))); }
Value SetSubmodule(Machine& m, const Arguments& a) {
  const std::string path = NameText(m, a[1]);
  const size_t dot = path.rfind('.');
  const Value parent = SubmoduleAt(m, a[0], dot == std::string::npos ? "" : path.substr(0, dot));
  m.SetAttribute(parent, dot == std::string::npos ? path : path.substr(dot + 1), a[2]);
  return None();
}
template <bool kParameter>
Value GetTensorAt(Machine& m, const Arguments& a) {
  const std::string path = NameText(m, *a.Get(1, "target"));
  const size_t dot = path.rfind('.');
  const Value parent = SubmoduleAt(m, a[0], dot == std::string::npos ? "" : path.substr(0, dot));
  const std::string name = dot == std::string::npos ? path : path.substr(dot + 1);
  const Value found = m.GetAttribute(parent, name);
  if (kParameter ? !IsParameter(m, found) : !Holds(m, parent.As<ModuleObject>()->buffers, m.String(name))) {
    if (found.Is(Form::kUnknown)) throw Open{found.As<Unknown>()};
    m.Raise("AttributeError", "`" + name + "` is not " + (kParameter ? "an nn.Parameter" : "a buffer"));
  }
  return found;
}

using Visitor = std::function<void(const std::string& path, const Value& module)>;
void WalkModules(Machine& m, const Value& module, const std::string& path, std::set<Object*>* seen, bool once, int depth,
                 const Visitor& visit) {
  m.Step();
  if (depth > 300) throw LimitReached{"call depth"};
  if (once && !seen->insert(module.object).second) return;
  visit(path, module);
  const Dict* children = module.As<ModuleObject>()->modules;
  if (children == nullptr) return;
  for (uint32_t i = 0; i < children->entries.size; ++i) {
    const Dict::Entry e = children->entries[i];
    if (e.key.null() || !IsModule(m, e.value)) continue;
    const std::string name(e.key.As<Str>()->view());
    WalkModules(m, e.value, path.empty() ? name : path + "." + name, seen, once, depth + 1, visit);
  }
}
Value Pair(Machine& m, const std::string& name, const Value& v) {
  const Value pair[] = {m.String(name), v};
  return Obj(m.NewTuple(pair));
}
bool Flag(Machine& m, const Value* v, bool otherwise) { return v == nullptr ? otherwise : m.Truth(*v); }
std::string Prefix(Machine& m, const Value* v) { return v == nullptr ? "" : NameText(m, *v); }

Value NamedModules(Machine& m, const Arguments& a) {
  List* list = m.NewList();
  std::set<Object*> seen;
  WalkModules(m, a[0], Prefix(m, a.Get(2, "prefix")), &seen, Flag(m, a.Get(3, "remove_duplicate"), true), 0,
              [&](const std::string& path, const Value& module) { list->items.Push(m.arena(), Pair(m, path, module)); });
  return m.Iterate(Obj(list));
}
Value Modules(Machine& m, const Arguments& a) {
  List* list = m.NewList();
  std::set<Object*> seen;
  WalkModules(m, a[0], "", &seen, true, 0, [&](const std::string&, const Value& module) { list->items.Push(m.arena(), module); });
  return m.Iterate(Obj(list));
}
template <bool kNamed>
Value Children(Machine& m, const Arguments& a) {
  List* list = m.NewList();
  std::set<Object*> seen;
  const Dict* children = SelfModule(m, a)->modules;
  if (children != nullptr) {
    for (const Dict::Entry& e : children->entries) {
      if (e.key.null() || !IsModule(m, e.value) || !seen.insert(e.value.object).second) continue;
      list->items.Push(m.arena(), kNamed ? Pair(m, std::string(e.key.As<Str>()->view()), e.value) : e.value);
    }
  }
  return m.Iterate(Obj(list));
}
// named_parameters(prefix, recurse, remove_duplicate) and its kin.
template <bool kParameters, bool kNamed>
Value Tensors(Machine& m, const Arguments& a) {
  const Value* prefix = kNamed ? a.Get(1, "prefix") : nullptr;
  const Value* recurse = kNamed ? a.Get(2, "recurse") : a.Get(1, "recurse");
  const Value* once = kNamed ? a.Get(3, "remove_duplicate") : nullptr;
  const bool unique = Flag(m, once, true);
  List* list = m.NewList();
  std::set<Object*> seen, seen_tensors;
  auto take = [&](const std::string& path, const Value& module) {
    const Dict* dict = kParameters ? module.As<ModuleObject>()->parameters : module.As<ModuleObject>()->buffers;
    if (dict == nullptr) return;
    for (const Dict::Entry& e : dict->entries) {
      if (e.key.null() || !IsTensor(m, e.value)) continue;
      if (unique && !seen_tensors.insert(e.value.object).second) continue;
      const std::string name(e.key.As<Str>()->view());
      list->items.Push(m.arena(), kNamed ? Pair(m, path.empty() ? name : path + "." + name, e.value) : e.value);
    }
  };
  if (Flag(m, recurse, true)) {
    WalkModules(m, a[0], Prefix(m, prefix), &seen, unique, 0, take);
  } else {
    take(Prefix(m, prefix), a[0]);
  }
  return m.Iterate(Obj(list));
}
void StateInto(Machine& m, const Value& module, const std::string& prefix, Dict* out, int depth) {
  if (depth > 300) throw LimitReached{"call depth"};
  const ModuleObject* self = module.As<ModuleObject>();
  if (self->parameters == nullptr) return;
  for (const Dict::Entry& e : self->parameters->entries) {
    if (!e.key.null() && IsTensor(m, e.value)) m.Set_(out, m.String(prefix + std::string(e.key.As<Str>()->view())), e.value);
  }
  for (const Dict::Entry& e : self->buffers->entries) {
    if (e.key.null() || !IsTensor(m, e.value) || m.Find(self->non_persistent->table, e.key) != nullptr) continue;
    m.Set_(out, m.String(prefix + std::string(e.key.As<Str>()->view())), e.value);
  }
  for (uint32_t i = 0; i < self->modules->entries.size; ++i) {
    const Dict::Entry e = self->modules->entries[i];
    if (e.key.null() || !IsModule(m, e.value)) continue;
    StateInto(m, e.value, prefix + std::string(e.key.As<Str>()->view()) + ".", out, depth + 1);
  }
}
Value StateDict(Machine& m, const Arguments& a) {
  Dict* out = m.NewDict();
  StateInto(m, a[0], Prefix(m, a.Keyword("prefix")), out, 0);
  return Obj(out);
}
Value Apply(Machine& m, const Arguments& a) {
  const Value children = Children<false>(m, Arguments{a.values, 1, {}});
  for (Value child = m.Next(children); !child.null(); child = m.Next(children)) m.CallMethod(child, "apply", {a[1]});
  m.Call(a[1], {a[0]});
  return a[0];
}
Value Train(Machine& m, const Arguments& a) {
  const Value mode = a.count > 1 ? a[1] : Bool(m.native->name->view() != "eval");
  std::set<Object*> seen;
  WalkModules(m, a[0], "", &seen, true, 0, [&](const std::string&, const Value& module) {
    if (module.object->attributes != nullptr) m.Set_(module.object->attributes, "training", mode);
  });
  return a[0];
}
Value RequiresGrad(Machine& m, const Arguments& a) {
  const bool on = a.count < 2 || m.Truth(a[1]);
  std::set<Object*> seen;
  WalkModules(m, a[0], "", &seen, true, 0, [&](const std::string&, const Value& module) {
    const Dict* dict = module.As<ModuleObject>()->parameters;
    if (dict == nullptr) return;
    for (const Dict::Entry& e : dict->entries) {
      if (!e.key.null() && IsTensor(m, e.value)) e.value.As<Tensor>()->requires_grad = on;
    }
  });
  return a[0];
}
Value ModuleTo(Machine& m, const Arguments& a) {
  Dtype* dtype = nullptr;
  Torch& torch = TorchOf(m);
  const std::string_view name = m.native->name->view();
  if (name != "to" && name != "type") dtype = FindDtype(m, name);
  for (size_t i = 1; i < a.total(); ++i) {
    if (a.values[i].is_object() && m.IsInstance(a.values[i], torch.dtype)) dtype = a.values[i].As<Dtype>();
  }
  if (dtype == nullptr) return a[0];
  std::set<Object*> seen;
  WalkModules(m, a[0], "", &seen, true, 0, [&](const std::string&, const Value& module) {
    for (const Dict* dict : {module.As<ModuleObject>()->parameters, module.As<ModuleObject>()->buffers}) {
      if (dict == nullptr) continue;
      for (const Dict::Entry& e : dict->entries) {
        if (e.key.null() || !IsTensor(m, e.value)) continue;
        Tensor* t = e.value.As<Tensor>();
        if (t->dtype->row->floating) {
          t->dtype = dtype;
          t->values = nullptr;
        }
      }
    }
  });
  return a[0];
}
Value SelfReturn(Machine& m, const Arguments& a) { return a[0]; }
Value Ignore(Machine& m, const Arguments& a) { return None(); }
// A hook on the state dict changes its keys.
Value StateHook(Machine& m, const Arguments& a) {
  Torch& torch = TorchOf(m);
  torch.doubtful = true;
  torch.doubt = "a hook on the state dict";
  return None();
}
Value GetName(Machine& m, const Arguments& a) { return Obj(m.ClassOf(a[0])->name); }
Value EmptyText(Machine& m, const Arguments& a) { return m.String(""); }

Value ModuleDeepcopy(Machine& m, const Arguments& a) {
  ModuleObject* self = SelfModule(m, a);
  Dict* memo = a.count > 1 && a[1].Is(Form::kDict) ? a[1].As<Dict>() : m.NewDict();
  ModuleObject* made = m.New<ModuleObject>(self->type, Form::kForeign);
  Torch& torch = TorchOf(m);
  if (++torch.modules_made > torch.max_modules) throw LimitReached{"modules"};
  m.Set_(memo, Int(static_cast<int64_t>(reinterpret_cast<uintptr_t>(self))), Obj(made));
  auto copy = [&](Dict* dict) -> Dict* {
    if (dict == nullptr) return nullptr;
    Dict* out = m.NewDict();
    for (uint32_t i = 0; i < dict->entries.size; ++i) {
      const Dict::Entry e = dict->entries[i];
      if (!e.key.null()) m.Set_(out, e.key, m.DeepCopy(e.value, memo));
    }
    return out;
  };
  made->attributes = copy(self->attributes);
  made->parameters = copy(self->parameters);
  made->buffers = copy(self->buffers);
  made->modules = copy(self->modules);
  made->partial = self->partial;
  made->why = self->why;
  if (self->non_persistent != nullptr) {
    made->non_persistent = m.NewSet();
    m.CopyInto(&made->non_persistent->table, self->non_persistent->table);
  }
  return Obj(made);
}

Value DictOrRaise(Machine& m, Dict* dict) {
  if (dict == nullptr) m.Raise("AttributeError", "Module.__init__() has not been called");
  return Obj(dict);
}
Value GetParameters(Machine& m, const Value& self) { return DictOrRaise(m, self.As<ModuleObject>()->parameters); }
Value GetBuffers(Machine& m, const Value& self) { return DictOrRaise(m, self.As<ModuleObject>()->buffers); }
Value GetModules(Machine& m, const Value& self) { return DictOrRaise(m, self.As<ModuleObject>()->modules); }
void SetModules(Machine& m, const Value& self, const Value& v) {
  if (v.Is(Form::kDict)) self.As<ModuleObject>()->modules = v.As<Dict>();
}
void SetParameters(Machine& m, const Value& self, const Value& v) {
  if (v.Is(Form::kDict)) self.As<ModuleObject>()->parameters = v.As<Dict>();
}
void SetBuffers(Machine& m, const Value& self, const Value& v) {
  if (v.Is(Form::kDict)) self.As<ModuleObject>()->buffers = v.As<Dict>();
}
Value GetNonPersistent(Machine& m, const Value& self) {
  Set* set = self.As<ModuleObject>()->non_persistent;
  if (set == nullptr) m.Raise("AttributeError", "Module.__init__() has not been called");
  return Obj(set);
}

}  // namespace

bool IsModule(Machine& m, const Value& value) {
  return value.Is(Form::kForeign) && value.object->type->foreign == kModuleKind;
}

void SetUpNativeModule(Machine& m, Torch* torch, Module* module) {
  Class* cls = m.NewNativeClass("Module", {m.object_class}, Form::kForeign, "torch.nn.modules.module");
  cls->foreign = kModuleKind;
  torch->module = cls;
  m.AddStatic(cls, "__new__", ModuleNew);
  const NativeEntry methods[] = {
      {"__init__", ModuleInit}, {"__setattr__", ModuleSetattr}, {"__getattr__", ModuleGetattr},
      {"__delattr__", ModuleDelattr}, {"__call__", ModuleCall}, {"_call_impl", ModuleCall},
      {"register_parameter", RegisterParameter}, {"register_buffer", RegisterBuffer},
      {"add_module", AddModule}, {"register_module", AddModule}, {"get_submodule", GetSubmodule},
      {"set_submodule", SetSubmodule}, {"get_parameter", GetTensorAt<true>},
      {"get_buffer", GetTensorAt<false>}, {"named_modules", NamedModules}, {"modules", Modules},
      {"named_children", Children<true>}, {"children", Children<false>},
      {"named_parameters", Tensors<true, true>}, {"parameters", Tensors<true, false>},
      {"named_buffers", Tensors<false, true>}, {"buffers", Tensors<false, false>},
      {"state_dict", StateDict}, {"apply", Apply}, {"train", Train}, {"eval", Train},
      {"requires_grad_", RequiresGrad}, {"to", ModuleTo}, {"type", ModuleTo}, {"float", ModuleTo},
      {"half", ModuleTo}, {"double", ModuleTo}, {"bfloat16", ModuleTo}, {"cuda", SelfReturn},
      {"cpu", SelfReturn}, {"register_state_dict_post_hook", StateHook},
      {"_register_state_dict_hook", StateHook}, {"register_state_dict_pre_hook", Ignore},
      {"register_load_state_dict_post_hook", Ignore}, {"register_load_state_dict_pre_hook", Ignore},
      {"_register_load_state_dict_pre_hook", Ignore}, {"register_forward_hook", Ignore},
      {"register_forward_pre_hook", Ignore}, {"register_full_backward_hook", Ignore},
      {"register_backward_hook", Ignore}, {"zero_grad", Ignore}, {"reset_parameters", Ignore},
      {"_reset_parameters", Ignore}, {"_load_from_state_dict", Ignore}, {"_get_name", GetName},
      {"extra_repr", EmptyText}, {"__deepcopy__", ModuleDeepcopy}};
  for (const NativeEntry& e : methods) m.AddMethod(cls, e.name, e.code);
  m.AddAccessor(cls, "_parameters", GetParameters, SetParameters);
  m.AddAccessor(cls, "_buffers", GetBuffers, SetBuffers);
  m.AddAccessor(cls, "_modules", GetModules, SetModules);
  m.AddAccessor(cls, "_non_persistent_buffers_set", GetNonPersistent);
  m.Set_(cls->dict, "_version", Int(1));
  m.Set_(cls->dict, "training", Bool(true));
  m.Set_(cls->dict, "dump_patches", Bool(false));
  m.Set_(module->dict, "Module", Obj(cls));
  m.ForgetLookups();
  m.partial_class = cls;
  m.on_construct = [torch](Machine&, const Value&) {
    if (++torch->modules_made > torch->max_modules) throw LimitReached{"modules"};
  };
  m.on_partial = [](Machine&, const Value& instance, Unknown* why) {
    ModuleObject* self = instance.As<ModuleObject>();
    self->partial = true;
    self->why = why;
  };
  m.save_state = [torch] {
    torch->states.emplace_back(torch->default_device, torch->default_dtype);
    return static_cast<uint64_t>(torch->states.size() - 1);
  };
  m.restore_state = [torch](uint64_t state) {
    std::tie(torch->default_device, torch->default_dtype) = torch->states[state];
  };
  m.reset_state = [torch, &m] {
    torch->default_device = m.Intern("cpu");
    torch->default_dtype = FindDtype(m, "float32");
  };
  m.on_unknown_call = [torch](Machine&, Unknown* unknown) {
    if (torch->doubtful) return;
    torch->doubtful = true;
    torch->doubt = std::string(unknown->why->view());
  };
}

}  // namespace wcheck::torch
