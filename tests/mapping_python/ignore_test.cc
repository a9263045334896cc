// `# wcheck: ignore[…] -- reason` comments.
#include <gtest/gtest.h>

#include "reading.h"

namespace wcheck {
namespace {

TEST(IgnoreTest, TrailingAndAlone) {
  Registry registry = ReadText(
      "M = {\n"
      "    'x': [\n"
      "        WeightRenaming('a', 'b'),  # wcheck: ignore[dead-transform]\n"
      "        # wcheck: ignore[one-check, other] -- needed for old files\n"
      "        # an ordinary comment\n"
      "\n"
      "        WeightRenaming(\n"
      "            'c',  #wcheck:ignore--all of them\n"
      "            'd # wcheck: ignore[no]',\n"
      "        ),\n"
      "    ],\n"
      "}  # see wcheck: ignore[no]\n"
      "# wcheck: ignored\n"
      "# wcheck: ignore[broken\n"
      "# wcheck: ignore[at-the-end]");
  ASSERT_EQ(registry.ignores.size(), 6u);
  EXPECT_EQ(registry.ignores[0].line, 3u);
  EXPECT_EQ(registry.ignores[0].checks, std::vector<std::string>{"dead-transform"});
  EXPECT_EQ(registry.ignores[0].reason, "");
  EXPECT_EQ(PlaceOf(registry.ignores[0].where), "3:36");
  EXPECT_EQ(registry.ignores[1].line, 7u);
  EXPECT_EQ(registry.ignores[1].checks, (std::vector<std::string>{"one-check", "other"}));
  EXPECT_EQ(registry.ignores[1].reason, "needed for old files");
  EXPECT_EQ(registry.ignores[2].line, 8u);
  EXPECT_TRUE(registry.ignores[2].checks.empty());
  // What is misspelt names no check, so it silences nothing and is reported.
  EXPECT_EQ(registry.ignores[3].checks, std::vector<std::string>{"ignored"});
  EXPECT_EQ(registry.ignores[4].checks, std::vector<std::string>{"ignore[broken"});
  EXPECT_EQ(registry.ignores[2].reason, "all of them");
  EXPECT_EQ(registry.ignores[5].line, 15u);  // nothing follows: it can only silence itself
}

}  // namespace
}  // namespace wcheck
