// Computes bottom-up whether a node can match the empty text, whether it prefers to, and whether it
// depends on a group. A counted repeat of a node that does not try the empty text last is the case
// that PCRE2 gets wrong.
#include "pattern/empty_repeat.h"

namespace wcheck::regex {
namespace {

// Whether a node can match the empty text, and how.
struct Emptiness {
  bool possible = false;
  // The empty text is the last thing that the node tries, and is always possible.
  bool last_choice = false;
};

class EmptyRepeatFinder {
 public:
  explicit EmptyRepeatFinder(const Tree& tree) : tree_(tree) {}

  Emptiness Visit(NodeId id) {
    const Node& node = tree_[id];
    switch (node.kind) {
      case NodeKind::kLiteral:
      case NodeKind::kAny:
      case NodeKind::kSet:
        return {};
      case NodeKind::kConcat: {
        Emptiness all = {true, true};
        for (NodeId child : tree_.ChildrenOf(node)) {
          Emptiness part = Visit(child);
          all.possible &= part.possible;
          all.last_choice &= part.last_choice;
        }
        return all;
      }
      case NodeKind::kAlternate: {
        Emptiness all;
        for (NodeId child : tree_.ChildrenOf(node)) {
          Emptiness branch = Visit(child);
          all.last_choice = branch.last_choice && !all.possible;
          all.possible |= branch.possible;
        }
        return all;
      }
      case NodeKind::kGroup:
        return Visit(node.child);
      case NodeKind::kRepeat:
        return VisitRepeat(node);
      case NodeKind::kAnchor:
      case NodeKind::kLook:
      case NodeKind::kAtomic:
      case NodeKind::kBackreference:
      case NodeKind::kConditional: {
        bool outer = refers_;
        refers_ = node.kind == NodeKind::kBackreference || node.kind == NodeKind::kConditional;
        for (NodeId child : tree_.ChildrenOf(node)) Visit(child);
        refers_ |= outer;
        return {true, false};
      }
    }
    return {true, false};
  }

  bool found() const { return found_; }

 private:
  Emptiness VisitRepeat(const Node& node) {
    bool outer = refers_;
    refers_ = false;
    Emptiness body = Visit(node.child);
    bool optional_iterations = node.value < node.value2;
    bool counted = optional_iterations && node.value2 != kUnbounded && node.value2 > 1;
    bool greedy = node.repeat == RepeatMode::kGreedy;
    // Lazy repeats start without an iteration; the same paths are tried, in reverse order.
    if (counted && body.possible && !(body.last_choice && greedy && !tree_.has_backreference)) {
      found_ = true;
    }
    if (optional_iterations && node.value > 0 && body.possible && refers_) found_ = true;
    refers_ |= outer;
    if (node.value == 0) return {true, greedy && (!body.possible || body.last_choice)};
    return {body.possible, body.last_choice && greedy};
  }

  const Tree& tree_;
  bool refers_ = false;  // the body of the innermost repeat looks at a group
  bool found_ = false;
};

}  // namespace

bool HasUnfaithfulRepeat(const Tree& tree) {
  EmptyRepeatFinder finder(tree);
  finder.Visit(tree.root);
  return finder.found();
}

}  // namespace wcheck::regex
