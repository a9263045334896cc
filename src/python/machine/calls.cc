// Calls: how arguments meet parameters, and how objects come to be.
#include <algorithm>
#include <cstring>

#include "python/machine/compiler.h"
#include "python/machine/machine.h"

namespace wcheck::machine {
namespace {

constexpr size_t kStackLimit = (size_t{1} << 20) - 4096;

// A list of arguments with one more in front.
class Prepended {
 public:
  Prepended(const Value& first, const Arguments& arguments) {
    const size_t total = arguments.total();
    if (total < std::size(small_)) {
      values_ = small_;
    } else {
      large_.resize(total + 1);
      values_ = large_.data();
    }
    values_[0] = first;
    std::copy(arguments.values, arguments.values + total, values_ + 1);
    arguments_ = {values_, arguments.count + 1, arguments.keywords};
  }
  const Arguments& get() const { return arguments_; }

 private:
  Value small_[12];
  std::vector<Value> large_;
  Value* values_;
  Arguments arguments_;
};

class Deeper {
 public:
  Deeper(int* depth, int most) : depth_(depth) {
    if (*depth_ >= most) throw LimitReached{"call depth"};
    ++*depth_;
  }
  ~Deeper() { --*depth_; }

 private:
  int* depth_;
};

}  // namespace

Value* Machine::PushFrameMemory(size_t count) {
  if (stack_used_ + count > kStackLimit) throw LimitReached{"stack"};
  Value* memory = stack_ + stack_used_;
  stack_used_ += count;
  return memory;
}

void Machine::EnterFunction(Frame* frame, Function* function) {
  if (!function->code->compiled) Compile(*this, function->code);
  frame->code = function->code;
  frame->function = function;
  frame->globals = function->globals;
  frame->module = function->module;
  frame->next = function->code->instructions.data();
}

Value Machine::Call(const Value& callee, const Arguments& arguments) {
  if (callee.is_object()) {
    switch (callee.object->form) {
      case Form::kFunction:
        return CallFunction(callee.As<Function>(), arguments);
      case Form::kNative: {
        Native* function = callee.As<Native>();
        const Native* outer = native;
        native = function;
        Deeper deeper(&native_depth_, max_depth_ * 8);
        const Value result = function->code(*this, arguments);
        native = outer;
        if (result.null()) Raise("AttributeError", "no such attribute");
        return result;
      }
      case Form::kMethod: {
        const Method* method = callee.As<Method>();
        Prepended all(method->self, arguments);
        return Call(method->function, all.get());
      }
      case Form::kClass:
        return CallClass(callee.As<Class>(), arguments);
      case Form::kStaticMethod:
        return Call(callee.As<Wrapped>()->function, arguments);
      case Form::kUnknown:
        return CallUnknown(callee, arguments);
      case Form::kLazy:
        return Call(Resolve(callee), arguments);
      default:
        break;
    }
    Value special;
    if (Special(callee, names.call, &special)) return Call(special, arguments);
    if (callee.object->type->open) return CallUnknown(NewUnknown("a call of a class that is not read"), arguments);
  }
  Raise("TypeError", "'" + std::string(TypeNameOf(*this, callee)) + "' object is not callable");
}

Value Machine::CallMethod(const Value& object, std::string_view name,
                          std::initializer_list<Value> arguments) {
  return Call(GetAttribute(object, name), arguments);
}

Value Machine::CallUnknown(const Value& callee, const Arguments& arguments) {
  if (on_unknown_call) {
    for (size_t i = 0; i < arguments.total(); ++i) {
      const Value& v = arguments.values[i];
      if (v.Is(Form::kForeign) || v.Is(Form::kInstance) || v.Is(Form::kList) || v.Is(Form::kDict)) {
        on_unknown_call(*this, callee.As<Unknown>());
        break;
      }
    }
  }
  return callee;
}

Value Machine::CallExtended(const Value& callee, std::span<const Value> positional,
                            const Dict* keywords) {
  std::vector<Value> values(positional.begin(), positional.end());
  std::vector<Str*> keyword_names;
  if (keywords != nullptr) {
    for (const Dict::Entry& e : keywords->entries) {
      if (e.key.null()) continue;
      if (!e.key.Is(Form::kStr)) Raise("TypeError", "keywords must be strings");
      keyword_names.push_back(Intern(e.key.As<Str>()));
      values.push_back(e.value);
    }
  }
  return Call(callee, Arguments{values.data(), static_cast<uint32_t>(positional.size()), keyword_names});
}

Value Machine::CallFunction(Function* function, const Arguments& arguments) {
  Step();
  Deeper deeper(&depth_, max_depth_);
  Frame frame;
  EnterFunction(&frame, function);
  const Code& code = *frame.code;
  const size_t count = size_t{code.slots} + code.stack;
  const bool kept = code.generator || code.coroutine;
  const size_t mark = stack_used_;
  frame.slots = kept ? arena_.Array<Value>(count) : PushFrameMemory(count);
  struct Release {
    size_t* used;
    size_t mark;
    ~Release() { *used = mark; }
  } release{&stack_used_, mark};
  for (uint32_t i = 0; i < code.slots; ++i) frame.slots[i] = Value();
  frame.stack = frame.slots + code.slots;
  frame.top = frame.stack;
  BindParameters(function, arguments, frame.slots);
  for (size_t i = 0; i < code.frees.size(); ++i) {
    frame.slots[code.first_free + i] = Obj(function->closure[i]);
  }
  if (code.coroutine) return NewUnknown("a coroutine");
  if (code.generator) {
    Generator* generator = New<Generator>(generator_class, Form::kGenerator);
    generator->frame = arena_.New<Frame>(frame);
    return Obj(generator);
  }
  return Run(&frame);
}

bool Machine::BindParameters(Function* function, const Arguments& arguments, Value* slots) {
  const Code& code = *function->code;
  const size_t positional = code.positional;
  const size_t named = positional + code.keyword_only;
  // Slots are in the order of writing: positional, *args, keyword-only, **kwargs.
  const size_t star_slot = positional;
  const size_t keyword_first = positional + (code.star ? 1 : 0);
  const size_t double_star_slot = keyword_first + code.keyword_only;
  auto slot_of = [&](size_t i) { return i < positional ? i : keyword_first + (i - positional); };
  auto fail = [&](std::string what) {
    Raise("TypeError", std::string(function->qualified_name->view()) + "() " + what);
  };
  const size_t given = std::min<size_t>(arguments.count, positional);
  for (size_t i = 0; i < given; ++i) slots[i] = arguments.values[i];
  if (arguments.count > positional) {
    if (!code.star) {
      fail("takes " + std::to_string(positional) + " positional arguments but " +
           std::to_string(arguments.count) + " were given");
    }
  }
  if (code.star) {
    const size_t more = arguments.count > positional ? arguments.count - positional : 0;
    slots[star_slot] = Obj(NewTuple(std::span(arguments.values + given, more)));
  }
  Dict* rest = nullptr;
  if (code.double_star) {
    rest = NewDict();
    slots[double_star_slot] = Obj(rest);
  }
  for (size_t k = 0; k < arguments.keywords.size(); ++k) {
    Str* name = arguments.keywords[k];
    size_t i = code.positional_only;
    while (i < named && code.slot_names[slot_of(i)] != name) ++i;
    const Value& value = arguments.values[arguments.count + k];
    if (i < named) {
      if (!slots[slot_of(i)].null()) {
        fail("got multiple values for argument '" + std::string(name->view()) + "'");
      }
      slots[slot_of(i)] = value;
    } else if (rest != nullptr) {
      Set_(rest, name, value);
    } else {
      fail("got an unexpected keyword argument '" + std::string(name->view()) + "'");
    }
  }
  const size_t defaults = function->defaults == nullptr ? 0 : function->defaults->size;
  for (size_t i = 0; i < positional; ++i) {
    if (!slots[i].null()) continue;
    if (i + defaults < positional) {
      fail("missing 1 required positional argument: '" +
           std::string(code.slot_names[i]->view()) + "'");
    }
    slots[i] = function->defaults->data[i + defaults - positional];
  }
  for (size_t i = positional; i < named; ++i) {
    Value& slot = slots[slot_of(i)];
    if (!slot.null()) continue;
    Dict::Entry* entry = function->keyword_defaults == nullptr
                             ? nullptr
                             : Find(*function->keyword_defaults, code.slot_names[slot_of(i)]);
    if (entry == nullptr) {
      fail("missing 1 required keyword-only argument: '" +
           std::string(code.slot_names[slot_of(i)]->view()) + "'");
    }
    slot = entry->value;
  }
  return true;
}

Value Machine::NewObject(Class* cls) {
  Object* object = nullptr;
  switch (cls->instance_form) {
    case Form::kDict: {
      Dict* dict = New<Dict>(cls, Form::kDict);
      object = dict;
      break;
    }
    case Form::kList:
      object = New<List>(cls, Form::kList);
      break;
    case Form::kSet: {
      Set* set = New<Set>(cls, Form::kSet);
      set->frozen = IsSubclass(cls, frozenset_class);
      object = set;
      break;
    }
    case Form::kTuple:
      object = New<Tuple>(cls, Form::kTuple);
      break;
    case Form::kStr:
      object = New<Str>(cls, Form::kStr);
      break;
    case Form::kInt:
      object = New<BoxedInt>(cls, Form::kInt);
      break;
    case Form::kFloat:
      object = New<BoxedFloat>(cls, Form::kFloat);
      break;
    case Form::kProperty: {
      Property* property = New<Property>(cls, Form::kProperty);
      property->get = property->set = property->remove = property->doc = None();
      object = property;
      break;
    }
    case Form::kInstance:
      object = New<Object>(cls, Form::kInstance);
      break;
    default:
      Raise("TypeError", "cannot create '" + std::string(cls->name->view()) + "' instances");
  }
  return Obj(object);
}

Value Machine::CallClass(Class* cls, const Arguments& arguments) {
  if (cls->type != type_class) {
    if (Value* call = LookUp(cls->type, names.call); call != nullptr) {
      Prepended all(Obj(cls), arguments);
      return Call(*call, all.get());
    }
  }
  return Construct(cls, arguments);
}

Value Machine::Construct(Class* cls, const Arguments& arguments) {
  if (cls == type_class && arguments.count == 1 && arguments.keywords.empty()) {
    return Obj(ClassOf(arguments[0]));
  }
  Value* maker = LookUp(cls, names.new_);
  Value made;
  if (maker == nullptr) {
    made = NewObject(cls);
  } else {
    const Value function = maker->Is(Form::kStaticMethod) ? maker->As<Wrapped>()->function : *maker;
    Prepended all(Obj(cls), arguments);
    made = Call(function, all.get());
  }
  if (!IsInstance(made, cls)) return made;
  Class* type = ClassOf(made);
  Value* init = LookUp(type, names.init);
  if (init == nullptr) return made;
  if (partial_class == nullptr || !IsSubclass(type, partial_class)) {
    Prepended all(made, arguments);
    Call(init->Is(Form::kFunction) || init->Is(Form::kNative) ? *init : BindAttribute(*init, made, type),
         all.get());
    return made;
  }
  if (on_construct) on_construct(*this, made);
  const uint64_t state = save_state ? save_state() : 0;
  Frame* const frame = frame_;
  const size_t used = stack_used_;
  const int depth = depth_;
  const int native_depth = native_depth_;
  const Native* const outer = native;
  try {
    Prepended all(made, arguments);
    Call(*init, all.get());
  } catch (const Open& open) {
    frame_ = frame;
    stack_used_ = used;
    depth_ = depth;
    native_depth_ = native_depth;
    native = outer;
    if (restore_state) restore_state(state);
    on_partial(*this, made, open.unknown);
  }
  return made;
}

Value Machine::Resume(Generator* generator, const Value& sent, const Value* thrown) {
  if (generator->done) {
    if (thrown != nullptr) throw Raised{*thrown};
    generator_result_ = None();
    return Value();
  }
  if (generator->running) Raise("ValueError", "generator already executing");
  Step();
  Deeper deeper(&depth_, max_depth_);
  Frame* frame = generator->frame;
  const bool started = frame->next != frame->code->instructions.data();
  if (thrown == nullptr && started) *frame->top++ = sent.null() ? None() : sent;
  generator->running = true;
  Value result;
  try {
    result = Run(frame, thrown);
  } catch (...) {
    generator->running = false;
    generator->done = true;
    throw;
  }
  generator->running = false;
  if (yielded_) {
    yielded_ = false;
    return result;
  }
  generator->done = true;
  generator_result_ = result;
  return Value();
}

}  // namespace wcheck::machine
