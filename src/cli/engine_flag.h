// --engine: which engine is simulated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/CommandLine.h>

#include "wcheck/release.h"
#include "wcheck/result.h"

#include "project/configuration.h"
#include "project/engine_guess.h"

namespace wcheck::cli {

// The engine of a release or of another name; an error that says what `--option` can be.
Result<const Engine*> EngineNamed(std::string_view option, std::string_view name);

// The releases that the configuration says the mapping has to work with.
Result<std::vector<const Engine*>> SupportedEngines(const Configuration& configuration);

class EngineFlag {
 public:
  EngineFlag();
  // The command line takes precedence over the configuration; without either it is "auto".
  Result<EngineChoice> Get(const Configuration& configuration) const;

 private:
  llvm::cl::opt<std::string> name_;
};

}  // namespace wcheck::cli
