// What tests share: a folder of their own, the reference corpus, and Python's word on a question.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <unistd.h>

namespace wcheck::testing {

// An empty folder that goes away with this.
class TempFolder {
 public:
  TempFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "wcheck-test.XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) std::abort();
    path_ = path;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string File(std::string_view name) const { return (path_ / name).string(); }
  // Writes a file without the code under test.
  std::string Put(std::string_view name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return File(name);
  }

 private:
  std::filesystem::path path_;
};

// Reads a file without the code under test.
inline std::string Slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// A file of the project, by its path from the project's root.
inline std::string ProjectFile(std::string_view path) {
  return std::string(WCHECK_SOURCE_DIR) + "/" + std::string(path);
}

// The folder with registry-5.16.json, layouts-5.16.jsonl.xz, …: the whole reference corpus if the
// environment names it, otherwise the part of it that the project contains.
inline std::string CorpusFolder() {
  const char* whole = std::getenv("WCHECK_CORPUS");
  return whole != nullptr ? whole : ProjectFile("fixtures/subset");
}

// What a Python program prints, given `input` on its standard input and `argument` as sys.argv[1].
inline std::string AskPython(std::string_view program, std::string_view input,
                             const std::string& argument = "") {
  TempFolder folder;
  const std::string script = folder.Put("ask.py", program);
  const std::string in = folder.Put("in", input);
  const std::string out = folder.File("out");
  const std::string command =
      "python3 -X utf8 '" + script + "' '" + argument + "' < '" + in + "' > '" + out + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << program;
  return Slurp(out);
}

}  // namespace wcheck::testing
