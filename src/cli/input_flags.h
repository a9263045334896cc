// The options that say what to read, common to most commands.
#pragma once

#include <string>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/result.h"

#include "cli/command_line.h"
#include "cli/engine_flag.h"
#include "project/inputs.h"
#include "project/project.h"

namespace wcheck::cli {

// The options that name a mapping: --registry, --transformers, --bundled, or the file or folder
// itself. Without any of them it is that of the project that the working directory belongs to, and
// the bundled one where there is none.
class MappingFlags {
 public:
  MappingFlags();
  // Everything but the layouts, the engine and the models. Errors: two mappings are named; a folder
  // that has none; those of FindProject.
  Result<InputPaths> Paths() const;
  bool given() const;
  // The positional argument, if it can only be the name of a class: "LlavaModel" is no file.
  std::string model() const;

 private:
  Result<std::string> Named() const;

  llvm::cl::opt<std::string> registry_;
  llvm::cl::opt<std::string> transformers_;
  llvm::cl::opt<std::string> bundled_;
  Word mapping_;
};

class InputFlags {
 public:
  InputFlags();
  // What the command line and the configuration say; the command line takes precedence. Without an
  // engine flag the engine is left to be guessed.
  Result<InputPaths> Paths() const;
  Result<InputPaths> Paths(const EngineFlag& engine) const;
  // Whether any of the options was given.
  bool given() const;

 private:
  MappingFlags mapping_;
  llvm::cl::list<std::string> models_;
  llvm::cl::opt<std::string> layouts_;
};

// OpenInputs for commands whose output does not name what was read: says it on standard error if
// the mapping or the engine was not named.
Result<Inputs> OpenInputsAloud(const InputPaths& paths);

}  // namespace wcheck::cli
