// The tree of a parsed Python pattern.
//
// Nodes are stored in one vector and refer to each other by index, so that a typical pattern costs
// one allocation. Flags are resolved while parsing: every node that depends on one carries it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace wcheck::regex {

using NodeId = uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;
inline constexpr uint32_t kUnbounded = UINT32_MAX;  // Python's MAXREPEAT
inline constexpr char32_t kMaxCodePoint = 0x10FFFF;

// Python's inline flags, as bits.
enum Flags : uint8_t {
  kIgnoreCase = 1,
  kMultiline = 2,
  kDotAll = 4,
  kVerbose = 8,
  kAscii = 16,
  kUnicode = 32,
};

enum class NodeKind : uint8_t {
  kConcat,         // children one after the other; none: the empty text
  kAlternate,      // children are the branches, tried in order
  kLiteral,        // the code point `value`
  kAny,            // `.`
  kSet,            // SetItems [value, value2) of the tree; `negated`
  kAnchor,         // `anchor`
  kGroup,          // capturing group number `value`; one child
  kRepeat,         // `value` to `value2` times the child; `repeat`
  kLook,           // the child ahead, or `behind`; `negated`
  kAtomic,         // (?>child)
  kBackreference,  // the text of group `value`
  kConditional,    // (?(value)first child|second child); the second may be missing
};

enum class Anchor : uint8_t {
  kLineStart,     // ^
  kLineEnd,       // $
  kTextStart,     // \A
  kTextEnd,       // \Z
  kWordBoundary,  // \b
  kNotBoundary,   // \B
};

enum class RepeatMode : uint8_t { kGreedy, kLazy, kPossessive };

enum class Category : uint8_t { kNone, kDigit, kNotDigit, kSpace, kNotSpace, kWord, kNotWord };

// A member of a character set: a range of code points, or a category.
struct SetItem {
  Category category = Category::kNone;
  char32_t lo = 0;
  char32_t hi = 0;
};

struct Node {
  NodeKind kind = NodeKind::kConcat;
  uint8_t flags = 0;
  bool negated = false;
  bool behind = false;
  Anchor anchor = Anchor::kLineStart;
  RepeatMode repeat = RepeatMode::kGreedy;
  NodeId child = kNoNode;  // the first of the children
  NodeId next = kNoNode;   // the next sibling
  uint32_t value = 0;
  uint32_t value2 = 0;
};

struct Tree {
  std::vector<Node> nodes;
  std::vector<SetItem> items;
  std::vector<NodeId> group_bodies;  // the child of group n at n - 1
  std::vector<std::pair<std::string, int>> named_groups;
  NodeId root = kNoNode;
  bool has_lookaround = false;
  bool has_lookbehind = false;
  bool has_backreference = false;  // or a conditional on a group
  bool has_atomic = false;         // an atomic group or a possessive repeat
  bool has_counted_repeat = false;
  // A lookbehind with a repeat, backreference or conditional in it, which PCRE2 may refuse.
  bool has_odd_lookbehind = false;

  const Node& operator[](NodeId id) const { return nodes[id]; }
  int group_count() const { return static_cast<int>(group_bodies.size()); }

  // for (NodeId id : tree.ChildrenOf(node)) …
  struct Children {
    struct Iterator {
      const Tree* tree;
      NodeId id;
      NodeId operator*() const { return id; }
      Iterator& operator++() { return (id = tree->nodes[id].next, *this); }
      bool operator!=(const Iterator& other) const { return id != other.id; }
    };
    const Tree* tree;
    NodeId first;
    Iterator begin() const { return {tree, first}; }
    Iterator end() const { return {tree, kNoNode}; }
  };
  Children ChildrenOf(const Node& node) const { return {this, node.child}; }
};

// True for the nodes that match exactly one character.
inline bool IsSingleCharacter(const Node& node) {
  return node.kind == NodeKind::kLiteral || node.kind == NodeKind::kAny ||
         node.kind == NodeKind::kSet;
}

}  // namespace wcheck::regex
