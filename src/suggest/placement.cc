#include "suggest/placement.h"

#include <algorithm>
#include <cstdlib>

namespace wcheck::suggest {
namespace {

using TokenLists = std::vector<std::vector<std::string>>;

TokenLists TokensOf(const std::vector<const Family*>& families) {
  TokenLists out;
  for (const Family* family : families) out.push_back(family->tokens);
  return out;
}

size_t HolesIn(const std::vector<std::string>& tokens) {
  return static_cast<size_t>(std::count(tokens.begin(), tokens.end(), kNumber));
}

// How many tokens all lists begin with, of which a list's number and the last token are none.
size_t CommonBeginning(const TokenLists& lists, std::optional<size_t> list_hole) {
  size_t count = lists[0].size() - 1;
  for (const std::vector<std::string>& tokens : lists) {
    const auto [a, b] = std::ranges::mismatch(lists[0], tokens);
    count = std::min({count, static_cast<size_t>(a - lists[0].begin()), tokens.size() - 1});
  }
  if (list_hole) {
    size_t hole = 0;
    for (size_t i = 0; i < count; ++i) {
      if (lists[0][i] == kNumber && hole++ == *list_hole) count = i;
    }
  }
  return count;
}

TokenLists Tails(const TokenLists& lists, size_t count) {
  TokenLists out;
  for (const std::vector<std::string>& tokens : lists) {
    out.emplace_back(tokens.begin() + static_cast<ptrdiff_t>(count), tokens.end());
  }
  return out;
}

std::string AsPattern(const std::vector<std::string>& tokens) {
  std::string out;
  for (size_t i = 0; i < tokens.size(); ++i) out += (i == 0 ? "" : ".") + (tokens[i] == kNumber ? "*" : tokens[i]);
  return out;
}

// Whether a converter's text matches somewhere in a name.
bool Matches(std::string_view text, std::string_view name) {
  size_t at = 0;
  for (;;) {
    const size_t star = text.find(".*.");
    const std::string_view piece = star == std::string_view::npos ? text : text.substr(0, star + 1);
    at = name.find(piece, at);
    if (at == std::string_view::npos) return false;
    if (star == std::string_view::npos) return true;
    at += piece.size();
    text.remove_prefix(star + 2);
  }
}

bool MatchesAny(const std::vector<std::string>& texts, std::string_view name, std::string_view scope) {
  if (!scope.empty()) {
    if (name.size() <= scope.size() || !name.starts_with(scope) || name[scope.size()] != '.') return false;
    name.remove_prefix(scope.size() + 1);
  }
  return std::ranges::any_of(texts, [&](const std::string& text) { return Matches(text, name); });
}

struct Variant {
  double cost;
  PlacedGroup placed;
};

double CostOf(const PlacedGroup& placed, Cut cut, double cheapest) {
  const size_t a = placed.sources[0].size();
  const size_t b = placed.targets[0].size();
  const bool same_head = placed.sources[0][0] == placed.targets[0][0];
  switch (cut) {
    case Cut::kCheapest:
      return cheapest;
    case Cut::kAlike:
      return static_cast<double>(a > b ? a - b : b - a) + (same_head ? 0 : 0.5) + 0.1 * static_cast<double>(a);
    case Cut::kLeast:
      return static_cast<double>(a + b);
    case Cut::kMost:
      // As far as to the number of the layer.
      return HolesIn(placed.prefix) > 0 || placed.prefix.empty() ? -static_cast<double>(a + b) : 1;
  }
  return 0;
}

std::optional<PlacedGroup> PlaceOne(const ConverterGroup& group, Cut cut) {
  const TokenLists sources = TokensOf(group.sources);
  const TokenLists targets = TokensOf(group.targets);
  std::optional<Variant> best;
  for (size_t i = CommonBeginning(sources, group.source_list) + 1; i-- > 0;) {
    for (size_t j = CommonBeginning(targets, group.target_list) + 1; j-- > 0;) {
      PlacedGroup placed{&group, Tails(sources, i), Tails(targets, j),
                         {targets[0].begin(), targets[0].begin() + static_cast<ptrdiff_t>(j)}};
      const std::vector<std::string> before(sources[0].begin(), sources[0].begin() + static_cast<ptrdiff_t>(i));
      if (HolesIn(before) != HolesIn(placed.prefix)) continue;
      const auto holes = [](const TokenLists& lists, size_t count) {
        return std::ranges::all_of(lists, [&](const auto& tokens) { return HolesIn(tokens) == count; });
      };
      if (!holes(placed.sources, group.source_list ? 1 : 0) || !holes(placed.targets, group.target_list ? 1 : 0)) continue;
      if (placed.sources[0][0] == kNumber || placed.targets[0][0] == kNumber) continue;
      const double length = static_cast<double>(placed.sources[0].size() + placed.targets[0].size());
      const bool same_head = placed.sources[0][0] == placed.targets[0][0];
      const double cheapest = static_cast<double>(NameDistance(JoinWithDots(before), JoinWithDots(placed.prefix))) +
                              0.35 * length - (same_head ? 0.6 : 0);
      const double cost = CostOf(placed, cut, cheapest);
      if (!best || cost < best->cost) best = {cost, std::move(placed)};
    }
  }
  if (!best) return std::nullopt;
  return std::move(best->placed);
}

std::vector<std::string> Joined(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

std::string LastPart(const std::string& text) { return text.substr(text.rfind('.') + 1); }

// Texts without a last part that all of them have; empty if they have not.
std::vector<std::string> WithoutLeaf(const std::vector<std::string>& texts, const std::string& leaf) {
  std::vector<std::string> out;
  for (const std::string& text : texts) {
    if (!text.ends_with('.' + leaf)) return {};
    out.push_back(text.substr(0, text.size() - leaf.size() - 1));
  }
  return out;
}

}  // namespace

std::optional<std::vector<PlacedGroup>> Place(const std::vector<ConverterGroup>& groups, Cut cut) {
  std::vector<PlacedGroup> out;
  for (const ConverterGroup& group : groups) {
    std::optional<PlacedGroup> placed = PlaceOne(group, cut);
    if (!placed) return std::nullopt;
    out.push_back(*std::move(placed));
  }
  return out;
}

std::string WithStandIns(const std::vector<std::string>& tokens) {
  std::string out;
  size_t hole = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    out += (i == 0 ? "" : ".") + (tokens[i] == kNumber ? StandIn(hole++) : tokens[i]);
  }
  return out;
}

std::vector<Rewrite> RewritesOf(const std::vector<Pairing>& pairs, const std::vector<PlacedGroup>& groups) {
  std::vector<Rewrite> out;
  for (const Pairing& pair : pairs) out.push_back({WithStandIns(pair.checkpoint->tokens), WithStandIns(pair.model->tokens)});
  for (const PlacedGroup& placed : groups) {
    for (size_t i = 0; i < placed.sources.size(); ++i) {
      out.push_back({WithStandIns(placed.group->sources[i]->tokens), WithStandIns(Joined(placed.prefix, placed.sources[i]))});
    }
  }
  std::vector<Rewrite> unique;
  for (Rewrite& rewrite : out) {
    if (std::ranges::find(unique, rewrite) == unique.end()) unique.push_back(std::move(rewrite));
  }
  return unique;
}

std::vector<ConverterText> WriteConverters(const std::vector<Pairing>& pairs, const std::vector<PlacedGroup>& groups,
                                           const std::vector<std::string>& modules) {
  constexpr size_t kNobody = SIZE_MAX;
  struct Name {
    std::string text;
    size_t owner;
  };
  std::vector<Name> loaded, saved;
  for (const Pairing& pair : pairs) {
    loaded.push_back({WithStandIns(pair.model->tokens), kNobody});
    saved.push_back(loaded.back());
  }
  for (size_t k = 0; k < groups.size(); ++k) {
    for (const auto& tail : groups[k].sources) loaded.push_back({WithStandIns(Joined(groups[k].prefix, tail)), k});
    for (const Family* target : groups[k].group->targets) saved.push_back({WithStandIns(target->tokens), k});
  }
  std::vector<ConverterText> out;
  for (size_t k = 0; k < groups.size(); ++k) {
    const PlacedGroup& placed = groups[k];
    const std::string prefix = JoinWithDots(placed.prefix) + '.';
    std::vector<std::string> scopes{""};
    for (const std::string& module : modules) {
      if (!module.empty() && prefix.starts_with(module + '.')) scopes.push_back(module);
    }
    std::ranges::stable_sort(scopes, {}, &std::string::size);
    // The name of another converter with the same texts and operations may match: both become one.
    const auto same = [&](size_t other) {
      return other != kNobody && (other == k || (groups[other].group->operations == placed.group->operations &&
                                                 groups[other].sources == placed.sources && groups[other].targets == placed.targets));
    };
    std::optional<ConverterText> best;
    size_t fewest = SIZE_MAX;
    for (const std::string& scope : scopes) {
      const size_t in_scope = scope.empty() ? 0 : SplitAtDots(scope).size();
      for (size_t more = 0; more + in_scope <= placed.prefix.size() && fewest > 0; ++more) {
        if (more > 0 && placed.prefix[placed.prefix.size() - more] == kNumber) break;
        const std::vector<std::string> context(placed.prefix.end() - static_cast<ptrdiff_t>(more), placed.prefix.end());
        ConverterText text;
        for (const auto& tail : placed.sources) text.sources.push_back(AsPattern(Joined(context, tail)));
        for (const auto& tail : placed.targets) text.targets.push_back(AsPattern(Joined(context, tail)));
        text.operations = placed.group->operations;
        text.scope = scope;
        size_t others = 0;
        for (const Name& name : loaded) others += !same(name.owner) && MatchesAny(text.sources, name.text, scope) ? 1 : 0;
        for (const Name& name : saved) others += !same(name.owner) && MatchesAny(text.targets, name.text, scope) ? 1 : 0;
        if (others >= fewest) continue;
        fewest = others;
        best = std::move(text);
      }
    }
    if (!best) continue;
    const bool known = std::ranges::any_of(out, [&](const ConverterText& text) {
      return text.sources == best->sources && text.targets == best->targets && text.operations == best->operations && text.scope == best->scope;
    });
    if (!known) out.push_back(*std::move(best));
  }
  return out;
}

std::vector<ConverterText> JoinLeaves(const std::vector<ConverterText>& converters) {
  std::vector<ConverterText> out;
  std::vector<bool> done(converters.size());
  for (size_t i = 0; i < converters.size(); ++i) {
    if (done[i]) continue;
    ConverterText text = converters[i];
    const auto stem = [](const ConverterText& converter) {
      const std::string leaf = LastPart(converter.sources[0]);
      return std::pair{WithoutLeaf(converter.sources, leaf), WithoutLeaf(converter.targets, leaf)};
    };
    const auto [sources, targets] = stem(text);
    if (!sources.empty() && !targets.empty()) {
      size_t joined = 0;
      for (size_t j = i; j < converters.size(); ++j) {
        if (done[j] || converters[j].operations != text.operations || converters[j].scope != text.scope) continue;
        if (stem(converters[j]) != std::pair{sources, targets}) continue;
        done[j] = true;
        ++joined;
      }
      if (joined > 1) {
        text.sources = sources;
        text.targets = targets;
      }
    }
    done[i] = true;
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace wcheck::suggest
