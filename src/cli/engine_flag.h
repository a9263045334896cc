// --engine: which engine is simulated, and what --engine auto selects for a registry.
#pragma once

#include <string>
#include <string_view>

#include <llvm/Support/CommandLine.h>

#include "wcheck/registry.h"
#include "wcheck/release.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// The engine of a release or of another name; an error that says what `--option` can be.
Result<const Engine*> EngineNamed(std::string_view option, std::string_view name);

// What the user requested.
struct EngineChoice {
  // Null for "auto": that of the release that the registry belongs to.
  const Engine* engine = &DefaultEngine();
  bool given = false;  // on the command line
};

// An engine, and why it was chosen: "the registry says transformers 5.12.1".
struct EngineGuess {
  const Engine* engine = &DefaultEngine();
  std::string reason;
};

// The engine of the release that a registry belongs to. In this order, it is taken from: the
// registry itself; for a .py file, `__version__` in the package's __init__.py beside it, then the
// metadata of the installed package, then features that older releases do not have. If none of
// these says anything, or they name a release that is older than every engine, the default is used.
EngineGuess GuessEngine(const Registry& registry, const std::string& registry_path);

class EngineFlag {
 public:
  EngineFlag();
  Result<EngineChoice> Get() const;

 private:
  llvm::cl::opt<std::string> name_;
};

}  // namespace wcheck::cli
