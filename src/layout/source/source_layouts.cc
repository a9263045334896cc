#include "layout/source/source_layouts.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "layout/source/regex.h"
#include "layout/source/stand_ins.h"
#include "python/machine/machine.h"
#include "support/threads.h"
#include "torch/tensor.h"

namespace wcheck {
namespace {

using namespace machine;  // NOLINT: a client of the evaluator

// When a world has used this much, it makes room for a new one.
constexpr size_t kMaxWorldBytes = size_t{384} << 20;
// Each has a world of its own.
constexpr size_t kMaxThreads = 4;
constexpr std::string_view kLibrary = "transformers";

// The list that __all__ is set to; empty if there is none.
std::string_view ExportsOf(std::string_view text) {
  const size_t all = text.find("\n__all__ = ");
  if (all == std::string_view::npos) return "";
  return text.substr(all, text.find(']', all) - all);
}

void ForEachExport(std::string_view text, const std::function<void(std::string_view)>& each) {
  std::string_view rest = ExportsOf(text);
  while (true) {
    const size_t open = rest.find('"');
    const size_t close = open == std::string_view::npos ? open : rest.find('"', open + 1);
    if (close == std::string_view::npos) return;
    each(rest.substr(open + 1, close - open - 1));
    rest.remove_prefix(close + 1);
  }
}

// Modules of the library, for the evaluator.
class LibraryFiles : public Files {
 public:
  explicit LibraryFiles(PackageFiles* files) : files_(files) {}

  std::optional<Text> Read(const std::string& module) override {
    const std::string path = PathOf(module);
    if (path.empty()) return std::nullopt;
    std::optional<std::string> text = files_->Read(path);
    if (!text) return std::nullopt;
    return Text{files_->Shown(path), *std::move(text), path.ends_with("/__init__.py")};
  }
  bool Has(const std::string& module) override { return !PathOf(module).empty(); }

  // The library looks through the folders of its models when it is imported: a name of a model is
  // one of its own, whether or not models/__init__.py says so.
  std::string FindExport(const std::string& package, std::string_view name) {
    if (package != kLibrary) return "";
    if (!exports_) {
      exports_.emplace();
      const std::string models = std::string(kLibrary) + "/models";
      for (const std::string& folder : files_->List(models)) AddExports(models + '/' + folder);
    }
    const auto found = exports_->find(name);
    return found == exports_->end() ? "" : found->second;
  }

 private:
  const std::string& PathOf(const std::string& module) {
    auto [found, is_new] = paths_.try_emplace(module);
    if (!is_new) return found->second;
    std::string path = module;
    std::replace(path.begin(), path.end(), '.', '/');
    if (path != kLibrary && !path.starts_with(std::string(kLibrary) + "/") && !IsBelowTests(path)) return found->second;
    if (files_->Exists(path + ".py")) {
      found->second = path + ".py";
    } else if (files_->Exists(path + "/__init__.py")) {
      found->second = path + "/__init__.py";
    }
    return found->second;
  }

  void AddExports(const std::string& folder) {
    for (const std::string& file : files_->List(folder)) {
      const bool model = file.starts_with("modeling_") || file.starts_with("configuration_");
      if (!model || !file.ends_with(".py")) continue;
      const std::optional<std::string> text = files_->Read(folder + '/' + file);
      if (!text) continue;
      std::string module = folder + '/' + file.substr(0, file.size() - 3);
      std::replace(module.begin(), module.end(), '/', '.');
      ForEachExport(*text, [&](std::string_view name) { exports_->emplace(name, module); });
    }
  }

