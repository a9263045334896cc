// Headers as the format's own implementation writes them, and everything that can be wrong with
// one.
#include "checkpoint/safetensors.h"

#include <random>

#include <gtest/gtest.h>

#include "safetensors_writer.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::SafetensorsFile;
using testing::TempFolder;
using testing::WithLength;

struct ReadTensor {
  std::string name;
  std::vector<int64_t> shape;
  std::string dtype;
  uint32_t offset;
};

Status ReadAll(const std::string& path, std::vector<ReadTensor>* out) {
  return ReadSafetensors(path, [out](const SafetensorsTensor& t) {
    out->push_back(
        {std::string(t.name), {t.shape.begin(), t.shape.end()}, std::string(t.dtype), t.offset});
  });
}

TEST(Safetensors, ReadsNamesShapesAndDtypes) {
  TempFolder folder;
  std::string header =
      R"({"__metadata__":{"format":"pt"},"a.weight":{"dtype":"BF16","shape":[2,3],)"
      R"("data_offsets":[0,12]}, "b" : {"shape":[], "data_offsets":[12,20],"dtype":"I64"},)"
      R"("c":{"dtype":"F4","shape":[4],"data_offsets":[20,22]},)"
      R"("empty":{"dtype":"F32","shape":[0,7],"data_offsets":[22,22]},)"
      R"("\u00fc":{"dtype":"BOOL","shape":[1],"data_offsets":[22,23]}}   )";
  std::string bytes = WithLength(header) + std::string(23, 'x');
  std::string path = folder.Put("m.safetensors", bytes);
  std::vector<ReadTensor> tensors;
  Status status = ReadAll(path, &tensors);
  ASSERT_TRUE(status) << status.error().ToString();
  ASSERT_EQ(tensors.size(), 5U);
  EXPECT_EQ(tensors[0].name, "a.weight");
  EXPECT_EQ(tensors[0].shape, (std::vector<int64_t>{2, 3}));
  EXPECT_EQ(tensors[0].dtype, "bfloat16");
  EXPECT_EQ(tensors[0].offset, bytes.find("\"a.weight\""));
  EXPECT_EQ(tensors[1].name, "b");
  EXPECT_TRUE(tensors[1].shape.empty());
  EXPECT_EQ(tensors[1].dtype, "int64");
  EXPECT_EQ(tensors[1].offset, bytes.find("\"b\""));
  EXPECT_EQ(tensors[3].shape, (std::vector<int64_t>{0, 7}));
  EXPECT_EQ(tensors[4].name, "\u00fc");
}

// A header and the error that it must cause. `at` is the piece of the header at which the error
// points; if it is empty, the error points at the end.
struct BadHeader {
  const char* name;
  std::string header;
  uint64_t data;
  std::string at;
  std::string says;
};

std::string Tensor(const std::string& fields) { return "{\"t\":{" + fields + "}}"; }

class BadHeaders : public ::testing::TestWithParam<BadHeader> {};

TEST_P(BadHeaders, NameTheOffset) {
  const BadHeader& bad = GetParam();
  TempFolder folder;
  std::string bytes = WithLength(bad.header) + std::string(bad.data, '\0');
  std::string path = folder.Put("m.safetensors", bytes);
  std::vector<ReadTensor> tensors;
  Status status = ReadAll(path, &tensors);
  ASSERT_FALSE(status);
  size_t offset = bad.at.empty() ? bytes.size() : bytes.find(bad.at);
  ASSERT_NE(offset, std::string::npos);
  EXPECT_EQ(status.error().place.inside, "offset " + std::to_string(offset))
      << status.error().ToString();
  EXPECT_NE(status.error().message.find(bad.says), std::string::npos) << status.error().ToString();
  EXPECT_EQ(status.error().message.find('\n'), std::string::npos);
}

