#include "layout/snapshot.h"

#include <cstring>
#include <thread>

#include <gtest/gtest.h>

#include "layout/json_reader.h"
#include "show_layout.h"
#include "support/json.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::ProjectFile;
using testing::ShowLayout;
using testing::Slurp;
using testing::TempFolder;

// The named classes of another source.
class Some : public LayoutSource {
 public:
  Some(const LayoutSource& source, std::vector<size_t> rows)
      : source_(source), rows_(std::move(rows)) {}
  size_t size() const override { return rows_.size(); }
  std::string_view class_name(size_t i) const override { return source_.class_name(rows_[i]); }
  Result<Layout> Read(size_t i) const override { return source_.Read(rows_[i]); }

 private:
  const LayoutSource& source_;
  std::vector<size_t> rows_;
};

std::unique_ptr<LayoutSource> Corpus() {
  Result<std::unique_ptr<LayoutSource>> layouts =
      OpenLayouts(testing::CorpusFolder() + "/layouts-5.16.jsonl.xz");
  EXPECT_TRUE(layouts.ok()) << layouts.error().ToString();
  return *std::move(layouts);
}

// A snapshot of one release.
Status WriteOne(const std::string& path, std::string_view release, std::string_view registry,
                const LayoutSource& layouts) {
  const PackedRelease releases[] = {{std::string(release), std::string(registry), "", &layouts, 0}};
  return WriteSnapshot(path, releases);
}

// A snapshot of a few small classes, for the tests that damage it.
std::string SmallSnapshot(const TempFolder& folder) {
  const std::unique_ptr<LayoutSource> corpus = Corpus();
  std::vector<size_t> rows;
  for (size_t i = 0; i < corpus->size() && rows.size() < 4; ++i) {
    if (corpus->Read(i)->families.size() < 40) rows.push_back(i);
  }
  const Status written =
      WriteOne(folder.File("small"), "5.16", "{\"entries\": {\"a\": []}}", Some(*corpus, rows));
  EXPECT_TRUE(written.ok());
  return Slurp(folder.File("small"));
}

// Reads everything in a snapshot, so that the sanitizers see every access.
size_t ReadAll(const Snapshot& snapshot, size_t* errors) {
  size_t bytes = snapshot.release().size() + snapshot.registry_json().size();
  for (size_t i = 0; i < snapshot.size(); ++i) {
    snapshot.Find(snapshot.class_name(i));
    Result<Layout> layout = snapshot.Read(i);
    if (layout.ok()) {
      bytes += ShowLayout(*layout).size();
    } else {
      ++*errors;
    }
  }
  return bytes;
}

TEST(SnapshotTest, GivesBackEveryLayout) {
  TempFolder folder;
  const std::unique_ptr<LayoutSource> corpus = Corpus();
  const std::string registry = Slurp(testing::CorpusFolder() + "/registry-5.16.json");
  const Status written = WriteOne(folder.File("s"), "5.16.0.dev0", registry, *corpus);
  ASSERT_TRUE(written.ok()) << written.error().ToString();
  Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(folder.File("s"));
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().ToString();
  EXPECT_EQ((*snapshot)->release(), "5.16.0.dev0");
  EXPECT_EQ((*snapshot)->registry_json(), json::Compact(registry, 3));
  ASSERT_EQ((*snapshot)->size(), corpus->size());
  for (size_t i = 0; i < corpus->size(); ++i) {
    ASSERT_EQ((*snapshot)->class_name(i), corpus->class_name(i)) << "in the order of the source";
    ASSERT_EQ((*snapshot)->Find(corpus->class_name(i)), i);
    const Result<Layout> expected = corpus->Read(i);
    const Result<Layout> layout = (*snapshot)->Read(i);
    ASSERT_TRUE(expected.ok());
    ASSERT_TRUE(layout.ok()) << layout.error().ToString();
    ASSERT_EQ(ShowLayout(*layout), ShowLayout(*expected));
    ASSERT_EQ(layout->families.size(), expected->families.size());
    for (size_t f = 0; f < layout->families.size(); ++f) {
      ASSERT_EQ(layout->families[f].pattern, expected->families[f].pattern) << "in the same order";
    }
  }
  EXPECT_EQ((*snapshot)->Find("NoSuchClass"), std::nullopt);
  EXPECT_EQ((*snapshot)->Find(""), std::nullopt);
}

TEST(SnapshotTest, WritesTheSameBytesForTheSameInput) {
  TempFolder folder;
  const std::string first = SmallSnapshot(folder);
  EXPECT_EQ(SmallSnapshot(folder), first);
  // A snapshot that was read can be packed again.
  Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(folder.File("small"));
  ASSERT_TRUE(snapshot.ok());
  ASSERT_TRUE(WriteOne(folder.File("again"), (*snapshot)->release(), (*snapshot)->registry_json(),
                       **snapshot)
                  .ok());
  EXPECT_EQ(Slurp(folder.File("again")), first);
}

