// Modules: found, parsed, and evaluated when a name of one is used.
#include <set>

#include "python/machine/compiler.h"
#include "python/machine/machine.h"
#include "python/parser.h"

namespace wcheck::machine {
namespace {

// Packages that are there but not read: every name of theirs is unknown. All others that are not
// found are not installed.
bool IsInert(std::string_view root) {
  static const std::set<std::string_view> kRoots = {
      // Python's own.
      "abc", "argparse", "array", "ast", "asyncio", "atexit", "base64", "bisect", "builtins",
      "calendar", "cmath", "codecs", "collections", "colorsys", "concurrent", "configparser",
      "contextlib", "contextvars", "copy", "copyreg", "csv", "ctypes", "dataclasses", "datetime",
      "decimal", "difflib", "dis", "email", "enum", "errno", "faulthandler", "fcntl", "fnmatch",
      "fractions", "functools", "gc", "getpass", "glob", "gzip", "hashlib", "heapq", "hmac", "html",
      "http", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "linecache",
      "locale", "logging", "lzma", "math", "mimetypes", "multiprocessing", "numbers", "operator",
      "os", "pathlib", "pickle", "pkgutil", "platform", "posixpath", "pprint", "queue", "random",
      "re", "reprlib", "resource", "sched", "secrets", "select", "selectors", "shlex", "shutil",
      "signal", "site", "socket", "sqlite3", "ssl", "stat", "statistics", "string", "struct",
      "subprocess", "sys", "sysconfig", "tarfile", "tempfile", "textwrap", "threading", "time",
      "timeit", "token", "tokenize", "traceback", "types", "typing", "unicodedata", "unittest",
      "urllib", "uuid", "warnings", "weakref", "xml", "zipfile", "zlib", "__future__",
      // What the library needs beside PyTorch.
      "numpy", "scipy", "huggingface_hub", "packaging", "typing_extensions", "safetensors", "tokenizers",
      "tqdm", "filelock", "httpx", "regex", "requests", "yaml", "torch"};
  return kRoots.count(root) != 0;
}

}  // namespace

std::string Machine::AbsoluteModule(std::string_view package, std::string_view written) const {
  size_t dots = 0;
  while (dots < written.size() && (written[dots] == '.' || written[dots] == ' ')) ++dots;
  std::string rest(written.substr(dots));
  std::erase_if(rest, [](char c) { return c == ' ' || c == '\\' || c == '\n' || c == '\r'; });
  size_t levels = 0;
  for (char c : written.substr(0, dots)) levels += c == '.';
  if (levels == 0) return rest;
  std::string base(package);
  for (size_t i = 1; i < levels; ++i) {
    const size_t dot = base.rfind('.');
    base = dot == std::string::npos ? "" : base.substr(0, dot);
  }
  if (rest.empty()) return base;
  return base.empty() ? rest : base + "." + rest;
}

std::string Machine::AbsoluteModule(const ModuleFile& file, std::string_view written) const {
  std::string package = file.name;
  if (!file.package) {
    const size_t dot = package.rfind('.');
    package = dot == std::string::npos ? "" : package.substr(0, dot);
  }
  return AbsoluteModule(package, written);
}

void Machine::AddStandIn(std::string name, std::string_view text) {
  stand_ins_.emplace(std::move(name), text);
}

void Machine::AddNativeInit(std::string name, std::function<void(Machine&, Module*)> init) {
  native_inits_[std::move(name)] = std::move(init);
}

ModuleFile* Machine::FileOf(const std::string& name) {
  auto [found, is_new] = sources_.try_emplace(name);
  if (!is_new) return found->second.get();
  Files::Text text;
  if (auto stand_in = stand_ins_.find(name); stand_in != stand_ins_.end()) {
    text.path = "<" + name + ">";
    text.text = std::string(stand_in->second);
    text.package = true;
  } else {
    std::optional<Files::Text> read = files_->Read(name);
    if (!read) return nullptr;
    text = *std::move(read);
  }
  auto file = std::make_unique<ModuleFile>();
  file->name = name;
  file->package = text.package;
  file->source = std::make_unique<SourceFile>(std::move(text.path), std::move(text.text));
  Result<python::SyntaxTree> tree = python::ParsePython(*file->source, file_count_++);
  if (!tree || tree->root == nullptr) {
    file->failed = true;
  } else {
    file->tree = std::move(*tree);
    file->failed = file->tree.problem.has_value();
    for (const Node* child : file->tree.root->children) {
      BoundNames(file->source->text(), *child, [&](std::string_view bound, const Node& where) {
        file->top_level.try_emplace(bound, &where);
      });
      if (child->kind == python::Kind::kImportFromStatement &&
          child->end - child->begin < 200 &&
          file->source->text().substr(child->begin, child->end - child->begin).find("annotations") !=
              std::string::npos &&
          file->source->text().substr(child->begin, child->end - child->begin).find("__future__") !=
              std::string::npos) {
        file->future_annotations = true;
      }
    }
  }
  found = sources_.find(name);
  found->second = std::move(file);
  return found->second.get();
}

const ModuleFile* Machine::FileWithPath(std::string_view path) const {
  for (const auto& [name, file] : sources_) {
    if (file != nullptr && file->source != nullptr && file->source->path() == path) return file.get();
  }
  return nullptr;
}

Module* Machine::FindModule(Str* name) {
  if (Dict::Entry* entry = Find(*modules_, name)) {
    return entry->value.Is(Form::kModule) ? entry->value.As<Module>() : nullptr;
  }
  const std::string text(name->view());
  const std::string root = text.substr(0, text.find('.'));
  const bool native_init = native_inits_.count(text) != 0;
  const bool source = stand_ins_.count(text) != 0 || files_->Has(text);
  if (!native_init && !source && !IsInert(root)) return nullptr;
  if (!native_init && !source && files_->Has(root)) return nullptr;
  Module* module = New<Module>(module_class, Form::kModule);
  module->name = name;
  module->dict = NewDict();
  module->inert = !native_init && !source;
  module->package = true;
  Set_(module->dict, names.name, Obj(name));
  Set_(modules_, name, Obj(module));
  return module;
}

Module* Machine::NativeModule(std::string_view name) {
  Str* interned = Intern(name);
  if (Dict::Entry* entry = Find(*modules_, interned)) return entry->value.As<Module>();
  Module* module = New<Module>(module_class, Form::kModule);
  module->name = interned;
  module->dict = NewDict();
  module->package = true;
  Set_(module->dict, names.name, Obj(interned));
  Set_(modules_, interned, Obj(module));
  return module;
}

void Machine::Evaluate(Module* module) {
  if (module->state == Module::State::kFailed) throw Raised{module->failure};
  if (module->state != Module::State::kNew) return;
  module->state = Module::State::kRunning;
  const std::string name(module->name->view());
  if (auto init = native_inits_.find(name); init != native_inits_.end()) init->second(*this, module);
  if (stand_ins_.count(name) == 0 && !files_->Has(name)) {
    module->state = Module::State::kDone;
    return;
  }
  ModuleFile* file = FileOf(name);
  if (file == nullptr || file->failed) {
    try {
      Raise(file == nullptr ? "ModuleNotFoundError" : "SyntaxError",
            file == nullptr ? "No module named '" + name + "'" : "invalid syntax in " + name);
    } catch (const Raised& raised) {
      module->state = Module::State::kFailed;
      module->failure = raised.exception;
      throw;
    }
  }
  module->file = file;
  module->package = file->package;
  Set_(module->dict, names.file, String(file->source->path()));
  std::string package = name;
  if (!file->package) {
    const size_t dot = package.rfind('.');
    package = dot == std::string::npos ? "" : package.substr(0, dot);
  } else {
    const Value path = String(file->source->path());
    Set_(module->dict, names.path, Obj(NewList(std::span(&path, 1))));
  }
  Set_(module->dict, names.package, String(package));
  Set_(module->dict, "__spec__", None());
  Set_(module->dict, names.doc, None());
  const uint64_t steps = steps_left_;
  steps_left_ = module_steps_;
  const int depth = depth_;
  depth_ = 0;
  const uint64_t state = save_state ? save_state() : 0;
  if (reset_state) reset_state();
  struct Back {
    Machine* m;
    uint64_t steps;
    int depth;
    uint64_t state;
    ~Back() {
      if (m->restore_state) m->restore_state(state);
      m->steps_left_ = steps;
      m->depth_ = depth;
    }
  } back{this, steps, depth, state};
  Code* code = ModuleCode(*this, file);
  Compile(*this, code);
  RunModuleBody(module, code);
  module->state = Module::State::kDone;
}

// A statement that cannot be evaluated leaves the names that it binds unknown, with the reason.
void Machine::RunModuleBody(Module* module, Code* code) {
  Frame frame;
  frame.code = code;
  frame.globals = module->dict;
  frame.names = module->dict;
  frame.module = module;
  frame.next = code->instructions.data();
  const size_t mark = stack_used_;
  frame.slots = PushFrameMemory(size_t{code->slots} + code->stack);
  for (uint32_t i = 0; i < code->slots; ++i) frame.slots[i] = Value();
  frame.stack = frame.slots + code->slots;
  frame.top = frame.stack;
  struct Release {
    size_t* used;
    size_t mark;
    ~Release() { *used = mark; }
  } release{&stack_used_, mark};
  const size_t used = stack_used_;
  const int depth = depth_;
  const int native_depth = native_depth_;
  Frame* const outer = frame_;
  const Native* const outer_native = native;
  for (;;) {
    std::string why;
    try {
      Run(&frame);
      return;
    } catch (const Raised& raised) {
      why = Describe(raised.exception);
    } catch (const Open& open) {
      why = open.unknown->why->view();
    }
    frame_ = outer;
    native = outer_native;
    stack_used_ = used;
    depth_ = depth;
    native_depth_ = native_depth;
    const uint32_t pc = static_cast<uint32_t>(frame.next - code->instructions.data()) - 1;
    const Code::Statement* failed = nullptr;
    for (const Code::Statement& s : code->statements) {
      if (s.begin <= pc && pc < s.end) failed = &s;
    }
    if (failed == nullptr) return;
    const SourceRange place = {code->file->source.get(), failed->node->begin, failed->node->end};
    if (on_module_fault) on_module_fault(place, why);
    BoundNames(code->file->source->text(), *failed->node,
               [&](std::string_view bound, const Node&) {
                 if (Find(*module->dict, Intern(bound)) != nullptr) return;
                 Value unknown = NewUnknown(why);
                 unknown.As<Unknown>()->where = place;
                 Set_(module->dict, bound, unknown);
               });
    frame.next = code->instructions.data() + failed->end;
    frame.top = frame.stack;
  }
}

Module* Machine::Import(Str* name) {
  Module* module = FindModule(name);
  if (module == nullptr) {
    Raise("ModuleNotFoundError", "No module named '" + std::string(name->view()) + "'");
  }
  Evaluate(module);
  return module;
}

bool Machine::FindInModule(Module* module, Str* name, Value* out) {
  if (module->state == Module::State::kNew) Evaluate(module);
  if (Dict::Entry* entry = Find(*module->dict, name)) {
    if (!entry->value.Is(Form::kLazy)) {
      *out = entry->value;
      return true;
    }
    // `from . import b` in package a: the name stands for the module a.b.
    const Lazy* lazy = entry->value.As<Lazy>();
    if (lazy->module != module->name || lazy->name != name) {
      *out = Resolve(entry->value);
      Set_(module->dict, name, *out);
      return true;
    }
  }
  const std::string_view text = name->view();
  const bool special = text.starts_with("__") && text.ends_with("__");
  if (!special) {
    if (Find(*module->dict, name) != nullptr) {
      if (Module* child = FindModule(Intern(std::string(module->name->view()) + "." + std::string(text)))) {
        *out = Obj(child);
        return true;
      }
    }
    for (Object* star : module->stars) {
      Module* other = static_cast<Module*>(star);
      // Without a look at what the other module does: whether it says the name at all.
      if (other->state == Module::State::kNew && !other->inert) {
        const std::string other_name(other->name->view());
        if (sources_.count(other_name) == 0 && stand_ins_.count(other_name) == 0) {
          // Parsing is dear: a file that does not say the name cannot define it.
          const std::optional<Files::Text> raw = files_->Read(other_name);
          if (!raw || (raw->text.find(text) == std::string::npos &&
                       !(raw->package && raw->text.find("import *") != std::string::npos))) {
            continue;
          }
        }
        ModuleFile* file = FileOf(other_name);
        if (file == nullptr) continue;
        const bool binds = file->top_level.count(text) != 0;
        if (!binds && !(file->package && file->source->text().find("import *") != std::string::npos)) {
          continue;
        }
        if (binds && file->source->text().find("\"" + std::string(text) + "\"") == std::string::npos &&
            file->top_level.count("__all__") != 0) {
          continue;
        }
      }
      if (other->inert) continue;
      if (FindInModule(other, name, out)) {
        Set_(module->dict, name, *out);
        return true;
      }
    }
    Str* full = Intern(std::string(module->name->view()) + "." + std::string(text));
    if (module->package && !module->inert) {
      const std::string full_text(full->view());
      if (Find(*modules_, full) != nullptr || native_inits_.count(full_text) != 0 ||
          stand_ins_.count(full_text) != 0 || files_->Has(full_text)) {
        if (Module* child = FindModule(full)) {
          *out = Obj(child);
          return true;
        }
      }
    }
    if (find_export && module->package && !module->inert) {
      const std::string home = find_export(std::string(module->name->view()), text);
      if (!home.empty() && home != module->name->view()) {
        *out = ImportFrom(Intern(home), name);
        Set_(module->dict, name, *out);
        return true;
      }
    }
    if (Value* hook = Get(*module->dict, "__getattr__")) {
      try {
        *out = Call(*hook, {Obj(name)});
        return true;
      } catch (const Raised& raised) {
        if (!IsException(raised.exception, "AttributeError")) throw;
        return false;
      }
    }
    if (module->inert || stand_ins_.count(std::string(module->name->view())) != 0) {
      *out = NewUnknown(std::string(module->name->view()) + "." + std::string(text));
      return true;
    }
  }
  return false;
}

Value Machine::ImportFrom(Str* module_name, Str* name) {
  Module* module = FindModule(module_name);
  if (module == nullptr) {
    Raise("ModuleNotFoundError", "No module named '" + std::string(module_name->view()) + "'");
  }
  Value out;
  if (FindInModule(module, name, &out)) return out;
  Raise("ImportError", "cannot import name '" + std::string(name->view()) + "' from '" +
                           std::string(module_name->view()) + "'");
}

Value Machine::ResolveLazy(Lazy* lazy) {
  if (!lazy->value.null()) return lazy->value;
  if (lazy->resolving) {
    Raise("ImportError", "cannot import name '" + std::string(lazy->name->view()) + "' from '" +
                             std::string(lazy->module->view()) + "' (a circular import)");
  }
  struct Resolving {
    bool* flag;
    explicit Resolving(bool* f) : flag(f) { *flag = true; }
    ~Resolving() { *flag = false; }
  } resolving(&lazy->resolving);
  lazy->value = ImportFrom(lazy->module, lazy->name);
  return lazy->value;
}

}  // namespace wcheck::machine
