// `wcheck suggest`: writes the entry that loads a checkpoint into a model class.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "checkpoint/checkpoint_files.h"
#include "cli/checkpoint_flag.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "cli/simulation_input.h"
#include "cli/suggestion_text.h"
#include "families/key_limits.h"
#include "layout/family_limits.h"
#include "layout/json_reader.h"
#include "layout/source/source_layouts.h"
#include "mapping/json/json_writer.h"
#include "project/checkout.h"
#include "suggest/suggest.h"
#include "support/file.h"
#include "support/utf8.h"
#include "wcheck/open.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

enum class SuggestFormat : uint8_t { kText, kJson };
constexpr std::pair<std::string_view, SuggestFormat> kSuggestFormats[] = {{"text", SuggestFormat::kText},
                                                                          {"json", SuggestFormat::kJson}};
enum class Dialect : uint8_t { kNone, kPython, kJson };
constexpr std::pair<std::string_view, Dialect> kDialects[] = {{"python", Dialect::kPython}, {"json", Dialect::kJson}};

// One side of a suggestion.
struct NameSide {
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;
  bool shapes = true;
};

// The shape after a name: "[8, 16]" or "8,16"; nothing if it is none.
std::optional<std::vector<int64_t>> ParseShape(std::string_view text) {
  std::vector<int64_t> shape;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  while (!text.empty()) {
    const size_t start = text.find_first_not_of(" \t,");
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    int64_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (error != std::errc() || size < 0) return std::nullopt;
    shape.push_back(size);
    text.remove_prefix(static_cast<size_t>(end - text.data()));
    if (!text.empty() && std::string_view(" \t,").find(text[0]) == std::string_view::npos) return std::nullopt;
  }
  return shape;
}

// Names, one a line, each with its shape or none of them.
Result<NameSide> ReadNames(const std::string& path, const std::string& text) {
  LayoutBuilder builder;
  NameSide side;
  std::optional<bool> shapes;
  std::string_view rest = text;
  for (uint32_t number = 1; !rest.empty(); ++number) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) continue;
    line = line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
    const Place place{path, number, static_cast<uint32_t>(first + 1), ""};
    const size_t space = line.find_first_of(" \t");
    const std::string_view name = line.substr(0, space);
    const bool has_shape = space != std::string_view::npos;
    if (shapes && *shapes != has_shape) {
      return Error{place, has_shape ? "this name has a shape, those before it have none" : "this name has no shape, those before it have one",
                   "write a shape after every name, or after none"};
    }
    shapes = has_shape;
    const std::optional<std::vector<int64_t>> shape =
        has_shape ? ParseShape(line.substr(line.find_first_not_of(" \t", space))) : std::vector<int64_t>{};
    if (!shape) return Error{place, "expected a shape after the name, as in `model.norm.weight [4096]`", ""};
    if (FindInvalidUtf8(name) != std::string_view::npos) return Error{place, "the name is not UTF-8", ""};
    if (const char* excess = ExcessOfKey(name)) {
      return Error{place, "a name has " + std::string(excess), "docs/limits.md lists the limits"};
    }
    if (!builder.Add(name, *shape, "")) return Error{place, "'" + std::string(name) + "' is listed twice", ""};
  }
  if (!shapes) return Error{{path, 0, 0, ""}, "expected names, one a line, found none", ""};
  side.shapes = *shapes;
  Layout holder;
  builder.FinishInto(&holder);
  if (Status few = CheckFamilyCount(holder.families, {path, 0, 0, ""}); !few) return few.error();
  side.families = std::move(holder.families);
  side.storage = std::move(holder.storage);
  return side;
}

bool EndsIn(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return path.ends_with(ending); });
}

// The layout of a class in a file; of its only class if it has one.
Result<Layout> LayoutIn(const std::string& path, const std::string& class_name) {
  const Result<std::unique_ptr<LayoutSource>> layouts = OpenLayouts(path);
  if (!layouts) return layouts.error();
  std::optional<size_t> index = (*layouts)->Find(class_name);
  if (!index && (*layouts)->size() == 1) index = 0;
  if (!index) {
    return Error{{path, 0, 0, ""}, "it has no layout of '" + class_name + "'", "name a file with one layout, or with that of the class"};
  }
  return (*layouts)->Read(*index);
}

