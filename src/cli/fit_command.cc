// `wcheck fit`: the classes that a checkpoint fits.
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "checkpoint/checkpoint_files.h"
#include "checkpoint/what_fits.h"
#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

namespace cl = llvm::cl;

enum class FitFormat : uint8_t { kText, kJson };
constexpr std::pair<std::string_view, FitFormat> kFitFormats[] = {{"text", FitFormat::kText},
                                                                  {"json", FitFormat::kJson}};

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

Status WriteFits(const InputPaths& paths, const std::vector<std::string>& files, uint64_t top,
                 FitFormat format, Output* output) {
  const Result<Checkpoint> checkpoint = ReadCheckpoint(files);
  if (!checkpoint) return checkpoint.error();
  const Result<Inputs> inputs = OpenInputsAloud(paths);
  if (!inputs) return inputs.error();
  const CompiledRegistry compiled(*inputs->registry, *inputs->engine);
  const Result<std::vector<ClassFit>> fits =
      RankClasses(*inputs->layouts, compiled, *checkpoint, top, 0);
  if (!fits) return fits.error();
  const uint64_t given = checkpoint->key_count();
  if (Status status =
          output->Write(format == FitFormat::kJson ? Json(*fits, given) : Text(*fits, given));
      !status) {
    return status;
  }
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
      WriteFits(paths, std::vector<std::string>(files.begin(), files.end()), top, *chosen, &output);
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