TEST(SnapshotTest, HoldsSeveralReleasesAndWhatTheyShareOnce) {
  TempFolder folder;
  const std::unique_ptr<LayoutSource> corpus = Corpus();
  const Some newest(*corpus, {0, 1, 2, 3});
  const Some oldest(*corpus, {1, 2});
  const std::string registry = R"({"entries": {"a": []}})";
  const PackedRelease releases[] = {{"5.24.0", registry, "binary", &newest, 0},
                                    {"5.23.0", R"({"entries": {"b": []}})", "", nullptr, 0},
                                    {"5.12.1", registry, "", &oldest, 0}};
  ASSERT_TRUE(WriteSnapshot(folder.File("s"), releases).ok());
  ASSERT_TRUE(WriteSnapshot(folder.File("one"), std::span(releases).first(1)).ok());
  // Less than a third of what a class takes, for a release that adds none.
  EXPECT_LT(Slurp(folder.File("s")).size(), Slurp(folder.File("one")).size() + 700);

  Result<std::unique_ptr<SnapshotFile>> file = SnapshotFile::Open(folder.File("s"));
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  ASSERT_EQ((*file)->size(), 3u);
  EXPECT_EQ((*file)->release(1), "5.23.0");
  auto at = [&](size_t i) { return *std::move((*file)->At(i)); };
  EXPECT_EQ(at(0)->registry_binary(), "binary");
  EXPECT_EQ(at(0)->registry_json(), json::Compact(registry, 3));
  EXPECT_EQ(at(1)->registry_binary(), "");
  EXPECT_EQ(at(1)->registry_json(), json::Compact(R"({"entries": {"b": []}})", 3));
  EXPECT_EQ(at(1)->layouts_release(), "5.24.0");
  EXPECT_EQ(at(1)->size(), 4u);
  EXPECT_EQ(at(2)->layouts_release(), "5.12.1");
  ASSERT_EQ(at(2)->size(), 2u);
  EXPECT_EQ(at(2)->Find(corpus->class_name(1)), 0u);
  EXPECT_EQ(at(2)->Find(corpus->class_name(0)), std::nullopt);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(ShowLayout(*at(2)->Read(i)), ShowLayout(*corpus->Read(i + 1)));
  }
}

TEST(SnapshotTest, ALayoutOutlivesItsSnapshot) {
  TempFolder folder;
  SmallSnapshot(folder);
  Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(folder.File("small"));
  ASSERT_TRUE(snapshot.ok());
  const Result<Layout> layout = (*snapshot)->Read(0);
  ASSERT_TRUE(layout.ok());
  const std::string shown = ShowLayout(*layout);
  snapshot->reset();
  EXPECT_EQ(ShowLayout(*layout), shown);
}

TEST(SnapshotTest, ThreadsMayReadTogether) {
  TempFolder folder;
  SmallSnapshot(folder);
  for (int round = 0; round < 20; ++round) {
    Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(folder.File("small"));
    ASSERT_TRUE(snapshot.ok());
    std::vector<size_t> errors(4, 0);
    std::vector<size_t> bytes(4, 0);
    std::vector<std::thread> threads;
    for (size_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] { bytes[t] = ReadAll(**snapshot, &errors[t]); });
    }
    for (std::thread& thread : threads) thread.join();
    for (size_t t = 0; t < 4; ++t) {
      EXPECT_EQ(errors[t], 0u);
      EXPECT_EQ(bytes[t], bytes[0]);
    }
  }
}

TEST(SnapshotTest, RefusesWhatIsNoSnapshot) {
  TempFolder folder;
  auto error = [&](const std::string& path) {
    Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(path);
    return snapshot.ok() ? "no error" : snapshot.error().message;
  };
  EXPECT_EQ(error(folder.File("absent")), "cannot read: No such file or directory");
  EXPECT_EQ(error(folder.path()), "not a regular file, expected a wcheck snapshot");
  EXPECT_EQ(error(folder.Put("empty", "")), "found an empty file, expected a wcheck snapshot");
  EXPECT_EQ(error(folder.Put("text", "{\"entries\": {}}")), "not a wcheck snapshot");
  EXPECT_EQ(error(folder.Put("long", std::string(1000, 'x'))), "not a wcheck snapshot");
  std::string other = SmallSnapshot(folder);
  other[8] = 9;
  EXPECT_EQ(error(folder.Put("other", other)),
            "snapshot of format version 9, this program reads version 2");
}

TEST(SnapshotTest, RefusesEveryTruncation) {
  TempFolder folder;
  const std::string whole = SmallSnapshot(folder);
  for (size_t size = 0; size < whole.size(); size += size < 300 ? 1 : 101) {
    EXPECT_FALSE(Snapshot::Open(folder.Put("cut", whole.substr(0, size))).ok()) << size;
  }
  EXPECT_FALSE(Snapshot::Open(folder.Put("more", whole + "x")).ok());
}

