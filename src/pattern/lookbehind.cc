// The fixed-width rule of lookbehinds.
#include <algorithm>
#include <vector>

#include "pattern/parser.h"

namespace wcheck::regex {
namespace {

constexpr uint64_t kInfinite = uint64_t{1} << 62;  // represents Python's MAXWIDTH, 2 ** 64
constexpr uint64_t kMaxLookbehind = UINT32_MAX;    // CPython's MAXCODE

uint64_t Sum(uint64_t a, uint64_t b) { return std::min(kInfinite, a + b); }

uint64_t Product(uint64_t a, uint64_t b) { return a != 0 && b > kInfinite / a ? kInfinite : a * b; }

// The number of characters that a node can match, computed as Python does.
struct Width {
  uint64_t min = 0;
  uint64_t max = 0;
};

class Checker {
 public:
  explicit Checker(const Tree& tree) : tree_(tree), groups_(tree.group_bodies.size()) {}

  // Parents come first, as in Python's compiler.
  std::optional<SyntaxError> Check(NodeId id, bool behind) {
    const Node& node = tree_[id];
    odd_ |= behind && (node.kind == NodeKind::kRepeat || node.kind == NodeKind::kBackreference ||
                       node.kind == NodeKind::kConditional);
    if (node.kind == NodeKind::kLook && node.behind) {
      behind = true;
      Width width = Of(node.child);
      if (width.min > kMaxLookbehind) return Error("looks too much behind");
      if (width.min != width.max) return Error("look-behind requires fixed-width pattern");
    }
    for (NodeId child : tree_.ChildrenOf(node)) {
      if (auto error = Check(child, behind)) return error;
    }
    return std::nullopt;
  }

  bool odd() const { return odd_; }

 private:
  static SyntaxError Error(const char* message) { return {message, SyntaxError::kNoPosition}; }

  Width OfBranches(const Node& node) {
    Width width = {kInfinite, 0};
    for (NodeId child : tree_.ChildrenOf(node)) {
      Width branch = Of(child);
      width.min = std::min(width.min, branch.min);
      width.max = std::max(width.max, branch.max);
    }
    return width;
  }

  Width OfGroup(uint32_t group) {
    std::optional<Width>& known = groups_[group - 1];
    if (!known) known = Of(tree_.group_bodies[group - 1]);
    return *known;
  }

  Width Of(NodeId id) {
    const Node& node = tree_[id];
    Width width;
    switch (node.kind) {
      case NodeKind::kLiteral:
      case NodeKind::kAny:
      case NodeKind::kSet:
        return {1, 1};
      case NodeKind::kAnchor:
      case NodeKind::kLook:
        return {0, 0};
      case NodeKind::kConcat:
        for (NodeId child : tree_.ChildrenOf(node)) {
          Width part = Of(child);
          width.min = Sum(width.min, part.min);
          width.max = Sum(width.max, part.max);
        }
        return width;
      case NodeKind::kAlternate:
        return OfBranches(node);
      case NodeKind::kGroup:
        return OfGroup(node.value);
      case NodeKind::kAtomic:
        return Of(node.child);
      case NodeKind::kRepeat:
        width = Of(node.child);
        width.min = Product(width.min, node.value);
        width.max = node.value2 == kUnbounded && width.max != 0 ? kInfinite
                                                                : Product(width.max, node.value2);
        return width;
      case NodeKind::kBackreference:
        return OfGroup(node.value);
      case NodeKind::kConditional:
        width = OfBranches(node);
        if (tree_[node.child].next == kNoNode) width.min = 0;
        return width;
    }
    return width;
  }

  const Tree& tree_;
  std::vector<std::optional<Width>> groups_;
  bool odd_ = false;
};

}  // namespace

std::optional<SyntaxError> CheckLookbehinds(Tree* tree) {
  Checker checker(*tree);
  std::optional<SyntaxError> error = checker.Check(tree->root, false);
  tree->has_odd_lookbehind = checker.odd();
  return error;
}

}  // namespace wcheck::regex
