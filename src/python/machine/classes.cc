// Classes, their order of resolution, and attributes.
#include <cstring>

#include "python/machine/machine.h"

namespace wcheck::machine {

Class* Machine::ClassOf(const Value& value) const {
  switch (value.tag) {
    case Tag::kNull:
    case Tag::kNone:
      return none_class;
    case Tag::kBool:
      return bool_class;
    case Tag::kInt:
      return int_class;
    case Tag::kFloat:
      return float_class;
    case Tag::kObject:
      break;
  }
  return value.object->type;
}

bool Machine::IsSubclass(const Class* cls, const Class* base) {
  if (cls == base) return true;
  for (const Class* c : cls->mro) {
    if (c == base) return true;
  }
  return false;
}

void Machine::ForgetLookups() { ++lookup_epoch_; }

Value* Machine::LookUp(const Class* cls, Str* name) {
  const size_t at = ((reinterpret_cast<uintptr_t>(cls) >> 4) * 31 ^
                     (reinterpret_cast<uintptr_t>(name) >> 4)) % lookups_.size();
  Lookup& cached = lookups_[at];
  if (cached.cls == cls && cached.name == name && cached.epoch == lookup_epoch_) {
    return cached.value;
  }
  Value* found = nullptr;
  for (const Class* c : cls->mro) {
    if (Dict::Entry* entry = Find(*c->dict, name)) {
      found = &entry->value;
      break;
    }
  }
  cached = {cls, name, found, lookup_epoch_};
  return found;
}

Class* Machine::NewNativeClass(std::string_view name, std::initializer_list<Class*> bases, Form form,
                               std::string_view module) {
  Class* cls = New<Class>(type_class, Form::kClass);
  cls->name = Intern(name);
  cls->qualified_name = cls->name;
  cls->module_name = Obj(Intern(module));
  cls->dict = NewDict();
  cls->instance_form = form;
  cls->native = true;
  std::vector<Value> list;
  for (Class* base : bases) list.push_back(Obj(base));
  if (list.empty() && object_class != nullptr) list.push_back(Obj(object_class));
  cls->bases = NewTuple(list);
  MroOf(cls, cls->bases);
  for (Class* base : bases) {
    cls->is_exception |= base->is_exception;
    base->subclasses.Push(arena_, cls);
    cls->has_getattribute |= base->has_getattribute;
    cls->has_getattr |= base->has_getattr;
    cls->has_setattr |= base->has_setattr;
    cls->has_delattr |= base->has_delattr;
  }
  return cls;
}

namespace {

void NoteHook(Machine& m, Class* cls, const Str* name) {
  const Machine::Names& n = m.names;
  if (name == n.getattribute) cls->has_getattribute = true;
  if (name == n.getattr) cls->has_getattr = true;
  if (name == n.setattr) cls->has_setattr = true;
  if (name == n.delattr) cls->has_delattr = true;
}

}  // namespace

void Machine::AddMethod(Class* cls, std::string_view name, NativeCode code) {
  Str* interned = Intern(name);
  Set_(cls->dict, interned, Obj(NewNative(name, code, true)));
  if (cls != object_class) NoteHook(*this, cls, interned);
  ForgetLookups();
}

void Machine::AddStatic(Class* cls, std::string_view name, NativeCode code) {
  Wrapped* wrapped = New<Wrapped>(staticmethod_class, Form::kStaticMethod);
  wrapped->function = Obj(NewNative(name, code));
  Set_(cls->dict, name, Obj(wrapped));
  ForgetLookups();
}

void Machine::AddClassMethod(Class* cls, std::string_view name, NativeCode code) {
  Wrapped* wrapped = New<Wrapped>(classmethod_class, Form::kClassMethod);
  wrapped->function = Obj(NewNative(name, code, true));
  Set_(cls->dict, name, Obj(wrapped));
  ForgetLookups();
}

void Machine::AddAccessor(Class* cls, std::string_view name, Getter get, Setter set) {
  Accessor* accessor = New<Accessor>(accessor_class, Form::kAccessor);
  accessor->get = get;
  accessor->set = set;
  accessor->name = Intern(name);
  Set_(cls->dict, name, Obj(accessor));
  ForgetLookups();
}

// C3, as Python has it.
bool Machine::MroOf(Class* cls, Tuple* bases) {
  std::vector<std::vector<Class*>> lists;
  for (const Value& base : bases->items()) {
    const Class* b = base.As<Class>();
    lists.emplace_back(b->mro.begin(), b->mro.end());
  }
  std::vector<Class*> direct;
  for (const Value& base : bases->items()) direct.push_back(base.As<Class>());
  lists.push_back(direct);
  cls->mro.size = 0;
  cls->mro.Push(arena_, cls);
  for (;;) {
    Class* next = nullptr;
    bool any = false;
    for (const auto& list : lists) {
      if (list.empty()) continue;
      any = true;
      bool blocked = false;
      for (const auto& other : lists) {
        for (size_t i = 1; i < other.size(); ++i) blocked |= other[i] == list[0];
      }
      if (!blocked) {
        next = list[0];
        break;
      }
    }
    if (!any) return true;
    if (next == nullptr) return false;
    cls->mro.Push(arena_, next);
    for (auto& list : lists) {
      if (!list.empty() && list[0] == next) list.erase(list.begin());
    }
  }
}

Value Machine::MakeClass(Class* meta, Str* name, Tuple* bases, Dict* dict, const Arguments& keywords) {
  Class* cls = New<Class>(meta, Form::kClass);
  cls->name = Intern(name);
  cls->qualified_name = cls->name;
  cls->dict = NewDict();
  bool open = false;
  std::vector<Value> known;
  for (const Value& base : bases->items()) {
    if (base.Is(Form::kClass)) {
      known.push_back(base);
      open |= base.As<Class>()->open;
    } else if (base.Is(Form::kUnknown)) {
      open = true;
    } else {
      Raise("TypeError", "a base of class " + std::string(name->view()) + " is not a class");
    }
  }
  if (known.empty()) known.push_back(Obj(object_class));
  cls->bases = NewTuple(known);
  if (!MroOf(cls, cls->bases)) {
    Raise("TypeError", "Cannot create a consistent method resolution order (MRO) for bases");
  }
  cls->open = open;
  for (const Value& base : known) {
    Class* b = base.As<Class>();
    if (b->instance_form != Form::kInstance) {
      cls->instance_form = b->instance_form;
      cls->foreign = b->foreign;
    }
    cls->is_exception |= b->is_exception;
    cls->has_getattribute |= b->has_getattribute;
    cls->has_getattr |= b->has_getattr;
    cls->has_setattr |= b->has_setattr;
    cls->has_delattr |= b->has_delattr;
    b->subclasses.Push(arena_, cls);
  }
  Value class_cell;
  for (uint32_t i = 0; i < dict->entries.size; ++i) {
    const Dict::Entry e = dict->entries[i];
    if (e.key.null()) continue;
    Value value = e.value;
    if (e.key.Is(Form::kStr)) {
      Str* key = Intern(e.key.As<Str>());
      if (key->view() == "__classcell__") {
        class_cell = value;
        continue;
      }
      if (key == names.annotate) {
        cls->annotate = value.As<Function>();
        continue;
      }
      if (key == names.qualname && value.Is(Form::kStr)) {
        cls->qualified_name = value.As<Str>();
        continue;
      }
      if (key == names.module) cls->module_name = value;
      if ((key == names.init_subclass || key == names.class_getitem) && value.Is(Form::kFunction)) {
        Wrapped* wrapped = New<Wrapped>(classmethod_class, Form::kClassMethod);
        wrapped->function = value;
        value = Obj(wrapped);
      } else if (key == names.new_ && value.Is(Form::kFunction)) {
        Wrapped* wrapped = New<Wrapped>(staticmethod_class, Form::kStaticMethod);
        wrapped->function = value;
        value = Obj(wrapped);
      }
      NoteHook(*this, cls, key);
      Set_(cls->dict, key, value);
    } else {
      Set_(cls->dict, e.key, value);
    }
  }
  if (cls->module_name.null()) {
    cls->module_name = Obj(Intern("builtins"));
    if (frame_ != nullptr) {
      if (Value* module = Get(*frame_->globals, "__name__")) cls->module_name = *module;
    }
    Set_(cls->dict, names.module, cls->module_name);
  }
  ForgetLookups();
  if (class_cell.Is(Form::kCell)) class_cell.As<Cell>()->value = Obj(cls);
  for (uint32_t i = 0; i < cls->dict->entries.size; ++i) {
    const Dict::Entry e = cls->dict->entries[i];
    if (e.key.null() || !e.value.is_object()) continue;
    if (e.value.object->form != Form::kInstance && e.value.object->form != Form::kProperty) continue;
    if (Value* hook = LookUp(e.value.object->type, names.set_name)) {
      Call(*hook, {e.value, Obj(cls), e.key});
    }
  }
  // __init_subclass__ of the class behind this one in the order of resolution.
  for (size_t i = 1; i < cls->mro.size; ++i) {
    if (Dict::Entry* hook = Find(*cls->mro[i]->dict, names.init_subclass)) {
      const Value bound = BindAttribute(hook->value, Obj(cls), cls);
      std::vector<Value> values(keywords.values, keywords.values + keywords.keywords.size());
      Call(bound, Arguments{values.data(), 0, keywords.keywords});
      break;
    }
  }
  return Obj(cls);
}

Value Machine::BuildClass(const Value& body, Str* name, std::span<const Value> written_bases,
                          Dict* keywords) {
  std::vector<Value> bases;
  for (const Value& written : written_bases) {
    const Value base = Resolve(written);
    if (base.Is(Form::kClass) || base.Is(Form::kUnknown)) {
      bases.push_back(base);
      continue;
    }
    Value entries;
    if (!FindAttribute(base, names.mro_entries, &entries)) {
      Raise("TypeError", "a base of class " + std::string(name->view()) + " is not a class");
    }
    const Value replaced = Call(entries, {Obj(NewTuple(written_bases))});
    for (const Value& item : Items(replaced)) bases.push_back(item);
  }
  Class* meta = type_class;
  Value meta_value;
  if (Value* given = Get(*keywords, "metaclass")) {
    meta_value = *given;
    Erase(keywords, Obj(Intern("metaclass")));
    if (meta_value.Is(Form::kClass)) meta = meta_value.As<Class>();
  }
  for (const Value& base : bases) {
    if (base.Is(Form::kClass) && IsSubclass(base.object->type, meta)) meta = base.object->type;
  }
  Dict* space = nullptr;
  Value prepared;
  if (Value* prepare = LookUp(meta, names.prepare)) {
    const Value bound = BindAttribute(*prepare, Value(), meta);
    std::vector<Value> arguments = {Obj(name), Obj(NewTuple(bases))};
    prepared = Call(bound, Arguments{arguments.data(), 2, {}});
    if (prepared.Is(Form::kDict)) space = prepared.As<Dict>();
  }
  if (space == nullptr) space = NewDict();
  Function* function = body.As<Function>();
  Set_(space, names.module, Obj(NewStr("")));
  if (Value* module = Get(*function->globals, "__name__")) Set_(space, names.module, *module);
  Set_(space, names.qualname, Obj(function->qualified_name));
  Frame frame;
  EnterFunction(&frame, function);
  frame.names = space;
  const size_t mark = stack_used_;
  frame.slots = PushFrameMemory(size_t{frame.code->slots} + frame.code->stack);
  frame.stack = frame.slots + frame.code->slots;
  frame.top = frame.stack;
  for (uint32_t i = 0; i < frame.code->slots; ++i) frame.slots[i] = Value();
  for (size_t i = 0; i < frame.code->frees.size(); ++i) {
    frame.slots[frame.code->first_free + i] = Obj(function->closure[i]);
  }
  struct Release {
    size_t* used;
    size_t mark;
    ~Release() { *used = mark; }
  } release{&stack_used_, mark};
  Run(&frame);
  if (frame.slots[0].Is(Form::kCell)) Set_(space, "__classcell__", frame.slots[0]);
  std::vector<Value> arguments = {Obj(name), Obj(NewTuple(bases)), Obj(space)};
  std::vector<Str*> keyword_names;
  for (const Dict::Entry& e : keywords->entries) {
    if (e.key.null()) continue;
    keyword_names.push_back(e.key.As<Str>());
    arguments.push_back(e.value);
  }
  if (meta == type_class) {
    return MakeClass(meta, name, arguments[1].As<Tuple>(), space,
                     Arguments{arguments.data() + 3, 0, keyword_names});
  }
  return Call(Obj(meta), Arguments{arguments.data(), 3, keyword_names});
}

Dict* Machine::AnnotationsOf(Class* cls, bool evaluated) {
  if (cls->annotate == nullptr) return NewDict();
  Str* key = Intern(evaluated ? "__annotations_evaluated__" : "__annotations__");
  if (Dict::Entry* entry = Find(*cls->dict, key); entry != nullptr && entry->value.Is(Form::kDict)) {
    return entry->value.As<Dict>();
  }
  Dict* result = nullptr;
  Function* function = cls->annotate;
  if (!evaluated && function->code->file->future_annotations) {
    // The texts.
    result = NewDict();
    const Node* body = function->code->node->Child(python::Field::kBody);
    const std::string_view source = function->code->file->source->text();
    for (const Node* child : body->children) {
      if (child->kind != python::Kind::kAnnotatedAssignment) continue;
      const Node* left = child->Child(python::Field::kLeft);
      const Node* type = child->Child(python::Field::kType);
      if (left->kind != python::Kind::kIdentifier) continue;
      Set_(result, source.substr(left->begin, left->end - left->begin),
           String(source.substr(type->begin, type->end - type->begin)));
    }
  } else {
    Frame frame;
    EnterFunction(&frame, function);
    frame.names = cls->dict;
    const size_t mark = stack_used_;
    frame.slots = PushFrameMemory(size_t{frame.code->slots} + frame.code->stack);
    frame.stack = frame.slots + frame.code->slots;
    frame.top = frame.stack;
    for (uint32_t i = 0; i < frame.code->slots; ++i) frame.slots[i] = Value();
    for (size_t i = 0; i < frame.code->frees.size(); ++i) {
      frame.slots[frame.code->first_free + i] = Obj(function->closure[i]);
    }
    struct Release {
      size_t* used;
      size_t mark;
      ~Release() { *used = mark; }
    } release{&stack_used_, mark};
    result = Run(&frame).As<Dict>();
  }
  Set_(cls->dict, key, Obj(result));
  ForgetLookups();
  return result;
}

// --- attributes -----------------------------------------------------------------------------------

Value Machine::BindAttribute(const Value& attribute, const Value& self, Class* type) {
  if (!attribute.is_object()) return attribute;
  switch (attribute.object->form) {
    case Form::kFunction:
      return self.null() ? attribute : Bind(self, attribute);
    case Form::kNative:
      return self.null() || !attribute.As<Native>()->method ? attribute : Bind(self, attribute);
    case Form::kStaticMethod:
      return attribute.As<Wrapped>()->function;
    case Form::kClassMethod: {
      const Value function = attribute.As<Wrapped>()->function;
      if (function.Is(Form::kFunction) || function.Is(Form::kNative)) return Bind(Obj(type), function);
      return BindAttribute(function, Obj(type), type);
    }
    case Form::kAccessor:
      if (self.null()) return attribute;
      return attribute.As<Accessor>()->get(*this, self);
    case Form::kProperty:
      if (attribute.object->type != property_class) break;
      if (self.null()) return attribute;
      if (attribute.As<Property>()->get.none()) Raise("AttributeError", "unreadable attribute");
      return Call(attribute.As<Property>()->get, {self});
    case Form::kLazy:
      return Resolve(attribute);
    case Form::kInstance:
    case Form::kForeign:
      break;
    default:
      return attribute;
  }
  if (Value* get = LookUp(attribute.object->type, names.get)) {
    return Call(*get, {attribute, self.null() ? None() : self, Obj(type)});
  }
  return attribute;
}

namespace {

bool IsDataDescriptor(Machine& m, const Value& attribute) {
  if (!attribute.is_object()) return false;
  switch (attribute.object->form) {
    case Form::kProperty:
    case Form::kAccessor:
      return true;
    case Form::kInstance:
      return m.LookUp(attribute.object->type, m.names.set) != nullptr;
    default:
      return false;
  }
}

}  // namespace

bool Machine::GenericFind(const Value& object, Str* name, Value* out) {
  Class* cls = ClassOf(object);
  Value* attribute = LookUp(cls, name);
  if (attribute != nullptr && IsDataDescriptor(*this, *attribute)) {
    *out = BindAttribute(*attribute, object, cls);
    return true;
  }
  if (object.is_object()) {
    if (object.object->form == Form::kClass) {
      Class* self = object.As<Class>();
      if (Value* own = LookUp(self, name)) {
        *out = Resolve(BindAttribute(*own, Value(), self));
        return true;
      }
    } else if (object.object->form == Form::kModule) {
      if (FindInModule(object.As<Module>(), name, out)) return true;
    } else if (object.object->attributes != nullptr) {
      if (Dict::Entry* entry = Find(*object.object->attributes, name)) {
        *out = Resolve(entry->value);
        return true;
      }
    }
  }
  if (attribute == nullptr) return false;
  *out = BindAttribute(*attribute, object, cls);
  return true;
}

bool Machine::FindAttribute(const Value& object, Str* name, Value* out) {
  Class* cls = ClassOf(object);
  if (object.is_object()) {
    switch (object.object->form) {
      case Form::kUnknown:
        *out = object;
        return true;
      case Form::kLazy:
        return FindAttribute(Resolve(object), name, out);
      case Form::kSuper: {
        Super* super = object.As<Super>();
        bool behind = false;
        if (name == names.class_) break;
        for (Class* c : super->self_type->mro) {
          if (behind) {
            if (Dict::Entry* entry = Find(*c->dict, name)) {
              const bool of_class = super->self.Is(Form::kClass) && super->self.As<Class>() == super->self_type;
              *out = BindAttribute(entry->value, of_class ? Value() : super->self, super->self_type);
              if (of_class && entry->value.Is(Form::kClassMethod)) {
                *out = BindAttribute(entry->value, super->self, super->self_type);
              }
              return true;
            }
          }
          behind |= c == super->after;
        }
        if (super->self_type->open) {
          *out = NewUnknown("an attribute of a class that is not read");
          return true;
        }
        return false;
      }
      default:
        break;
    }
  }
  try {
    if (cls->has_getattribute) {
      Value* hook = LookUp(cls, names.getattribute);
      *out = Call(*hook, {object, Obj(name)});
      return true;
    }
    if (GenericFind(object, name, out)) return true;
  } catch (const Raised& raised) {
    if (!IsException(raised.exception, "AttributeError")) throw;
    if (!cls->has_getattr) return false;
  }
  if (cls->has_getattr) {
    try {
      Value* hook = LookUp(cls, names.getattr);
      if (hook->Is(Form::kNative)) {
        const Value arguments[] = {object, Obj(name)};
        *out = hook->As<Native>()->code(*this, Arguments{arguments, 2, {}});
        if (!out->null()) return true;
        if (!cls->open) return false;
      } else {
        *out = Call(*hook, {object, Obj(name)});
        return true;
      }
    } catch (const Raised& raised) {
      if (!IsException(raised.exception, "AttributeError")) throw;
      return false;
    }
  }
  if (object.Is(Form::kClass) ? object.As<Class>()->open : cls->open) {
    const std::string_view text = name->view();
    if (text.starts_with("__") && text.ends_with("__")) return false;
    *out = NewUnknown("an attribute of a class that is not read: " + std::string(text));
    return true;
  }
  return false;
}

Value Machine::GetAttribute(const Value& object, Str* name) {
  Value out;
  if (FindAttribute(object, name, &out)) return out;
  if (object.Is(Form::kModule)) {
    Raise("AttributeError", "module '" + std::string(object.As<Module>()->name->view()) +
                                "' has no attribute '" + std::string(name->view()) + "'");
  }
  if (object.Is(Form::kClass)) {
    Raise("AttributeError", "type object '" + std::string(object.As<Class>()->name->view()) +
                                "' has no attribute '" + std::string(name->view()) + "'");
  }
  if (object.Is(Form::kSuper)) {
    Raise("AttributeError",
          "'super' object has no attribute '" + std::string(name->view()) + "'");
  }
  Raise("AttributeError", "'" + std::string(TypeNameOf(*this, object)) +
                              "' object has no attribute '" + std::string(name->view()) + "'");
}

void Machine::SetAttribute(const Value& object, Str* name, const Value& value) {
  Class* cls = ClassOf(object);
  if (object.Is(Form::kUnknown)) return;
  if (cls->has_setattr) {
    Value* hook = LookUp(cls, names.setattr);
    Call(*hook, {object, Obj(name), value});
    return;
  }
  GenericSet(object, name, value);
}

void Machine::GenericSet(const Value& object, Str* name, const Value& value) {
  Class* cls = ClassOf(object);
  if (Value* attribute = LookUp(cls, name); attribute != nullptr && attribute->is_object()) {
    switch (attribute->object->form) {
      case Form::kProperty: {
        const Property* property = attribute->As<Property>();
        if (property->set.none() || property->set.null()) {
          Raise("AttributeError", "property '" + std::string(name->view()) + "' of '" +
                                      std::string(cls->name->view()) + "' object has no setter");
        }
        Call(property->set, {object, value});
        return;
      }
      case Form::kAccessor: {
        const Accessor* accessor = attribute->As<Accessor>();
        if (accessor->set == nullptr) {
          Raise("AttributeError", "attribute '" + std::string(name->view()) + "' is not writable");
        }
        accessor->set(*this, object, value);
        return;
      }
      case Form::kInstance:
        if (Value* set = LookUp(attribute->object->type, names.set)) {
          Call(*set, {*attribute, object, value});
          return;
        }
        break;
      default:
        break;
    }
  }
  if (!object.is_object()) {
    Raise("AttributeError", "'" + std::string(cls->name->view()) + "' object has no attribute '" +
                                std::string(name->view()) + "'");
  }
  if (object.object->form == Form::kClass) {
    Class* self = object.As<Class>();
    Set_(self->dict, name, value);
    NoteHook(*this, self, name);
    if (name == names.name && value.Is(Form::kStr)) self->name = value.As<Str>();
    ForgetLookups();
    return;
  }
  if (object.object->form == Form::kModule) {
    Set_(object.As<Module>()->dict, name, value);
    return;
  }
  if (object.object->attributes == nullptr) object.object->attributes = NewDict();
  Set_(object.object->attributes, name, value);
}

void Machine::DeleteAttribute(const Value& object, Str* name) {
  Class* cls = ClassOf(object);
  if (cls->has_delattr) {
    Call(*LookUp(cls, names.delattr), {object, Obj(name)});
    return;
  }
  GenericDelete(object, name);
}

void Machine::GenericDelete(const Value& object, Str* name) {
  Class* cls = ClassOf(object);
  if (Value* attribute = LookUp(cls, name); attribute != nullptr && attribute->Is(Form::kProperty)) {
    const Property* property = attribute->As<Property>();
    if (property->remove.none() || property->remove.null()) {
      Raise("AttributeError", "property has no deleter");
    }
    Call(property->remove, {object});
    return;
  }
  Dict* dict = nullptr;
  if (object.Is(Form::kClass)) {
    dict = object.As<Class>()->dict;
    ForgetLookups();
  } else if (object.Is(Form::kModule)) {
    dict = object.As<Module>()->dict;
  } else if (object.is_object()) {
    dict = object.object->attributes;
  }
  if (dict == nullptr || !Erase(dict, Obj(name))) {
    Raise("AttributeError", "'" + std::string(cls->name->view()) + "' object has no attribute '" +
                                std::string(name->view()) + "'");
  }
}

bool Machine::Special(const Value& value, Str* name, Value* out) {
  Class* cls = ClassOf(value);
  Value* attribute = LookUp(cls, name);
  if (attribute == nullptr || attribute->none()) return false;
  *out = BindAttribute(*attribute, value, cls);
  return true;
}

// --- isinstance -----------------------------------------------------------------------------------

Value Machine::IsInstanceOf(const Value& value, const Value& raw) {
  const Value classes = Resolve(raw);
  if (classes.Is(Form::kTuple)) {
    Value unknown;
    for (const Value& one : classes.As<Tuple>()->items()) {
      const Value result = IsInstanceOf(value, one);
      if (result.is_bool() && result.integer != 0) return result;
      if (!result.is_bool()) unknown = result;
    }
    return unknown.null() ? Bool(false) : unknown;
  }
  if (classes.none()) return Bool(value.none());
  // Nothing that is known is an instance of a class that is not read.
  if (classes.Is(Form::kUnknown)) return value.Is(Form::kUnknown) ? value : Bool(false);
  if (value.Is(Form::kUnknown)) return value;
  if (classes.Is(Form::kClass)) {
    if (classes.object->type != type_class) {
      if (Value* hook = LookUp(classes.object->type, names.instancecheck)) {
        return TruthValue(Call(*hook, {classes, value}));
      }
    }
    if (IsInstance(value, classes.As<Class>())) return Bool(true);
    // A proxy may say that it is of another class.
    return Bool(false);
  }
  if (IsInstance(classes, union_class)) return IsInstanceOf(value, GetAttribute(classes, "__args__"));
  if (IsInstance(classes, alias_class)) return IsInstanceOf(value, GetAttribute(classes, "__origin__"));
  Value hook;
  if (Special(classes, names.instancecheck, &hook)) return TruthValue(Call(hook, {value}));
  Raise("TypeError", "isinstance() arg 2 must be a type, a tuple of types, or a union");
}

Value Machine::IsSubclassOf(const Value& cls, const Value& raw) {
  const Value classes = Resolve(raw);
  if (cls.Is(Form::kUnknown)) return cls;
  if (classes.Is(Form::kTuple)) {
    for (const Value& one : classes.As<Tuple>()->items()) {
      const Value result = IsSubclassOf(cls, one);
      if (!result.is_bool() || result.integer != 0) return result;
    }
    return Bool(false);
  }
  if (classes.Is(Form::kUnknown)) return Bool(false);
  if (!cls.Is(Form::kClass)) Raise("TypeError", "issubclass() arg 1 must be a class");
  if (!classes.Is(Form::kClass)) {
    if (IsInstance(classes, union_class)) return IsSubclassOf(cls, GetAttribute(classes, "__args__"));
    Raise("TypeError", "issubclass() arg 2 must be a class, a tuple of classes, or a union");
  }
  if (classes.object->type != type_class) {
    if (Value* hook = LookUp(classes.object->type, names.subclasscheck)) {
      return TruthValue(Call(*hook, {classes, cls}));
    }
  }
  return Bool(IsSubclass(cls.As<Class>(), classes.As<Class>()));
}

}  // namespace wcheck::machine
