// Finds the literals that every match must contain. Adjacent literal characters form a run; an
// alternation gives a list, of which one must occur; optional parts give nothing. The lists are
// ranked by how much they narrow a search.
#include "pattern/prefilter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "pattern/literal_search.h"
#include "support/utf8.h"

namespace wcheck::regex {
namespace {

constexpr size_t kMaxAlternatives = 16;
constexpr size_t kMaxLists = 4;

// How much a literal narrows the search: long ones are rare, anchored ones are cheap to check.
size_t Worth(const RequiredLiteral& literal) {
  return literal.text.size() * 2 + (literal.at_start ? 64 : literal.at_end ? 16 : 0);
}

size_t Worth(const AnyOf& any_of) {
  size_t least = SIZE_MAX;
  for (const RequiredLiteral& literal : any_of) least = std::min(least, Worth(literal));
  // Searching for one more literal costs about as much as one character of selectivity gains.
  return least - std::min(least, any_of.size());
}

// Walks everything that a match must go through, and collects runs of adjacent literal characters.
class LiteralFinder {
 public:
  explicit LiteralFinder(const Tree& tree) : tree_(tree) {}

  // The lists, the most selective first.
  std::vector<AnyOf> Find(NodeId id) {
    Walk(id);
    EndRun();
    std::stable_sort(found_.begin(), found_.end(),
                     [](const AnyOf& a, const AnyOf& b) { return Worth(a) > Worth(b); });
    if (found_.size() > kMaxLists) found_.resize(kMaxLists);
    return std::move(found_);
  }

 private:
  // A repeat that may be skipped contributes nothing; one that must occur contributes what its body
  // requires, but its text is not adjacent to that of its neighbours.
  void Walk(NodeId id) {
    const Node& node = tree_[id];
    switch (node.kind) {
      case NodeKind::kConcat:
      case NodeKind::kGroup:
      case NodeKind::kAtomic:
        for (NodeId child : tree_.ChildrenOf(node)) Walk(child);
        return;
      case NodeKind::kLiteral:
        return Literal(node);
      case NodeKind::kAny:
      case NodeKind::kSet:
      case NodeKind::kBackreference:
      case NodeKind::kConditional:
        return EndRun();
      case NodeKind::kLook:
        return;  // matches no text, so the nodes on both sides are adjacent
      case NodeKind::kAnchor:
        return Boundary(node);
      case NodeKind::kRepeat:
        EndRun();
        if (node.value > 0) Walk(node.child);
        return EndRun();
      case NodeKind::kAlternate:
        EndRun();
        return Branches(node);
    }
  }

  void Literal(const Node& node) {
    bool cased = node.value >= 0x80 || (node.value >= 'a' && node.value <= 'z') ||
                 (node.value >= 'A' && node.value <= 'Z');
    if ((cased && (node.flags & kIgnoreCase) != 0) ||
        (node.value >= 0xD800 && node.value < 0xE000)) {
      return EndRun();
    }
    AppendUtf8(node.value, &run_.text);
  }

  void Boundary(const Node& node) {
    bool multiline = (node.flags & kMultiline) != 0;
    if (node.anchor == Anchor::kTextStart || (node.anchor == Anchor::kLineStart && !multiline)) {
      EndRun();
      run_.at_start = true;
    } else if (node.anchor == Anchor::kTextEnd || (node.anchor == Anchor::kLineEnd && !multiline)) {
      run_.at_end = true;
      EndRun();
    }
  }

  void Branches(const Node& node) {
    AnyOf any_of;
    for (NodeId child : tree_.ChildrenOf(node)) {
      std::vector<AnyOf> branch = LiteralFinder(tree_).Find(child);
      if (branch.empty() || any_of.size() + branch[0].size() > kMaxAlternatives) return;
      std::move(branch[0].begin(), branch[0].end(), std::back_inserter(any_of));
    }
    found_.push_back(std::move(any_of));
  }

  void EndRun() {
    if (!run_.text.empty()) found_.push_back({run_});
    run_ = {};
  }

  const Tree& tree_;
  RequiredLiteral run_;
  std::vector<AnyOf> found_;
};

bool OccursAtEnd(const RequiredLiteral& literal, std::string_view text) {
  return text.ends_with(literal.text) && (!literal.at_start || text.size() == literal.text.size());
}

bool Occurs(const RequiredLiteral& literal, std::string_view text) {
  if (literal.at_end) {
    if (OccursAtEnd(literal, text)) return true;
    return text.ends_with('\n') && OccursAtEnd(literal, text.substr(0, text.size() - 1));
  }
  if (literal.at_start) return text.starts_with(literal.text);
  return ContainsLiteral(text, literal.text);
}

bool AnyOccurs(const AnyOf& any_of, std::string_view text) {
  return std::any_of(any_of.begin(), any_of.end(),
                     [text](const RequiredLiteral& literal) { return Occurs(literal, text); });
}

// The longest piece of a literal without a digit. A number in a key consists of digits, so it can
// only supply the digits of a literal: such a piece occurs in a key exactly if it occurs in the
// key's pattern, at the same place.
RequiredLiteral WithoutDigits(const RequiredLiteral& literal) {
  constexpr std::string_view kDigits = "0123456789";
  const std::string& text = literal.text;
  RequiredLiteral longest;
  for (size_t begin = 0; begin <= text.size();) {
    size_t end = std::min(text.find_first_of(kDigits, begin), text.size());
    if (end - begin > longest.text.size()) {
      longest = {text.substr(begin, end - begin), literal.at_start && begin == 0,
                 literal.at_end && end == text.size()};
    }
    begin = end + 1;
  }
  return longest;
}

}  // namespace

Prefilter::Prefilter(const Tree& tree) : all_of_(LiteralFinder(tree).Find(tree.root)) {
  for (const AnyOf& any_of : all_of_) {
    AnyOf pieces;
    for (const RequiredLiteral& literal : any_of) pieces.push_back(WithoutDigits(literal));
    bool says_something = std::none_of(pieces.begin(), pieces.end(),
                                       [](const RequiredLiteral& p) { return p.text.empty(); });
    if (says_something) family_all_of_.push_back(std::move(pieces));
  }
}

bool Prefilter::Passes(std::string_view text) const {
  return std::all_of(all_of_.begin(), all_of_.end(),
                     [text](const AnyOf& any_of) { return AnyOccurs(any_of, text); });
}

bool Prefilter::PassesFamily(std::string_view key_pattern, bool cut) const {
  auto occurs = [&](const RequiredLiteral& literal) {
    if (!cut || !literal.at_start) return Occurs(literal, key_pattern);
    return ContainsLiteral(key_pattern, literal.text);
  };
  return std::all_of(family_all_of_.begin(), family_all_of_.end(), [&](const AnyOf& any_of) {
    return std::any_of(any_of.begin(), any_of.end(), occurs);
  });
}

}  // namespace wcheck::regex
