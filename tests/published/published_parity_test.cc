// The lists that come with the program, judged by the bundled mappings of four releases, against what the real
// engines make of them: verdicts.tsv, in the folder that WCHECK_PUBLISHED names, or in `published` beside the corpus.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/plan.h"
#include "project/open_files.h"
#include "project/published_names.h"
#include "published/published_file.h"
#include "wcheck/release.h"

namespace wcheck {
namespace {

const std::string kFixtures = std::string(WCHECK_SOURCE_DIR) + "/fixtures/";

// "missing/unexpected/drift+added" by model, of the column of an engine.
std::map<std::string, std::string> Verdicts(const std::string& path, const std::string& column) {
  std::map<std::string, std::string> verdicts;
  std::ifstream file(path);
  size_t at = 0;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, '\t');) cells.push_back(cell);
    if (verdicts.empty() && at == 0) {
      while (at < cells.size() && cells[at] != column) ++at;
      continue;
    }
    if (cells.size() > at) verdicts[cells[0]] = cells[at];
  }
  return verdicts;
}

std::string Counts(const PublishedCounts& counts) {
  return std::to_string(counts.missing) + '/' + std::to_string(counts.unexpected) + '/' +
         std::to_string(counts.drifted) + '+' + std::to_string(counts.added);
}

// The engines were asked without a quantiser.
std::string WithoutQuantiser(std::string config) {
  constexpr std::string_view kName = "\"quantization_config\"";
  const size_t at = config.find(kName);
  if (at != std::string::npos) config.replace(at, kName.size(), "\"not_asked\"");
  return config;
}

// Empty if there is none.
std::string VerdictsFile() {
  const char* folder = std::getenv("WCHECK_PUBLISHED");
  const char* corpus = std::getenv("WCHECK_CORPUS");
  std::filesystem::path path;
  if (folder != nullptr) {
    path = folder;
  } else if (corpus != nullptr && *corpus != '\0') {
    path = std::filesystem::path(corpus) / ".." / "published";
  } else {
    return "";
  }
  path /= "verdicts.tsv";
  std::error_code ignored;
  return folder != nullptr || std::filesystem::exists(path, ignored) ? path.string() : "";
}

struct Asked {
  std::string release;
  std::string column;
};
void PrintTo(const Asked& asked, std::ostream* out) { *out << asked.release; }

class PublishedParity : public ::testing::TestWithParam<Asked> {};

TEST_P(PublishedParity, EveryListIsJudgedAsTheEngineJudgesIt) {
  const std::string path = VerdictsFile();
  if (path.empty()) {
    GTEST_SKIP() << "neither WCHECK_PUBLISHED nor WCHECK_CORPUS leads to verdicts to compare with";
  }
  const auto verdicts = Verdicts(path, GetParam().column);
  ASSERT_FALSE(verdicts.empty());
  const Result<PublishedFile> file = PublishedFile::Open(kFixtures + "published.wcp");
  ASSERT_TRUE(file) << file.error().ToString();
  Result<std::unique_ptr<SnapshotFile>> models = SnapshotFile::Open(kFixtures + "published.wcs");
  ASSERT_TRUE(models) << models.error().ToString();
  std::unique_ptr<Snapshot> packed;
  for (size_t i = 0; i < (*models)->size(); ++i) {
    if ((*models)->release(i) == GetParam().release) packed = *(*models)->At(i);
  }
  ASSERT_NE(packed, nullptr);
  const Engine* engine = EngineOfVersion(*ParseVersion(GetParam().release));
  ASSERT_NE(engine, nullptr);
  Result<std::unique_ptr<SnapshotFile>> bundle = SnapshotFile::Open(kFixtures + "bundled.wcs");
  ASSERT_TRUE(bundle);
  std::shared_ptr<const Registry> registry;
  for (size_t i = 0; i < (*bundle)->size(); ++i) {
    if ((*bundle)->release(i) != GetParam().release) continue;
    Result<std::unique_ptr<Snapshot>> release = (*bundle)->At(i);
    ASSERT_TRUE(release);
    Result<std::shared_ptr<const Registry>> read = ReadSnapshotRegistry(**release);
    ASSERT_TRUE(read);
    registry = *read;
  }
  ASSERT_NE(registry, nullptr);
  const CompiledRegistry compiled(*registry, *engine);
  const Result<std::vector<PublishedList>> lists = file->ReadAll();
  ASSERT_TRUE(lists);
  size_t compared = 0;
  size_t not_asked = 0;
  for (PublishedList list : *lists) {
    const auto verdict = verdicts.find(list.model);
    const std::optional<size_t> index = packed->Find(PublishedModelName(list));
    if (verdict == verdicts.end() || verdict->second == "-" || !index) {
      ++not_asked;
      continue;
    }
    Result<Layout> layout = packed->Read(*index);
    ASSERT_TRUE(layout) << layout.error().ToString();
    layout->class_name = list.class_name;
    list.config = WithoutQuantiser(list.config);
    const std::string name = list.model;
    const PublishedModel model{std::move(list), *std::move(layout), "", ""};
    EXPECT_EQ(Counts(CountPublished(model, compiled)), verdict->second) << name;
    ++compared;
  }
  std::cout << compared << " lists compared, " << not_asked << " without a verdict or a model\n";
  EXPECT_GE(compared, 30u);
}

INSTANTIATE_TEST_SUITE_P(Releases, PublishedParity,
                         ::testing::Values(Asked{"5.8.1", "engine 5.8.1"}, Asked{"5.12.1", "engine 5.12.1"},
                                           Asked{"5.16.1", "engine 5.16.1"}, Asked{"5.24.0", "engine 5.24"}),
                         [](const auto& info) {
                           std::string name = info.param.release;
                           for (char& c : name) c = c == '.' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace wcheck
