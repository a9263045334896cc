// Patches: what the text becomes, and that patch(1) makes the same of the diff.
#include "fix/patch.h"

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>

#include "support/file.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

// Edits as texts to find in the source.
struct Edit {
  std::string old_text;
  std::string new_text;
};

Fix MakeFix(const SourceFile& file, const std::vector<Edit>& edits) {
  Fix fix;
  for (const Edit& edit : edits) {
    const auto begin = static_cast<uint32_t>(file.text().find(edit.old_text));
    const auto end = begin + static_cast<uint32_t>(edit.old_text.size());
    fix.edits.push_back({{&file, begin, end}, edit.new_text});
  }
  return fix;
}

Patch MakePatch(const SourceFile& file, const std::vector<Edit>& edits) {
  return PatchesOf(MakeFix(file, edits)).at(0);
}

// What patch(1) makes of a text and a diff.
std::string ByPatchProgram(const std::string& text, const std::string& diff) {
  const fs::path folder = fs::path(testing::TempDir()) / "wcheck_patch_test";
  fs::create_directories(folder);
  EXPECT_TRUE(WriteFile((folder / "old").string(), text).ok());
  EXPECT_TRUE(WriteFile((folder / "diff").string(), diff).ok());
  const std::string command = "cd '" + folder.string() + "' && patch --quiet -p0 old < diff";
  EXPECT_EQ(std::system(command.c_str()), 0) << diff;
  Result<std::string> patched = ReadFile((folder / "old").string(), kMaxJsonFile);
  fs::remove_all(folder);
  return patched.ok() ? *patched : "";
}

TEST(Patch, MakesTheEditsAndNothingElse) {
  const SourceFile file("r.py", "a = 1  # one\nb = 2\n\tc = 3\r\n");
  const Patch patch = MakePatch(file, {{"3", "33"}, {"1", "11"}});
  EXPECT_EQ(Patched(patch), "a = 11  # one\nb = 2\n\tc = 33\r\n");
}

TEST(Patch, ShowsTheLinesThatChange) {
  const SourceFile file("r.py", "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n");
  EXPECT_EQ(
      UnifiedDiff(MakePatch(file, {{"five\n", ""}}), "r.py"),
      "--- r.py\n+++ r.py\n@@ -2,7 +2,6 @@\n two\n three\n four\n-five\n six\n seven\n eight\n");
  EXPECT_EQ(UnifiedDiff(MakePatch(file, {{"one", "ONE"}, {"nine", "NINE"}}), "r.py"),
            "--- r.py\n+++ r.py\n@@ -1,4 +1,4 @@\n-one\n+ONE\n two\n three\n four\n"
            "@@ -6,4 +6,4 @@\n six\n seven\n eight\n-nine\n+NINE\n");
}

TEST(Patch, KnowsALastLineWithoutAnEnd) {
  const SourceFile file("r.py", "one\ntwo");
  EXPECT_EQ(UnifiedDiff(MakePatch(file, {{"two", "2"}}), "r.py"),
            "--- r.py\n+++ r.py\n@@ -1,2 +1,2 @@\n one\n-two\n\\ No newline at end of file\n"
            "+2\n\\ No newline at end of file\n");
}

TEST(Patch, SaysNothingWhereNothingChanges) {
  const SourceFile file("r.py", "one\ntwo\n");
  EXPECT_EQ(UnifiedDiff(MakePatch(file, {{"two", "two"}}), "r.py"), "");
}

// Any edits: what patch(1) makes of the diff is what we make of the text.
TEST(Patch, AgreesWithThePatchProgram) {
  if (std::system("command -v patch >/dev/null") != 0) GTEST_SKIP() << "there is no patch(1)";
  std::mt19937 random(7);
  auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  const std::vector<std::string> texts = {"", "x", "\n", "new\n", "a\nb", "\nz\n"};
  for (int round = 0; round < 60; ++round) {
    std::string text;
    for (size_t i = 0, n = 1 + below(30); i < n; ++i) text += "line" + std::to_string(i) + "\n";
    if (below(3) == 0) text.pop_back();
    const SourceFile file("old", text);
    Patch patch{&file, {}};
    for (size_t at = below(20); at < text.size();) {
      const size_t end = std::min(text.size(), at + below(14));
      patch.edits.push_back({{&file, static_cast<uint32_t>(at), static_cast<uint32_t>(end)},
                             texts[below(texts.size())]});
      at = end + 1 + below(40);
    }
    const std::string diff = UnifiedDiff(patch, "old");
    if (diff.empty()) {
      EXPECT_EQ(Patched(patch), text);
      continue;
    }
    EXPECT_EQ(ByPatchProgram(text, diff), Patched(patch)) << diff;
  }
}

class Selection : public testing::Test {
 protected:
  const Finding* Add(const std::vector<Edit>& edits, bool safe = true) {
    Finding& finding = findings_.emplace_back();
    finding.fix = MakeFix(file_, edits);
    finding.fix->safe = safe;
    return &finding;
  }
  FixSelection Select(bool unsafe = false) const {
    std::vector<const Finding*> all;
    for (const Finding& finding : findings_) all.push_back(&finding);
    return SelectFixes(all, unsafe);
  }

  const SourceFile file_{"r.py", "one two three four\n"};
  std::deque<Finding> findings_;
};

TEST_F(Selection, TakesTheFirstOfTwoThatOverlap) {
  const Finding* first = Add({{"two", "2"}});
  const Finding* second = Add({{"one two", "12"}});
  const Finding* third = Add({{"four", "4"}});
  FixSelection selection = Select();
  EXPECT_EQ(selection.taken, (std::vector<const Finding*>{first, third}));
  EXPECT_EQ(selection.overlap, std::vector<const Finding*>{second});
  EXPECT_EQ(Patched(selection.patches.at(0)), "one 2 three 4\n");
}

TEST_F(Selection, MakesTheSameEditOnce) {
  Add({{"two", "2"}});
  Add({{"two", "2"}, {"four", "4"}});
  FixSelection selection = Select();
  EXPECT_EQ(selection.taken.size(), 2U);
  EXPECT_EQ(Patched(selection.patches.at(0)), "one 2 three 4\n");
}

TEST_F(Selection, LeavesUnsafeFixesUnlessAskedForThem) {
  Add({{"two", "2"}}, /*safe=*/false);
  EXPECT_TRUE(Select().patches.empty());
  EXPECT_EQ(Select(/*unsafe=*/true).taken.size(), 1U);
}

}  // namespace
}  // namespace wcheck