// Every byte matters: each one, changed in one bit or in all, is an error of Open or of a Read,
// unless it is padding or belongs only to the index by name (which Find checks against the names).
TEST(SnapshotTest, FindsEveryDamagedByte) {
  TempFolder folder;
  const std::string whole = SmallSnapshot(folder);
  uint32_t by_name[2];  // the section's offset and size, as docs/snapshot.md places them
  std::memcpy(by_name, whole.data() + 24 + 8 * 7, sizeof by_name);
  const std::string path = folder.File("small");
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  auto put = [&](size_t at, char byte) {
    file.seekp(static_cast<std::streamoff>(at)).put(byte).flush();
  };
  size_t silent = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    for (const char change : {'\x01', '\xFF'}) {
      put(at, static_cast<char>(whole[at] ^ change));
      size_t errors = 0;
      if (Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(path)) {
        ReadAll(**snapshot, &errors);
      } else {
        errors = 1;
      }
      if (errors > 0 || (at >= by_name[0] && at < by_name[0] + by_name[1])) continue;
      ASSERT_EQ(whole[at], '\0') << "byte " << at << " may be damaged unseen";
      ++silent;
    }
    put(at, whole[at]);
  }
  EXPECT_LT(silent, 2u * 8 * 13) << "padding alone: at most 7 bytes a section";
}

TEST(SnapshotTest, SurvivesRandomDamage) {
  TempFolder folder;
  const std::string whole = SmallSnapshot(folder);
  // The header stays whole, so that the damage reaches the decoder; the checksums of the classes
  // do not stop it from being decoded first.
  constexpr size_t kHeader = 24 + 8 * 13;
  uint32_t random = 1;
  auto next = [&] { return random = random * 1664525 + 1013904223, random >> 8; };
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = whole;
    for (uint32_t n = 1 + next() % 30; n > 0; --n) {
      damaged[kHeader + next() % (damaged.size() - kHeader)] = static_cast<char>(next());
    }
    Result<std::unique_ptr<Snapshot>> snapshot = Snapshot::Open(folder.Put("damaged", damaged));
    size_t errors = 0;
    if (snapshot.ok()) ReadAll(**snapshot, &errors);
  }
}

TEST(SnapshotTest, AFailedWriteLeavesTheOldFile) {
  TempFolder folder;
  const std::unique_ptr<LayoutSource> corpus = Corpus();
  const std::string path = folder.Put("s", "old");
  EXPECT_FALSE(WriteOne(path, "5.16", "{not json", Some(*corpus, {0})).ok());
  EXPECT_EQ(Slurp(path), "old");
  EXPECT_FALSE(WriteOne(folder.File("no/such/s"), "5.16", "{}", Some(*corpus, {0})).ok());
}

// The file that the project carries.
TEST(SnapshotTest, TheBundledSnapshotIsWhole) {
  Result<std::unique_ptr<SnapshotFile>> file =
      SnapshotFile::Open(ProjectFile("fixtures/bundled.wcs"));
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ((*file)->release(0), "5.24.0");
  std::unique_ptr<Snapshot> of_subset;
  for (size_t i = 0; i < (*file)->size(); ++i) {
    Result<std::unique_ptr<Snapshot>> snapshot = (*file)->At(i);
    ASSERT_TRUE(snapshot.ok()) << snapshot.error().ToString();
    size_t errors = 0;
    // Releases share layouts: those of the others are read with the first that has them.
    if (i == 0 || (*file)->release(i) == "5.16.0.dev0") ReadAll(**snapshot, &errors);
    EXPECT_EQ(errors, 0u) << (*file)->release(i);
    if ((*file)->release(i) == "5.16.0.dev0") of_subset = *std::move(snapshot);
  }
  ASSERT_NE(of_subset, nullptr);
  // It contains the classes of the subset of 5.16, with the same contents.
  Result<std::unique_ptr<LayoutSource>> subset =
      OpenLayouts(ProjectFile("fixtures/subset/layouts-5.16.jsonl.xz"));
  ASSERT_TRUE(subset.ok());
  for (size_t i = 0; i < (*subset)->size(); ++i) {
    const std::optional<size_t> row = of_subset->Find((*subset)->class_name(i));
    ASSERT_TRUE(row.has_value()) << (*subset)->class_name(i);
    ASSERT_EQ(ShowLayout(*of_subset->Read(*row)), ShowLayout(*(*subset)->Read(i)));
  }
  EXPECT_EQ(of_subset->registry_json(),
            json::Compact(Slurp(ProjectFile("fixtures/subset/registry-5.16.json")), 3));
}

}  // namespace
}  // namespace wcheck
