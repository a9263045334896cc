// The concise format: a line a finding.
#include <gtest/gtest.h>

#include "sample.h"

namespace wcheck::testing {
namespace {

TEST(ConciseReport, HasOneLineForEachFinding) {
  EXPECT_EQ(OrdinarySample().Write("concise"),
            R"out(src/mapping.py:3:24: error: two model keys are saved under one name [lost-key]
src/mapping.py:4:24: warning: the dot of 'vision.tower' matches any character [unescaped-dot]
)out");
}

}  // namespace
}  // namespace wcheck::testing
