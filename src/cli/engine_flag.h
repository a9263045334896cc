// --engine: whose behaviour is simulated, and what --engine auto makes of a registry.
#pragma once

#include <string>
#include <string_view>

#include <llvm/Support/CommandLine.h>

#include "wcheck/profile.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// What the user asked for.
struct EngineChoice {
  // Null for "auto": that of the release that the registry belongs to.
  const Profile* profile = &DefaultProfile();
};

// A profile, and why it was taken: "the registry says transformers 5.12.1".
struct EngineGuess {
  const Profile* profile = &DefaultProfile();
  std::string reason;
};

// The engine of the release that a registry belongs to. What is looked at, in this order: what the
// registry says itself; for a .py file, `__version__` in the package's __init__.py beside it, then
// the metadata of the installed package, then what the file uses that older releases do not have.
// If all of them are silent, or name a release older than every profile, it is the default.
EngineGuess GuessEngine(const Registry& registry, const std::string& registry_path);

class EngineFlag {
 public:
  EngineFlag();
  Result<EngineChoice> Get() const;

 private:
  llvm::cl::opt<std::string> name_;
};

}  // namespace wcheck::cli
