#include "report/github_commands.h"

#include "support/printable.h"

#include "report/places.h"

namespace wcheck {

std::string GithubData(std::string_view text) { return Escaped(text, Medium::kGithubMessage); }

std::string GithubProperty(std::string_view text) {
  return Escaped(text, Medium::kGithubProperty);
}

std::string GithubPlace(const SourceRange& where, std::string_view folder) {
  if (!HasFile(where)) return "";
  const Region region = RegionOf(where);
  std::string out = "file=" + GithubProperty(Printable(FileName(where, folder))) +
                    ",line=" + std::to_string(region.line) +
                    ",endLine=" + std::to_string(region.end_line) + ',';
  // Columns are for ranges on one line only.
  if (region.line == region.end_line) {
    out += "col=" + std::to_string(region.column) +
           ",endColumn=" + std::to_string(region.end_column) + ',';
  }
  return out;
}

}  // namespace wcheck