const BadHeader kBadHeaders[] = {
    {"NotJson", "{\"t\": nonsense}", 0, "o", "not valid JSON"},
    {"NotAnObject", "[]", 0, "[]", "expected an object"},
    {"MoreBehind", "{} 7", 0, "7", "found more text after the end"},
    {"NulBehind", std::string("{}\0garbage", 10), 0, std::string("\0garbage", 8),
     "found more text after the end"},
    {"BadUtf8", "{\"\xFFt\":1}", 0, "\xFF", "UTF-8"},
    {"Nested", "{\"t\":{\"shape\":[[1]]}}", 0, "[1]", "expected sizes"},
    {"DeeplyNested", "{\"t\":" + std::string(100000, '['), 0, "[", "expected an object {dtype"},
    {"UnknownField", Tensor("\"dtipe\":\"F32\""), 0, "\"dtipe\"", "expected dtype, shape"},
    {"FieldTwice", Tensor("\"dtype\":\"F32\",\"dtype\" :\"F32\""), 0, "\"dtype\" :", "twice"},
    {"WrongDtype", Tensor("\"dtype\":\"F99\""), 0, "\"F99\"", "F99"},
    {"DtypeNoString", Tensor("\"dtype\":7"), 0, "7", "expected a dtype"},
    {"NegativeSize", Tensor("\"shape\":[-1]"), 0, "-1", "negative"},
    {"FractionalSize", Tensor("\"shape\":[1.5]"), 0, "1.5", "not an integer"},
    {"HugeSize", Tensor("\"shape\":[99999999999999999999999]"), 0, "9999", "too large"},
    {"SizeAboveInt64", Tensor("\"shape\":[9223372036854775808]"), 0, "92233", "too large"},
    {"Overflow",
     Tensor("\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]"), 0,
     "\"t\"", "overflows"},
    {"NoDtype", Tensor("\"shape\":[],\"data_offsets\":[0,4]"), 4, "\"t\"", "has no dtype"},
    {"NoShape", Tensor("\"dtype\":\"F32\",\"data_offsets\":[0,4]"), 4, "\"t\"", "has no shape"},
    {"NoOffsets", Tensor("\"dtype\":\"F32\",\"shape\":[]"), 4, "\"t\"", "has no data_offsets"},
    {"OneOffset", Tensor("\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]"), 4, "\"t\"",
     "has 1 data_offsets"},
    {"ThreeOffsets", Tensor("\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4,8]"), 4, "\"t\"",
     "has 3 data_offsets"},
    {"Reversed", Tensor("\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[4,0]"), 4, "\"t\"",
     "ends before it begins"},
    {"BeyondTheFile", Tensor("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]"), 4, "\"t\"",
     "ends at byte 8"},
    {"WrongLength", Tensor("\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]"), 4, "\"t\"",
     "takes 8 bytes"},
    {"HalfByte", Tensor("\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,1]"), 1, "\"t\"",
     "last byte"},
    {"Overlap",
     "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
     "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[3,7]}}",
     7, "\"b\"", "inside the data of another tensor"},
    {"Hole",
     "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
     "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[5,9]}}",
     9, "\"b\"", "no tensor covers"},
    {"HoleAtTheStart", Tensor("\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[1,5]"), 5, "\"t\"",
     "no tensor covers"},
    {"MoreData", Tensor("\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]") + '\n', 9, "}\n",
     "the tensors end at 4"},
    {"ControlCharacter", "{\"a\\u0007b\":{}}", 0, "\"a\\u0007b\"", "control character"},
    {"HighControlCharacter", "{\"a\\u0085b\":{}}", 0, "\"a\\u0085b\"", "control character"},
    {"Newline", "{\"a\\nb\":{}}", 0, "\"a\\nb\"", "control character"},
    {"Quote", "{\"a\\\"b\":{}}", 0, "\"a\\\"b\"", "a quote"},
    {"SingleQuote", "{\"a'b\":{}}", 0, "\"a'b\"", "a quote"},
    {"Backslash", "{\"a\\\\b\":{}}", 0, "\"a\\\\b\"", "a backslash"},
    {"MetadataTwice", "{\"__metadata__\":{},\"__metadata__\" :{}}", 0,
     "\"__metadata__\" :", "duplicate key"},
    {"MetadataNoStrings", "{\"__metadata__\":{\"a\":1}}", 0, "1}", "expected a string"},
    {"MetadataNoObject", "{\"__metadata__\":7}", 0, "7", "expected an object"},
    {"TensorNoObject", "{\"t\":7}", 0, "7", "expected an object {dtype"},
    {"CutOff", "{\"t\":{\"dtype\":\"U8\"", 0, "", "unexpected end of input"},
};

INSTANTIATE_TEST_SUITE_P(All, BadHeaders, ::testing::ValuesIn(kBadHeaders),
                         [](const auto& info) { return info.param.name; });

TEST(Safetensors, LengthsThatCannotBe) {
  TempFolder folder;
  std::vector<ReadTensor> none;
  auto error = [&](const std::string& bytes) {
    Status status = ReadAll(folder.Put("m.safetensors", bytes), &none);
    return status ? std::string("read") : status.error().ToString();
  };
  EXPECT_NE(error("").find("offset 0): error: found 0 bytes"), std::string::npos) << error("");
  EXPECT_NE(error("\x01\x02").find("found 2 bytes"), std::string::npos);
  EXPECT_NE(error(WithLength("{}").substr(0, 9)).find("but only 1 follow"), std::string::npos);
  EXPECT_NE(error(std::string(8, '\xFF')).find("at most 100000000"), std::string::npos);
  // One more byte than the format allows, whatever the file contains: nothing of it is read.
  std::string length = {'\x01', '\xE1', '\xF5', '\x05', 0, 0, 0, 0};
  EXPECT_NE(error(length + "{}").find("100000001 bytes; at most"), std::string::npos);
  EXPECT_NE(error(WithLength("")).find("not valid JSON"), std::string::npos);
  Status missing = ReadAll(folder.File("not-there"), &none);
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);
  EXPECT_FALSE(ReadAll(folder.path(), &none));
  EXPECT_TRUE(none.empty());
}

// Bytes of a good file replaced by others, or cut off: an error, or a file whose tensors still fill
// it, never a crash.
TEST(Safetensors, DamagedHeadersNeverCrash) {
  std::string good = SafetensorsFile({{"model.a.weight", {2, 3}}, {"model.b.bias", {4}}});
  std::mt19937 random(1);
  size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = good;
    for (int n = static_cast<int>(random() % 3); n >= 0; --n) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    bool cut = random() % 4 == 0;
    if (cut) bytes.resize(random() % bytes.size());
    Status status = ReadSafetensorsHeader(
        bytes, bytes.size(), "m",
        [](const SafetensorsTensor& tensor) { EXPECT_FALSE(tensor.dtype.empty()); });
    if (!status) ++refused;
    EXPECT_FALSE(status && cut);
  }
  EXPECT_GT(refused, 5000U);
  EXPECT_LT(refused, 20000U);
}

}  // namespace
}  // namespace wcheck
