// What `wcheck suggest` writes.
#pragma once

#include <string>

#include "suggest/suggest.h"

namespace wcheck::cli {

// The entries as Python source in the registry's style, each line with the number of keys that it moves,
// and what is to be said about them. With `explain`, what goes where, and why.
std::string SuggestionText(const Layout& model, const suggest::Suggestion& suggestion, bool explain);

// The entries alone, as a Python file that `--registry` reads.
std::string SuggestionPython(const Layout& model, const suggest::Suggestion& suggestion);

// Everything, as one JSON object.
std::string SuggestionJson(const Layout& model, const suggest::Suggestion& suggestion);

}  // namespace wcheck::cli
