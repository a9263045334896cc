// The text of a lock: what is the same for several classes is written once, under their names.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "compare/lock.h"
#include "compare/lock_lines.h"
#include "compare/lock_operations.h"
#include "support/limits.h"

namespace wcheck {
namespace {

constexpr std::string_view kFirstLine = "wcheck.lock version 1";
constexpr std::string_view kEngine = "engine ";
constexpr std::string_view kModels = "models ";
constexpr std::string_view kClass = "@ ";

class Reader {
 public:
  explicit Reader(const SourceFile& file) : file_(file) {}

  Result<Lock> Read() {
    std::string_view rest = file_.text();
    while (!rest.empty()) {
      const size_t end = std::min(rest.find('\n'), rest.size());
      ++number_;
      std::string_view line = rest.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (Status read = ReadLine(line); !read) return read.error();
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (number_ == 0) return Fault("the file is empty");
    if (lock_.engine.empty()) return Fault("there is no line 'engine NAME'");
    for (auto& [name, lines] : lock_.classes) {
      std::ranges::sort(lines);
      lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    }
    return std::move(lock_);
  }

 private:
  Error Fault(std::string message,
              std::string advice = "`wcheck lock` writes the file again") const {
    return Error{{file_.path(), number_, 0, ""}, std::move(message), std::move(advice)};
  }

  Status ReadLine(std::string_view line) {
    if (number_ == 1) {
      if (line == kFirstLine) return Unit{};
      return Fault("not a lock file of a known version: it does not begin with '" +
                   std::string(kFirstLine) + "'");
    }
    if (line.empty() || line.starts_with('#')) return Unit{};
    if (line.starts_with(kClass)) {
      // The first class name after a line of another kind begins a new list.
      if (!naming_) classes_.clear();
      naming_ = true;
      std::optional<std::string> name = ParseLockText(line.substr(kClass.size()));
      if (!name) return Fault("this name cannot be read: '" + std::string(line) + "'");
      classes_.insert(std::move(*name));
      return Unit{};
    }
    naming_ = false;
    if (classes_.empty()) return ReadHeader(line);
    if (!IsLockLine(line)) return Fault("this line cannot be read: '" + std::string(line) + "'");
    const std::string today = WithTodaysOperations(line);
    // A line is repeated for each of its classes.
    lines_ += classes_.size();
    if (lines_ > kMaxLockLines) {
      return Fault("more than " + std::to_string(kMaxLockLines) + " lines for all classes together",
                   "docs/limits.md lists the limits");
    }
    const uint64_t keys = KeysOf(line);
    for (const std::string& name : classes_) {
      lock_.classes[name].push_back(today);
      if (keys == 0) continue;
      uint64_t& of_class = keys_[name];
      of_class += keys;
      if (of_class > kMaxLockKeys) {
        return Fault("more than " + std::to_string(kMaxLockKeys) + " keys for class " + name,
                     "docs/limits.md lists the limits");
      }
    }
    return Unit{};
  }

  // How many keys a line is about, at most one more than the limit.
  static uint64_t KeysOf(std::string_view line) {
    if (line.starts_with("! ")) return 0;
    if (line.starts_with("? ") || line.starts_with("= ")) line.remove_prefix(2);
    const std::optional<LockFamily> family = ParseLockName(line.substr(0, line.find(' ')));
    uint64_t keys = family ? 1 : 0;
    if (!family) return keys;
    for (const IndexSet& set : family->numbers) {
      if (set.size() > kMaxLockKeys / keys) return kMaxLockKeys + 1;
      keys *= set.size();
    }
    return keys;
  }

  Status ReadHeader(std::string_view line) {
    if (line.starts_with(kEngine)) {
      lock_.engine = line.substr(kEngine.size());
      if (FindEngine(lock_.engine) != nullptr) return Unit{};
      return Fault("there is no engine '" + lock_.engine + "'", "");
    }
    if (line.starts_with(kModels)) {
      lock_.models.emplace_back(line.substr(kModels.size()));
      return Unit{};
    }
    return Fault("expected 'engine', 'models' or '@', found '" + std::string(line) + "'");
  }

  const SourceFile& file_;
  uint32_t number_ = 0;
  bool naming_ = false;
  size_t lines_ = 0;
  std::map<std::string, uint64_t> keys_;  // of each class
  std::set<std::string> classes_;
  Lock lock_;
};

}  // namespace

std::string WriteLock(const Lock& lock) {
  std::map<std::string_view, std::vector<std::string_view>> classes_of;
  for (const auto& [name, lines] : lock.classes) {
    for (const std::string& line : lines) classes_of[line].push_back(name);
  }
  std::map<std::vector<std::string_view>, std::vector<std::string_view>> blocks;
  for (auto& [line, classes] : classes_of) blocks[std::move(classes)].push_back(line);

  std::string text(kFirstLine);
  text += "\n# The names that checkpoints of each class have, and where they are loaded.\n";
  text += "# `wcheck lock` writes this file, `wcheck lock --check` compares with it.\n";
  text += std::string(kEngine) + lock.engine + '\n';
  for (const std::string& glob : lock.models) text += std::string(kModels) + glob + '\n';
  for (const auto& [classes, lines] : blocks) {
    text += '\n';
    for (const std::string_view name : classes) text.append(kClass).append(LockText(name)) += '\n';
    for (const std::string_view line : lines) text.append(line) += '\n';
  }
  return text;
}

Result<Lock> ReadLock(const SourceFile& file) { return Reader(file).Read(); }

}  // namespace wcheck
