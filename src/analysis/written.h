// Which copies of a transform were written once.
//
// An alias copies an entry, and a mapping may copy lists itself; what was written once should be
// judged, counted and reported once.
#pragma once

#include <map>
#include <string_view>

#include "wcheck/evidence.h"

namespace wcheck {

// The transform of an entry that a constructed transform was made of.
TransformRef RefIn(const Entry& entry, const TransformSpec& spec);

class WrittenTransforms {
 public:
  explicit WrittenTransforms(const Registry& registry);

  // The place where the transform was written: the entry that an alias copied, if it still has the
  // same transform at the same index, or the first entry that shares its origin.
  TransformRef Written(const TransformRef& copy) const;
  // Whether it is what an alias, or the mapping itself, copied from elsewhere.
  bool IsCopy(const TransformRef& ref) const { return Written(ref).spec != ref.spec; }

 private:
  const Registry& registry_;
  std::map<const Origin*, TransformRef> by_origin_;
  std::map<std::string_view, std::string_view> alias_of_;
};

}  // namespace wcheck
