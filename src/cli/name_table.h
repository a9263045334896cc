// What becomes of given names: `wcheck map --names`.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation.h"

namespace wcheck::cli {

// The names of a file, or of standard input ("-"): one a line, blank lines left out.
struct NameList {
  std::unique_ptr<const std::string> text;
  std::vector<std::string_view> names;  // into text
};
// Errors: those of reading; no name; a name that is not UTF-8 or beyond the limits of a key.
Result<NameList> ReadNames(const std::string& path);

inline constexpr std::string_view kNameTableHeading = "class\tname\tbecomes\tstatus\n";

// Lines "class, name, new name, status" for each of the names, in their order. Together they are the
// names of one checkpoint, which is loaded, or of one model, which is saved; a name that a converter
// splits has several lines, one that goes nowhere ("unexpected", "unknown") has one without a new name.
// Repeated parts of the model get as many members as the names have. An Error if the engine raises.
Result<std::string> NameTable(const Layout& layout, const CompiledRegistry& registry,
                              const NameList& list, Direction direction);

}  // namespace wcheck::cli
