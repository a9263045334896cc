#include "suggest/family.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <set>

#include "families/boxes.h"
#include "suggest/words.h"
#include "wcheck/key_family.h"

namespace wcheck::suggest {
namespace {

// More parts than these are no names.
constexpr size_t kMostNumberedNames = 12;

int64_t ProductOf(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
}

std::set<uint32_t> SignaturesOf(const std::vector<Family>& families) {
  std::set<uint32_t> out;
  for (const Family& family : families) out.insert(family.signature);
  return out;
}

// The family with the numbers at `literal` holes as text; nothing if these are too many.
std::optional<std::vector<Family>> SplitAtHoles(const Family& family, const std::vector<size_t>& literal,
                                                Tables* tables) {
  std::map<Numbers, std::vector<size_t>> parts;
  for (size_t i = 0; i < family.members.size(); ++i) {
    Numbers names;
    for (const size_t hole : literal) names.push_back(family.members[i][hole]);
    parts[std::move(names)].push_back(i);
    if (parts.size() > kMostNumberedNames) return std::nullopt;
  }
  std::vector<Family> out;
  for (const auto& [names, members] : parts) {
    Family part;
    size_t hole = 0;
    size_t name = 0;
    for (const std::string& token : family.tokens) {
      if (token != kNumber) {
        part.tokens.push_back(token);
        continue;
      }
      const bool is_name = name < literal.size() && literal[name] == hole;
      part.tokens.push_back(is_name ? std::to_string(names[name++]) : token);
      ++hole;
    }
    part.text = JoinWithDots(part.tokens);
    for (const size_t i : members) {
      Numbers rest;
      for (size_t h = 0; h < family.members[i].size(); ++h) {
        if (std::find(literal.begin(), literal.end(), h) == literal.end()) {
          rest.push_back(family.members[i][h]);
        }
      }
      part.members.push_back(std::move(rest));
      part.shapes.push_back(family.shapes[i]);
    }
    part.position = family.position + static_cast<double>(out.size()) / 1000;
    tables->Number(&part);
    out.push_back(std::move(part));
  }
  return out;
}

// The sets of holes that may be names, the likeliest first.
std::vector<std::vector<size_t>> NameableHoles(const Family& family) {
  // Where experts are numbered, the numbers before them are of layers, however few there are.
  bool has_experts = false;
  for (size_t i = 1; i < family.tokens.size(); ++i) {
    has_experts = has_experts || (family.tokens[i] == kNumber && ConceptOf(family.tokens[i - 1]) == "experts");
  }
  std::vector<size_t> free;
  std::vector<size_t> single;  // with one value
  size_t hole = 0;
  for (size_t i = 0; i < family.tokens.size(); ++i) {
    if (family.tokens[i] != kNumber) continue;
    std::set<uint32_t> values;
    for (const Numbers& member : family.members) values.insert(member[hole]);
    const std::string before = i > 0 ? ConceptOf(family.tokens[i - 1]) : "";
    if (before != "experts" && (before != "layers" || (values.size() <= 2 && !has_experts))) {
      free.push_back(hole);
      if (values.size() == 1) single.push_back(hole);
    }
    ++hole;
  }
  std::vector<std::vector<size_t>> out;
  for (size_t i = free.size(); i-- > 0;) out.push_back({free[i]});
  for (size_t i = free.size(); i-- > 0;) {
    for (size_t j = free.size(); j-- > i + 1;) out.push_back({free[i], free[j]});
  }
  if (single.size() > 2) out.push_back(single);
  for (const size_t other : free) {
    if (single.size() < 2 || std::find(single.begin(), single.end(), other) != single.end()) continue;
    std::vector<size_t> holes = single;
    holes.insert(std::upper_bound(holes.begin(), holes.end(), other), other);
    out.push_back(std::move(holes));
  }
  return out;
}

// Texts of the families of `many` over which a family of `stacks` is a stack: one number less, one
// dimension more.
std::set<std::string> StackedFamilies(const std::vector<const Family*>& many,
                                      const std::vector<const Family*>& stacks, const Tables& tables) {
  std::map<std::vector<Numbers>, std::vector<const Family*>> by_members;
  for (const Family* stack : stacks) by_members[stack->members].push_back(stack);
  std::set<std::string> out;
  for (const Family* family : many) {
    size_t hole = 0;
    for (size_t t = 0; t < family->tokens.size(); ++t) {
      if (family->tokens[t] != kNumber) continue;
      const std::map<Numbers, std::vector<size_t>> outer = WithoutHole(*family, hole);
      std::vector<Numbers> members;
      size_t most = 0;
      bool complete = true;
      for (const auto& [numbers, inner] : outer) {
        members.push_back(numbers);
        most = std::max(most, inner.size());
        for (size_t i = 0; i < inner.size(); ++i) {
          complete = complete && family->members[inner[i]][hole] == i;
        }
      }
      ++hole;
      const bool experts = t > 0 && family->tokens[t - 1].find("expert") != std::string::npos;
      const auto found = by_members.find(members);
      if (!complete || found == by_members.end() || (most == 1 && !experts)) continue;
      const Shape& shape = tables.ShapeAt(*family, 0);
      for (const Family* stack : found->second) {
        const Shape& whole = tables.ShapeAt(*stack, 0);
        const int64_t size = std::max<int64_t>(1, ProductOf(shape)) * static_cast<int64_t>(most);
        if (whole.size() == shape.size() + 1 && ProductOf(whole) % size == 0 &&
            std::find(whole.begin(), whole.end(), static_cast<int64_t>(most)) != whole.end()) {
          out.insert(family->text);
        }
      }
    }
  }
  return out;
}

std::vector<const Family*> Unmatched(const std::vector<Family>& families,
                                     const std::vector<Family>& others) {
  const std::set<uint32_t> signatures = SignaturesOf(others);
  std::vector<const Family*> out;
  for (const Family& family : families) {
    if (!signatures.contains(family.signature)) out.push_back(&family);
  }
  return out;
}

// Splits the unmatched families that have a split of which every part has a signature of `other`, and
// some part one of `wanted`.
bool SplitInto(std::vector<Family>* families, const std::vector<Family>& others,
               const std::set<uint32_t>& other, const std::set<uint32_t>& wanted,
               const std::set<std::string>& kept, Tables* tables) {
  const std::set<uint32_t> matched = SignaturesOf(others);
  std::vector<Family> out;
  bool changed = false;
  for (Family& family : *families) {
    bool split = false;
    if (!matched.contains(family.signature) && !kept.contains(family.text)) {
      for (const std::vector<size_t>& holes : NameableHoles(family)) {
        std::optional<std::vector<Family>> parts = SplitAtHoles(family, holes, tables);
        if (!parts) continue;
        const auto in = [](const std::set<uint32_t>& set) {
          return [&set](const Family& part) { return set.contains(part.signature); };
        };
        if (!std::ranges::all_of(*parts, in(other)) || !std::ranges::any_of(*parts, in(wanted))) continue;
        std::ranges::move(*parts, std::back_inserter(out));
        split = changed = true;
        break;
      }
    }
    if (!split) out.push_back(std::move(family));
  }
  *families = std::move(out);
  return changed;
}

// The signatures of families and of all their splits.
std::set<uint32_t> PossibleSignatures(const std::vector<Family>& families,
                                      const std::vector<const Family*>& split, Tables* tables) {
  std::set<uint32_t> out = SignaturesOf(families);
  for (const Family* family : split) {
    for (const std::vector<size_t>& holes : NameableHoles(*family)) {
      const std::optional<std::vector<Family>> parts = SplitAtHoles(*family, holes, tables);
      if (!parts) continue;
      for (const Family& part : *parts) out.insert(part.signature);
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> SplitAtDots(std::string_view text) {
  std::vector<std::string> out;
  for (;;) {
    const size_t dot = text.find('.');
    out.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    text.remove_prefix(dot + 1);
  }
}

std::string JoinWithDots(std::span<const std::string> tokens) {
  std::string out;
  for (size_t i = 0; i < tokens.size(); ++i) out += (i == 0 ? "" : ".") + tokens[i];
  return out;
}

size_t Family::holes() const {
  return static_cast<size_t>(std::count(tokens.begin(), tokens.end(), kNumber));
}

std::string Family::Key(const Numbers& member) const {
  std::string out;
  size_t hole = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) out += '.';
    out += tokens[i] == kNumber ? std::to_string(member[hole++]) : tokens[i];
  }
  return out;
}

std::string Family::Module(size_t levels) const {
  if (levels >= tokens.size()) return "";
  return JoinWithDots(std::span(tokens).first(tokens.size() - levels));
}

uint32_t Tables::NumberOf(const Shape& shape) {
  const auto [it, added] = shape_numbers_.emplace(shape, static_cast<uint32_t>(shapes_.size()));
  if (added) shapes_.push_back(&it->first);
  return it->second;
}

void Tables::Number(Family* family) {
  std::vector<size_t> order(family->members.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::ranges::sort(order, [&](size_t a, size_t b) { return family->members[a] < family->members[b]; });
  std::vector<Numbers> members;
  std::vector<uint32_t> shapes;
  for (const size_t i : order) {
    members.push_back(std::move(family->members[i]));
    shapes.push_back(family->shapes[i]);
  }
  family->members = std::move(members);
  family->shapes = std::move(shapes);
  family->member_set = member_sets_.emplace(family->members, member_sets_.size()).first->second;
  const bool uniform = std::ranges::adjacent_find(family->shapes, std::not_equal_to<>()) == family->shapes.end();
  std::pair<uint32_t, std::vector<uint32_t>> signature{
      family->member_set, uniform ? std::vector<uint32_t>{family->shapes.front()} : family->shapes};
  family->signature = signatures_.emplace(std::move(signature), signatures_.size()).first->second;
}

std::vector<Family> CutFamilies(std::span<const LayoutFamily> families, bool shapes, Tables* tables) {
  std::map<std::string, size_t, std::less<>> by_pattern;
  std::vector<Family> out;
  for (const LayoutFamily& part : families) {
    const auto [it, added] = by_pattern.emplace(part.pattern, out.size());
    if (added) {
      Family family;
      family.tokens = SplitAtDots(part.pattern);
      for (std::string& token : family.tokens) {
        if (token.size() == 1 && token[0] == kHole) token = kNumber;
      }
      family.text = JoinWithDots(family.tokens);
      family.position = static_cast<double>(out.size());
      out.push_back(std::move(family));
    }
    Family& family = out[it->second];
    const uint32_t shape =
        tables->NumberOf(shapes ? Shape(part.shape.begin(), part.shape.end()) : Shape{});
    ForEachMember(part.numbers, [&](std::span<const uint32_t> member) {
      family.shapes.push_back(shape);
      family.members.emplace_back(member.begin(), member.end());
    });
  }
  for (Family& family : out) tables->Number(&family);
  return out;
}

std::map<Numbers, std::vector<size_t>> WithoutHole(const Family& family, size_t hole) {
  std::map<Numbers, std::vector<size_t>> out;
  for (size_t i = 0; i < family.members.size(); ++i) {
    Numbers rest = family.members[i];
    rest.erase(rest.begin() + static_cast<ptrdiff_t>(hole));
    out[std::move(rest)].push_back(i);
  }
  return out;
}

void SplitNumberedNames(std::vector<Family>* checkpoint, std::vector<Family>* model, Tables* tables) {
  std::set<std::string> kept;
  {
    const std::vector<const Family*> c = Unmatched(*checkpoint, *model);
    const std::vector<const Family*> m = Unmatched(*model, *checkpoint);
    kept = StackedFamilies(c, m, *tables);
    kept.merge(StackedFamilies(m, c, *tables));
  }
  // What the splits of one round make possible, the next one finds.
  for (int round = 0; round < 3; ++round) {
    const std::set<uint32_t> model_only = SignaturesOf(*model);
    bool changed = SplitInto(checkpoint, *model, model_only, model_only, kept, tables);
    const std::set<uint32_t> checkpoint_only = SignaturesOf(*checkpoint);
    changed = SplitInto(model, *checkpoint, checkpoint_only, checkpoint_only, kept, tables) || changed;
    if (changed) continue;
    // Both sides may have to be split to meet.
    const std::set<uint32_t> possible =
        PossibleSignatures(*model, Unmatched(*model, *checkpoint), tables);
    changed = SplitInto(checkpoint, *model, possible, possible, kept, tables);
    const std::set<uint32_t> there = SignaturesOf(*checkpoint);
    changed = SplitInto(model, *checkpoint, there, there, kept, tables) || changed;
    if (!changed) break;
  }
}

}  // namespace wcheck::suggest
