#include "compare/other_form.h"

#include <algorithm>
#include <set>

namespace wcheck {

OtherForm::OtherForm(std::span<const LayoutFamily> checkpoint, std::string_view base_model_prefix) {
  if (base_model_prefix.empty()) return;
  const std::string prefix = std::string(base_model_prefix) + '.';
  const auto has_prefix = [&](const LayoutFamily& f) { return f.pattern.starts_with(prefix); };
  const bool drop = std::ranges::any_of(checkpoint, has_prefix);
  name_ = std::string(drop ? "without" : "with") + " `" + prefix + "` in front";
  std::set<std::string_view> taken;
  for (const LayoutFamily& family : checkpoint) {
    if (!drop || !has_prefix(family)) taken.insert(family.pattern);
  }
  for (const LayoutFamily& family : checkpoint) {
    LayoutFamily other = family;
    if (drop && has_prefix(family)) {
      other.pattern.remove_prefix(prefix.size());
      // A name that the file has already stays what it is.
      if (taken.contains(other.pattern)) other.pattern = family.pattern;
    } else if (!drop) {
      other.pattern = patterns_.emplace_back(prefix + std::string(family.pattern));
    }
    families_.push_back(other);
  }
}

}  // namespace wcheck
