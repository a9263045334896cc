// Which files make a checkpoint, and where they may disagree.
#include "checkpoint/checkpoint_files.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "safetensors_writer.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::SafetensorsFile;
using testing::TempFolder;
using Kind = CheckpointRemark::Kind;

Result<Checkpoint> Read(std::vector<std::string> paths) { return ReadCheckpoint(paths); }

std::vector<std::string> Shown(const Checkpoint& checkpoint) {
  std::vector<std::string> out;
  for (const LayoutFamily& f : checkpoint.families) {
    std::string text = ShowFamily(f.pattern, f.numbers);
    if (checkpoint.has_shapes) {
      for (int64_t size : f.shape) text += ' ' + std::to_string(size);
    }
    out.push_back(std::move(text));
  }
  std::sort(out.begin(), out.end());
  return out;
}
using Strings = std::vector<std::string>;

std::string Index(const std::string& map) { return "{\"weight_map\":{" + map + "}}"; }

TEST(CheckpointFiles, OneFile) {
  TempFolder folder;
  std::string path = folder.Put(
      "x.safetensors",
      SafetensorsFile(
          {{"layers.0.w", {2, 3}}, {"layers.1.w", {2, 3}}, {"layers.10.w", {2, 4}}, {"norm", {}}}));
  Result<Checkpoint> checkpoint = Read({path});
  ASSERT_TRUE(checkpoint) << checkpoint.error().ToString();
  EXPECT_EQ(Shown(*checkpoint), (Strings{"layers.10.w 2 4", "layers.{0...1}.w 2 3", "norm"}));
  EXPECT_TRUE(checkpoint->has_shapes);
  EXPECT_FALSE(checkpoint->adapter);
  EXPECT_EQ(checkpoint->key_count(), 4U);
  EXPECT_EQ(checkpoint->files, Strings{path});
}

TEST(CheckpointFiles, ADirectoryIsReadAsTransformersDoes) {
  TempFolder folder;
  folder.Put("b.safetensors", SafetensorsFile({{"b", {1}}}));
  folder.Put("a.safetensors", SafetensorsFile({{"a", {1}}}));
  folder.Put("adapter_model.safetensors", SafetensorsFile({{"base_model.model.x", {1}}}));
  EXPECT_EQ(Shown(*Read({folder.path()})), (Strings{"a 1", "b 1"}));
  folder.Put("pytorch_model.bin.index.json", Index("\"p\":\"pytorch_model-1.bin\""));
  EXPECT_EQ(Shown(*Read({folder.path()})), Strings{"p"});
  folder.Put("model.safetensors.index.json", Index("\"i\":\"model-1.safetensors\""));
  EXPECT_EQ(Shown(*Read({folder.path()})), Strings{"i"});
  folder.Put("model.safetensors", SafetensorsFile({{"m", {1}}}));
  EXPECT_EQ(Shown(*Read({folder.path()})), Strings{"m 1"});
}

TEST(CheckpointFiles, AnAdapterAlone) {
  TempFolder folder;
  folder.Put("adapter_model.safetensors",
             SafetensorsFile({{"base_model.model.layers.0.q.lora_A.weight", {8, 4}}}));
  Result<Checkpoint> checkpoint = Read({folder.path()});
  ASSERT_TRUE(checkpoint) << checkpoint.error().ToString();
  EXPECT_TRUE(checkpoint->adapter);
}

TEST(CheckpointFiles, SayWhatIsMissing) {
  TempFolder folder;
  EXPECT_NE(Read({folder.path()}).error().message.find("no checkpoint"), std::string::npos);
  folder.Put("pytorch_model.bin", "x");
  EXPECT_NE(Read({folder.path()}).error().advice.find("pickle"), std::string::npos);
  std::string text = folder.Put("notes.txt", "x");
  EXPECT_NE(Read({text}).error().message.find("not that of a checkpoint"), std::string::npos);
  EXPECT_NE(Read({folder.File("gone.safetensors")}).error().message.find("No such file"),
            std::string::npos);
  std::string empty = folder.Put("e.safetensors", SafetensorsFile({}));
  EXPECT_NE(Read({empty}).error().message.find("no tensors"), std::string::npos);
}

