// A layout written out in full, key by key: what two readings of the same layout are compared by.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck::testing {

// "key shape dtype" of every key of every family, sorted by bytes.
inline std::vector<std::string> ShowKeys(const Layout& layout) {
  std::vector<std::string> lines;
  for (const LayoutFamily& family : layout.families) {
    std::string tail = " [";
    for (size_t i = 0; i < family.shape.size(); ++i) {
      tail += (i > 0 ? ", " : "") + std::to_string(family.shape[i]);
    }
    tail += "] " + std::string(family.dtype);
    for (uint64_t n = 0; n < family.size(); ++n) {
      std::vector<uint32_t> numbers;
      uint64_t rest = n;
      for (const IndexSet& set : family.numbers) {
        numbers.push_back(set.At(rest % set.size()));
        rest /= set.size();
      }
      lines.push_back(JoinNumbers(family.pattern, numbers) + tail);
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

inline void ShowTies(std::string_view what, const std::vector<Tie>& ties, std::ostream& out) {
  for (const Tie& tie : ties) out << what << ' ' << tie.target << ' ' << tie.source << '\n';
}

inline std::string ShowLayout(const Layout& layout) {
  std::ostringstream out;
  out << "class " << layout.class_name << ' ' << layout.model_type << ' '
      << layout.base_model_prefix << ' ' << layout.source_dir << '\n';
  for (const SubModel& module : layout.modules) {
    out << "module " << module.path << ' ' << module.class_name << ' ' << module.model_type << '\n';
  }
  for (const std::string& line : ShowKeys(layout)) out << "key " << line << '\n';
  ShowTies("tied", layout.tied, out);
  if (const auto* names = std::get_if<std::vector<std::string>>(&layout.declared_tied)) {
    out << "declared list\n";
    for (const std::string& name : *names) out << "declared " << name << '\n';
  } else if (const auto* ties = std::get_if<std::vector<Tie>>(&layout.declared_tied)) {
    out << "declared map\n";
    ShowTies("declared", *ties, out);
  }
  return out.str();
}

}  // namespace wcheck::testing
