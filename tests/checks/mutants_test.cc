// Verdicts on one-edit mutations of the registry, compared with the engine's: every broken one gets
// an error, and no harmless one gets an error that the unmutated registry does not get. None takes
// much longer than the unmutated one.
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "wcheck/judge.h"

#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"
#include "truth.h"

namespace wcheck {
namespace {

using Json = nlohmann::json;

// What the engine's verdict calls for.
enum class Outcome : uint8_t { kBroken, kChangedOnly, kHarmless };

Outcome OutcomeOf(const Json& verdict) {
  // The reference was made with stand-in models without parameters: where that shows, the verdict
  // says nothing about the engine.
  if (verdict.value("checkpoint_error", "").rfind("AttributeError", 0) == 0) {
    return Outcome::kChangedOnly;
  }
  for (const char* field :
       {"rejected", "error", "save_fresh_error", "checkpoint_error", "load_error"}) {
    if (verdict.contains(field)) return Outcome::kBroken;
  }
  for (const char* field :
       {"missing", "unexpected", "save_collisions", "load_collisions", "reload_changed"}) {
    if (verdict.value(field, 0) != 0) return Outcome::kBroken;
  }
  return verdict.value("checkpoint_changed", false) ? Outcome::kChangedOnly : Outcome::kHarmless;
}

// How many times as long as the unmutated class a mutant may take: a gate that an edit can stop for
// a minute gets switched off.
constexpr double kSlowest = 20;

std::multiset<std::string> Errors(const Judgement& judgement) {
  std::multiset<std::string> out;
  for (const Finding& finding : judgement.findings) {
    if (finding.severity == Severity::kError) out.insert(std::string(finding.check));
  }
  return out;
}

// Mutations of one registry, and the layouts that they were tried on.
struct MutantSet {
  const char* name;
  const char* release;
  std::string mutants;
  std::string registry;
  std::string layouts;
};

MutantSet OfCorpus() {
  const std::string folder = FindCorpus().folder;
  return {"corpus", "5.16", folder + "/mutants.jsonl.xz", folder + "/registry-5.16.json",
          folder + "/layouts-5.16.jsonl.xz"};
}

// What the project carries; see the README there.
MutantSet Carried() {
  const std::string folder = std::string(WCHECK_SOURCE_DIR) + "/fixtures/mutants";
  return {"carried", "5.12", folder + "/mutants-5.12.jsonl.xz", folder + "/registry-5.12.json.xz",
          folder + "/layouts-5.12.jsonl.xz"};
}

class MutantsTest : public testing::Test {
 protected:
  void Open(const MutantSet& set) {
    set_ = set;
    if (!std::filesystem::exists(set.mutants)) {
      GTEST_SKIP() << "there is no " << set.mutants << "; WCHECK_CORPUS names the reference corpus";
    }
    Result<std::string> text = ReadMaybeCompressed(set.registry, kMaxJsonFile);
    ASSERT_TRUE(text.ok());
    file_ = std::make_shared<const SourceFile>("registry", *text);
    Result<Registry> registry = ReadJsonRegistry(file_);
    ASSERT_TRUE(registry.ok());
    registry_ = *std::move(registry);
    auto layouts = OpenLayouts(set.layouts);
    ASSERT_TRUE(layouts.ok());
    layouts_ = *std::move(layouts);
    for (size_t i = 0; i < layouts_->size(); ++i) by_class_[layouts_->class_name(i)] = i;
  }

  // `seconds`, if not null, receives the processor time that judging took.
  std::multiset<std::string> ErrorsOf(const Registry& registry, size_t index,
                                      double* seconds = nullptr) const {
    JudgeOptions options;
    options.jobs = 1;
    options.engine = &EngineOfFiles(set_.release);
    const std::clock_t start = std::clock();
    // As if it were all classes: otherwise the others are read, to see what no class uses.
    Result<Judgement> judgement = Judge(registry, *layouts_, {index}, true, options);
    if (seconds != nullptr) {
      *seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    }
    EXPECT_TRUE(judgement.ok());
    return judgement.ok() ? Errors(*judgement) : std::multiset<std::string>{};
  }

