#include "adapter/name_match.h"

namespace wcheck {

const Pattern* NamePatterns::Get(const std::string& text) {
  auto found = compiled_.find(text);
  if (found == compiled_.end()) {
    Result<Pattern> pattern = Pattern::Compile(text);
    if (!pattern && !error_) error_ = pattern.error().message;
    found = compiled_.emplace(text, pattern ? std::optional(*std::move(pattern)) : std::nullopt).first;
  }
  return found->second ? &*found->second : nullptr;
}

bool NamePatterns::FullMatch(const std::string& pattern, std::string_view name) {
  const Pattern* compiled = Get(R"(\A(?:)" + pattern + R"()\Z)");
  Match match;
  return compiled != nullptr && compiled->Search(name, &match);
}

bool NamePatterns::MatchAtStart(const std::string& pattern, std::string_view name) {
  const Pattern* compiled = Get(R"(\A(?:)" + pattern + ")");
  Match match;
  return compiled != nullptr && compiled->Search(name, &match);
}

std::optional<std::string> NamePatterns::FirstGroup(const std::string& pattern, std::string_view name) {
  const Pattern* compiled = Get(R"(\A(?:)" + pattern + ")");
  Match match;
  if (compiled == nullptr || !compiled->Search(name, &match)) return std::nullopt;
  if (match.size() < 2 || !match[1].matched()) return std::nullopt;
  return std::string(name.substr(match[1].begin, match[1].size()));
}

bool IsOrEndsWithPart(std::string_view name, std::string_view end) {
  return name == end ||
         (name.size() > end.size() && name.ends_with(end) && name[name.size() - end.size() - 1] == '.');
}

double ByPattern(NamePatterns* patterns, std::span<const std::pair<std::string, double>> numbers, std::string_view name,
                 double otherwise) {
  for (const auto& [pattern, number] : numbers) {
    if (patterns->MatchAtStart(R"((?:.*\.)?(?:)" + pattern + ")$", name)) return number;
  }
  return otherwise;
}

}  // namespace wcheck
