// `wcheck tied`: the modules that are tied to the input embedding.
#include <map>
#include <optional>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "adapter/sized_layout.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "layout/tied.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

enum class TiedFormat : uint8_t { kText, kJson };
constexpr std::pair<std::string_view, TiedFormat> kTiedFormats[] = {{"text", TiedFormat::kText},
                                                                    {"json", TiedFormat::kJson}};

// The layouts of sub-models' classes, read when they are requested.
class SubLayouts {
 public:
  explicit SubLayouts(const LayoutSource& source) : source_(source) {}

  LayoutLookup Lookup() {
    return [this](std::string_view name) -> const Layout* {
      auto known = read_.find(name);
      if (known != read_.end()) return known->second.get();
      std::unique_ptr<Layout> layout;
      if (std::optional<size_t> index = source_.Find(name)) {
        Result<Layout> result = source_.Read(*index);
        if (result) {
          layout = std::make_unique<Layout>(*std::move(result));
        } else if (!error_) {
          error_ = result.error();
        }
      }
      return read_.emplace(name, std::move(layout)).first->second.get();
    };
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  const LayoutSource& source_;
  std::map<std::string, std::unique_ptr<Layout>, std::less<>> read_;
  std::optional<Error> error_;
};

// What is known about one class. Without a config, a class that its default config does not tie is
// described as with a config that does.
struct Tied {
  std::string class_name;
  bool by_default;  // or by the config
  std::vector<Tie> ties;
  std::vector<std::string> modules;
};

// `config_ties` is what the model's config says of tie_word_embeddings.
Tied TiedOf(const Layout& layout, const LayoutLookup& lookup, std::optional<bool> config_ties) {
  if (config_ties) {
    Tied tied{layout.class_name, true, EffectiveTies(layout, config_ties), {}};
    tied.modules = ModulesTiedToEmbedding(layout, tied.ties);
    return tied;
  }
  Tied tied{layout.class_name, !layout.tied.empty(), layout.tied, {}};
  if (!tied.by_default) tied.ties = DeclaredTies(layout, lookup).ties;
  tied.modules = ModulesTiedToEmbedding(layout, tied.ties);
  return tied;
}

std::string Text(const Tied& tied, bool adapter, bool with_class) {
  std::string out;
  if (with_class) {
    out += Printable(tied.class_name) + (tied.by_default || tied.ties.empty() ? "" : " (if its config ties)");
    out += tied.modules.empty() ? ": nothing is tied to the input embedding\n" : ":\n";
  }
  for (const std::string& module : tied.modules) {
    out += (with_class ? "  " : "") + Printable(adapter ? WrapForAdapter(module) : module) + '\n';
  }
  return out;
}

std::string Json(const Tied& tied) {
  llvm::json::Array modules;
  llvm::json::Array adapter;
  for (const std::string& module : tied.modules) {
    modules.push_back(module);
    adapter.push_back(WrapForAdapter(module));
  }
  llvm::json::Object ties;
  for (const Tie& tie : tied.ties) ties[tie.target] = tie.source;
  llvm::json::Object object{{"class", tied.class_name},
                            {"tied_by_default", tied.by_default},
                            {"modules", std::move(modules)},
                            {"adapter_modules", std::move(adapter)},
                            {"tied", std::move(ties)}};
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(object));
  return text + '\n';
}

Status WriteTied(const InputPaths& paths, TiedFormat format, bool adapter, const std::string& config_path,
                 Output* output) {
  std::optional<bool> config_ties;
  if (!config_path.empty()) {
    const Result<ModelConfig> config = ModelConfig::Read(config_path);
    if (!config) return config.error();
    config_ties = config->ties();
  }
  const std::vector<std::string>& globs = paths.models;
  const Result<Inputs> inputs = OpenInputsAloud(paths);
  if (!inputs) return inputs.error();
  const Result<std::vector<size_t>> classes = SelectClasses(*inputs->layouts, globs);
  if (!classes) return classes.error();
  const Result<std::vector<Layout>> layouts = ReadLayouts(*inputs->layouts, *classes);
  if (!layouts) return layouts.error();
  SubLayouts sub_layouts(*inputs->layouts);
  std::string text;
  for (const Layout& layout : *layouts) {
    Tied tied = TiedOf(layout, sub_layouts.Lookup(), config_ties);
    // Of many classes, only those with ties are of interest.
    if (globs.empty() && tied.modules.empty()) continue;
    text += format == TiedFormat::kJson ? Json(tied) : Text(tied, adapter, layouts->size() > 1);
  }
  if (sub_layouts.error()) return *sub_layouts.error();
  if (Status status = output->Write(text); !status) return status;
  return output->Finish();
}

}  // namespace

int RunTied(const Arguments& arguments) {
  InputFlags flags;
  EngineFlag engine;
  cl::opt<bool> adapter(
      "adapter", cl::ZeroOrMore,
      cl::desc("Write the names that the modules have inside an adapter (base_model.model.…)"),
      cl::cat(OutputOptions()));
  cl::opt<std::string> config("config", cl::value_desc("config.json"), cl::ZeroOrMore,
                              cl::desc("The ties that this configuration of the model asks for, by its "
                                       "tie_word_embeddings (default: those of the class)"),
                              cl::cat(InputOptions()));
  cl::opt<std::string> format("format", cl::value_desc("format"), cl::ZeroOrMore, cl::init("text"),
                              cl::desc("text (default) or json"), cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(
          arguments, "Writes the modules that are tied to the input embedding, one per line.",
          "JSON has one object per class, with the names inside an adapter and all ties.\n")) {
    return kBadInput;
  }
  const Result<TiedFormat> chosen =
      ChooseFormat<TiedFormat>(format, out, {}, kTiedFormats);
  if (!chosen) return Fail(chosen.error());
  const Result<InputPaths> paths = flags.Paths(engine);
  if (!paths) return Fail(paths.error());
  Output output(out);
  const Status status = WriteTied(*paths, *chosen, adapter, config, &output);
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