  PackageFiles* files_;
  std::unordered_map<std::string, std::string> paths_;
  std::optional<std::map<std::string, std::string, std::less<>>> exports_;  // the module by name
};

bool MatchesGlob(std::string_view glob, std::string_view text) {
  if (glob.empty()) return text.empty();
  if (glob[0] == '*') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (MatchesGlob(glob.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  return !text.empty() && (glob[0] == '?' || glob[0] == text[0]) && MatchesGlob(glob.substr(1), text.substr(1));
}
Value Fnmatchcase(Machine& m, const machine::Arguments& a) {
  if (a.count < 2 || !a[0].Is(Form::kStr) || !a[1].Is(Form::kStr)) m.Raise("TypeError", "expected two strings");
  return Bool(MatchesGlob(a[1].As<Str>()->view(), a[0].As<Str>()->view()));
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string PlaceText(const SourceRange& where) {
  if (!where.known()) return "";
  const auto at = where.file->At(where.begin);
  return where.file->path() + ":" + std::to_string(at.line);
}

// What a built model is, for a line of a layouts file.
class Walk {
 public:
  Walk(Machine& m, Class* base) : m_(m), base_(base) {}

  bool partial() const { return !open_.empty(); }
  const std::vector<OpenPlace>& open() const { return open_; }

  std::string Line(const Value& model, std::string_view folder) {
    Modules(model, "", 0);
    Keys(model, "", 0);
    std::string out = "{\"class\":" + Quote(m_.ClassOf(model)->name->view());
    out += ",\"model_type\":" + Quote(ModelType(model));
    out += ",\"base_model_prefix\":" + Quote(Text(Attribute(model, "base_model_prefix")));
    out += ",\"dir\":" + Quote(folder);
    out += ",\"modules\":[" + modules_ + "],\"keys\":{" + keys_ + "},\"tied\":{" + Ties(model) + "}";
    out += ",\"declared_tied\":" + Declared(Attribute(model, "_tied_weights_keys"));
    return out;
  }

 private:
  Value Attribute(const Value& object, std::string_view name) {
    Value out;
    return m_.FindAttribute(object, name, &out) ? out : None();
  }
  std::string Text(const Value& v) { return v.Is(Form::kStr) ? std::string(v.As<Str>()->view()) : ""; }
  std::string ModelType(const Value& module) {
    return Text(Attribute(Attribute(module, "config"), "model_type"));
  }
  void Modules(const Value& module, const std::string& path, int depth) {
    if (depth > 300) throw LimitReached{"call depth"};
    if (!seen_.insert(module.object).second) return;
    const auto* self = module.As<torch::ModuleObject>();
    if (self->partial) open_.push_back({path, Reason(self->why)});
    if (m_.IsInstance(module, base_)) {
      if (!modules_.empty()) modules_ += ',';
      modules_ += "{\"path\":" + Quote(path) + ",\"class\":" + Quote(m_.ClassOf(module)->name->view()) +
                  ",\"model_type\":" + Quote(ModelType(module)) + "}";
    }
    if (self->modules == nullptr) return;
    for (const Dict::Entry& e : self->modules->entries) {
      if (e.key.null() || !torch::IsModule(m_, e.value)) continue;
      const std::string name(e.key.As<Str>()->view());
      Modules(e.value, path.empty() ? name : path + "." + name, depth + 1);
    }
  }
  void Key(const std::string& name, const Value& v) {
    const auto* t = v.As<torch::Tensor>();
    if (!tensors_.try_emplace(name, v.object).second) return;
    if (!keys_.empty()) keys_ += ',';
    keys_ += Quote(name) + ":[[";
    if (!t->shape_known) open_.push_back({name, "the shape of a tensor that is not known"});
    for (uint32_t i = 0; i < t->rank; ++i) {
      if (i != 0) keys_ += ',';
      if (t->sizes[i] == torch::kUnknownSize) {
        open_.push_back({name, "a size that is not known"});
        keys_ += "0";
      } else {
        keys_ += std::to_string(t->sizes[i]);
      }
    }
    keys_ += "]," + Quote(t->dtype->row->name) + "]";
  }
  void Keys(const Value& module, const std::string& prefix, int depth) {
    if (depth > 300) throw LimitReached{"call depth"};
    m_.Step();
    const auto* self = module.As<torch::ModuleObject>();
    if (self->parameters == nullptr) return;
    for (const Dict::Entry& e : self->parameters->entries) {
      if (!e.key.null() && torch::IsTensor(m_, e.value)) Key(prefix + std::string(e.key.As<Str>()->view()), e.value);
    }
    for (const Dict::Entry& e : self->buffers->entries) {
      if (e.key.null() || !torch::IsTensor(m_, e.value) || m_.Find(self->non_persistent->table, e.key) != nullptr) continue;
      Key(prefix + std::string(e.key.As<Str>()->view()), e.value);
    }
    for (const Dict::Entry& e : self->modules->entries) {
      if (e.key.null() || !torch::IsModule(m_, e.value)) continue;
      Keys(e.value, prefix + std::string(e.key.As<Str>()->view()) + ".", depth + 1);
    }
  }
  std::string Ties(const Value& model) {
    std::string out;
    const Value ties = Attribute(model, "all_tied_weights_keys");
    if (ties.Is(Form::kUnknown)) open_.push_back({"", Reason(ties.As<Unknown>())});
    if (!ties.Is(Form::kDict)) return out;
    for (const Dict::Entry& e : ties.As<Dict>()->entries) {
      if (e.key.null()) continue;
      const std::string target = Text(e.key), source = Text(e.value);
      auto x = tensors_.find(target), y = tensors_.find(source);
      if (x == tensors_.end() || y == tensors_.end() || x->second != y->second) continue;
      if (!out.empty()) out += ',';
      out += Quote(target) + ":" + Quote(source);
    }
    return out;
  }
  std::string Declared(const Value& v) {
    if (v.Is(Form::kDict)) {
      std::string out = "{";
      for (const Dict::Entry& e : v.As<Dict>()->entries) {
        if (e.key.null()) continue;
        if (out.size() > 1) out += ',';
        out += Quote(Text(e.key)) + ":" + Quote(Text(e.value));
      }
      return out + "}";
    }
    if (v.Is(Form::kList) || v.Is(Form::kTuple) || v.Is(Form::kSet)) {
      std::string out = "[";
      for (const Value& item : m_.Items(v)) {
        if (out.size() > 1) out += ',';
        out += Quote(Text(item));
      }
      return out + "]";
    }
    return "null";
  }
  static std::string Reason(const Unknown* unknown) {
    std::string place = PlaceText(unknown->where);
    return (place.empty() ? "" : place + ": ") + std::string(unknown->why->view());
  }

  Machine& m_;
  Class* base_;
  std::set<Object*> seen_;
  std::unordered_map<std::string, Object*> tensors_;
  std::string modules_, keys_;
  std::vector<OpenPlace> open_;
};

// Whether a class is built from a configuration alone, as the library builds every model. One that
// needs more is a part of a model.
bool BuildsFromConfiguration(Machine& m, const Class* cls) {
  const Value* init = m.LookUp(cls, m.names.init);
  if (init == nullptr || !init->Is(Form::kFunction)) return true;
  const Function* function = init->As<Function>();
  const size_t defaults = function->defaults == nullptr ? 0 : function->defaults->size;
  return function->code->positional <= 2 + defaults;
}

// The classes that the checkout's own tests of a model define.
List* TestClasses(Machine& m, PackageFiles* files, const std::string& model) {
  const std::string folder = std::string(kTestsRoot) + "/models/" + model;
  std::vector<Value> classes;
  for (const std::string& file : files->List(folder)) {
    if (!file.starts_with("test_modeling_") || !file.ends_with(".py")) continue;
    std::string name = folder + '/' + file.substr(0, file.size() - 3);
    std::replace(name.begin(), name.end(), '/', '.');
    const Module* module = m.Import(name);
    for (const Dict::Entry& e : module->dict->entries) {
      if (e.key.null() || !e.value.Is(Form::kClass)) continue;
      const Value home = m.GetAttribute(e.value, "__module__");
      if (home.Is(Form::kStr) && home.As<Str>()->view() == name) classes.push_back(e.value);
    }
  }
  return m.NewList(classes);
}

}  // namespace

std::string_view QualityName(LayoutQuality quality) {
  switch (quality) {
    case LayoutQuality::kExact:
      return "exact";
    case LayoutQuality::kGuessed:
      return "guessed";
    case LayoutQuality::kPartial:
      return "partial";
  }
  return "";
}

struct SourceLayouts::World {
  explicit World(PackageFiles* package) : files(package), machine(&files) {
    torch::SetUpTorch(machine, &torch);
    SetUpRegex(machine);
    machine.AddStandIn("re", LayoutSourceFile("re.py"));
    machine.AddStandIn("regex", LayoutSourceFile("re.py"));
    machine.AddStandIn("transformers.utils.auto_docstring", LayoutSourceFile("auto_docstring.py"));
    machine.AddStandIn("transformers.utils.doc", LayoutSourceFile("doc.py"));
    machine.AddStandIn("transformers.utils.logging", LayoutSourceFile("logging.py"));
    machine.AddStandIn("wcheck_recipes", LayoutSourceFile("recipes.py"));
    machine.AddStandIn("wcheck_published", LayoutSourceFile("published.py"));
    machine.AddStandIn("wcheck_testers", LayoutSourceFile("testers.py"));
    machine.find_export = [this](const std::string& package, std::string_view name) {
      return files.FindExport(package, name);
    };
    machine.AddNativeInit("_recipes", [](Machine& m, Module* module) {
      m.Set_(module->dict, "fnmatchcase", Obj(m.NewNative("fnmatchcase", Fnmatchcase)));
    });
  }

  LibraryFiles files;
  torch::Torch torch;
  Machine machine;
};

SourceLayouts::SourceLayouts(PackageFiles* files) : files_(files) {}
SourceLayouts::~SourceLayouts() = default;

const std::vector<std::string>& SourceLayouts::faults() const { return faults_; }
uint64_t SourceLayouts::steps() const { return steps_; }

std::vector<SourceClass> ClassesOfModel(PackageFiles* files, const std::string& folder) {
  std::vector<SourceClass> found;
  const std::string path = std::string(kLibrary) + "/models/" + folder;
  for (const std::string& file : files->List(path)) {
    if (!file.starts_with("modeling_") || !file.ends_with(".py")) continue;
    const std::optional<std::string> text = files->Read(path + "/" + file);
    if (!text) continue;
    const std::string_view exports = ExportsOf(*text);
    // Classes at the beginning of a line; whether one is a model shows when it is evaluated.
    for (size_t at = 0; at != std::string::npos;) {
      if (std::string_view(*text).substr(at).starts_with("class ")) {
        const size_t begin = at + 6;
        const size_t end = text->find_first_of("(: \n", begin);
        std::string name = text->substr(begin, end - begin);
        if (!name.ends_with("PreTrainedModel") && end != std::string::npos && (*text)[end] == '(') {
          const bool exported =
              exports.empty() || exports.find('"' + name + '"') != std::string_view::npos;
          found.push_back({folder,
                           std::string(kLibrary) + ".models." + folder + "." + file.substr(0, file.size() - 3),
                           std::move(name), exported});
        }
      }
      at = text->find('\n', at);
      if (at != std::string::npos) ++at;
    }
  }
  return found;
}

std::vector<SourceClass> ClassesOfPackage(PackageFiles* files) {
  std::vector<SourceClass> found;
  std::set<std::string> names;
  for (const std::string& folder : files->List(std::string(kLibrary) + "/models")) {
    for (SourceClass& cls : ClassesOfModel(files, folder)) {
      if (names.insert(cls.name).second) found.push_back(std::move(cls));
    }
  }
  return found;
}

Result<std::vector<Result<SourceLayout>>> BuildLayouts(PackageFiles* files, const std::vector<SourceClass>& classes,
                                               unsigned jobs, const std::function<void()>& progress) {
  std::vector<std::pair<size_t, size_t>> folders;  // ranges of classes
  for (size_t begin = 0, end = 0; begin < classes.size(); begin = end) {
    while (end < classes.size() && classes[end].folder == classes[begin].folder) ++end;
    folders.emplace_back(begin, end);
  }
  std::vector<Result<SourceLayout>> results(classes.size(), Error{});
  const size_t threads = std::min(ThreadCount(jobs, folders.size()), kMaxThreads);
  std::vector<std::unique_ptr<SourceLayouts>> builders(threads);
  const Status done = ForEachInThreads(folders.size(), threads, [&](size_t item, size_t thread) -> Status {
    std::unique_ptr<SourceLayouts>& builder = builders[thread];
    if (builder == nullptr) builder = std::make_unique<SourceLayouts>(files);
    for (size_t i = folders[item].first; i < folders[item].second; ++i) {
      results[i] = builder->Build(classes[i]);
      if (progress) progress();
    }
    return Unit{};
  });
  if (!done) return done.error();
  return results;
}

Result<SourceLayout> SourceLayouts::Build(const SourceClass& cls, const std::string* config_text) {
  if (world_ == nullptr || world_->machine.used_bytes() > kMaxWorldBytes) {
    world_ = nullptr;
    world_ = std::make_unique<World>(files_);
    world_->machine.on_module_fault = [this](const SourceRange& where, const std::string& why) {
      faults_.push_back(PlaceText(where) + ": " + why);
    };
  }
  Machine& m = world_->machine;
  torch::Torch& torch = world_->torch;
  const std::string shown = cls.module + "." + cls.name;
  auto fail = [&](const std::string& why) { return Error{{shown, 0, 0, ""}, why, ""}; };
  auto raised = [&](const Raised& r) {
    std::string text = m.Describe(r.exception);
    for (const SourceRange& where : m.trace()) {
      if (!where.known() || where.file->path().starts_with('<')) continue;
      text += " (" + PlaceText(where) + ")";
      break;
    }
    return text;
  };
  std::string first;  // why its own configuration does not build
  std::string tests;  // why that of its tests does not
  bool asked_tests = config_text != nullptr;
  auto note = [&](std::string why) {
    std::string& noted = asked_tests && config_text == nullptr ? tests : first;
    if (noted.empty()) noted = std::move(why);
  };
  try {
    m.Begin(Limits{});
    torch.default_device = m.Intern("cpu");
    torch.default_dtype = torch::FindDtype(m, "float32");
    Module* module = m.Import(cls.module);
    Value found;
    if (!m.FindInModule(module, m.Intern(cls.name), &found)) return fail("its file does not define it");
    if (found.Is(Form::kUnknown)) {
      return fail(std::string(found.As<Unknown>()->why->view()));
    }
    const Value base = m.ImportFrom(m.Intern("transformers.modeling_utils"), m.Intern("PreTrainedModel"));
    if (!base.Is(Form::kClass)) return fail("PreTrainedModel cannot be read");
    if (!found.Is(Form::kClass) || !Machine::IsSubclass(found.As<Class>(), base.As<Class>()) || found.Same(base)) {
      return fail(std::string(kNotAModel));
    }
    if (!BuildsFromConfiguration(m, found.As<Class>())) return fail(std::string(kNotAModel));
    Object* library = m.New<Object>(m.object_class, Form::kInstance);
    library->attributes = m.NewDict();
    m.Set_(library->attributes, "transformers", Obj(m.FindModule(m.Intern(kLibrary))));
    const auto makers_of = [&](std::string_view choice, const Value& subject) {
      Value configurations;
      m.FindInModule(m.Import(choice), m.Intern("configurations"), &configurations);
      return m.Call(configurations, {found, subject});
    };
    Value makers = config_text != nullptr ? makers_of("wcheck_published", m.String(*config_text))
                                          : makers_of("wcheck_recipes", Obj(library));
    for (int number = 0;; ++number) {
      m.Begin(Limits{});
      const uint64_t before = m.steps_left();
      Value make;
      try {
        make = m.Next(makers);
        if (make.null() && !asked_tests) {
          asked_tests = true;
          makers = makers_of("wcheck_testers", Obj(TestClasses(m, files_, cls.folder)));
          make = m.Next(makers);
        }
        if (make.null()) break;
        torch.modules_made = 0;
        torch.states.clear();
        torch.doubtful = false;
        torch.default_device = m.Intern("cpu");
        torch.default_dtype = torch::FindDtype(m, "float32");
        const Value config = m.Call(make);
        if (config.none()) continue;  // not for this class
        if (config.Is(Form::kUnknown)) {
          note("its configuration is not known: " + std::string(config.As<Unknown>()->why->view()));
          continue;
        }
        torch.default_device = m.Intern("meta");
        const Value model = m.Call(found, {config});
        if (!torch::IsModule(m, model)) {
          note("building it gives no module");
          break;
        }
        Walk walk(m, base.As<Class>());
        SourceLayout layout;
        layout.json = walk.Line(model, cls.folder);
        layout.open = walk.open();
        if (torch.doubtful) layout.open.push_back({"", torch.doubt});
        layout.quality = !layout.open.empty() ? LayoutQuality::kPartial
                         : number > 0         ? LayoutQuality::kGuessed
                                              : LayoutQuality::kExact;
        layout.json += ",\"quality\":\"" + std::string(QualityName(layout.quality)) + "\"}";
        steps_ = before - m.steps_left();
        return layout;
      } catch (const Raised& r) {
        note(raised(r));
      } catch (const Open& open) {
        note("it depends on " + std::string(open.unknown->why->view()) + " (" + PlaceText(open.unknown->where) + ")");
      }
    }
  } catch (const Raised& r) {
    return fail(raised(r));
  } catch (const Open& open) {
    return fail("it depends on " + std::string(open.unknown->why->view()) + " (" + PlaceText(open.unknown->where) + ")");
  } catch (const LimitReached& limit) {
    world_ = nullptr;
    return fail(std::string("it meets the limit of ") + limit.what);
  }
  if (first.empty()) first = "no configuration";
  return fail(tests.empty() ? first : first + "; with the configuration of its tests: " + tests);
}

}  // namespace wcheck
