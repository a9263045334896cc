#include "mapping/binary_codec.h"

#include <gtest/gtest.h>

#include "mapping/json/json_reader.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::Slurp;

std::shared_ptr<const SourceFile> CorpusRegistry() {
  return std::make_shared<SourceFile>("r.json",
                                      Slurp(testing::CorpusFolder() + "/registry-5.16.json"));
}

// Everything that the corpus does not have.
std::shared_ptr<const SourceFile> OddRegistry() {
  return std::make_shared<SourceFile>("r.json", R"({
    "transformers": "1.2", "aliases": {"b": "a", "c": "b"},
    "entries": {"a": [
      {"type": "PrefixChange", "prefix_to_add": "", "prefix_to_remove": "x", "model_prefix": "y"},
      {"type": "PrefixChange"},
      {"type": "GroupWeightRename", "source": ["é\u0000", ""], "target": ["1"]},
      {"type": "WeightConverter", "source": ["s"], "target": ["t"], "operations": [
        {"op": "Chunk", "dim": -1}, {"op": "Transpose", "dim0": 9223372036854775807, "dim1": 0,
         "check_dims": true}, {"op": "Interleave", "dim": -9223372036854775808, "inverse": true},
        {"op": "PermuteForRope", "subconfig_key": "", "permute_layer_names": ["q", "k"]},
        {"op": "Conv3dToLinear", "in_channels": 3, "kernel_size": [2, 14, 15]},
        {"op": "ErnieFuseAndSplitTextVisionExperts", "stack_dim": 7, "concat_dim": 8},
        {"op": "Concatenate", "dim": 1, "num_shards_attribute": "parts"},
        {"op": "VisionUnfuseAndPermuteForRope", "dim": 2, "permute_layer_names": ["q"]}]}],
      "z": []}})");
}

bool Same(const SourceRange& a, const SourceRange& b) {
  return a.file == b.file && a.begin == b.begin && a.end == b.end;
}

bool Same(const std::vector<SourceRange>& a, const std::vector<SourceRange>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const SourceRange& x, const SourceRange& y) { return Same(x, y); });
}

void ExpectSame(const Registry& a, const Registry& b) {
  EXPECT_EQ(a.release, b.release);
  EXPECT_EQ(a.files, b.files);
  ASSERT_EQ(a.aliases.size(), b.aliases.size());
  for (size_t i = 0; i < a.aliases.size(); ++i) {
    EXPECT_EQ(a.aliases[i].name, b.aliases[i].name);
    EXPECT_EQ(a.aliases[i].entry, b.aliases[i].entry);
    EXPECT_TRUE(Same(a.aliases[i].where, b.aliases[i].where));
  }
  ASSERT_EQ(a.entries.size(), b.entries.size());
  for (const auto& [name, entry] : a.entries) {
    const Entry* other = b.Find(name);
    ASSERT_NE(other, nullptr) << name;
    EXPECT_EQ(entry.name, other->name);
    EXPECT_TRUE(Same(entry.where, other->where));
    EXPECT_EQ(entry.incomplete, other->incomplete);
    ASSERT_EQ(entry.transforms.size(), other->transforms.size());
    for (size_t i = 0; i < entry.transforms.size(); ++i) {
      EXPECT_TRUE(SameTransform(entry.transforms[i], other->transforms[i])) << name << ' ' << i;
      const Origin& x = *entry.transforms[i].origin;
      const Origin& y = *other->transforms[i].origin;
      EXPECT_TRUE(Same(x.call, y.call));
      EXPECT_TRUE(Same(x.sources, y.sources));
      EXPECT_TRUE(Same(x.targets, y.targets));
      ASSERT_EQ(x.provenance.size(), y.provenance.size());
      for (size_t s = 0; s < x.provenance.size(); ++s) {
        EXPECT_EQ(x.provenance[s].what, y.provenance[s].what);
        EXPECT_TRUE(Same(x.provenance[s].where, y.provenance[s].where));
      }
    }
  }
}

TEST(BinaryCodecTest, GivesBackTheRegistry) {
  for (const std::shared_ptr<const SourceFile>& file : {CorpusRegistry(), OddRegistry()}) {
    const Result<Registry> registry = ReadJsonRegistry(file);
    ASSERT_TRUE(registry.ok()) << registry.error().ToString();
    const Result<Registry> decoded = DecodeRegistry(EncodeRegistry(*registry), file);
    ASSERT_TRUE(decoded.ok());
    ExpectSame(*registry, *decoded);
  }
}

TEST(BinaryCodecTest, KnowsItsVersion) {
  std::string bytes = EncodeRegistry(*ReadJsonRegistry(OddRegistry()));
  EXPECT_TRUE(IsReadableRegistry(bytes));
  EXPECT_FALSE(IsReadableRegistry(""));
  ++bytes[0];
  EXPECT_FALSE(IsReadableRegistry(bytes));
}

TEST(BinaryCodecTest, RefusesDamage) {
  const std::shared_ptr<const SourceFile> file = OddRegistry();
  const std::string bytes = EncodeRegistry(*ReadJsonRegistry(file));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(DecodeRegistry(bytes.substr(0, size), file).ok()) << size;
  }
  EXPECT_FALSE(DecodeRegistry(bytes + '\0', file).ok());
  EXPECT_FALSE(DecodeRegistry(bytes, std::make_shared<SourceFile>("other", "{}")).ok());
  // Any changed byte must be survived, and every place must stay inside the text.
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
      const Result<Registry> registry = DecodeRegistry(damaged, file);
      if (!registry.ok()) continue;
      for (const auto& [name, entry] : registry->entries) {
        ASSERT_LE(entry.where.end, file->text().size());
        ASSERT_LE(entry.where.begin, entry.where.end);
      }
    }
  }
}

TEST(BinaryCodecTest, TextThatIsNoTextIsDamage) {
  const std::shared_ptr<const SourceFile> file = OddRegistry();
  Result<Registry> registry = ReadJsonRegistry(file);
  ASSERT_TRUE(registry.ok());
  std::string bytes = EncodeRegistry(*registry);
  const size_t accent = bytes.find("\xC3\xA9");
  ASSERT_NE(accent, std::string::npos);
  bytes[accent] = '\xFF';
  EXPECT_FALSE(DecodeRegistry(bytes, file).ok());
}

}  // namespace
}  // namespace wcheck
