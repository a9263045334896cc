#include "cli/checkpoint_flag.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "cli/adapter_flag.h"
#include "cli/command_line.h"
#include "checkpoint/what_fits.h"
#include "judge/judge_checkpoint.h"
#include "project/mixed_layouts.h"
#include "published/foreign_format.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

constexpr size_t kClassesNamed = 3;

// The entry that a class without a layout would look up: by the name that the user gives, or those of
// the checkpoint's config.json. "" if the mapping has none.
std::string EntryOfCheckpoint(const Checkpoint& checkpoint, const Registry& registry,
                              const std::vector<std::string>& globs) {
  std::vector<std::string> names = globs;
  if (globs.empty()) {
    names = checkpoint.architectures;
    names.push_back(checkpoint.model_type);
  }
  for (const std::string& name : names) {
    if (registry.Find(name) != nullptr && !AppliesToAll(name)) return name;
  }
  return "";
}

// The class that config.json names, if it is another one than `judged`.
std::optional<size_t> OtherClass(const Checkpoint& checkpoint, const LayoutSource& layouts,
                                 size_t judged) {
  for (const std::string& name : checkpoint.architectures) {
    const std::optional<size_t> index = layouts.Find(name);
    if (index && *index != judged) return index;
  }
  return std::nullopt;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// What a class is for: "ForCausalLM".
std::string_view PurposeOf(std::string_view name) {
  const size_t at = name.rfind("For");
  return at == std::string_view::npos ? std::string_view() : name.substr(at);
}

// Of the classes with config.json's model_type: the one whose name differs in capitals alone, or has the
// same purpose; without a name, the one that generates text.
std::optional<size_t> ClassOfModelType(const Checkpoint& checkpoint, const LayoutSource& layouts) {
  if (checkpoint.model_type.empty()) return std::nullopt;
  const Result<std::vector<size_t>> classes = SelectClasses(layouts, {checkpoint.model_type});
  if (!classes) return std::nullopt;
  for (const std::string& name : checkpoint.architectures) {
    for (const size_t i : *classes) {
      if (Lower(layouts.class_name(i)) == Lower(name)) return i;
    }
    if (PurposeOf(name).empty()) continue;
    for (const size_t i : *classes) {
      if (PurposeOf(layouts.class_name(i)) == PurposeOf(name)) return i;
    }
  }
  if (!checkpoint.architectures.empty()) return std::nullopt;
  for (const std::string_view purpose : {"ForCausalLM", "ForConditionalGeneration"}) {
    for (const size_t i : *classes) {
      if (PurposeOf(layouts.class_name(i)) == purpose) return i;
    }
  }
  return classes->size() == 1 ? std::optional<size_t>(classes->front()) : std::nullopt;
}

std::string CountOf(const ClassFit& fit) {
  return std::to_string(fit.filled) + " of " + std::to_string(fit.keys) + " keys";
}

// Another entry of the mapping, or another class, of which a checkpoint fills more; "" if there is none.
Result<std::string> WhatFits(const Checkpoint& checkpoint, const Inputs& inputs, size_t judged,
                             const JudgeOptions& options) {
  const Result<Layout> layout = inputs.layouts->Read(judged);
  if (!layout) return layout.error();
  const CompiledRegistry compiled(*inputs.registry, *options.engine);
  if (const std::optional<EntryFit> fit = BestEntry(*layout, compiled, checkpoint)) {
    return "the entry `" + fit->entry + "` would fill " + CountOf(fit->after) + " instead of " +
           std::to_string(fit->before.filled) + ": is this class to have it?";
  }
  const Result<std::vector<ClassFit>> classes =
      RankClasses(*inputs.layouts, compiled, checkpoint, kClassesNamed, options.jobs);
  if (!classes) return classes.error();
  const auto own = std::ranges::find(*classes, layout->class_name, &ClassFit::class_name);
  if (classes->empty() || own == classes->begin()) return std::string();
  const ClassFit& best = classes->front();
  if (best.filled < best.keys || 2 * best.used < checkpoint.key_count()) return std::string();
  return "it fills " + CountOf(best) + " of " + best.class_name + ": load it as that class";
}

// Whether the checkpoint's own model is to be built.
bool BuildsModel(const CheckpointQuestion& question) {
  return !question.given_layout && !question.package.empty() &&
         question.layouts != LayoutChoice::kBundled;
}

// A configuration that is given is for the model that it describes.
Status CheckQuestion(const CheckpointQuestion& question) {
  if (question.config.empty() || BuildsModel(question)) return Unit{};
  if (question.given_layout) {
    return Error{{},
                 "--config and --layouts both say what the checkpoint's model is",
                 "give one of them"};
  }
  return Error{{question.config, 0, 0, ""},
               "the model that it describes is built from source, and there is none",
               "name a checkout or an installed package with --transformers"};
}

// Says which layout a checkpoint is judged with; `failed` is why it is not that of its config.json.
void NameModel(const Checkpoint& checkpoint, const std::string& failed, Scope* scope) {
  const std::string& shown = checkpoint.config;
  scope->layouts = failed.empty() ? "the model that " + shown + " describes"
                                  : scope->layouts + ", since the model that " + shown +
                                        " describes cannot be known: " + failed;
  if (failed.empty()) scope->built.clear();
}

}  // namespace