TEST(CheckpointFiles, ConfigNamesTheClass) {
  TempFolder folder;
  folder.Put("model.safetensors", SafetensorsFile({{"m", {1}}}));
  folder.Put("config.json",
             R"({"architectures":["A","B"],"text_config":{"tie_word_embeddings":true}})");
  Result<Checkpoint> checkpoint = Read({folder.path()});
  EXPECT_EQ(checkpoint->architectures, (Strings{"A", "B"}));
  EXPECT_EQ(checkpoint->tie_word_embeddings, std::optional<bool>(true));
  folder.Put("config.json", "{\"architectures\":null,\"tie_word_embeddings\":false}");
  checkpoint = Read({folder.path()});
  EXPECT_TRUE(checkpoint->architectures.empty());
  EXPECT_EQ(checkpoint->tie_word_embeddings, std::optional<bool>(false));
  EXPECT_TRUE(checkpoint->remarks.empty());
  folder.Put("config.json", "{\"architectures\":");
  checkpoint = Read({folder.path()});
  ASSERT_TRUE(checkpoint);
  ASSERT_EQ(checkpoint->remarks.size(), 1U);
  EXPECT_EQ(checkpoint->remarks[0].kind, Kind::kConfigUnreadable);
}

TEST(CheckpointFiles, ShardsGiveTheShapes) {
  TempFolder folder;
  std::string index = folder.Put(
      "model.safetensors.index.json",
      Index(R"("l.0.w":"1.safetensors","l.1.w":"2.safetensors","l.2.w":"2.safetensors")"));
  Result<Checkpoint> checkpoint = Read({index});
  EXPECT_FALSE(checkpoint->has_shapes);
  EXPECT_EQ(Shown(*checkpoint), Strings{"l.{0...2}.w"});
  EXPECT_TRUE(checkpoint->remarks.empty());

  folder.Put("1.safetensors", SafetensorsFile({{"l.0.w", {3}}}));
  checkpoint = Read({index});
  EXPECT_FALSE(checkpoint->has_shapes);
  ASSERT_EQ(checkpoint->remarks.size(), 1U);
  EXPECT_EQ(checkpoint->remarks[0].kind, Kind::kShardMissing);
  EXPECT_EQ(checkpoint->remarks[0].file, "2.safetensors");

  folder.Put("2.safetensors", SafetensorsFile({{"l.1.w", {3}}, {"l.2.w", {3}}}));
  checkpoint = Read({folder.path()});
  EXPECT_TRUE(checkpoint->has_shapes);
  EXPECT_TRUE(checkpoint->remarks.empty());
  EXPECT_EQ(Shown(*checkpoint), Strings{"l.{0...2}.w 3"});
}

TEST(CheckpointFiles, AnIndexThatLies) {
  TempFolder folder;
  std::string index =
      folder.Put("model.safetensors.index.json",
                 Index(R"("l.0.w":"1.safetensors","l.1.w":"1.safetensors","x":"2.safetensors")"));
  folder.Put("1.safetensors", SafetensorsFile({{"l.0.w", {3}}, {"x", {1}}}));
  folder.Put("2.safetensors", SafetensorsFile({{"l.1.w", {3}}, {"y", {1}}}));
  Result<Checkpoint> checkpoint = Read({index});
  ASSERT_TRUE(checkpoint) << checkpoint.error().ToString();
  ASSERT_EQ(checkpoint->remarks.size(), 2U);
  EXPECT_EQ(checkpoint->remarks[0].kind, Kind::kNotInShard);
  EXPECT_EQ(checkpoint->remarks[0].count, 2U);  // l.1.w and x are in the other one
  EXPECT_EQ(checkpoint->remarks[1].kind, Kind::kNotInIndex);
  EXPECT_EQ(checkpoint->remarks[1].count, 3U);
  EXPECT_EQ(checkpoint->key_count(), 4U);
}

