// Tensors whose shape differs from the one expected under their names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "layout/key_set.h"

namespace wcheck {

struct Misfit {
  std::string_view pattern;
  IndexBox numbers;
  std::span<const int64_t> expected;
  std::span<const int64_t> found;
};

std::vector<Misfit> MisfitsOf(std::span<const LayoutFamily> tensors, const KeySet& expected);

// "[4096, 4096]".
std::string ShapeText(std::span<const int64_t> shape);

}  // namespace wcheck