// Names in a file that is no checkpoint: a list, a layout, or lines of checkpoint keys.
Result<NameSide> ReadListing(const std::string& path, const std::string& class_name) {
  if (path == "-" || EndsIn(path, {".txt"})) {
    const Result<std::string> text = path == "-" ? ReadStandardInput(kMaxLayoutsFile) : ReadFile(path, kMaxLayoutsFile);
    if (!text) return text.error();
    return ReadNames(path == "-" ? "<stdin>" : path, *text);
  }
  if (Result<std::map<std::string, CheckpointKeys, std::less<>>> keys = ReadCheckpointKeys(path)) {
    if (const auto it = keys->find(class_name); it != keys->end()) {
      return NameSide{std::move(it->second.families), std::move(it->second.storage), true};
    }
  }
  Result<Layout> layout = LayoutIn(path, class_name);
  if (!layout) return layout.error();
  return NameSide{std::move(layout->families), std::move(layout->storage), true};
}

// The lines that a mapping has for a model already: of its own entry, and of those of its sub-models.
Result<std::vector<suggest::Line>> ExistingLines(const std::string& path, const Layout& model, const Engine& engine) {
  const Result<std::shared_ptr<const Registry>> registry = OpenRegistry(path);
  if (!registry) return registry.error();
  const CompiledRegistry compiled(**registry, engine);
  const Plan plan = CollectPlan(model, compiled);
  std::vector<suggest::Line> out;
  for (const Plan::Hit& hit : plan.hits) {
    for (uint32_t i = hit.first; i < hit.first + hit.count; ++i) {
      suggest::Line line;
      line.transform = *plan.transforms[i].forward().spec;
      line.transform.origin = nullptr;
      line.scope = model.modules[hit.module].path;
      out.push_back(std::move(line));
    }
  }
  return out;
}

// Builds a class from the source of a package.
Result<Layout> BuildClass(const std::string& transformers, const std::string& class_name, const std::string& config_path) {
  const Result<std::string> folder = FindPackage(transformers);
  if (!folder) return folder.error();
  const std::unique_ptr<PackageFiles> files = OpenPackage(*folder);
  std::optional<std::string> config;
  if (!config_path.empty()) {
    Result<std::string> text = ReadFile(config_path, kMaxModelFile);
    if (!text) return text.error();
    config = *std::move(text);
  }
  SourceLayouts layouts(files.get());
  for (const SourceClass& cls : ClassesOfPackage(files.get())) {
    if (cls.name != class_name) continue;
    const Result<SourceLayout> built = layouts.Build(cls, config ? &*config : nullptr);
    if (!built) return built.error();
    if (built->quality == LayoutQuality::kPartial) {
      const OpenPlace& open = built->open.front();
      return Error{{}, class_name + " is known in part only: " + (open.path.empty() ? "" : open.path + ": ") + open.reason,
                   "`wcheck layout --why` lists what could not be known"};
    }
    const SourceFile file("<layout of " + class_name + ">", built->json);
    const Result<json::Value> value = json::Parse(file);
    if (!value) return value.error();
    return ReadLayout(*value);
  }
  return Error{{*folder, 0, 0, ""}, "there is no model class '" + class_name + "'", ""};
}

Result<std::vector<std::pair<std::string, std::string>>> ParsePairs(const std::vector<std::string>& words) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size()) {
      return Error{{}, "--pair is '" + word + "'; expected a name of the checkpoint, '=', and a name of the model", ""};
    }
    out.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  return out;
}

Result<std::vector<std::pair<size_t, char>>> ParseChoices(const std::vector<std::string>& words) {
  std::vector<std::pair<size_t, char>> out;
  for (const std::string& word : words) {
    size_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    const std::string_view rest(end, static_cast<size_t>(word.data() + word.size() - end));
    if (error != std::errc() || (rest != "=A" && rest != "=B")) {
      return Error{{}, "--choose is '" + word + "'; expected the number of a question and a choice, as in 1=B", ""};
    }
    const bool twice = std::ranges::any_of(out, [&](const auto& choice) { return choice.first == number; });
    if (twice) return Error{{}, "--choose answers question " + std::to_string(number) + " twice", ""};
    out.emplace_back(number, rest[1]);
  }
  return out;
}

// The engine in force, and those that the project supports; without a project that says so, those of all
// releases from 5.15 on.
Result<std::vector<const Engine*>> EnginesFor(const Engine& in_force, const Configuration& configuration) {
  Result<std::vector<const Engine*>> supported = SupportedEngines(configuration);
  if (!supported) return supported.error();
  if (supported->empty()) {
    for (const Engine& engine : Engines()) {
      if (engine.since && *engine.since >= Version{5, 15, 0}) supported->push_back(&engine);
    }
  }
  std::vector<const Engine*> out{&in_force};
  for (const Engine* engine : *supported) {
    if (std::ranges::none_of(out, [&](const Engine* other) { return SameRules(*other, *engine); })) out.push_back(engine);
  }
  return out;
}

