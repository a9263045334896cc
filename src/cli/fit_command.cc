// `wcheck fit`: the classes that a checkpoint fits.
#include <optional>
#include <set>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "checkpoint/checkpoint_files.h"
#include "checkpoint/what_fits.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "project/published_names.h"
#include "published/foreign_format.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

enum class FitFormat : uint8_t { kText, kJson };
constexpr std::pair<std::string_view, FitFormat> kFitFormats[] = {{"text", FitFormat::kText},
                                                                  {"json", FitFormat::kJson}};

// The published list whose names are most like those of a checkpoint.
struct PublishedMatch {
  std::string class_name;
  std::string model;
  size_t common = 0;    // key patterns of both
  size_t patterns = 0;  // of either
};

// Nothing, unless nearly all patterns are the same: layers and experts may differ in number.
Result<std::optional<PublishedMatch>> NearestPublished(const Checkpoint& checkpoint,
                                                       const std::vector<std::string>& files) {
  const auto patterns_of = [](const std::vector<LayoutFamily>& families) {
    std::set<std::string_view> patterns;
    for (const LayoutFamily& family : families) patterns.insert(family.pattern);
    return patterns;
  };
  const Result<PublishedNames> names = PublishedNames::Open(files);
  if (!names) return names.error();
  const std::set<std::string_view> own = patterns_of(checkpoint.families);
  std::optional<PublishedMatch> best;
  for (const PublishedFile& file : names->files()) {
    const Result<std::vector<PublishedList>> lists = file.ReadAll();
    if (!lists) return lists.error();
    for (const PublishedList& list : *lists) {
      const std::set<std::string_view> theirs = patterns_of(list.families);
      PublishedMatch match{list.class_name, list.model, 0, own.size()};
      for (const std::string_view pattern : theirs) {
        ++(own.contains(pattern) ? match.common : match.patterns);
      }
      if (10 * match.common < 9 * match.patterns) continue;
      if (best && match.common * best->patterns <= best->common * match.patterns) continue;
      best = std::move(match);
    }
  }
  return best;
}

std::string Text(const std::vector<ClassFit>& fits, uint64_t given) {
  if (fits.empty()) return "no class of the layouts takes any key of the checkpoint\n";
  std::string out;
  for (const ClassFit& fit : fits) {
    out += Printable(fit.class_name) + ": " + std::to_string(fit.filled) + " of " +
           std::to_string(fit.keys) + " keys filled, " + std::to_string(fit.used) +
           " of the checkpoint's " + std::to_string(given) + " used\n";
  }
  return out;
}

std::string Json(const std::vector<ClassFit>& fits, uint64_t given) {
  std::string out;
  for (const ClassFit& fit : fits) {
    llvm::json::Object object{{"class", fit.class_name},
                              {"filled", fit.filled},
                              {"model_keys", fit.keys},
                              {"used", fit.used},
                              {"keys", given}};
    llvm::raw_string_ostream(out) << llvm::json::Value(std::move(object)) << '\n';
  }
  return out;
}

std::string PublishedText(const PublishedMatch& match) {
  return "these are the names of " + Printable(match.model) + " (" + Printable(match.class_name) + "): " +
         std::to_string(match.common) + " of " + std::to_string(match.patterns) + " key patterns\n";
}

std::string PublishedJson(const PublishedMatch& match) {
  std::string out;
  llvm::json::Object object{{"published", match.model},
                            {"class", match.class_name},
                            {"common_patterns", match.common},
                            {"patterns", match.patterns}};
  llvm::raw_string_ostream(out) << llvm::json::Value(std::move(object)) << '\n';
  return out;
}

Status WriteFits(const InputPaths& paths, const std::vector<std::string>& files,
                 const std::vector<std::string>& published_files, uint64_t top, FitFormat format,
                 Output* output) {
  const Result<Checkpoint> checkpoint = ReadCheckpoint(files);
  if (!checkpoint) return checkpoint.error();
  const Result<Inputs> inputs = OpenInputsAloud(paths);
  if (!inputs) return inputs.error();
  const CompiledRegistry compiled(*inputs->registry, *inputs->engine);
  const Result<std::vector<ClassFit>> fits =
      RankClasses(*inputs->layouts, compiled, *checkpoint, top, 0);
  if (!fits) return fits.error();
  const uint64_t given = checkpoint->key_count();
  const Result<std::optional<PublishedMatch>> published = NearestPublished(*checkpoint, published_files);
  if (!published) return published.error();
  const bool json = format == FitFormat::kJson;
  std::string text = json ? Json(*fits, given) : Text(*fits, given);
  if (*published) text = (json ? PublishedJson(**published) : PublishedText(**published)) + text;
  if (const ForeignFormat* foreign = ForeignFormatOf(*checkpoint); foreign != nullptr && !json) {
    text = "these are the names of " + std::string(foreign->name) + " (" + std::string(foreign->because) +
           "), not the library's\n" + text;
  }
  if (Status status = output->Write(text); !status) return status;
  return output->Finish();
}

}  // namespace

int RunFit(const Arguments& arguments) {
  Words files(cl::Positional, cl::value_desc("checkpoint"), cl::OneOrMore, cl::desc("CHECKPOINT…"),
              cl::cat(InputOptions()));
  cl::opt<std::string> registry("registry", cl::value_desc("file"), cl::ZeroOrMore,
                                cl::desc("The mapping (default: the one that comes with wcheck)"),
                                cl::cat(InputOptions()));
  cl::opt<std::string> layouts(
      "layouts", cl::value_desc("file"), cl::ZeroOrMore,
      cl::desc("The layouts of the classes (default: those that come with wcheck)"),
      cl::cat(InputOptions()));
  cl::list<std::string> published(
      "published", cl::value_desc("file"),
      cl::desc("Search these published names, too: a file of `wcheck published add` (repeatable)"),
      cl::cat(InputOptions()));
  EngineFlag engine;
  cl::opt<unsigned> top("top", cl::value_desc("n"), cl::ZeroOrMore, cl::init(10),
                        cl::desc("How many classes to list (default 10)"),
                        cl::cat(OutputOptions()));
  cl::opt<std::string> format("format", cl::value_desc("format"), cl::ZeroOrMore, cl::init("text"),
                              cl::desc("text (default) or json"), cl::cat(OutputOptions()));
  cl::opt<std::string> out("o", cl::value_desc("file"), cl::ZeroOrMore,
                           cl::desc("Write to this file, completely or not at all"),
                           cl::cat(OutputOptions()));
  if (!ParseArguments(arguments,
                      "Lists the model classes that a checkpoint fits, the best one first.",
                      "A class fits well if few of its keys, and few of the checkpoint's, are left "
                      "over. Names are compared, not shapes.\n")) {
    return kBadInput;
  }
  const Result<FitFormat> chosen = ChooseFormat<FitFormat>(format, out, {}, kFitFormats);
  if (!chosen) return Fail(chosen.error());
  InputPaths paths;
  paths.registry = registry;
  paths.layouts = layouts;
  const Result<EngineChoice> choice = engine.Get(Configuration{});
  if (!choice) return Fail(choice.error());
  paths.engine = *choice;
  Output output(out);
  const Status status =
      WriteFits(paths, std::vector<std::string>(files.begin(), files.end()),
                std::vector<std::string>(published.begin(), published.end()), top, *chosen, &output);
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
