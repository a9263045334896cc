#include "compare/other_form.h"

#include <algorithm>
#include <set>

namespace wcheck {

OtherForm::OtherForm(std::span<const LayoutFamily> checkpoint, std::string_view base_model_prefix) {
  if (base_model_prefix.empty()) return;
  const std::string prefix = std::string(base_model_prefix) + '.';
  const auto has_prefix = [&](const LayoutFamily& f) { return f.pattern.starts_with(prefix); };
  if (!std::ranges::any_of(checkpoint, has_prefix)) return;
  name_ = "without `" + prefix + "` in front";
  std::set<std::string_view> taken;
  for (const LayoutFamily& family : checkpoint) {
    if (!has_prefix(family)) taken.insert(family.pattern);
  }
  for (LayoutFamily family : checkpoint) {
    const std::string_view rest =
        has_prefix(family) ? family.pattern.substr(prefix.size()) : family.pattern;
    // A name that the file has already stays what it is.
    if (!taken.contains(rest)) family.pattern = rest;
    families_.push_back(family);
  }
}

}  // namespace wcheck
