#include "suggest/rule.h"

#include <algorithm>
#include <cctype>

namespace wcheck::suggest {
namespace {

constexpr std::string_view kDigitsGroup = R"((\d+))";
constexpr std::string_view kRestGroup = "(.+)";
constexpr std::string_view kNotUnderscore = "(?!_)";
constexpr std::string_view kGroup = R"(\1)";

bool WordCharacter(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string LongestLiteral(std::string_view text, bool any_dot) {
  std::string longest;
  std::string current;
  const auto end = [&] {
    if (current.size() > longest.size()) longest = current;
    current.clear();
  };
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    if (i == 0 && rest[0] == '^') {
      ++i;
      continue;
    }
    bool group = false;
    for (const std::string_view special : {kDigitsGroup, kRestGroup, kNotUnderscore, kGroup}) {
      if (!rest.starts_with(special)) continue;
      end();
      i += special.size();
      group = true;
      break;
    }
    if (group) continue;
    if (rest[0] == '.' && any_dot) {
      end();
      ++i;
      continue;
    }
    if (rest[0] == '\\' && rest.size() > 1) ++i;
    current += text[i++];
  }
  end();
  return longest;
}

}  // namespace

RuleMatcher::RuleMatcher(const Rule& rule, bool reverse, bool ends_name) {
  const std::string& from = reverse ? rule.target : rule.source;
  const std::string& to = reverse ? rule.source : rule.target;
  const bool rest_group = rule.source.find(kRestGroup) != std::string::npos;
  // An anchor goes with its pattern, in both directions.
  anchored_ = rule.source.starts_with('^');
  std::string_view text = from;
  if (text.starts_with('^')) text.remove_prefix(1);
  while (!text.empty()) {
    if (text.starts_with(kDigitsGroup)) {
      atoms_.push_back({AtomKind::kDigits});
      text.remove_prefix(kDigitsGroup.size());
    } else if (text.starts_with(kRestGroup)) {
      atoms_.push_back({AtomKind::kRest});
      text.remove_prefix(kRestGroup.size());
    } else if (text.starts_with(kGroup)) {
      atoms_.push_back({rest_group ? AtomKind::kRest : AtomKind::kDigits});
      text.remove_prefix(kGroup.size());
    } else if (text.starts_with(kNotUnderscore)) {
      not_underscore_ = true;
      text.remove_prefix(kNotUnderscore.size());
    } else if (text[0] == '\\' && text.size() > 1) {
      atoms_.push_back({AtomKind::kLiteral, text[1]});
      text.remove_prefix(2);
    } else {
      atoms_.push_back({text[0] == '.' ? AtomKind::kAny : AtomKind::kLiteral, text[0]});
      text.remove_prefix(1);
    }
  }
  ends_name_ = ends_name && std::isalnum(static_cast<unsigned char>(from.back())) != 0 &&
               !atoms_.empty() && atoms_.back().kind == AtomKind::kLiteral;
  text = to;
  if (text.starts_with('^')) text.remove_prefix(1);
  while (!text.empty()) {
    const auto take = [&](std::string_view special) {
      if (!text.starts_with(special)) return false;
      text.remove_prefix(special.size());
      return true;
    };
    if (take(kDigitsGroup) || take(kRestGroup) || take(kGroup)) {
      replacement_.emplace_back();
    } else if (!take(kNotUnderscore)) {
      if (text[0] == '\\' && text.size() > 1) text.remove_prefix(1);
      replacement_.back() += text[0];
      text.remove_prefix(1);
    }
  }
}

std::optional<RuleMatcher::Found> RuleMatcher::MatchAt(std::string_view key, size_t at) const {
  Found found{at, {}};
  for (const Atom& atom : atoms_) {
    size_t end = found.end;
    switch (atom.kind) {
      case AtomKind::kLiteral:
      case AtomKind::kAny:
        if (end == key.size() || (atom.kind == AtomKind::kLiteral && key[end] != atom.c)) return std::nullopt;
        ++end;
        break;
      case AtomKind::kDigits:
        while (end < key.size() && std::isdigit(static_cast<unsigned char>(key[end])) != 0) ++end;
        break;
      case AtomKind::kRest:
        end = key.size();
        break;
    }
    if (atom.kind == AtomKind::kDigits || atom.kind == AtomKind::kRest) {
      if (end == found.end) return std::nullopt;
      found.group = key.substr(found.end, end - found.end);
    }
    found.end = end;
  }
  if (found.end < key.size()) {
    if (not_underscore_ && key[found.end] == '_') return std::nullopt;
    if (ends_name_ && WordCharacter(key[found.end])) return std::nullopt;
  }
  return found;
}

std::optional<std::string> RuleMatcher::Apply(const std::string& key) const {
  const std::string_view text = key;
  for (size_t at = 0; at <= text.size(); ++at) {
    if (at > 0 && anchored_) break;
    const std::optional<Found> found = MatchAt(text, at);
    if (!found) continue;
    std::string with = replacement_[0];
    for (size_t i = 1; i < replacement_.size(); ++i) with.append(found->group).append(replacement_[i]);
    const std::string_view matched = text.substr(at, found->end - at);
    std::string out = key;
    out.replace(text.find(matched), matched.size(), with);
    return out;
  }
  return std::nullopt;
}

std::string LiteralOf(const Rule& rule) { return LongestLiteral(rule.source, false); }
std::string ReverseLiteralOf(const Rule& rule) { return LongestLiteral(rule.target, true); }

}  // namespace wcheck::suggest
