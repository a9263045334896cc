// The checkpoint of a class with a head, as the base model has it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

class OtherForm {
 public:
  // `checkpoint` must outlive this. If some of its names begin with the base model prefix, the
  // other form has them without it. A base model's own file has none: whether a class with a head
  // exists that puts it in front is not known here.
  OtherForm(std::span<const LayoutFamily> checkpoint, std::string_view base_model_prefix);

  // Empty if no name begins with the base model prefix.
  const std::vector<LayoutFamily>& families() const { return families_; }
  // "without `model.` in front".
  const std::string& name() const { return name_; }

 private:
  std::vector<LayoutFamily> families_;
  std::string name_;
};

}  // namespace wcheck