  MutantSet set_;
  std::shared_ptr<const SourceFile> file_;
  Registry registry_;
  std::unique_ptr<LayoutSource> layouts_;
  std::map<std::string_view, size_t> by_class_;
};

class Mutants : public MutantsTest, public testing::WithParamInterface<MutantSet (*)()> {
 protected:
  void SetUp() override { Open(GetParam()()); }
};

TEST_P(Mutants, BrokenOnesGetAnErrorAndHarmlessOnesNone) {
  struct Row {
    size_t broken = 0, found = 0, harmless = 0, false_errors = 0, changed = 0, changed_errors = 0;
  };
  std::map<std::string, Row> table;
  std::vector<std::string> wrong;
  // What the unmutated registry gives for a class, and how long that takes.
  struct Clean {
    std::multiset<std::string> errors;
    double seconds = 0;
  };
  std::map<size_t, Clean> before;
  double worst = 0;  // a mutant's time in clean times of its class
  for (const std::string& line : ReadLines(set_.mutants)) {
    Json mutant = Json::parse(line);
    auto file = std::make_shared<const SourceFile>("mutant", mutant["transforms"].dump());
    Result<json::Value> list = json::Parse(*file);
    ASSERT_TRUE(list.ok());
    Result<std::vector<TransformSpec>> transforms = ReadJsonTransforms(*list);
    ASSERT_TRUE(transforms.ok()) << transforms.error().ToString();
    Registry mutated = registry_;
    mutated.entries[mutant["entry"]].transforms = *transforms;
    mutated.files.push_back(file);

    size_t index = by_class_.at(mutant["class"].get<std::string>());
    if (auto [clean, is_new] = before.try_emplace(index); is_new) {
      clean->second.errors = ErrorsOf(registry_, index, &clean->second.seconds);
    }
    const Clean& clean = before[index];
    double seconds = 0;
    std::multiset<std::string> errors = ErrorsOf(mutated, index, &seconds);
    // Below a few milliseconds a clock says little.
    const double ratio = seconds / std::max(clean.seconds, 0.005);
    worst = std::max(worst, ratio);
    EXPECT_LE(ratio, kSlowest) << mutant["id"] << ": " << seconds << " s, clean " << clean.seconds
                               << " s";
    std::vector<std::string> added;
    std::set_difference(errors.begin(), errors.end(), clean.errors.begin(), clean.errors.end(),
                        std::back_inserter(added));
    Row& row = table[mutant["edit"]];
    std::string what = mutant["id"].get<std::string>() + " " + mutant["edit"].get<std::string>() +
                       " " + mutant["class"].get<std::string>();
    switch (OutcomeOf(mutant["verdict"])) {
      case Outcome::kBroken:
        ++row.broken;
        if (!errors.empty()) {
          ++row.found;
        } else {
          wrong.push_back("missed: " + what + " " + mutant["verdict"].dump());
        }
        break;
      case Outcome::kHarmless:
        ++row.harmless;
        if (!added.empty()) {
          ++row.false_errors;
          wrong.push_back("false error: " + what + ": " + added.front());
        }
        break;
      case Outcome::kChangedOnly:
        ++row.changed;
        if (!added.empty()) {
          ++row.changed_errors;
          std::cout << "error on a changed format: " << what << ": " << added.front() << "\n";
        }
        break;
    }
  }
  std::cout << std::left << std::setw(18) << "edit"
            << "broken found  harmless false  changed with error\n";
  Row sum;
  auto print = [](const std::string& name, const Row& r) {
    std::cout << std::left << std::setw(18) << name << std::right << std::setw(6) << r.broken
              << std::setw(6) << r.found << std::setw(10) << r.harmless << std::setw(6)
              << r.false_errors << std::setw(9) << r.changed << std::setw(11) << r.changed_errors
              << "\n";
  };
  for (const auto& [edit, row] : table) {
    print(edit, row);
    sum.broken += row.broken;
    sum.found += row.found;
    sum.harmless += row.harmless;
    sum.false_errors += row.false_errors;
    sum.changed += row.changed;
    sum.changed_errors += row.changed_errors;
  }
  print("all", sum);
  std::cout << "the slowest takes " << worst << " times as long as its class does unmutated\n";
  for (const std::string& line : wrong) std::cout << "  " << line << "\n";
  EXPECT_GT(sum.broken, 0U);
  EXPECT_EQ(sum.found, sum.broken);
  EXPECT_EQ(sum.false_errors, 0U);
}

INSTANTIATE_TEST_SUITE_P(Sets, Mutants, testing::Values(&OfCorpus, &Carried),
                         [](const testing::TestParamInfo<MutantSet (*)()>& info) {
                           return std::string(info.param().name);
                         });

class Unmutated : public MutantsTest {
 protected:
  void SetUp() override { Open(OfCorpus()); }
};

TEST_F(Unmutated, CleanClassesGetNoError) {
  std::map<std::string_view, Json> truth;
  for (const std::string& line : ReadLines(FindCorpus().folder + "/truth-5.16.jsonl.xz")) {
    Json answer = Json::parse(line);
    auto found = by_class_.find(answer["class"].get<std::string>());
    ASSERT_NE(found, by_class_.end());
    bool reload = false;
    for (const auto& [key, value] : answer["reload"].items()) reload |= value[0] != key;
    Json kept{{"clean", answer["missing"].empty() && answer["unexpected"].empty() &&
                            answer["save_collisions"].empty() && answer["load_collisions"].empty()},
              {"reload", reload}};
    truth.emplace(found->first, kept);
  }
  size_t with_errors = 0;
  for (const auto& [name, answer] : truth) {
    std::multiset<std::string> errors = ErrorsOf(registry_, by_class_.at(name));
    // Says that the saved names are no model's, which the engine reads back all the same.
    errors.erase("leaked-child-mapping");
    bool broken = !answer["clean"].get<bool>() || answer["reload"].get<bool>();
    EXPECT_EQ(!errors.empty(), broken)
        << name << ": " << (errors.empty() ? "no error" : *errors.begin());
    with_errors += errors.empty() ? 0 : 1;
  }
  std::cout << truth.size() << " classes, " << with_errors << " with errors\n";
}

}  // namespace
}  // namespace wcheck