TEST(CheckpointFiles, BadIndexes) {
  TempFolder folder;
  auto error = [&](const std::string& text) {
    Result<Checkpoint> checkpoint = Read({folder.Put("model.safetensors.index.json", text)});
    return checkpoint ? std::string("read") : checkpoint.error().ToString();
  };
  auto says = [&](const std::string& text, const std::string& what) {
    EXPECT_NE(error(text).find(what), std::string::npos) << error(text);
  };
  says("[]", "offset 0): error: expected an object, found a list");
  says("{\"metadata\":{}}", "expected \"weight_map\"");
  says("{\"weight_map\":[]}", "offset 14): error: expected an object (key -> file)");
  says("{\"weight_map\":7}", "expected an object (key -> file)");
  says("{\"weight_map\":{\"a\":7}}", "expected the file that holds \"a\"");
  says("{\"weight_map\":{\"a\":{}}}", "expected the file that holds \"a\"");
  says(Index("\"a\":\"../x.safetensors\""), "a file in the folder of the index");
  says(Index("\"a\":\"/x.safetensors\""), "a file in the folder of the index");
  says(Index("\"a\\n\":\"x.safetensors\""), "control character");
  says(Index(R"("a":"1.bin","b":"1.bin","a":"2.bin")"),
       "offset 39): error: key \"a\" is a duplicate; it is also at offset 15");
  says("{\"weight_map\":{},\"weight_map\":{}}", "duplicate key");
  says(Index(""), "found no tensors");
  says("{\"weight_map\":{\"a\":\"x\"}", "not valid JSON");
  says("{\"other\":[[{\"weight_map\":[]}],1],\"weight_map\":{\"a\":\"x.bin\"}}", "read");
}

TEST(CheckpointFiles, AKeyTwice) {
  TempFolder folder;
  std::string bytes =
      testing::WithLength(R"({"a.1":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                          R"("a.1":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})");
  std::string path = folder.Put("x.safetensors", bytes + "..");
  Result<Checkpoint> checkpoint = Read({path});
  ASSERT_FALSE(checkpoint);
  EXPECT_NE(checkpoint.error().message.find("key \"a.1\" is a duplicate; it is also at offset 9"),
            std::string::npos)
      << checkpoint.error().ToString();
  EXPECT_EQ(checkpoint.error().place.inside, "offset " + std::to_string(bytes.rfind("\"a.1\"")));

  // In two files, the last one counts, as in the engine.
  std::string first = folder.Put("1.safetensors", SafetensorsFile({{"a", {1}}, {"b", {1}}}));
  std::string second = folder.Put("2.safetensors", SafetensorsFile({{"a", {2}}}));
  checkpoint = Read({first, second});
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(Shown(*checkpoint), (Strings{"a 2", "b 1"}));
  ASSERT_EQ(checkpoint->remarks.size(), 1U);
  EXPECT_EQ(checkpoint->remarks[0].kind, Kind::kInSeveralFiles);
}

// Every key that went in comes out of exactly one family, with its shape: ragged sets too.
TEST(CheckpointFiles, FamiliesHoldEveryKeyOnce) {
  TempFolder folder;
  std::vector<testing::TestTensor> tensors;
  for (int l = 0; l < 12; ++l) {
    for (int e = 0; e < 7; ++e) {
      if ((l * 5 + e * 3) % 4 == 0) continue;
      tensors.push_back({"m.layers." + std::to_string(l) + ".experts." + std::to_string(e) + ".w",
                         {l % 3 + 1, 2}});
    }
  }
  std::string path = folder.Put("x.safetensors", SafetensorsFile(tensors));
  Result<Checkpoint> checkpoint = Read({path});
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->key_count(), tensors.size());
  for (const testing::TestTensor& tensor : tensors) {
    SplitKey split = SplitNumbers(tensor.name);
    size_t holders = 0;
    for (const LayoutFamily& f : checkpoint->families) {
      if (f.pattern != split.pattern || !f.numbers[0].Contains(split.numbers[0]) ||
          !f.numbers[1].Contains(split.numbers[1])) {
        continue;
      }
      ++holders;
      EXPECT_TRUE(
          std::equal(f.shape.begin(), f.shape.end(), tensor.shape.begin(), tensor.shape.end()));
    }
    EXPECT_EQ(holders, 1U) << tensor.name;
  }
}

}  // namespace
}  // namespace wcheck
