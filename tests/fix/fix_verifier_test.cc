// Fixes: the edits match the fix, the verifier rejects what changes a name or keeps the finding,
// and every fix for the three registries holds.
#include "fix/fix_verifier.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <gtest/gtest.h>

#include "fix/patch.h"
#include "layout/json_reader.h"
#include "wcheck/open.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"

#include "truth.h"

namespace wcheck {
namespace {

Registry Read(const std::string& text) {
  Result<Registry> registry = ReadJsonRegistry(std::make_shared<const SourceFile>("r.json", text));
  EXPECT_TRUE(registry.ok()) << (registry.ok() ? "" : registry.error().ToString()) << "\n" << text;
  return registry.ok() ? *std::move(registry) : Registry{};
}

// One class with these keys, all of the shape [4].
class OneClass : public LayoutSource {
 public:
  explicit OneClass(std::vector<std::string> keys) : keys_(std::move(keys)) {}
  size_t size() const override { return 1; }
  std::string_view class_name(size_t i) const override { return "ToyModel"; }
  Result<Layout> Read(size_t i) const override {
    Layout layout;
    layout.class_name = "ToyModel";
    layout.model_type = "toy";
    layout.modules.push_back({"", "ToyModel", "toy"});
    LayoutBuilder builder;
    const int64_t shape[] = {4};
    for (const std::string& key : keys_) builder.Add(key, shape, "float32");
    builder.FinishInto(&layout);
    return layout;
  }

 private:
  std::vector<std::string> keys_;
};

// Reads every layout once: a registry's fixes are verified over all of them, again and again.
class InMemory : public LayoutSource {
 public:
  explicit InMemory(const LayoutSource& from) {
    for (size_t i = 0; i < from.size(); ++i) {
      Result<Layout> layout = from.Read(i);
      EXPECT_TRUE(layout.ok());
      if (layout) layouts_.push_back(*std::move(layout));
    }
  }
  size_t size() const override { return layouts_.size(); }
  std::string_view class_name(size_t i) const override { return layouts_[i].class_name; }
  Result<Layout> Read(size_t i) const override { return layouts_[i]; }

 private:
  std::vector<Layout> layouts_;
};

std::string Renaming(const std::string& source, const std::string& target) {
  return R"({"type": "WeightRenaming", "source": [")" + source + R"("], "target": [")" + target +
         R"("]})";
}

std::string Toy(const std::vector<std::string>& transforms) {
  std::string list;
  for (const std::string& t : transforms) list += (list.empty() ? "\n    " : ",\n    ") + t;
  return "{\"entries\": {\"toy\": [" + list + "\n  ]}}\n";
}

std::string Apply(std::vector<FixEdit> edits) {
  std::string text = edits.at(0).range.file->text();
  std::sort(edits.begin(), edits.end(),
            [](const FixEdit& a, const FixEdit& b) { return a.range.begin > b.range.begin; });
  for (const FixEdit& edit : edits) {
    text.replace(edit.range.begin, edit.range.end - edit.range.begin, edit.replacement);
  }
  return text;
}

FixVerifier MakeVerifier(const Registry& registry, const LayoutSource& layouts,
                         const JudgeOptions& options = {}) {
  return {registry, layouts, options, ReadRegistry};
}

// The findings for which a fix is offered.
std::vector<Finding> WithFixes(const Registry& registry, const LayoutSource& layouts,
                               const JudgeOptions& options) {
  std::vector<size_t> classes(layouts.size());
  for (size_t i = 0; i < classes.size(); ++i) classes[i] = i;
  Result<Judgement> judgement = Judge(registry, layouts, classes, true, options);
  EXPECT_TRUE(judgement.ok());
  FixVerifier verifier = MakeVerifier(registry, layouts, options);
  std::vector<Finding> out;
  for (Finding& finding : judgement->findings) {
    EXPECT_TRUE(verifier.Offer(&finding).ok());
    if (finding.fix) out.push_back(std::move(finding));
  }
  return out;
}

const Finding* Find(const std::vector<Finding>& findings, std::string_view check) {
  for (const Finding& finding : findings) {
    if (finding.check == check) return &finding;
  }
  return nullptr;
}

struct Case {
  const char* check;
  std::vector<std::string> transforms;
  std::vector<std::string> after;  // the list that the fix leaves
  std::vector<std::string> keys;
  const char* engine = nullptr;  // the default one if null
};

class Fixes : public testing::TestWithParam<Case> {};

