// The concise format: a line a finding.
#include <gtest/gtest.h>

#include "sample.h"

namespace wcheck::testing {
namespace {

TEST(ConciseReport, HasOneLineForEachFinding) {
  EXPECT_EQ(OrdinarySample().Write("concise"),
            R"out(src/mapping.py:3:24: error: two model keys are saved under one name [lost-key]
src/mapping.py:4:24: warning: the dot of 'vision.tower' matches any character [unescaped-dot]
src/mapping.py:4:24: note: fires on no key of any class that has it [unused-transform]
src/mapping.py:2:5: note: no class has the entry [unused-transform]
wcheck: note: the registry is old [unused-transform]
wcheck: 1 error, 1 warning, 3 notes; 1,626 classes with 1,041,733 keys judged
)out");
}

}  // namespace
}  // namespace wcheck::testing