struct SuggestFlags {
  std::vector<std::string> checkpoint;
  std::string model;
  std::string transformers;
  std::string config;
  InputPaths paths;
};

// What is asked for, with what it points into.
struct SuggestQuestion {
  NameSide checkpoint;
  Layout model;
  suggest::Request request;
};

Status ReadSides(const SuggestFlags& flags, SuggestQuestion* question) {
  const bool listing = flags.checkpoint.size() == 1 &&
                       (flags.checkpoint[0] == "-" || EndsIn(flags.checkpoint[0], {".txt", ".jsonl", ".jsonl.xz"}));
  if (listing && flags.model.empty()) {
    return Error{{}, "a list of names does not say which class it is to be loaded into", "name the class with --model"};
  }
  std::optional<Checkpoint> checkpoint;
  if (!listing) {
    Result<Checkpoint> read = ReadCheckpoint(flags.checkpoint);
    if (!read) return read.error();
    checkpoint = *std::move(read);
    question->checkpoint = {checkpoint->families, checkpoint->storage, checkpoint->has_shapes};
  }
  if (!flags.transformers.empty()) {
    std::string name = flags.model;
    if (name.empty() && checkpoint && !checkpoint->architectures.empty()) name = checkpoint->architectures[0];
    if (name.empty()) return Error{{}, "nothing says which class to build", "name the class with --model"};
    Result<Layout> layout = BuildClass(flags.transformers, name, flags.config.empty() && checkpoint ? checkpoint->config : flags.config);
    if (!layout) return layout.error();
    question->model = *std::move(layout);
  } else {
    const Result<Inputs> inputs = OpenInputs(flags.paths);
    if (!inputs) return inputs.error();
    const std::vector<std::string> names = flags.model.empty() ? std::vector<std::string>{} : std::vector{flags.model};
    Result<size_t> index = size_t{0};
    if (checkpoint) {
      index = ClassOfCheckpoint(*checkpoint, *inputs->layouts, names);
    } else {
      const Result<std::vector<size_t>> classes = SelectClasses(*inputs->layouts, names);
      if (!classes) return classes.error();
      if (classes->size() != 1) return Error{{}, "--model names " + std::to_string(classes->size()) + " classes", "name one"};
      index = classes->front();
    }
    if (!index) return index.error();
    Result<Layout> layout = inputs->layouts->Read(*index);
    if (!layout) return layout.error();
    question->model = *std::move(layout);
  }
  if (listing) {
    Result<NameSide> side = ReadListing(flags.checkpoint[0], question->model.class_name);
    if (!side) return side.error();
    question->checkpoint = *std::move(side);
  }
  return Unit{};
}

}  // namespace