CheckpointFlag::CheckpointFlag()
    : paths_("checkpoint", cl::value_desc("path"),
             cl::desc("Judge this checkpoint instead of the mapping alone: a .safetensors file "
                      "(repeatable), an index.json or a directory. The class is that of --model, "
                      "or of the config.json beside it, or the only one of --layouts"),
             cl::cat(InputOptions())) {}

std::optional<std::string> CheckpointFlag::adapter() const {
  if (paths_.size() != 1 || !IsAdapter(paths_[0])) return std::nullopt;
  return paths_[0];
}

Result<Checkpoint> CheckpointFlag::Read(const std::string& config) const {
  const std::vector<std::string> paths(paths_.begin(), paths_.end());
  return ReadCheckpoint(paths, config);
}

Result<size_t> ClassOfCheckpoint(const Checkpoint& checkpoint, const LayoutSource& layouts,
                                 const std::vector<std::string>& globs) {
  if (!globs.empty()) {
    const Result<std::vector<size_t>> classes = SelectClasses(layouts, globs);
    if (!classes) return classes.error();
    if (classes->size() == 1) return classes->front();
    std::string names;
    for (size_t i = 0; i < classes->size() && i < kClassesNamed; ++i) {
      names += (i == 0 ? "" : ", ") + std::string(layouts.class_name((*classes)[i]));
    }
    return Error{{},
                 "--model names " + std::to_string(classes->size()) +
                     " classes, but a checkpoint belongs to one",
                 "name one of them: " + names + (classes->size() > kClassesNamed ? ", …" : "")};
  }
  for (const std::string& name : checkpoint.architectures) {
    if (const std::optional<size_t> index = layouts.Find(name)) return *index;
  }
  if (const std::optional<size_t> by_type = ClassOfModelType(checkpoint, layouts)) return *by_type;
  if (checkpoint.architectures.empty() && layouts.size() == 1) return 0;
  if (checkpoint.architectures.empty()) {
    const bool read = !checkpoint.config.empty();
    return Error{{read ? checkpoint.config : checkpoint.files.front(), 0, 0, ""},
                 read ? "it names no class in \"architectures\""
                      : "there is no config.json beside it to name its class",
                 "name the class with --model"};
  }
  const Result<std::vector<size_t>> by_type =
      SelectClasses(layouts, {checkpoint.architectures.front()});
  if (by_type) return by_type->front();
  Error unknown = by_type.error();
  unknown.place.file = checkpoint.config;
  unknown.advice += (unknown.advice.empty() ? "name" : " Name") +
                    std::string(" the class to judge it as with --model");
  return unknown;
}

