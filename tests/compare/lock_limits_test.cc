#include <gtest/gtest.h>

#include "compare/lock.h"
#include "support/limits.h"

namespace wcheck {
namespace {

// Every line counts for each class that has it.
TEST(LockTest, HoldsTheLimitOfItsLines) {
  constexpr size_t kClasses = 20'000;
  std::string text = "wcheck.lock version 1\nengine 5.15\n";
  for (size_t i = 0; i < kClasses; ++i) text += "@ C" + std::to_string(i) + '\n';
  for (size_t i = 0; i < kMaxLockLines / kClasses; ++i) text += "a." + std::to_string(i) + ".b [2]\n";
  const Result<Lock> lock = ReadLock(SourceFile("wcheck.lock", text));
  ASSERT_TRUE(lock.ok()) << lock.error().ToString();
  EXPECT_EQ(lock->classes.size(), kClasses);
  const Result<Lock> over = ReadLock(SourceFile("wcheck.lock", text + "one.more [2]\n"));
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "more than 2000000 lines for all classes together");
}

}  // namespace
}  // namespace wcheck
