// Which engine runs a registry, if nobody says so.
#pragma once

#include <string>

#include "wcheck/registry.h"
#include "wcheck/release.h"

namespace wcheck {

// What the user requested.
struct EngineChoice {
  const Engine* engine = nullptr;  // null: that of the release that the registry belongs to
  bool given = false;              // by the user, on the command line or in the configuration
};

// An engine, and why it was chosen: "the registry says transformers 5.12.1".
struct EngineGuess {
  const Engine* engine = &DefaultEngine();
  std::string reason;
  std::string release;  // that the registry belongs to; "" if unknown
};

// The engine of the release that a registry belongs to. In this order, it is taken from: the
// registry itself; for a .py file, `__version__` in the package's __init__.py beside it, then the
// metadata of the installed package. If none of these says anything, or they name a release that is
// older than every engine, the default is used. A version before a release is run by the engine of the
// release before that one, unless the registry uses a class that only the new one has.
EngineGuess GuessEngine(const Registry& registry, const std::string& registry_path);

}  // namespace wcheck
