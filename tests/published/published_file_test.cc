#include "published/published_file.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/limits.h"
#include "wcheck/key_family.h"

namespace wcheck {
namespace {

struct Names {
  std::vector<std::string> patterns;
  std::vector<IndexBox> numbers;
};

// A list of families, each a pattern with `*` for a number and the numbers of all of its holes.
PublishedList ListOf(std::string class_name, std::string model,
                     std::vector<std::pair<std::string, IndexBox>> families) {
  PublishedList list;
  list.class_name = std::move(class_name);
  list.model = std::move(model);
  list.origin = PublishedOrigin::kOriginal;
  list.source = "owner/name:index.json";
  list.config = R"({"model_type":"toy"})";
  auto names = std::make_shared<Names>();
  names->patterns.reserve(families.size());
  names->numbers.reserve(families.size());
  for (auto& [pattern, numbers] : families) {
    for (char& c : pattern) c = c == '*' ? kHole : c;
    names->patterns.push_back(pattern);
    names->numbers.push_back(numbers);
    list.families.push_back({names->patterns.back(), names->numbers.back(), {}, ""});
  }
  list.storage = names;
  return list;
}

std::string Text(const PublishedList& list) {
  std::string text = list.class_name + '|' + list.model + '|' + std::string(OriginName(list.origin)) + '|' +
                     list.source + '|' + list.config;
  for (const LayoutFamily& family : list.families) text += '\n' + ShowFamily(family.pattern, family.numbers);
  return text;
}

std::vector<PublishedList> Some() {
  std::vector<PublishedList> lists;
  lists.push_back(ListOf("B", "two", {{"layers.*.w", {IndexSet(0, 31)}}, {"norm", {}}}));
  lists.push_back(ListOf("A", "one", {{"x.*.y.*.w", {IndexSet::FromRanges({{0, 2}, {5, 9}}), IndexSet(3, 3)}}}));
  lists.push_back(ListOf("B", "one", {{"e.weight", {}}}));
  return lists;
}

TEST(Published, ComesBackByClass) {
  const Result<PublishedFile> file = PublishedFile::OfBytes("p.wcp", WritePublished(Some()));
  ASSERT_TRUE(file) << file.error().ToString();
  ASSERT_EQ(file->classes().size(), 2u);
  EXPECT_EQ(file->list_count(), 3u);
  EXPECT_EQ(file->classes()[1].name, "B");
  const Result<std::vector<PublishedList>> lists = file->Read("B");
  ASSERT_TRUE(lists);
  ASSERT_EQ(lists->size(), 2u);
  EXPECT_EQ(Text((*lists)[0]), Text(Some()[2]));  // in the order of the models
  EXPECT_EQ(Text((*lists)[1]), Text(Some()[0]));
  EXPECT_EQ((*lists)[1].key_count(), 33u);
  EXPECT_EQ(Text(file->Read("A")->front()), Text(Some()[1]));
  EXPECT_TRUE(file->Read("C")->empty());
}

TEST(Published, TheSameListsGiveTheSameBytes) {
  std::vector<PublishedList> other = Some();
  std::swap(other[0], other[2]);
  EXPECT_EQ(WritePublished(Some()), WritePublished(other));
}

TEST(Published, TheLastListOfAModelStays) {
  std::vector<PublishedList> lists = Some();
  lists.push_back(ListOf("B", "two", {{"other", {}}}));
  const Result<PublishedFile> file = PublishedFile::OfBytes("p.wcp", WritePublished(std::move(lists)));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->list_count(), 3u);
  EXPECT_EQ((*file->Read("B"))[1].key_count(), 1u);
}

TEST(Published, DamageIsFound) {
  const std::string bytes = WritePublished(Some());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(PublishedFile::OfBytes("p.wcp", bytes.substr(0, size))) << size;
  }
  size_t found = 0;
  for (size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x15);
    const Result<PublishedFile> file = PublishedFile::OfBytes("p.wcp", damaged);
    found += !file || !file->ReadAll() ? 1 : 0;
  }
  EXPECT_EQ(found, bytes.size());
}

TEST(Published, HoldsTheLimitOfKeys) {
  const auto read = [](uint32_t last) {
    std::vector<PublishedList> lists;
    lists.push_back(ListOf("A", "m", {{"x.*", {IndexSet(0, last)}}}));
    return PublishedFile::OfBytes("p.wcp", WritePublished(std::move(lists)))->Read("A").ok();
  };
  EXPECT_TRUE(read(static_cast<uint32_t>(kMaxPublishedKeys) - 1));
  EXPECT_FALSE(read(static_cast<uint32_t>(kMaxPublishedKeys)));
}

// The whole point of the table of classes: a file may have far more lists than one run needs.
TEST(Published, OneClassOfTenThousandListsIsReadInATenthOfASecond) {
  std::vector<PublishedList> lists;
  for (int i = 0; i < 10'000; ++i) {
    std::vector<std::pair<std::string, IndexBox>> families;
    for (int f = 0; f < 12; ++f) {
      families.push_back({"model.layers.*.part" + std::to_string(f) + ".weight", {IndexSet(0, 10 + i % 50)}});
    }
    lists.push_back(ListOf("Class" + std::to_string(i % 100), "model " + std::to_string(i), std::move(families)));
  }
  const std::string bytes = WritePublished(std::move(lists));
  const auto start = std::chrono::steady_clock::now();
  const Result<PublishedFile> file = PublishedFile::OfBytes("p.wcp", bytes);
  ASSERT_TRUE(file);
  const Result<std::vector<PublishedList>> read = file->Read("Class7");
  const auto took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 100u);
  EXPECT_EQ(file->list_count(), 10'000u);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
  std::cout << bytes.size() << " bytes, read in " << milliseconds << " ms\n";
  EXPECT_LE(milliseconds, 100);
}

}  // namespace
}  // namespace wcheck
