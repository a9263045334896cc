#include "layout/source/package_files.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>

#include "support/file.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRoot = "transformers";

class FolderFiles : public PackageFiles {
 public:
  explicit FolderFiles(std::string folder) : folder_(std::move(folder)) {}

  std::optional<std::string> Read(const std::string& path) override {
    const std::string file = Shown(path);
    if (!CheckBelow(file, folder_)) return std::nullopt;
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
    if (!CheckBelow(Shown(folder), folder_)) return names;
    for (const auto& entry : fs::directory_iterator(Shown(folder), error)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string Shown(const std::string& path) const override {
    return folder_ + path.substr(kRoot.size());
  }

 private:
  std::string folder_;
};

}  // namespace

std::unique_ptr<PackageFiles> OpenPackage(const std::string& package_dir) {
  return std::make_unique<FolderFiles>(package_dir);
}

}  // namespace wcheck
