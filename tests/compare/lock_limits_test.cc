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

TEST(LockTest, HoldsTheLimitOfItsKeys) {
  const std::string begin = "wcheck.lock version 1\nengine 5.15\n@ A\n@ B\n";
  const auto read = [&](const std::string& lines) {
    return ReadLock(SourceFile("wcheck.lock", begin + lines));
  };
  const std::string most = "a.{0...999}.{0...999} [2]\n";
  EXPECT_TRUE(read(most).ok()) << read(most).error().ToString();
  for (const std::string& more : {most + "b [2]\n", std::string("a.{0...1000}.{0...999} [2]\n"), most + "? b\n",
                                  std::string("a.{0...999}.{0...999}.{0...999}.{0...999}.{0...999}.{0...999}.{0...999} [2]\n")}) {
    const Result<Lock> over = read(more);
    ASSERT_FALSE(over.ok()) << more;
    EXPECT_EQ(over.error().message, "more than 1000000 keys for class A");
  }
}

}  // namespace
}  // namespace wcheck
