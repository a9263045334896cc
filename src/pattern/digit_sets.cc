// Walks the tree as rows of nodes that match adjacent characters. For every node that distinguishes
// digits, the row decides whether that node can be on a digit of a number at all; if not, it does
// not split the classes.
#include "pattern/digit_sets.h"

#include <vector>

#include "pattern/ascii_set.h"

namespace wcheck::regex {
namespace {

constexpr uint16_t kAllDigits = 0x3FF;

class Splitter {
 public:
  Splitter(const Tree& tree, bool delimited, DigitClasses* classes)
      : tree_(tree), delimited_(delimited), classes_(classes) {}

  void Split(NodeId id) {
    Walk(id);
    EndRow();
  }

 private:
  // Collects the sets of a row of nodes that match adjacent characters; EndRow decides which of
  // them can look at a digit of a number.
  void Walk(NodeId id) {
    const Node& node = tree_[id];
    switch (node.kind) {
      case NodeKind::kLiteral:
      case NodeKind::kAny:
      case NodeKind::kSet:
        row_.push_back(AsciiSetOf(tree_, node));
        return;
      case NodeKind::kConcat:
      case NodeKind::kGroup:
        for (NodeId child : tree_.ChildrenOf(node)) Walk(child);
        return;
      case NodeKind::kAnchor:
        return;  // matches no character, and treats all digits alike
      case NodeKind::kLook:
        // Looks at its own characters; the row continues around it.
        return Splitter(tree_, delimited_, classes_).Split(node.child);
      case NodeKind::kAlternate:
      case NodeKind::kRepeat:
      case NodeKind::kConditional:
      case NodeKind::kAtomic:
        // What is adjacent to the inner nodes varies, so each child is a row of its own. An atomic
        // group, too: it commits to its text before the rest is tried.
        EndRow();
        for (NodeId child : tree_.ChildrenOf(node)) {
          Walk(child);
          EndRow();
        }
        return;
      case NodeKind::kBackreference:
        return EndRow();
    }
  }

  // True if no match puts node `i` of the row on a digit of a number.
  bool OutsideNumbers(size_t i) const {
    auto vouched_from = [&](auto step) {
      for (size_t j = step(i); j < row_.size() && !row_[j].Contains('.'); j = step(j)) {
        if (row_[j].digits() == 0) return true;
      }
      return false;
    };
    return vouched_from([](size_t j) { return j - 1; }) ||  // wraps round at the start
           vouched_from([](size_t j) { return j + 1; });
  }

  void EndRow() {
    for (size_t i = 0; i < row_.size(); ++i) {
      uint16_t digits = row_[i].digits();
      if (digits == 0 || digits == kAllDigits) continue;
      if (!delimited_ || !OutsideNumbers(i)) classes_->Split(digits);
    }
    row_.clear();
  }

  const Tree& tree_;
  bool delimited_;
  DigitClasses* classes_;
  std::vector<AsciiSet> row_;  // of nodes that take adjacent characters
};

}  // namespace

void SplitByDigitSets(const Tree& tree, bool delimited, DigitClasses* classes) {
  Splitter(tree, delimited, classes).Split(tree.root);
}

}  // namespace wcheck::regex
