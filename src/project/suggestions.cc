// Ranks candidates by edit distance. Containment counts as near whatever the length of the rest.
#include "project/suggestions.h"

#include <algorithm>
#include <utility>

#include <llvm/ADT/StringRef.h>

namespace wcheck {
namespace {

constexpr size_t kMostLetters = 1000;

}  // namespace

std::vector<std::string_view> Nearest(std::string_view name,
                                      std::span<const std::string_view> candidates, size_t limit) {
  const std::string wanted = llvm::StringRef(name).lower();
  const auto forgiven = static_cast<unsigned>(
      std::min(std::max<size_t>(2, wanted.size() / 3), wanted.empty() ? 0 : wanted.size() - 1));

  std::vector<std::pair<unsigned, std::string_view>> near;
  // Nobody mistypes such a name, and comparing it takes time with the product of the lengths.
  if (name.size() > kMostLetters) return {};
  for (std::string_view candidate : candidates) {
    if (candidate.size() > kMostLetters) continue;
    const std::string lower = llvm::StringRef(candidate).lower();
    const bool contains = wanted.size() >= 3 && lower.find(wanted) != std::string::npos;
    // With a limit, the distance computation can stop early; a candidate that contains the name
    // needs the exact number.
    const unsigned distance = llvm::StringRef(wanted).edit_distance(
        lower, /*AllowReplacements=*/true, contains ? 0 : forgiven);
    if (contains || distance <= forgiven) near.emplace_back(distance, candidate);
  }
  std::sort(near.begin(), near.end());

  std::vector<std::string_view> names;
  for (const auto& [distance, candidate] : near) {
    if (names.size() == limit) break;
    names.push_back(candidate);
  }
  return names;
}

std::string DidYouMean(std::span<const std::string_view> names) {
  if (names.empty()) return {};
  std::string text = "did you mean ";
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += '\'' + std::string(names[i]) + '\'';
  }
  return text + '?';
}

}  // namespace wcheck
