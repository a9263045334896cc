// Every check has its page and its test, and the table of docs/checks/README.md is correct.
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "wcheck/judge.h"

#include "layout/json_reader.h"
#include "mapping/json/json_reader.h"
#include "support/file.h"
#include "truth.h"
#include "checks/check.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

const fs::path kPages = fs::path(WCHECK_SOURCE_DIR) / "docs" / "checks";
const fs::path kTests = fs::path(WCHECK_SOURCE_DIR) / "testdata" / "checks";
constexpr std::array<const char*, 3> kReleases = {"5.16", "5.12", "5.8"};

std::string ReadAll(const fs::path& path) {
  Result<std::string> text = ReadFile(path.string(), kMaxJsonFile);
  EXPECT_TRUE(text.ok()) << path << " is missing";
  return text.ok() ? *text : "";
}

std::set<std::string> NamesIn(const fs::path& folder, const std::string& extension) {
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == extension && file.path().stem() != "README") {
      names.insert(file.path().stem().string());
    }
  }
  return names;
}

// The rows of the table: the name of a check, and its cells.
std::map<std::string, std::vector<std::string>> Rows() {
  std::map<std::string, std::vector<std::string>> rows;
  std::istringstream lines(ReadAll(kPages / "README.md"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| [")) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) {
      size_t begin = cell.find_first_not_of(' ');
      size_t end = cell.find_last_not_of(' ');
      cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
    }
    std::string name = cells[0].substr(1, cells[0].find(']') - 1);
    EXPECT_TRUE(rows.emplace(name, cells).second) << name << " stands twice in README.md";
  }
  return rows;
}

TEST(Catalogue, EveryCheckHasAPage) {
  std::set<std::string> pages = NamesIn(kPages, ".md");
  for (const Check& check : AllChecks()) {
    const CheckInfo& info = check.info;
    std::string name(info.name);
    std::string page = ReadAll(kPages / (name + ".md"));
    EXPECT_TRUE(page.starts_with("# " + name + "\n")) << name;
    std::string head = "Family: " + std::string(info.family) + ". Default severity: **" +
                       std::string(SeverityName(info.severity)) + "**.";
    EXPECT_NE(page.find(head), std::string::npos) << name << ".md does not say: " << head;
    for (const char* part : {"## What it does", "## Why is this bad?", "## Example", "\n```",
                             "## When it is wrong", "## Options"}) {
      EXPECT_NE(page.find(part), std::string::npos) << name << ".md has no " << part;
    }
    pages.erase(name);
  }
  for (const std::string& name : pages) ADD_FAILURE() << name << ".md is the page of no check";
}

// The runs of a test and what each of them prints: tests/program/expect.
std::vector<std::string> Reports(const fs::path& path) {
  std::vector<std::string> reports;
  std::istringstream lines(ReadAll(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("$ wcheck")) reports.emplace_back();
    if (!reports.empty()) reports.back() += line + '\n';
  }
  return reports;
}

TEST(Catalogue, EveryCheckHasATest) {
  std::set<std::string> tests = NamesIn(kTests, ".test");
  for (const Check& check : AllChecks()) {
    const std::string name(check.info.name);
    size_t fires = 0;
    const std::vector<std::string> reports = Reports(kTests / (name + ".expected"));
    for (const std::string& report : reports) {
      const bool found = report.find("[" + name + "]") != std::string::npos;
      const bool identified = report.find("\nidentity: " + name + "|") != std::string::npos;
      EXPECT_EQ(found, identified) << name << ": " << report;
      fires += found ? 1 : 0;
    }
    EXPECT_GT(fires, 0U) << name << ".test finds nothing";
    EXPECT_LT(fires, reports.size()) << name << ".test has no near miss";
    tests.erase(name);
  }
  for (const std::string& name : tests) ADD_FAILURE() << name << ".test is the test of no check";
}

TEST(Catalogue, NothingIsLeftToBeWritten) {
  for (const Check& check : AllChecks()) {
    const std::string name(check.info.name);
    EXPECT_EQ(check.info.summary.find("TO BE WRITTEN"), std::string::npos) << name;
    for (const fs::path& path : {kPages / (name + ".md"), kTests / (name + ".test")}) {
      EXPECT_EQ(ReadAll(path).find("TO BE WRITTEN"), std::string::npos) << path;
    }
  }
}

TEST(Catalogue, EveryRowHasAFunction) {
  for (const Check& check : AllChecks()) {
    EXPECT_TRUE(check.on_class != nullptr || check.on_registry != nullptr ||
                check.on_checkpoint != nullptr || check.on_ignores != nullptr)
        << check.info.name;
  }
}

TEST(Catalogue, NamesAreUniqueAndFamiliesStandTogether) {
  std::set<std::string_view> names;
  std::vector<std::string_view> families;
  for (const Check& check : AllChecks()) {
    const CheckInfo& info = check.info;
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(FindCheck(info.name), &check);
    EXPECT_FALSE(info.summary.empty());
    if (families.empty() || families.back() != info.family) families.push_back(info.family);
  }
  std::set<std::string_view> unique(families.begin(), families.end());
  EXPECT_EQ(unique.size(), families.size()) << "a family is listed in two places";
  EXPECT_EQ(FindCheck("no-such-check"), nullptr);
}

TEST(Catalogue, TheTableIsInTheOrderOfTheChecks) {
  const std::string text = ReadAll(kPages / "README.md");
  size_t last = 0;
  for (const Check& check : AllChecks()) {
    const size_t at = text.find("| [" + std::string(check.info.name) + "]");
    EXPECT_GT(at, last) << check.info.name;
    last = at;
  }
}

TEST(Catalogue, TheTableListsEveryCheck) {
  auto rows = Rows();
  for (const Check& check : AllChecks()) {
    const CheckInfo& info = check.info;
    auto row = rows.find(std::string(info.name));
    ASSERT_NE(row, rows.end()) << info.name << " is not in README.md";
    ASSERT_EQ(row->second.size(), 3 + kReleases.size()) << info.name;
    EXPECT_EQ(row->second[1], info.family) << info.name;
    EXPECT_EQ(row->second[2], SeverityName(info.severity)) << info.name;
    rows.erase(row);
  }
  for (const auto& [name, cells] : rows) ADD_FAILURE() << name << " is a row, but no check";
}

// "errors/warnings/notes" of each check, on one registry.
std::map<std::string, std::string> Counts(const std::string& folder, const std::string& release) {
  std::map<std::string, std::string> out;
  std::string path = folder + "/registry-" + release + ".json";
  Result<std::string> text = ReadFile(path, kMaxJsonFile);
  if (!text) return out;
  auto file = std::make_shared<const SourceFile>(path, *std::move(text));
  Result<Registry> registry = ReadJsonRegistry(file);
  auto layouts = OpenLayouts(folder + "/layouts-" + release + ".jsonl.xz");
  if (!registry || !layouts) return out;
  std::vector<size_t> classes((*layouts)->size());
  for (size_t i = 0; i < classes.size(); ++i) classes[i] = i;
  JudgeOptions options;
  options.engine = &EngineOfFiles(release);
  Result<Judgement> judgement = Judge(*registry, **layouts, classes, true, options);
  if (!judgement) return out;
  std::map<std::string, std::array<int, 3>> counts;
  for (const Finding& finding : judgement->findings) {
    ++counts[std::string(finding.check)][2 - static_cast<size_t>(finding.severity)];
  }
  for (const auto& [name, n] : counts) {
    out[name] = std::to_string(n[0]) + "/" + std::to_string(n[1]) + "/" + std::to_string(n[2]);
  }
  return out;
}

TEST(Catalogue, TheTableHasTheCountsOfTheRegistries) {
  Corpus corpus = FindCorpus();
  if (!corpus.whole) {
    GTEST_SKIP() << "WCHECK_CORPUS does not name the reference corpus: nothing to count";
  }
  auto rows = Rows();
  for (size_t r = 0; r < kReleases.size(); ++r) {
    std::map<std::string, std::string> counts = Counts(corpus.folder, kReleases[r]);
    EXPECT_FALSE(counts.empty()) << kReleases[r];
    for (const Check& check : AllChecks()) {
      std::string name(check.info.name);
      auto found = counts.find(name);
      std::string expected = found == counts.end() ? "–" : found->second;
      if (!rows.contains(name) || rows[name].size() < 3 + kReleases.size()) continue;
      EXPECT_EQ(rows[name][3 + r], expected) << name << " on " << kReleases[r];
    }
  }
}

}  // namespace
}  // namespace wcheck
