// The files of the library that models are built from.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

// The files of a package tree ("transformers/models/llama/modeling_llama.py"), by their path below
// the folder that holds the package, and those of the tests of its checkout ("tests/models/...").
// May be asked by several threads.
class PackageFiles {
 public:
  virtual ~PackageFiles() = default;
  virtual std::optional<std::string> Read(const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  // Names of the entries of a folder, sorted.
  virtual std::vector<std::string> List(const std::string& folder) = 0;
  // For messages.
  virtual std::string Shown(const std::string& path) const = 0;

  // DigestOfModel of each folder of models/ that has a modeling file. The files are read when it is
  // first asked.
  const std::map<std::string, uint64_t, std::less<>>& ModelDigests();

 private:
  std::once_flag digests_read_;
  std::map<std::string, uint64_t, std::less<>> digests_;
};

inline constexpr std::string_view kTestsRoot = "tests";
bool IsBelowTests(std::string_view path);

// A package in a folder of the file system ("src/transformers"), whatever the folder is called. A
// file that leads out of it through a link is not there. The tests are those of a checkout, in which
// the package is src/transformers; any other package has none.
std::unique_ptr<PackageFiles> OpenPackage(const std::string& package_dir);

}  // namespace wcheck
