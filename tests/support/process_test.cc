#include "support/process.h"

#include <string>

#include <gtest/gtest.h>

#include "support/limits.h"

namespace wcheck {
namespace {

Result<ProcessOutput> Zeros(uint64_t count) {
  return RunProcess({"head", "-c", std::to_string(count), "/dev/zero"});
}

TEST(RunProcessTest, HoldsTheLimitOfTheOutput) {
  const Result<ProcessOutput> most = Zeros(kMaxProcessOutput);
  ASSERT_TRUE(most.ok());
  EXPECT_EQ(most->out.size(), kMaxProcessOutput);
  const Result<ProcessOutput> over = Zeros(kMaxProcessOutput + 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "'head' printed more than the limit of 268435456 bytes");
}

}  // namespace
}  // namespace wcheck
