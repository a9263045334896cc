// Writes the tree in PCRE2's syntax so that each construct has Python's meaning. Nothing is left to
// PCRE2's defaults: categories, case folding, anchors and boundaries are written out where the two
// differ.
#include <algorithm>
#include <string_view>
#include <utility>

#include "pattern/ascii_set.h"
#include "pattern/pcre2_matcher.h"

namespace wcheck::regex {
namespace {

// str.isspace(), which has four more than Unicode's White_Space: U+001C to U+001F.
struct Range {
  char32_t lo;
  char32_t hi;
};
constexpr Range kSpaces[] = {{0x09, 0x0D},     {0x1C, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},
                             {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                             {0x205F, 0x205F}, {0x3000, 0x3000}};
constexpr Range kAsciiSpaces[] = {{0x09, 0x0D}, {0x20, 0x20}};
constexpr Range kAsciiDigits[] = {{'0', '9'}};
constexpr Range kAsciiWord[] = {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}};
constexpr std::string_view kAsciiWordSet = "[0-9A-Z_a-z]";

// Letters that are equal for Python's (?i) but not for PCRE2's: the i with and without a dot, and
// pairs that are only equal when written out.
constexpr std::u32string_view kCaseFamilies[] = {U"iI\u0130\u0131", U"\u0390\u1FD3",
                                                 U"\u03B0\u1FE3", U"\uFB05\uFB06"};

constexpr char32_t kFirstSurrogate = 0xD800;
constexpr char32_t kLastSurrogate = 0xDFFF;

bool IsWordCharacter(char32_t c) {
  return c < 0x80 && AsciiSetOfCategory(Category::kWord).Contains(c);
}

class Pcre2Translator {
 public:
  explicit Pcre2Translator(const Tree& tree) : tree_(tree) {}

  std::string Translate() {
    Write(tree_.root);
    return std::move(out_);
  }

 private:
  void WriteGroup(std::string_view open, NodeId id) {
    out_ += open;
    Write(id);
    out_ += ')';
  }

  void Write(NodeId id) {
    const Node& node = tree_[id];
    switch (node.kind) {
      case NodeKind::kConcat:
        for (NodeId child : tree_.ChildrenOf(node)) Write(child);
        break;
      case NodeKind::kAlternate:
        out_ += "(?";
        for (NodeId child : tree_.ChildrenOf(node)) {
          out_ += child == node.child ? ':' : '|';
          Write(child);
        }
        out_ += ')';
        break;
      case NodeKind::kLiteral:
      case NodeKind::kSet:
        WriteSet(node);
        break;
      case NodeKind::kAny:
        out_ += (node.flags & kDotAll) != 0 ? "(?s:.)" : ".";
        break;
      case NodeKind::kAnchor:
        WriteAnchor(node);
        break;
      case NodeKind::kGroup:
        WriteGroup("(", node.child);
        break;
      case NodeKind::kRepeat:
        WriteRepeat(node);
        break;
      case NodeKind::kLook:
        out_ += node.behind ? "(?<" : "(?";
        WriteGroup(node.negated ? "!" : "=", node.child);
        break;
      case NodeKind::kAtomic:
        WriteGroup("(?>", node.child);
        break;
      case NodeKind::kBackreference:
        out_ += (node.flags & kIgnoreCase) != 0 ? "(?i:" : "(?:";
        out_ += "\\g{" + std::to_string(node.value) + "})";
        break;
      case NodeKind::kConditional:
        out_ += "(?(" + std::to_string(node.value) + ')';
        for (NodeId child : tree_.ChildrenOf(node)) {
          if (child != node.child) out_ += '|';
          Write(child);
        }
        out_ += ')';
        break;
    }
  }

  void WriteRepeat(const Node& node) {
    // PCRE2 repeats a bare character with a counter, but a group by copying it.
    const Node* body = &tree_[node.child];
    if (body->kind == NodeKind::kConcat && body->child != kNoNode &&
        tree_[body->child].next == kNoNode) {
      body = &tree_[body->child];
    }
    if (IsSingleCharacter(*body) && (body->flags & (kIgnoreCase | kDotAll)) == 0) {
      Write(node.child);
    } else {
      WriteGroup("(?:", node.child);
    }
    out_ += '{' + std::to_string(node.value) + ',';
    if (node.value2 != kUnbounded) out_ += std::to_string(node.value2);
    out_ += '}';
    if (node.repeat == RepeatMode::kLazy) out_ += '?';
    if (node.repeat == RepeatMode::kPossessive) out_ += '+';
  }

  // Python's `$` also matches before a final newline, as PCRE2's \Z does; its \Z only matches at
  // the very end, as PCRE2's \z does.
  void WriteAnchor(const Node& node) {
    bool multiline = (node.flags & kMultiline) != 0;
    bool ascii = (node.flags & kAscii) != 0;
    switch (node.anchor) {
      case Anchor::kLineStart:
        out_ += multiline ? "(?m:^)" : "\\A";
        break;
      case Anchor::kLineEnd:
        out_ += multiline ? "(?m:$)" : "\\Z";
        break;
      case Anchor::kTextStart:
        out_ += "\\A";
        break;
      case Anchor::kTextEnd:
        out_ += "\\z";
        break;
      case Anchor::kWordBoundary:
        if (!ascii) {
          out_ += "\\b";
        } else {
          WriteAsciiBoundary("!", "=");
        }
        break;
      case Anchor::kNotBoundary:
        out_ += "(?!\\A\\z)";
        if (!ascii) {
          out_ += "\\B";
        } else {
          WriteAsciiBoundary("=", "!");
        }
        break;
    }
  }