TEST_P(Fixes, EditsSayWhatTheRepairSays) {
  Registry registry = Read(Toy(GetParam().transforms));
  OneClass layouts(GetParam().keys);
  JudgeOptions options;
  if (GetParam().engine != nullptr) options.engine = FindEngine(GetParam().engine);
  std::vector<Finding> findings = WithFixes(registry, layouts, options);
  const Finding* finding = Find(findings, GetParam().check);
  ASSERT_NE(finding, nullptr) << GetParam().check;
  Registry edited = Read(Apply(finding->fix->edits));
  Registry repaired = Repaired(registry, finding->fix->repair);
  EXPECT_EQ(ChangedEntries(edited, repaired), std::set<std::string>{});
  EXPECT_EQ(ChangedEntries(edited, Read(Toy(GetParam().after))), std::set<std::string>{});
  FixVerifier verifier = MakeVerifier(registry, layouts, options);
  Fix fix = *finding->fix;
  Result<FixVerdict> verdict = verifier.Verify(*finding, &fix);
  ASSERT_TRUE(verdict.ok());
  EXPECT_TRUE(verdict->finding_gone);
  EXPECT_TRUE(verdict->keys_kept) << verdict->first_change;
}

INSTANTIATE_TEST_SUITE_P(
    Each, Fixes,
    testing::Values(
        // Only a save reads the lookahead: the engine takes it out of a target.
        Case{"not-resave-safe",
             {Renaming("^lm.model", "lm")},
             {Renaming("^lm.model", "lm(?!\\\\.model)")},
             {"lm.w"}},
        Case{"not-resave-safe",
             {Renaming("encoder.layers", "layers")},
             {Renaming("encoder.layers", "(?<!encoder\\\\.)layers")},
             {"layers.0.w"}},
        Case{"unused-transform",
             {Renaming("zzz", "yyy"), Renaming("a", "b")},
             {Renaming("a", "b")},
             {"b.w"}},
        Case{"identity-transform",
             {Renaming("a\\\\.b", "a.b"), Renaming("x", "y")},
             {Renaming("x", "y")},
             {"a.b.w", "y.w"}},
        Case{"duplicate-transform",
             {Renaming("a", "b"), Renaming("a", "b")},
             {Renaming("a", "b")},
             {"b.w"}},
        Case{"shadowed-transform",
             {Renaming("\\\\.moe\\\\.", ".mlp."), Renaming("\\\\.moe\\\\.bias", ".mlp.bias")},
             {Renaming("\\\\.moe\\\\.", ".mlp.")},
             {"x.mlp.bias", "x.mlp.w"}},
        // Since 5.21 the second source does not match what goes on with a letter.
        Case{"pattern-collision",
             {Renaming("^t\\\\.enc_norm", "enc_norm"), Renaming("^t\\\\.enc", "enc")},
             {Renaming("^t\\\\.enc_norm", "enc_norm"), Renaming("^t\\\\.enc\\\\.", "enc\\\\.")},
             {"enc_norm.w", "enc.w"},
             "5.20"}),
    [](const testing::TestParamInfo<Case>& info) {
      std::string name = info.param.check;
      std::replace(name.begin(), name.end(), '-', '_');
      return name + std::to_string(info.index);
    });

TEST(FixVerifier, RefusesWhatChangesAName) {
  Registry registry = Read(Toy({Renaming("a", "b"), Renaming("a", "b")}));
  OneClass layouts({"b.w"});
  std::vector<Finding> findings = WithFixes(registry, layouts, {});
  Finding finding = *Find(findings, "duplicate-transform");
  TransformSpec& replacement = finding.fix->repair.replacement;
  finding.fix->repair.kind = Repair::Kind::kReplace;
  replacement = *finding.transform->spec;
  replacement.sources = {"c"};
  FixVerifier verifier = MakeVerifier(registry, layouts);
  Result<FixVerdict> verdict = verifier.Verify(finding, &*finding.fix);
  ASSERT_TRUE(verdict.ok());
  EXPECT_FALSE(verdict->keys_kept);
  EXPECT_EQ(verdict->first_change, "ToyModel");
  EXPECT_FALSE(verdict->ok());
}

