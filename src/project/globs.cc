#include "project/globs.h"

#include <llvm/Support/GlobPattern.h>

#include "project/suggestions.h"

namespace wcheck {
namespace {

Error NothingMatches(std::string_view option, const std::string& glob,
                     std::span<const std::string_view> names) {
  std::string bare;
  for (const char c : glob) {
    if (std::string_view("*?[]").find(c) == std::string_view::npos) bare += c;
  }
  const bool is_glob = bare.size() != glob.size();
  std::string message =
      is_glob ? "no model class matches '" + glob + "'" : "there is no model class '" + glob + "'";
  if (option != "--model") message = std::string(option) + ": " + message;
  return Error{{}, std::move(message), DidYouMean(Nearest(bare, names))};
}

Result<llvm::GlobPattern> PatternOf(std::string_view option, const std::string& glob) {
  llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(glob);
  if (pattern) return std::move(*pattern);
  return Error{{},
               std::string(option) + " '" + glob + "': " + llvm::toString(pattern.takeError()),
               "a glob has *, ? and [abc]"};
}

}  // namespace

Result<std::function<bool(std::string_view text)>> GlobMatcher(
    std::string_view what, const std::vector<std::string>& globs) {
  std::vector<llvm::GlobPattern> patterns;
  for (const std::string& glob : globs) {
    Result<llvm::GlobPattern> pattern = PatternOf(what, glob);
    if (!pattern) return pattern.error();
    patterns.push_back(std::move(*pattern));
  }
  return std::function<bool(std::string_view)>([patterns](std::string_view text) {
    for (const llvm::GlobPattern& pattern : patterns) {
      if (pattern.match(llvm::StringRef(text.data(), text.size()))) return true;
    }
    return false;
  });
}

Result<std::vector<bool>> MatchGlobs(std::string_view option, const std::vector<std::string>& globs,
                                     std::span<const std::string_view> names) {
  std::vector<bool> selected(names.size(), false);
  for (const std::string& glob : globs) {
    const Result<llvm::GlobPattern> pattern = PatternOf(option, glob);
    if (!pattern) return pattern.error();
    bool found = false;
    for (size_t i = 0; i < names.size(); ++i) {
      if (!pattern->match(llvm::StringRef(names[i].data(), names[i].size()))) continue;
      found = selected[i] = true;
    }
    if (!found) return NothingMatches(option, glob, names);
  }
  return selected;
}

}  // namespace wcheck
