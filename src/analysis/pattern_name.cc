#include "analysis/pattern_name.h"

namespace wcheck {

std::string NameOf(std::string_view pattern) {
  if (pattern.starts_with('^')) pattern.remove_prefix(1);
  if (pattern.ends_with('$')) pattern.remove_suffix(1);
  std::string name;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size() && pattern[i + 1] == '.') continue;
    if (std::string_view("\\()[]{}*+?|^$").find(pattern[i]) != std::string_view::npos) return "";
    name += pattern[i];
  }
  return name;
}

}  // namespace wcheck