int RunSuggest(const Arguments& arguments) {
  cl::list<std::string> checkpoint(
      "checkpoint", cl::value_desc("path"),
      cl::desc("The checkpoint: a .safetensors file (repeatable), an index.json, a directory; or a list of names with or "
               "without shapes (.txt, or - for standard input), or a layout (.jsonl)"),
      cl::cat(InputOptions()));
  cl::opt<std::string> model("model", cl::value_desc("class"), cl::ZeroOrMore,
                             cl::desc("The class to load it into (default: that of the config.json beside the checkpoint)"),
                             cl::cat(InputOptions()));
  cl::opt<std::string> registry("registry", cl::value_desc("file"), cl::ZeroOrMore,
                                cl::desc("Edit the entries that this mapping has for the class, as little as possible"),
                                cl::cat(InputOptions()));
  cl::opt<std::string> layouts("layouts", cl::value_desc("file"), cl::ZeroOrMore,
                               cl::desc("The layouts of the classes (default: those that come with wcheck)"), cl::cat(InputOptions()));
  cl::opt<std::string> transformers("transformers", cl::value_desc("dir"), cl::ZeroOrMore,
                                    cl::desc("Build the class from the source of this checkout or installed package"),
                                    cl::cat(InputOptions()));
  cl::opt<std::string> config("config", cl::value_desc("config.json"), cl::ZeroOrMore,
                              cl::desc("Build the model that this config.json describes (with --transformers)"), cl::cat(InputOptions()));
  EngineFlag engine;
  cl::list<std::string> pairs("pair", cl::value_desc("name=name"),
                              cl::desc("This name of the checkpoint is that of the model; {} stands for a number (repeatable)"),
                              cl::cat(InputOptions()));
  cl::list<std::string> choices("choose", cl::value_desc("n=A|B"), cl::desc("Answer question n (repeatable)"), cl::cat(InputOptions()));
  cl::opt<bool> explain("explain", cl::desc("Say what goes where, and why"), cl::cat(OutputOptions()));
  cl::opt<std::string> format("format", cl::value_desc("format"), cl::ZeroOrMore, cl::init("text"),
                              cl::desc("text (default) or json"), cl::cat(OutputOptions()));
  cl::opt<std::string> dialect("dialect", cl::value_desc("dialect"), cl::ZeroOrMore,
                               cl::desc("Write the entries alone, as a mapping that wcheck reads: python or json"), cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore, cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments, "Writes the entry of a mapping that loads a checkpoint into a model class.",
                      "The exit status is 0 if the entry is verified and nothing is left to decide, 1 if there are questions "
                      "or names without a counterpart, 2 if no entry verifies.\n")) {
    return kBadInput;
  }
  const Result<SuggestFormat> chosen = ChooseFormat<SuggestFormat>(format, out, {}, kSuggestFormats);
  if (!chosen) return Fail(chosen.error());
  Dialect written = Dialect::kNone;
  if (!dialect.empty()) {
    const Result<Dialect> parsed = ParseChoice<Dialect>("dialect", dialect.getValue(), kDialects);
    if (!parsed) return Fail(parsed.error());
    written = *parsed;
  }
  SuggestFlags flags{{checkpoint.begin(), checkpoint.end()}, model, transformers, config, {}};
  if (flags.checkpoint.empty()) return Fail(Error{{}, "no checkpoint is given", "name it with --checkpoint"});
  if (!flags.config.empty() && flags.transformers.empty()) {
    return Fail(Error{{}, "--config needs the source of the class", "name a checkout or an installed package with --transformers"});
  }
  const Result<Project> project = FindProject(".");
  if (!project) return Fail(project.error());
  const Result<EngineChoice> choice = engine.Get(project->configuration);
  if (!choice) return Fail(choice.error());
  flags.paths.engine = *choice;
  flags.paths.layouts = layouts;
  const Engine& in_force = choice->engine != nullptr ? *choice->engine : DefaultEngine();
  Result<std::vector<const Engine*>> engines = EnginesFor(in_force, project->configuration);
  if (!engines) return Fail(engines.error());
  Result<std::vector<std::pair<std::string, std::string>>> paired = ParsePairs({pairs.begin(), pairs.end()});
  if (!paired) return Fail(paired.error());
  Result<std::vector<std::pair<size_t, char>>> answered = ParseChoices({choices.begin(), choices.end()});
  if (!answered) return Fail(answered.error());

  SuggestQuestion question;
  if (Status status = ReadSides(flags, &question); !status) return Fail(status.error());
  question.request = {&question.model, question.checkpoint.families, question.checkpoint.shapes, *engines, *paired, {}, *answered};
  if (!registry.empty()) {
    Result<std::vector<suggest::Line>> existing = ExistingLines(registry, question.model, in_force);
    if (!existing) return Fail(existing.error());
    question.request.existing = *std::move(existing);
  }
  const Result<suggest::Suggestion> suggestion = suggest::Suggest(question.request);
  if (!suggestion) return Fail(suggestion.error());
  if (!question.checkpoint.shapes) {
    Note("the names have no shapes: names alone tell what is converted", {"give names with shapes, or the files themselves"});
  }
  if (transformers.empty() && layouts.empty() && !suggestion->no_place.empty() && !suggestion->nothing_for.empty()) {
    Note("the layout is that of the class's default configuration: names are left over if sizes or layers differ",
         {"build the class for the checkpoint's own: --transformers DIR --config config.json"});
  }
  std::string text;
  if (written == Dialect::kPython) {
    text = SuggestionPython(question.model, *suggestion);
  } else if (written == Dialect::kJson) {
    std::vector<suggest::Line> lines = suggestion->lines;
    text = DumpRegistryJson(suggest::AsRegistry(question.model, lines), false);
  } else {
    text = *chosen == SuggestFormat::kJson ? SuggestionJson(question.model, *suggestion)
                                           : SuggestionText(question.model, *suggestion, explain);
  }
  if (written != Dialect::kNone && !suggestion->verified) {
    return Fail(Error{{}, "nothing verifies, so there is no entry to write", "run it without --dialect to see what comes nearest"});
  }
  Output output(out);
  if (Status status = output.Write(text); !status) return Fail(status.error());
  if (Status status = output.Finish(); !status) return Fail(status.error());
  if (!suggestion->verified) return kBadInput;
  return suggestion->decided() ? kClean : kFindings;
}

}  // namespace wcheck::cli
