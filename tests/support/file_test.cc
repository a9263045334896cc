#include "support/file.h"

#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>
#include <lzma.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "test_files.h"

namespace wcheck {
namespace {

using testing::Slurp;
using testing::TempFolder;

constexpr uint64_t kLimit = kMaxJsonFile;

std::string Pack(std::string_view text) {
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  size_t size = 0;
  EXPECT_EQ(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr,
                                    reinterpret_cast<const uint8_t*>(text.data()), text.size(),
                                    reinterpret_cast<uint8_t*>(out.data()), &size, out.size()),
            LZMA_OK);
  out.resize(size);
  return out;
}

std::string SomeText() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "layers." + std::to_string(i * i) + ".weight\n";
  return text;
}

size_t FilesIn(const TempFolder& folder) {
  const std::filesystem::directory_iterator all(folder.path());
  return static_cast<size_t>(std::distance(begin(all), end(all)));
}

TEST(ReadFileTest, ReadsAllBytes) {
  TempFolder folder;
  const std::string bytes("a\0b\xFF\n", 5);
  EXPECT_EQ(ReadFile(folder.Put("f", bytes), kLimit).value(), bytes);
  EXPECT_EQ(ReadFile(folder.Put("empty", ""), kLimit).value(), "");
}

TEST(ReadFileTest, ReadsWhatHasNoSize) {
  // Files under /proc report 0 bytes.
  Result<std::string> status = ReadFile("/proc/self/status", kLimit);
  ASSERT_TRUE(status.ok());
  EXPECT_NE(status->find("Pid:"), std::string::npos);
}

TEST(ReadFileTest, SaysWhatIsWrong) {
  TempFolder folder;
  Result<std::string> absent = ReadFile(folder.File("absent"), kLimit);
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().place.file, folder.File("absent"));
  EXPECT_EQ(absent.error().message, "cannot read: No such file or directory");
  Result<std::string> directory = ReadFile(folder.path(), kLimit);
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().message, "found a directory, expected a file");
}

TEST(ReadFileTest, HoldsTheLimit) {
  TempFolder folder;
  const std::string path = folder.Put("f", "12345");
  EXPECT_TRUE(ReadFile(path, 5).ok());
  Result<std::string> over = ReadFile(path, 4);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message, "larger than the limit of 4 bytes");
}

// Opening a pipe must not wait, and a device has no end.
TEST(ReadFileTest, ReadsRegularFilesOnly) {
  TempFolder folder;
  const std::string pipe = folder.File("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_symlink("/dev/zero", folder.File("zero"));
  EXPECT_EQ(ReadFile(pipe, kLimit).error().message, "found a pipe, expected a file");
  for (const std::string& path : {std::string("/dev/zero"), folder.File("zero")}) {
    EXPECT_EQ(ReadFile(path, kLimit).error().message, "found a device, expected a file") << path;
  }
}

// The working directory for as long as it lives.
class WorkIn {
 public:
  explicit WorkIn(const std::string& path) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(path);
  }
  ~WorkIn() { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

TEST(ReadProjectFileTest, LeavesTheWorkingDirectoryOnlyOnRequest) {
  TempFolder outside;
  const std::string secret = outside.Put("secret", "s");
  TempFolder folder;
  folder.Put("here", "h");
  std::filesystem::create_symlink("here", folder.File("link"));
  std::filesystem::create_symlink(secret, folder.File("out"));
  std::filesystem::create_symlink(outside.path(), folder.File("folder"));
  const WorkIn there(folder.path());
  EXPECT_EQ(ReadProjectFile("link", kLimit).value(), "h");
  EXPECT_EQ(ReadProjectFile(secret, kLimit).value(), "s") << "what the user names";
  for (const char* path : {"out", "folder/secret", "./folder/../folder/secret"}) {
    const Result<std::string> text = ReadProjectFile(path, kLimit);
    ASSERT_FALSE(text.ok()) << path;
    EXPECT_NE(text.error().message.find("leads out of the working directory"), std::string::npos);
  }
}

TEST(CheckBelowTest, FollowsLinks) {
  TempFolder outside;
  const std::string secret = outside.Put("secret", "s");
  TempFolder folder;
  folder.Put("here", "h");
  std::filesystem::create_symlink(secret, folder.File("out"));
  std::filesystem::create_symlink("here", folder.File("link"));
  EXPECT_TRUE(CheckBelow(folder.File("here"), folder.path()).ok());
  EXPECT_TRUE(CheckBelow(folder.File("link"), folder.path()).ok());
  EXPECT_TRUE(CheckBelow(folder.File("absent"), folder.path()).ok());
  EXPECT_FALSE(CheckBelow(folder.File("out"), folder.path()).ok());
  EXPECT_FALSE(CheckBelow(folder.File("../x"), folder.path()).ok());
  EXPECT_FALSE(CheckBelow("/etc/passwd", folder.path()).ok());
}

TEST(ReadMaybeCompressedTest, UnpacksXzByItsName) {
  TempFolder folder;
  const std::string text = SomeText();
  const std::string packed = Pack(text);
  EXPECT_EQ(ReadMaybeCompressed(folder.Put("f.xz", packed), kLimit).value(), text);
  EXPECT_EQ(ReadMaybeCompressed(folder.Put("f.json", packed), kLimit).value(), packed);
  EXPECT_EQ(ReadMaybeCompressed(folder.Put("e.xz", Pack("")), kLimit).value(), "");
  EXPECT_EQ(ReadMaybeCompressed(folder.Put("two.xz", packed + Pack("more")), kLimit).value(),
            text + "more");
}

TEST(ReadMaybeCompressedTest, HoldsTheLimitForTheUnpackedSize) {
  TempFolder folder;
  const std::string text = SomeText();
  const std::string path = folder.Put("f.xz", Pack(text));
  EXPECT_TRUE(ReadMaybeCompressed(path, kLimit, text.size()).ok());
  Result<std::string> over = ReadMaybeCompressed(path, kLimit, text.size() - 1);
  ASSERT_FALSE(over.ok());
  EXPECT_EQ(over.error().message,
            "unpacks to more than the limit of " + std::to_string(text.size() - 1) + " bytes");
}

TEST(ReadMaybeCompressedTest, RefusesEveryTruncation) {
  TempFolder folder;
  const std::string packed = Pack(SomeText());
  for (size_t size = 0; size < packed.size(); size += size < 200 ? 1 : 97) {
    Result<std::string> text = ReadMaybeCompressed(folder.Put("f.xz", packed.substr(0, size)), kLimit);
    ASSERT_FALSE(text.ok()) << size;
    EXPECT_EQ(text.error().message, "the .xz data ends too early") << size;
  }
}

TEST(ReadMaybeCompressedTest, RefusesDamage) {
  TempFolder folder;
  const std::string packed = Pack(SomeText());
  for (size_t at = 0; at < packed.size(); at += 13) {
    std::string damaged = packed;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    EXPECT_FALSE(ReadMaybeCompressed(folder.Put("f.xz", damaged), kLimit).ok()) << at;
  }
  Result<std::string> text = ReadMaybeCompressed(folder.Put("f.xz", "{\"class\": 1}\n"), kLimit);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().message, "not an .xz file");
}

TEST(WriteFileTest, WritesAndReplaces) {
  TempFolder folder;
  const std::string path = folder.File("f");
  ASSERT_TRUE(WriteFile(path, "one").ok());
  EXPECT_EQ(Slurp(path), "one");
  ASSERT_EQ(::chmod(path.c_str(), 0640), 0);
  ASSERT_TRUE(WriteFile(path, "second").ok());
  EXPECT_EQ(Slurp(path), "second");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u) << "the mode of the file stays";
  EXPECT_EQ(FilesIn(folder), 1u);
}