  // Either a word character before and `after_word` after, or none before and `after_other`.
  void WriteAsciiBoundary(std::string_view after_word, std::string_view after_other) {
    for (auto [before, after] :
         {std::pair{"(?:(?<=", after_word}, std::pair{"|(?<!", after_other}}) {
      out_ += before;
      out_ += kAsciiWordSet;
      out_ += ")(?";
      out_ += after;
      out_ += kAsciiWordSet;
      out_ += ')';
    }
    out_ += ')';
  }

  void WriteCodePoint(char32_t c) {
    if (IsWordCharacter(c)) {
      out_ += static_cast<char>(c);
      return;
    }
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string digits;
    do digits += kHex[c & 15];
    while ((c >>= 4) != 0);
    std::reverse(digits.begin(), digits.end());
    out_ += "\\x{" + digits + '}';
  }

  void WriteRange(char32_t lo, char32_t hi) {
    // No text contains a surrogate, and PCRE2 does not accept one.
    if (lo >= kFirstSurrogate && lo <= kLastSurrogate) lo = kLastSurrogate + 1;
    if (hi >= kFirstSurrogate && hi <= kLastSurrogate) hi = kFirstSurrogate - 1;
    if (lo > hi) return;
    WriteCodePoint(lo);
    if (hi == lo) return;
    out_ += '-';
    WriteCodePoint(hi);
  }

  template <size_t N>
  void WriteRanges(const Range (&ranges)[N], bool complement) {
    char32_t next = 0;
    for (const Range& range : ranges) {
      if (complement) {
        if (range.lo > next) WriteRange(next, range.lo - 1);
        next = range.hi + 1;
      } else {
        WriteRange(range.lo, range.hi);
      }
    }
    if (complement) WriteRange(next, kMaxCodePoint);
  }

  void WriteCategory(Category category, bool ascii) {
    switch (category) {
      case Category::kNone:
        break;
      case Category::kDigit:
      case Category::kNotDigit:
        if (ascii) return WriteRanges(kAsciiDigits, category == Category::kNotDigit);
        out_ += category == Category::kDigit ? "\\d" : "\\D";
        break;
      case Category::kSpace:
      case Category::kNotSpace:
        if (ascii) return WriteRanges(kAsciiSpaces, category == Category::kNotSpace);
        return WriteRanges(kSpaces, category == Category::kNotSpace);
      case Category::kWord:
      case Category::kNotWord:
        if (ascii) return WriteRanges(kAsciiWord, category == Category::kNotWord);
        out_ += category == Category::kWord ? "\\w" : "\\W";
        break;
    }
  }

  // The members of a set, between its brackets.
  void WriteItems(const SetItem* begin, const SetItem* end, uint8_t flags) {
    bool ascii = (flags & kAscii) != 0;
    bool ignore_case = (flags & kIgnoreCase) != 0;
    for (const SetItem* item = begin; item != end; ++item) {
      if (item->category != Category::kNone) {
        WriteCategory(item->category, ascii);
        continue;
      }
      WriteRange(item->lo, item->hi);
      if (!ignore_case) continue;
      if (ascii) {
        // Both cases of the ASCII letters only, so PCRE2 is not told to ignore case.
        for (char32_t c = item->lo; c <= std::min<char32_t>(item->hi, 'z'); ++c) {
          bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
          if (letter) WriteCodePoint(c ^ 0x20);
        }
      } else {
        for (std::u32string_view family : kCaseFamilies) {
          auto covered = [&](char32_t c) { return item->lo <= c && c <= item->hi; };
          if (std::any_of(family.begin(), family.end(), covered)) {
            for (char32_t c : family) WriteCodePoint(c);
          }
        }
      }
    }
  }

  void WriteSet(const Node& node) {
    bool fold = (node.flags & kIgnoreCase) != 0 && (node.flags & kAscii) == 0;
    SetItem literal = {Category::kNone, node.value, node.value};
    bool is_literal = node.kind == NodeKind::kLiteral;
    const SetItem* begin = is_literal ? &literal : &tree_.items[node.value];
    const SetItem* end = is_literal ? begin + 1 : begin + (node.value2 - node.value);
    bool surrogate = is_literal && node.value >= kFirstSurrogate && node.value <= kLastSurrogate;
    if (is_literal && !surrogate && (node.flags & kIgnoreCase) == 0) {
      return WriteCodePoint(node.value);
    }
    std::string outside = std::move(out_);
    out_.clear();
    WriteItems(begin, end, node.flags);
    std::string members = std::move(out_);
    out_ = std::move(outside);
    if (members.empty()) {
      // Only surrogates: no text has one.
      out_ += node.negated ? "(?s:.)" : "[^\\s\\S]";
      return;
    }
    if (fold) out_ += "(?i:";
    out_ += node.negated ? "[^" : "[";
    out_ += members;
    out_ += ']';
    if (fold) out_ += ')';
  }

  const Tree& tree_;
  std::string out_;
};

}  // namespace

std::string TranslateToPcre2(const Tree& tree) { return Pcre2Translator(tree).Translate(); }

}  // namespace wcheck::regex
