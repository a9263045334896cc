#include "families/key_limits.h"

#include "wcheck/key_family.h"

#include "support/limits.h"

namespace wcheck {

const char* ExcessOfKey(std::string_view key) {
  static_assert(kMaxKeyBytes == 16384 && kMaxKeyNumbers == 32, "the texts below name them");
  // A number and its dot take two bytes.
  if (key.size() < 2 * kMaxKeyNumbers) return nullptr;
  if (key.size() > kMaxKeyBytes) return "more than 16384 bytes";
  return SplitNumbers(key).numbers.size() > kMaxKeyNumbers ? "more than 32 numbers" : nullptr;
}

}  // namespace wcheck
