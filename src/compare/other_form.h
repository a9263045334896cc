// A checkpoint as the base model, or as a class with a head, has it.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"

namespace wcheck {

class OtherForm {
 public:
  // `checkpoint` must outlive this. If some of its names begin with the base model prefix, the
  // other form has them without it, as a file of the base model; otherwise it has all names with
  // it.
  OtherForm(std::span<const LayoutFamily> checkpoint, std::string_view base_model_prefix);

  // Empty without a base model prefix.
  const std::vector<LayoutFamily>& families() const { return families_; }
  // "without `model.` in front".
  const std::string& name() const { return name_; }

 private:
  std::deque<std::string> patterns_;
  std::vector<LayoutFamily> families_;
  std::string name_;
};

}  // namespace wcheck
