// `wcheck dump`: a registry as JSON, in whatever dialect it was written.

#include "wcheck/open.h"

#include "cli/command_line.h"
#include "cli/input_flags.h"
#include "cli/output.h"
#include "mapping/json/json_writer.h"

namespace wcheck::cli {

int RunDump(const Arguments& arguments) {
  MappingFlags mapping;
  EngineFlag engine;
  llvm::cl::opt<std::string> out("o", llvm::cl::value_desc("file"), llvm::cl::ZeroOrMore,
                                 llvm::cl::desc("Write to this file, completely or not at all"),
                                 llvm::cl::cat(OutputOptions()));
  if (!ParseArguments(arguments, "Writes a registry as JSON, with its aliases copied out.")) {
    return kBadInput;
  }
  const Result<InputPaths> paths = mapping.Paths();
  if (!paths) return Fail(paths.error());
  if (const std::string word = mapping.model(); !word.empty()) {
    return Fail(Error{{word, 0, 0, ""}, "there is no such file", ""});
  }
  const std::string& path = paths->registry;
  const Result<EngineChoice> choice = engine.Get(paths->configuration);
  if (!choice) return Fail(choice.error());
  const Engine& release = choice->engine != nullptr ? *choice->engine : DefaultEngine();
  const Result<std::shared_ptr<const Registry>> registry =
      path.empty() ? OpenBundledRegistry(paths->bundled, release) : OpenRegistry(path);
  if (!registry) return Fail(registry.error());
  // A dump of JSON is the same JSON again; one of another dialect includes the places.
  const bool origins = path.ends_with(".py");
  Output output(out);
  Status status = output.Write(DumpRegistryJson(**registry, origins));
  if (status) status = output.Finish();
  return status ? kClean : Fail(status.error());
}

}  // namespace wcheck::cli
