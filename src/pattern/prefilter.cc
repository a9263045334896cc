#include "prefilter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "literal_search.h"
#include "unicode.h"

namespace wcheck::regex {
namespace {

constexpr size_t kMaxAlternatives = 16;

// How much a literal narrows the search down: long ones are rare, anchored ones are cheap to check.
size_t Worth(const RequiredLiteral& literal) {
  return literal.text.size() * 2 + (literal.at_start ? 64 : literal.at_end ? 16 : 0);
}

size_t Worth(const std::vector<RequiredLiteral>& any_of) {
  size_t least = SIZE_MAX;
  for (const RequiredLiteral& literal : any_of) least = std::min(least, Worth(literal));
  // One more literal to look for costs about as much as a character of selectivity gains.
  return least - std::min(least, any_of.size());
}

// Walks everything that a match must go through, collecting runs of adjacent literal characters.
class Finder {
 public:
  explicit Finder(const Tree& tree) : tree_(tree) {}

  std::vector<RequiredLiteral> Find(NodeId id) {
    Walk(id);
    EndRun();
    return std::move(best_);
  }

 private:
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
        return;  // takes no text, so that what stands on both sides is adjacent
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
    std::vector<RequiredLiteral> any_of;
    for (NodeId child : tree_.ChildrenOf(node)) {
      std::vector<RequiredLiteral> branch = Finder(tree_).Find(child);
      if (branch.empty() || any_of.size() + branch.size() > kMaxAlternatives) return;
      std::move(branch.begin(), branch.end(), std::back_inserter(any_of));
    }
    Offer(std::move(any_of));
  }

  void EndRun() {
    if (!run_.text.empty()) Offer({run_});
    run_ = {};
  }

  void Offer(std::vector<RequiredLiteral> candidate) {
    if (best_.empty() || Worth(candidate) > Worth(best_)) best_ = std::move(candidate);
  }

  const Tree& tree_;
  RequiredLiteral run_;
  std::vector<RequiredLiteral> best_;
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

}  // namespace

Prefilter::Prefilter(const Tree& tree) : any_of_(Finder(tree).Find(tree.root)) {}

bool Prefilter::Passes(std::string_view text) const {
  if (any_of_.empty()) return true;
  for (const RequiredLiteral& literal : any_of_) {
    if (Occurs(literal, text)) return true;
  }
  return false;
}

}  // namespace wcheck::regex
