#include "layout/source/release_files.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <mutex>
#include <optional>

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/SHA1.h>

#include "layout/source/stand_ins.h"

namespace wcheck {
namespace {

using Digests = std::map<std::string, uint64_t, std::less<>>;

Digests ReadDigests(std::string_view text) {
  Digests digests;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const size_t space = line.find(' ');
    uint64_t value = 0;
    std::from_chars(line.data(), line.data() + std::min(space, line.size()), value, 16);
    if (space != std::string_view::npos) digests.emplace(line.substr(space + 1), value);
  }
  return digests;
}

}  // namespace

uint64_t DigestOfModel(PackageFiles* files, const std::string& folder) {
  const std::string path = "transformers/models/" + folder;
  llvm::SHA1 sha;
  bool models = false;
  for (const std::string& name : files->List(path)) {
    const bool modeling = name.starts_with("modeling_");
    if ((!modeling && !name.starts_with("configuration_")) || !name.ends_with(".py")) continue;
    const std::optional<std::string> text = files->Read(path + '/' + name);
    if (!text) continue;
    models |= modeling;
    sha.update(llvm::StringRef(name + ' ' + std::to_string(text->size()) + '\n'));
    sha.update(llvm::StringRef(*text));
  }
  if (!models) return 0;
  uint64_t digest = 0;
  const auto bytes = sha.final();
  for (size_t i = 0; i < sizeof digest; ++i) digest = digest << 8 | static_cast<uint8_t>(bytes[i]);
  return digest;
}

const Digests* DigestsOfRelease(std::string_view release) {
  static std::mutex mutex;
  static std::map<std::string, Digests, std::less<>> known;
  std::lock_guard lock(mutex);
  const auto found = known.find(release);
  if (found != known.end()) return &found->second;
  const std::string_view text = LayoutSourceFile(std::string(release) + ".txt");
  if (text.empty()) return nullptr;
  return &known.emplace(release, ReadDigests(text)).first->second;
}

}  // namespace wcheck
