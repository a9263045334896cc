// The loop that runs instructions.
#include <cstring>

#include "python/machine/compiler.h"
#include "python/machine/machine.h"

namespace wcheck::machine {

Value Machine::Run(Frame* frame, const Value* thrown) {
  struct Entered {
    Machine* m;
    Frame** slot;
    Frame* outer;
    const Native* native;
    ~Entered() { *slot = outer; }
  } entered{this, &frame_, frame_, native};
  frame->back = frame_;
  frame_ = frame;
  const size_t used = stack_used_;
  const int depth = depth_;
  const int native_depth = native_depth_;
  Value pending;
  if (thrown != nullptr) pending = *thrown;
  for (;;) {
    if (pending.null()) {
      try {
        return RunLoop(frame);
      } catch (const Raised& raised) {
        pending = raised.exception;
      }
    }
    frame_ = frame;
    stack_used_ = used;
    depth_ = depth;
    native_depth_ = native_depth;
    native = entered.native;
    const Code& code = *frame->code;
    const uint32_t at = static_cast<uint32_t>(frame->next - code.instructions.data());
    const uint32_t pc = at == 0 ? 0 : at - 1;
    if (trace_.size() < 40 && code.nodes[pc] != nullptr) {
      trace_.push_back({code.file->source.get(), code.nodes[pc]->begin, code.nodes[pc]->end});
    }
    const Code::Handler* found = nullptr;
    for (const Code::Handler& handler : code.handlers) {
      if (handler.begin <= pc && pc < handler.end) {
        found = &handler;
        break;
      }
    }
    if (found == nullptr) throw Raised{pending};
    frame->slots[found->slot] = pending;
    frame->top = frame->stack;
    frame->next = code.instructions.data() + found->target;
    pending = Value();
  }
}

Value Machine::RunLoop(Frame* frame) {
  const Code& code = *frame->code;
  const Instruction* pc = frame->next;
  const Instruction* const start = code.instructions.data();
  Value* sp = frame->top;
  Value* const slots = frame->slots;
  auto name = [&](uint32_t i) { return code.names[i]; };
  for (;;) {
    const Instruction in = *pc++;
    frame->next = pc;
    switch (in.op) {
      case Op::kConst:
        *sp++ = code.constants[in.a];
        break;
      case Op::kPop:
        --sp;
        break;
      case Op::kDup:
        sp[0] = sp[-1];
        ++sp;
        break;
      case Op::kDup2:
        sp[0] = sp[-2];
        sp[1] = sp[-1];
        sp += 2;
        break;
      case Op::kRotate2:
        std::swap(sp[-1], sp[-2]);
        break;
      case Op::kRotate3: {
        const Value top = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = sp[-3];
        sp[-3] = top;
        break;
      }
      case Op::kLoadFast: {
        const Value& v = slots[in.a];
        if (v.null()) {
          Raise("UnboundLocalError", "cannot access local variable '" +
                                         std::string(code.slot_names[in.a]->view()) + "'");
        }
        *sp++ = v;
        break;
      }
      case Op::kStoreFast:
        slots[in.a] = *--sp;
        break;
      case Op::kDeleteFast:
        slots[in.a] = Value();
        break;
      case Op::kLoadCell: {
        const Value& v = slots[in.a].As<Cell>()->value;
        if (v.null()) {
          Raise("NameError", "cannot access free variable '" +
                                 std::string(code.slot_names[in.a]->view()) + "'");
        }
        *sp++ = v;
        break;
      }
      case Op::kStoreCell:
        slots[in.a].As<Cell>()->value = *--sp;
        break;
      case Op::kDeleteCell:
        slots[in.a].As<Cell>()->value = Value();
        break;
      case Op::kLoadClosure:
        *sp++ = slots[in.a];
        break;
      case Op::kMakeCell: {
        Cell* cell = New<Cell>(cell_class, Form::kCell);
        cell->value = slots[in.a];
        slots[in.a] = Obj(cell);
        break;
      }
      case Op::kLoadName: {
        if (Dict::Entry* entry = Find(*frame->names, name(in.a))) {
          *sp++ = Resolve(entry->value);
          break;
        }
        [[fallthrough]];
      }
      case Op::kLoadGlobal: {
        Str* n = name(in.a);
        if (Dict::Entry* entry = Find(*frame->globals, n)) {
          if (entry->value.Is(Form::kLazy)) {
            // Resolving may change the dict.
            const Value value = Resolve(entry->value);
            if (Dict::Entry* again = Find(*frame->globals, n)) again->value = value;
            *sp++ = value;
          } else {
            *sp++ = entry->value;
          }
          break;
        }
        if (Dict::Entry* entry = Find(*builtins, n)) {
          *sp++ = entry->value;
          break;
        }
        Module* module = static_cast<Module*>(frame->module);
        Value found;
        if (module != nullptr && !module->stars.empty() && FindInModule(module, n, &found)) {
          *sp++ = found;
          break;
        }
        Raise("NameError", "name '" + std::string(n->view()) + "' is not defined");
      }
      case Op::kStoreGlobal:
        Set_(frame->globals, name(in.a), *--sp);
        break;
      case Op::kDeleteGlobal:
        Erase(frame->globals, Obj(name(in.a)));
        break;
      case Op::kStoreName: {
        const Value value = *--sp;
        if (frame->names->type == dict_class) {
          Set_(frame->names, name(in.a), value);
        } else {
          SetIndex(Obj(frame->names), Obj(name(in.a)), value);
        }
        break;
      }
      case Op::kDeleteName:
        Erase(frame->names, Obj(name(in.a)));
        break;
      case Op::kLoadClassCell: {
        if (Dict::Entry* entry = Find(*frame->names, name(in.b))) {
          *sp++ = Resolve(entry->value);
        } else {
          *sp++ = slots[in.a].As<Cell>()->value;
        }
        break;
      }
      case Op::kLoadAttribute:
        sp[-1] = GetAttribute(sp[-1], name(in.a));
        break;
      case Op::kStoreAttribute:
        SetAttribute(sp[-1], name(in.a), sp[-2]);
        sp -= 2;
        break;
      case Op::kDeleteAttribute:
        DeleteAttribute(sp[-1], name(in.a));
        --sp;
        break;
      case Op::kLoadMethod: {
        const Value object = sp[-1];
        Str* n = name(in.a);
        Class* cls = ClassOf(object);
        const Form form = object.is_object() ? object.object->form : Form::kInt;
        if (!cls->has_getattribute && form != Form::kClass && form != Form::kModule &&
            form != Form::kSuper && form != Form::kUnknown && form != Form::kLazy) {
          Value* attribute = LookUp(cls, n);
          if (attribute != nullptr && attribute->is_object() &&
              (attribute->object->form == Form::kFunction ||
               (attribute->object->form == Form::kNative && attribute->As<Native>()->method)) &&
              (!object.is_object() || object.object->attributes == nullptr ||
               Find(*object.object->attributes, n) == nullptr)) {
            sp[-1] = *attribute;
            *sp++ = object;
            break;
          }
        }
        sp[-1] = GetAttribute(object, n);
        *sp++ = Value();
        break;
      }
      case Op::kCallMethod: {
        std::span<Str* const> keywords;
        std::vector<Str*> names_of;
        if (in.b != kNoKeywords) {
          for (const Value& k : code.constants[in.b].As<Tuple>()->items()) {
            names_of.push_back(k.As<Str>());
          }
          keywords = names_of;
        }
        Value* base = sp - in.a - keywords.size() - 2;
        frame->top = sp;
        Value result;
        if (base[1].null()) {
          result = Call(base[0], Arguments{base + 2, in.a, keywords});
        } else {
          result = Call(base[0], Arguments{base + 1, in.a + 1, keywords});
        }
        sp = base;
        *sp++ = result;
        break;
      }
      case Op::kCall: {
        std::span<Str* const> keywords;
        std::vector<Str*> names_of;
        if (in.b != kNoKeywords) {
          for (const Value& k : code.constants[in.b].As<Tuple>()->items()) {
            names_of.push_back(k.As<Str>());
          }
          keywords = names_of;
        }
        Value* base = sp - in.a - keywords.size() - 1;
        frame->top = sp;
        const Value result = Call(base[0], Arguments{base + 1, in.a, keywords});
        sp = base;
        *sp++ = result;
        break;
      }
      case Op::kCallExtended: {
        List* list = sp[-2].As<List>();
        frame->top = sp;
        const Value result = CallExtended(sp[-3], std::span(list->items.data, list->items.size),
                                          sp[-1].As<Dict>());
        sp -= 3;
        *sp++ = result;
        break;
      }
      case Op::kDecorate: {
        const Value decorator = sp[-2];
        if (!decorator.Is(Form::kUnknown)) {
          frame->top = sp;
          const Value result = Call(decorator, Arguments{sp - 1, 1, {}});
          if (!result.Is(Form::kUnknown)) sp[-1] = result;
        }
        sp[-2] = sp[-1];
        --sp;
        break;
      }
      case Op::kLoadIndex: {
        const Value result = GetIndex(sp[-2], sp[-1]);
        --sp;
        sp[-1] = result;
        break;
      }
      case Op::kStoreIndex:
        SetIndex(sp[-2], sp[-1], sp[-3]);
        sp -= 3;
        break;
      case Op::kDeleteIndex:
        DeleteIndex(sp[-2], sp[-1]);
        sp -= 2;
        break;
      case Op::kBinary:
      case Op::kInPlace: {
        const Value result = Binary(static_cast<python::Op>(in.a), sp[-2], sp[-1], in.op == Op::kInPlace);
        --sp;
        sp[-1] = result;
        break;
      }
      case Op::kUnary:
        sp[-1] = Unary(static_cast<python::Op>(in.a), sp[-1]);
        break;
      case Op::kCompare: {
        const Value result = Compare(static_cast<python::Op>(in.a), sp[-2], sp[-1]);
        --sp;
        sp[-1] = result;
        break;
      }
      case Op::kNot: {
        const Value truth = TruthValue(sp[-1]);
        sp[-1] = truth.is_bool() ? Bool(truth.integer == 0) : truth;
        break;
      }
      case Op::kBuildTuple: {
        Tuple* tuple = NewTuple(std::span(sp - in.a, in.a));
        sp -= in.a;
        *sp++ = Obj(tuple);
        break;
      }
      case Op::kBuildList: {
        List* list = NewList(std::span(sp - in.a, in.a));
        sp -= in.a;
        *sp++ = Obj(list);
        break;
      }
      case Op::kBuildSet: {
        Set* set = NewSet();
        for (uint32_t i = 0; i < in.a; ++i) Add(set, sp[static_cast<int64_t>(i) - in.a]);
        sp -= in.a;
        *sp++ = Obj(set);
        break;
      }
      case Op::kBuildDict: {
        Dict* dict = NewDict();
        Value* base = sp - 2 * in.a;
        for (uint32_t i = 0; i < in.a; ++i) Set_(dict, base[2 * i], base[2 * i + 1]);
        sp = base;
        *sp++ = Obj(dict);
        break;
      }
      case Op::kBuildSlice: {
        Slice* slice = New<Slice>(slice_class, Form::kSlice);
        slice->start = sp[-3];
        slice->stop = sp[-2];
        slice->step = sp[-1];
        sp -= 2;
        sp[-1] = Obj(slice);
        break;
      }
      case Op::kBuildString: {
        std::string text;
        Value unknown;
        for (uint32_t i = 0; i < in.a; ++i) {
          const Value& part = sp[static_cast<int64_t>(i) - in.a];
          if (part.Is(Form::kStr)) {
            text += part.As<Str>()->view();
          } else if (unknown.null()) {
            unknown = part;
          }
        }
        sp -= in.a;
        *sp++ = unknown.null() ? Obj(text.size() < 48 ? Intern(text) : NewStr(text)) : unknown;
        break;
      }
      case Op::kFormat: {
        if (in.b != 0) {
          const Value specification = *--sp;
          sp[-1] = Format(sp[-1], in.a, &specification);
        } else {
          sp[-1] = Format(sp[-1], in.a, nullptr);
        }
        break;
      }
      case Op::kAppendToSlot:
        slots[in.a].As<List>()->items.Push(arena_, *--sp);
        break;
      case Op::kAddToSlot:
        Add(slots[in.a].As<Set>(), *--sp);
        break;
      case Op::kSetInSlot:
        Set_(slots[in.a].As<Dict>(), sp[-2], sp[-1]);
        sp -= 2;
        break;
      case Op::kListAppend:
        sp[-2].As<List>()->items.Push(arena_, sp[-1]);
        --sp;
        break;
      case Op::kListExtend: {
        List* list = sp[-2].As<List>();
        for (const Value& item : Items(sp[-1])) list->items.Push(arena_, item);
        --sp;
        break;
      }
      case Op::kSetAdd:
        Add(sp[-2].As<Set>(), sp[-1]);
        --sp;
        break;
      case Op::kSetUpdate:
        for (const Value& item : Items(sp[-1])) Add(sp[-2].As<Set>(), item);
        --sp;
        break;
      case Op::kDictSet:
        Set_(sp[-3].As<Dict>(), sp[-2], sp[-1]);
        sp -= 2;
        break;
      case Op::kDictUpdate:
      case Op::kDictMerge: {
        const Value from = Resolve(sp[-1]);
        Dict* to = sp[-2].As<Dict>();
        if (from.Is(Form::kUnknown)) throw Open{from.As<Unknown>()};
        if (from.Is(Form::kDict) && LookUp(from.object->type, "keys")->Is(Form::kNative)) {
          CopyInto(to, *from.As<Dict>());
        } else {
          for (const Value& key : Items(CallMethod(from, "keys"))) Set_(to, key, GetIndex(from, key));
        }
        --sp;
        break;
      }
      case Op::kListToTuple: {
        List* list = sp[-1].As<List>();
        sp[-1] = Obj(NewTuple(std::span(list->items.data, list->items.size)));
        break;
      }
      case Op::kUnpack: {
        const Value value = *--sp;
        if (value.Is(Form::kTuple) && value.object->type == tuple_class) {
          const Tuple* tuple = value.As<Tuple>();
          if (tuple->size != in.a) {
            Raise("ValueError", "wrong number of values to unpack (expected " + std::to_string(in.a) + ")");
          }
          for (uint32_t i = 0; i < in.a; ++i) sp[in.a - 1 - i] = tuple->data[i];
          sp += in.a;
          break;
        }
        if (value.Is(Form::kUnknown)) {
          for (uint32_t i = 0; i < in.a; ++i) *sp++ = value;
          break;
        }
        const std::vector<Value> items = Items(value);
        if (items.size() != in.a) {
          Raise("ValueError", "wrong number of values to unpack (expected " + std::to_string(in.a) + ")");
        }
        for (uint32_t i = 0; i < in.a; ++i) sp[in.a - 1 - i] = items[i];
        sp += in.a;
        break;
      }
      case Op::kUnpackStarred: {
        const Value value = *--sp;
        const std::vector<Value> items = Items(value);
        if (items.size() < size_t{in.a} + in.b) Raise("ValueError", "not enough values to unpack");
        const size_t middle = items.size() - in.a - in.b;
        // The first target is on top.
        Value* at = sp + in.a + in.b;
        sp = at + 1;
        for (uint32_t i = 0; i < in.a; ++i) *at-- = items[i];
        *at-- = Obj(NewList(std::span(items.data() + in.a, middle)));
        for (uint32_t i = 0; i < in.b; ++i) *at-- = items[in.a + middle + i];
        break;
      }
      case Op::kJump: {
        // A round of a `for` is counted where it takes its item.
        const Instruction* to = start + in.a;
        if (to < pc && to->op != Op::kNext) Step();
        pc = to;
        break;
      }
      case Op::kJumpIfFalse:
        if (!Truth(*--sp)) pc = start + in.a;
        break;
      case Op::kJumpIfTrue:
        if (Truth(*--sp)) pc = start + in.a;
        break;
      case Op::kJumpIfFalseKeep:
        if (!Truth(sp[-1])) {
          pc = start + in.a;
        } else {
          --sp;
        }
        break;
      case Op::kJumpIfTrueKeep:
        if (Truth(sp[-1])) {
          pc = start + in.a;
        } else {
          --sp;
        }
        break;
      case Op::kGetIterator:
        sp[-1] = Iterate(sp[-1]);
        break;
      case Op::kNext: {
        const Value item = Next(slots[in.a]);
        if (item.null()) break;
        *sp++ = item;
        ++pc;
        break;
      }
      case Op::kMakeFunction: {
        Function* function = New<Function>(function_class, Form::kFunction);
        Code* made = code.codes[in.a];
        function->code = made;
        function->globals = frame->globals;
        function->module = frame->module;
        function->name = made->name;
        function->qualified_name = made->qualified_name;
        if (in.b & kHasClosure) {
          const Tuple* cells = (--sp)->As<Tuple>();
          function->closure = arena_.Array<Object*>(cells->size);
          for (uint32_t i = 0; i < cells->size; ++i) function->closure[i] = cells->data[i].object;
        }
        if (in.b & kHasKeywordDefaults) function->keyword_defaults = (--sp)->As<Dict>();
        if (in.b & kHasDefaults) function->defaults = (--sp)->As<Tuple>();
        *sp++ = Obj(function);
        break;
      }
      case Op::kBuildClass: {
        List* list = sp[-2].As<List>();
        Dict* keywords = sp[-1].As<Dict>();
        frame->top = sp;
        const Value result = BuildClass(list->items[0], list->items[1].As<Str>(),
                                        std::span(list->items.data + 2, list->items.size - 2), keywords);
        sp -= 2;
        *sp++ = result;
        break;
      }
      case Op::kReturn:
        return *--sp;
      case Op::kYield: {
        const Value value = *--sp;
        frame->top = sp;
        yielded_ = true;
        return value;
      }
      case Op::kYieldFrom: {
        const Value sent = *--sp;
        const Value iterator = slots[in.a];
        Value item;
        if (iterator.Is(Form::kGenerator)) {
          item = Resume(iterator.As<Generator>(), sent, nullptr);
        } else {
          generator_result_ = None();
          item = Next(iterator);
        }
        if (item.null()) {
          *sp++ = generator_result_.null() ? None() : generator_result_;
          break;
        }
        frame->next = pc - 1;
        frame->top = sp;
        yielded_ = true;
        return item;
      }
      case Op::kAwait:
        sp[-1] = NewUnknown("an awaited value");
        break;
      case Op::kRaise: {
        if (in.a == 0) Raise("RuntimeError", "No active exception to reraise");
        Value exception = Resolve(*--sp);
        if (exception.Is(Form::kClass)) exception = Call(exception);
        if (exception.Is(Form::kUnknown)) throw Open{exception.As<Unknown>()};
        RaiseObject(exception);
      }
      case Op::kReraise:
        throw Raised{slots[in.a]};
      case Op::kMatches: {
        const Value classes = *--sp;
        const Value result = IsInstanceOf(sp[-1], classes);
        sp[-1] = result.is_bool() ? result : Bool(false);
        break;
      }
      case Op::kEnter: {
        const Value manager = slots[in.a];
        if (manager.Is(Form::kUnknown)) {
          *sp++ = manager;
          break;
        }
        Value enter;
        if (!Special(manager, names.enter, &enter)) {
          if (ClassOf(manager)->open) {
            *sp++ = NewUnknown("a context manager that is not read");
            break;
          }
          Raise("TypeError", "'" + std::string(TypeNameOf(*this, manager)) +
                                 "' object does not support the context manager protocol");
        }
        *sp++ = Call(enter);
        break;
      }
      case Op::kExit: {
        const Value manager = slots[in.a];
        Value exit;
        if (!manager.Is(Form::kUnknown) && Special(manager, names.exit, &exit)) {
          Call(exit, {None(), None(), None()});
        }
        break;
      }
      case Op::kExitRaise: {
        const Value manager = slots[in.a];
        const Value exception = slots[in.b];
        Value exit;
        bool swallow = false;
        if (!manager.Is(Form::kUnknown) && Special(manager, names.exit, &exit)) {
          swallow = Truth(Call(exit, {Obj(ClassOf(exception)), exception, None()}));
        }
        *sp++ = Bool(swallow);
        break;
      }
      case Op::kImport: {
        Str* module = code.constants[in.a].As<Str>();
        Str* bound = module;
        if (in.b & kImportFirst) bound = Intern(module->view().substr(0, module->view().find('.')));
        if (FindModule(module) == nullptr) {
          Raise("ModuleNotFoundError", "No module named '" + std::string(module->view()) + "'");
        }
        if (in.b & kImportNow) Import(module);
        *sp++ = Obj(FindModule(bound));
        break;
      }
      case Op::kImportFrom: {
        Str* module = code.constants[in.a].As<Str>();
        Str* wanted = name(in.b);
        if (wanted->view() == "TYPE_CHECKING" && module->view() == "typing") {
          // The `__init__` of a package lists what its modules define for type checkers.
          *sp++ = Bool(code.file->package);
          break;
        }
        if (FindModule(module) == nullptr) {
          Raise("ModuleNotFoundError", "No module named '" + std::string(module->view()) + "'");
        }
        Lazy* lazy = New<Lazy>(unknown_class, Form::kLazy);
        lazy->module = module;
        lazy->name = wanted;
        *sp++ = Obj(lazy);
        break;
      }
      case Op::kResolve:
        sp[-1] = Resolve(sp[-1]);
        break;
      case Op::kImportStar: {
        Module* module = FindModule(code.constants[in.a].As<Str>());
        if (module == nullptr) {
          // What a package lists for type checkers is never run; some of it may be gone.
          if (code.file->package) break;
          Raise("ModuleNotFoundError",
                "No module named '" + std::string(code.constants[in.a].As<Str>()->view()) + "'");
        }
        static_cast<Module*>(frame->module)->stars.Push(arena_, module);
        break;
      }
      case Op::kAssertFailed: {
        const Value message = *--sp;
        RaiseObject(message.none() ? Call(Obj(ExceptionClass("AssertionError")))
                                   : Call(Obj(ExceptionClass("AssertionError")), {message}));
      }
      case Op::kUnknownValue:
        *sp++ = NewUnknown(code.constants[in.a].As<Str>()->view());
        break;
    }
  }
}

}  // namespace wcheck::machine