TEST(WriteFileTest, KeepsALink) {
  TempFolder folder;
  const std::string real = folder.Put("real", "old");
  std::filesystem::create_symlink("real", folder.File("link"));
  ASSERT_TRUE(WriteFile(folder.File("link"), "new").ok());
  EXPECT_EQ(Slurp(real), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.File("link")));
}

TEST(WriteFileTest, FollowsNoLinkThatLeadsElsewhere) {
  TempFolder outside;
  const std::string secret = outside.Put("secret", "s");
  TempFolder folder;
  std::filesystem::create_symlink(secret, folder.File("link"));
  std::filesystem::create_symlink(outside.File("new"), folder.File("nothing"));
  std::filesystem::create_symlink(outside.path(), folder.File("folder"));
  EXPECT_NE(WriteFile(folder.File("link"), "x").error().message.find("leads out of its folder"),
            std::string::npos);
  EXPECT_NE(WriteFile(folder.File("nothing"), "x").error().message.find("link to nothing"),
            std::string::npos);
  const WorkIn there(folder.path());
  for (const char* path : {"link", "folder/new", "folder/secret"}) {
    EXPECT_NE(WriteFile(path, "x").error().message.find("leads out of the working directory"),
              std::string::npos)
        << path;
  }
  EXPECT_EQ(Slurp(secret), "s");
  EXPECT_EQ(FilesIn(outside), 1u);
  EXPECT_EQ(FilesIn(folder), 3u);
}

TEST(WriteFileTest, WritesIntoADevice) {
  EXPECT_TRUE(WriteFile("/dev/null", "gone").ok());
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(WriteFileTest, LeavesNothingBehindOnFailure) {
  TempFolder folder;
  Status absent = WriteFile(folder.File("no/such/f"), "x");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().place.file, folder.File("no/such/f"));
  EXPECT_EQ(absent.error().message, "cannot write: No such file or directory");
  EXPECT_EQ(absent.error().advice, "create the folder first");
  Status directory = WriteFile(folder.path(), "x");
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().message, "found a directory, expected a file to write");
  EXPECT_EQ(FilesIn(folder), 0u);
}

// A limit on the size of files simulates a full disk: the temporary file is created, but not
// filled.
TEST(WriteFileTest, AFailureWhileWritingKeepsTheOldFile) {
  TempFolder folder;
  const std::string path = folder.Put("f", "old");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status status = WriteFile(path, std::string(1000, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "cannot write: File too large");
  EXPECT_EQ(Slurp(path), "old");
  EXPECT_EQ(FilesIn(folder), 1u);
}

}  // namespace
}  // namespace wcheck