Result<Judgement> JudgeGivenCheckpoint(const CheckpointFlag& flag, const CheckpointQuestion& question,
                                       const JudgeOptions& options, Inputs* given,
                                       std::vector<size_t>* classes) {
  const Inputs& inputs = *given;
  const std::vector<std::string>& globs = question.globs;
  const bool no_mapping = question.no_mapping;
  if (Status usable = CheckQuestion(question); !usable) return usable.error();
  const Result<Checkpoint> checkpoint = flag.Read(question.config);
  if (!checkpoint) return checkpoint.error();
  const Result<size_t> index = ClassOfCheckpoint(*checkpoint, *inputs.layouts, globs);
  if (!index) {
    const std::string entry = EntryOfCheckpoint(*checkpoint, *inputs.registry, globs);
    if (const ForeignFormat* foreign = ForeignFormatOf(*checkpoint); entry.empty() && foreign != nullptr) {
      return Error{{checkpoint->files.front(), 0, 0, ""},
                   "these are the names of " + std::string(foreign->name) + ", not the library's (" +
                       std::string(foreign->because) + ")",
                   ""};
    }
    if (entry.empty()) return index.error();
    return JudgeCheckpointAlone(*inputs.registry, entry, *checkpoint, options);
  }
  const Registry nothing;
  const Registry& registry = no_mapping ? nothing : *inputs.registry;
  const auto judge = [&](size_t i) -> Result<Judgement> {
    Result<Layout> layout = inputs.layouts->Read(i);
    if (!layout) return layout.error();
    CheckpointOptions how{.default_layout = !question.given_layout};
    if (BuildsModel(question) && checkpoint->settings != nullptr) {
      const std::unique_ptr<PackageFiles> package = OpenPackage(question.package);
      Result<Layout> own = BuildLayoutFor(package.get(), layout->source_dir, layout->class_name,
                                          checkpoint->config_text);
      if (own) {
        how = {.own_config = true};
        layout = std::move(own);
      }
      if (i == *index) NameModel(*checkpoint, own ? "" : own.error().message, &given->scope);
    }
    return JudgeCheckpoint(registry, *layout, *checkpoint, how, options);
  };
  Result<Judgement> judgement = judge(*index);
  if (!judgement) return judgement.error();
  classes->assign(1, *index);
  const std::optional<size_t> other = OtherClass(*checkpoint, *inputs.layouts, *index);
  if (!judgement->checkpoint) return judgement;
  const auto missing = std::ranges::find_if(judgement->findings, [](const Finding& finding) {
    return finding.check == "checkpoint-missing" && finding.cause == "uninitialised";
  });
  if (missing == judgement->findings.end()) return judgement;
  if (no_mapping) {
    missing->advice = "this is a load without the mapping; read the names through it, or save the "
                      "file under these names";
    return judgement;
  }
  if (!other) {
    const Result<std::string> fits = WhatFits(*checkpoint, inputs, *index, options);
    if (!fits) return fits.error();
    if (fits->empty()) return judgement;
    // A difference of names that would fill keys stays.
    const bool near = missing->advice.find("would fill") != std::string::npos;
    missing->advice = near ? *fits + "; or " + missing->advice : *fits;
    return judgement;
  }
  const Result<Judgement> as_other = judge(*other);
  if (!as_other) return as_other.error();
  if (as_other->checkpoint && as_other->checkpoint->filled > judgement->checkpoint->filled) {
    missing->advice = "its config.json names " + as_other->checkpoint->class_name +
                      ", of which it fills " + std::to_string(as_other->checkpoint->filled) +
                      " of " + std::to_string(as_other->checkpoint->model_keys) +
                      " keys: load it as that class";
  }
  return judgement;
}

}  // namespace wcheck::cli
