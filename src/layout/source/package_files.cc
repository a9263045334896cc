#include "layout/source/package_files.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "layout/source/release_files.h"
#include "support/file.h"
#include "support/threads.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRoot = "transformers";

// Of the checkout "a" for "a/src/transformers"; empty if the package is not in a checkout.
std::string TestsBeside(const std::string& package) {
  const fs::path folder = fs::path(package).lexically_normal();
  const fs::path named = folder.has_filename() ? folder : folder.parent_path();
  if (named.filename() != kRoot || named.parent_path().filename() != "src") return "";
  return (named.parent_path().parent_path() / kTestsRoot).generic_string();
}

class FolderFiles : public PackageFiles {
 public:
  explicit FolderFiles(std::string folder)
      : folder_(std::move(folder)), tests_(TestsBeside(folder_)) {}

  std::optional<std::string> Read(const std::string& path) override {
    const std::string file = Shown(path);
    if (!CheckBelow(file, IsTest(path) ? tests_ : folder_)) return std::nullopt;
    Result<std::string> text = ReadFile(file, kMaxModelFile);
    if (!text) return std::nullopt;
    return *std::move(text);
  }
  bool Exists(const std::string& path) override {
    std::error_code error;
    return fs::is_regular_file(Shown(path), error);
  }
  std::vector<std::string> List(const std::string& folder) override {
    std::vector<std::string> names;
    std::error_code error;
    if (!CheckBelow(Shown(folder), IsTest(folder) ? tests_ : folder_)) return names;
    for (const auto& entry : fs::directory_iterator(Shown(folder), error)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string Shown(const std::string& path) const override {
    return IsTest(path) ? tests_ + path.substr(kTestsRoot.size())
                        : folder_ + path.substr(kRoot.size());
  }

 private:
  bool IsTest(std::string_view path) const { return !tests_.empty() && IsBelowTests(path); }

  std::string folder_;
  std::string tests_;
};

}  // namespace

const std::map<std::string, uint64_t, std::less<>>& PackageFiles::ModelDigests() {
  std::call_once(digests_read_, [this] {
    const std::vector<std::string> folders = List("transformers/models");
    std::vector<uint64_t> digests(folders.size());
    // Nothing in it fails.
    (void)ForEachInThreads(folders.size(), ThreadCount(0, folders.size()),
                           [&](size_t i, size_t) -> Status {
                             digests[i] = DigestOfModel(this, folders[i]);
                             return Unit{};
                           });
    for (size_t i = 0; i < folders.size(); ++i) {
      if (digests[i] != 0) digests_.emplace(folders[i], digests[i]);
    }
  });
  return digests_;
}

bool IsBelowTests(std::string_view path) {
  return path.starts_with(kTestsRoot) &&
         (path.size() == kTestsRoot.size() || path[kTestsRoot.size()] == '/');
}

std::unique_ptr<PackageFiles> OpenPackage(const std::string& package_dir) {
  return std::make_unique<FolderFiles>(package_dir);
}

}  // namespace wcheck