// Written otherwise, it is as much of an identity as before.
TEST(FixVerifier, RefusesWhatLeavesTheFinding) {
  Registry registry = Read(Toy({Renaming("a\\\\.b", "a.b")}));
  OneClass layouts({"a.b.w"});
  std::vector<Finding> findings = WithFixes(registry, layouts, {});
  Finding finding = *Find(findings, "identity-transform");
  finding.fix->repair.kind = Repair::Kind::kReplace;
  finding.fix->repair.replacement = *finding.transform->spec;
  finding.fix->repair.replacement.targets = {"a\\.b"};
  FixVerifier verifier = MakeVerifier(registry, layouts);
  Result<FixVerdict> verdict = verifier.Verify(finding, &*finding.fix);
  ASSERT_TRUE(verdict.ok());
  EXPECT_TRUE(verdict->source_agrees);
  EXPECT_TRUE(verdict->keys_kept);
  EXPECT_FALSE(verdict->finding_gone);
}

TEST(FixVerifier, RefusesARegistryThatDoesNotConstruct) {
  Registry registry = Read(Toy({Renaming("a", "b"), Renaming("a", "b")}));
  OneClass layouts({"b.w"});
  std::vector<Finding> findings = WithFixes(registry, layouts, {});
  Finding finding = *Find(findings, "duplicate-transform");
  finding.fix->repair.kind = Repair::Kind::kReplace;
  finding.fix->repair.replacement = *finding.transform->spec;
  finding.fix->repair.replacement.sources = {"("};
  FixVerifier verifier = MakeVerifier(registry, layouts);
  Result<FixVerdict> verdict = verifier.Verify(finding, &*finding.fix);
  ASSERT_TRUE(verdict.ok());
  EXPECT_FALSE(verdict->ok());
}

TEST(FixVerifier, RepairsCopiesWithTheWrittenOne) {
  Registry registry = Read("{\"aliases\": {\"copy\": \"toy\"}, \"entries\": {\"toy\": [" +
                           Renaming("a\\\\.b", "a.b") + "]}}");
  OneClass layouts({"a.b.w"});
  std::vector<Finding> findings = WithFixes(registry, layouts, {});
  Registry repaired = Repaired(registry, Find(findings, "identity-transform")->fix->repair);
  EXPECT_TRUE(repaired.Find("toy")->transforms.empty());
  EXPECT_TRUE(repaired.Find("copy")->transforms.empty());
}

// Every fix for a registry holds when it is verified again, and so do all of them together.
class Registries : public testing::TestWithParam<const char*> {};

TEST_P(Registries, EveryFixHolds) {
  Corpus corpus = FindCorpus();
  std::string path = corpus.folder + "/registry-" + GetParam() + ".json";
  if (!corpus.whole || !std::filesystem::exists(path)) {
    GTEST_SKIP() << "no registry of " << GetParam() << "; WCHECK_CORPUS names the reference corpus";
  }
  Result<std::string> text = ReadFile(path, kMaxJsonFile);
  ASSERT_TRUE(text.ok());
  Registry registry = Read(*text);
  auto file = OpenLayouts(corpus.folder + "/layouts-" + GetParam() + ".jsonl.xz");
  ASSERT_TRUE(file.ok());
  InMemory layouts(**file);
  JudgeOptions options;
  options.engine = &EngineOfFiles(GetParam());
  std::vector<Finding> findings = WithFixes(registry, layouts, options);
  FixVerifier verifier = MakeVerifier(registry, layouts, options);
  std::vector<const Finding*> all;
  for (Finding& finding : findings) {
    Registry edited = Read(Apply(finding.fix->edits));
    EXPECT_EQ(ChangedEntries(edited, Repaired(registry, finding.fix->repair)),
              std::set<std::string>{})
        << finding.check;
    Result<FixVerdict> verdict = verifier.Verify(finding, &*finding.fix);
    ASSERT_TRUE(verdict.ok());
    EXPECT_TRUE(verdict->ok()) << finding.check << ": " << finding.message << "; "
                               << verdict->first_change;
    all.push_back(&finding);
  }
  std::cout << "registry " << GetParam() << ": " << all.size() << " fixes\n";
  FixSelection selection = SelectFixes(all, /*unsafe=*/true);
  ASSERT_EQ(selection.patches.size(), 1U);
  EXPECT_EQ(selection.taken.size() + selection.overlap.size(), all.size());
  Result<std::string> change = verifier.FirstChange(Read(Patched(selection.patches[0])));
  ASSERT_TRUE(change.ok());
  EXPECT_EQ(*change, "");
}

INSTANTIATE_TEST_SUITE_P(Releases, Registries, testing::Values("5.16", "5.12", "5.8"),
                         [](const testing::TestParamInfo<const char*>& release) {
                           std::string name = release.param;
                           std::replace(name.begin(), name.end(), '.', '_');
                           return "v" + name;
                         });

}  // namespace
}  // namespace wcheck
