#include "families/key_limits.h"

#include <string>

#include <gtest/gtest.h>

#include "support/limits.h"

namespace wcheck {
namespace {

std::string Numbers(size_t count) {
  std::string key = "w";
  for (size_t i = 0; i < count; ++i) key += "." + std::to_string(i % 10);
  return key;
}

TEST(ExcessOfKeyTest, HoldsTheLimits) {
  EXPECT_EQ(ExcessOfKey(std::string(kMaxKeyBytes, 'k')), nullptr);
  EXPECT_STREQ(ExcessOfKey(std::string(kMaxKeyBytes + 1, 'k')), "more than 16384 bytes");
  EXPECT_EQ(ExcessOfKey(Numbers(kMaxKeyNumbers)), nullptr);
  EXPECT_STREQ(ExcessOfKey(Numbers(kMaxKeyNumbers + 1)), "more than 32 numbers");
}

}  // namespace
}  // namespace wcheck
