// Writes the tree in RE2's syntax, with every construct spelled out, and gives up on the constructs
// for which RE2 and Python differ.
#include "pattern/re2_matcher.h"

#include <algorithm>
#include <array>
#include <vector>

#include <re2/re2.h>

#include "pattern/ascii_set.h"

namespace wcheck::regex {
namespace {

constexpr uint32_t kMaxRepeat = 1000;  // RE2's own limit, for the product of nested repeats
constexpr int64_t kMemory = int64_t{32} << 20;  // of one program and its caches, at most
constexpr size_t kStackGroups = 16;

void AppendByte(uint32_t c, std::string* out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  *out += "\\x";
  *out += kHex[c >> 4];
  *out += kHex[c & 15];
}

void AppendSet(const AsciiSet& set, std::string* out) {
  if (int single = set.Single(); single >= 0) return AppendByte(static_cast<uint32_t>(single), out);
  if (set.empty()) {
    *out += "[^\\x00-\\x{10ffff}]";
    return;
  }
  // Bytes above ASCII do not occur; a range without an end makes a smaller program.
  AsciiSet rest = set;
  *out += '[';
  for (uint32_t c = 0; c < 128; ++c) {
    if (!rest.Contains(c)) continue;
    AppendByte(c, out);
    *out += '-';
    while (c + 1 < 128 && rest.Contains(c + 1)) ++c;
    AppendByte(c == 127 ? 255 : c, out);
  }
  *out += ']';
}

class Re2Translator {
 public:
  explicit Re2Translator(const Tree& tree) : tree_(tree) {}

  std::optional<std::string> Translate() {
    Write(tree_.root, 1);
    if (!possible_) return std::nullopt;
    return std::move(out_);
  }

 private:
  // Writes the node; true if it can match the empty text. `copies` is the product of the counts of
  // the repeats around it.
  bool Write(NodeId id, uint32_t copies) {
    const Node& node = tree_[id];
    bool nullable = true;
    switch (node.kind) {
      case NodeKind::kConcat:
        for (NodeId child : tree_.ChildrenOf(node)) nullable &= Write(child, copies);
        return nullable;
      case NodeKind::kAlternate:
        nullable = false;
        out_ += "(?:";
        for (NodeId child : tree_.ChildrenOf(node)) {
          if (child != node.child) out_ += '|';
          nullable |= Write(child, copies);
        }
        out_ += ')';
        return nullable;
      case NodeKind::kLiteral:
      case NodeKind::kAny:
      case NodeKind::kSet:
        AppendSet(AsciiSetOf(tree_, node), &out_);
        return false;
      case NodeKind::kAnchor:
        WriteAnchor(node.anchor);
        return true;
      case NodeKind::kGroup:
        out_ += '(';
        nullable = Write(node.child, copies);
        out_ += ')';
        return nullable;
      case NodeKind::kRepeat:
        return WriteRepeat(node, copies);
      case NodeKind::kLook:
      case NodeKind::kAtomic:
      case NodeKind::kBackreference:
      case NodeKind::kConditional:
        break;
    }
    possible_ = false;
    return true;
  }

  void WriteAnchor(Anchor anchor) {
    switch (anchor) {
      case Anchor::kLineStart:
      case Anchor::kTextStart:
        out_ += "\\A";
        break;
      case Anchor::kLineEnd:
      case Anchor::kTextEnd:
        out_ += "\\z";
        break;
      case Anchor::kWordBoundary:
        out_ += "\\b";
        break;
      case Anchor::kNotBoundary:
        out_ += "\\B";
        break;
    }
  }

  // RE2 expands counted repeats by copying, and refuses more than kMaxRepeat copies; nested counts
  // multiply. A body that can match the empty text ends differently in RE2 and Python.
  bool WriteRepeat(const Node& node, uint32_t copies) {
    uint32_t count = node.value2 == kUnbounded ? node.value : node.value2;
    copies *= std::max(1u, std::min(count, kMaxRepeat + 1));
    if (copies > kMaxRepeat || node.repeat == RepeatMode::kPossessive) {
      possible_ = false;
      return true;
    }
    out_ += "(?:";
    bool nullable = Write(node.child, copies);
    out_ += ')';
    if (nullable) possible_ = false;
    if (node.value2 == kUnbounded && node.value <= 1) {
      out_ += node.value == 0 ? '*' : '+';
    } else if (node.value == 0 && node.value2 == 1) {
      out_ += '?';
    } else {
      out_ += '{' + std::to_string(node.value) + ',';
      if (node.value2 != kUnbounded) out_ += std::to_string(node.value2);
      out_ += '}';
    }
    if (node.repeat == RepeatMode::kLazy) out_ += '?';
    return nullable || node.value == 0;
  }

  const Tree& tree_;
  std::string out_;
  bool possible_ = true;
};

}  // namespace

std::optional<std::string> TranslateToRe2(const Tree& tree) {
  if (tree.has_lookaround || tree.has_backreference || tree.has_atomic) return std::nullopt;
  return Re2Translator(tree).Translate();
}

Re2Matcher::Re2Matcher(std::unique_ptr<re2::RE2> program, int groups)
    : program_(std::move(program)), groups_(groups) {}

Re2Matcher::~Re2Matcher() = default;

std::unique_ptr<Re2Matcher> Re2Matcher::Create(const Tree& tree) {
  std::optional<std::string> text = TranslateToRe2(tree);
  if (!text) return nullptr;
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  auto program = std::make_unique<re2::RE2>(*text, options);
  if (!program->ok()) return nullptr;
  return std::unique_ptr<Re2Matcher>(new Re2Matcher(std::move(program), tree.group_count()));
}

bool Re2Matcher::Search(std::string_view text, Match* match) const {
  std::array<re2::StringPiece, kStackGroups> small;
  std::vector<re2::StringPiece> large;
  re2::StringPiece* spans = small.data();
  size_t count = static_cast<size_t>(groups_) + 1;
  if (count > small.size()) {
    large.resize(count);
    spans = large.data();
  }
  if (!program_->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                       re2::RE2::UNANCHORED, spans, static_cast<int>(count))) {
    return false;
  }
  match->resize(count);
  for (size_t i = 0; i < count; ++i) {
    if (spans[i].data() == nullptr) {
      (*match)[i] = Span();
    } else {
      auto begin = static_cast<uint32_t>(spans[i].data() - text.data());
      (*match)[i] = {begin, begin + static_cast<uint32_t>(spans[i].size())};
    }
  }
  return true;
}

}  // namespace wcheck::regex
