#include "adapter/renamed_file.h"

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "checkpoint/safetensors.h"
#include "support/file.h"

namespace wcheck {
namespace {

std::string File(const std::string& header, const std::string& data) {
  std::string bytes(1, static_cast<char>(header.size()));
  return bytes + std::string(7, '\0') + header + data;
}

// The data stays behind the new header, and a link under a name beside the target is
// not written through.
TEST(RenamedFileTest, WritesWholeHeaders) {
  const std::string folder = ::testing::TempDir() + "/renamed_file_test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directory(folder);
  const std::string from = folder + "/from.safetensors";
  const std::string to = folder + "/to.safetensors";
  const std::string tensor = R"({"dtype":"U8","shape":[1],"data_offsets":)";
  ASSERT_TRUE(
      WriteFile(from, File(R"({"a.b":)" + tensor + R"([0,1]},"c":)" + tensor + "[1,2]}}", "xy"))
          .ok());
  ASSERT_TRUE(WriteFile(folder + "/secret", "secret").ok());
  std::filesystem::create_symlink("secret", to + ".part");

  const Status written = WriteRenamed(from, to, {{"c", "d.e"}});
  ASSERT_TRUE(written.ok()) << written.error().ToString();
  std::map<std::string, uint64_t> names;
  const Status read = ReadSafetensors(
      to, [&](const SafetensorsTensor& one) { names.emplace(one.name, names.size()); });
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_TRUE(names.contains("a.b"));
  EXPECT_TRUE(names.contains("d.e"));
  EXPECT_TRUE(ReadFile(to, 1000).value().ends_with("xy"));
  EXPECT_EQ(ReadFile(folder + "/secret", 1000).value(), "secret");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace wcheck
