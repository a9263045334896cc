// Matching of simple patterns, for plain texts: ASCII, not empty, no newline, not long.
//
// Nearly every pattern of a registry is a row of characters with anchors, groups, a `\d+` before a
// dot, and perhaps a lookaround of fixed text. Such a row can match in only one way from a given
// start, so it needs neither an automaton nor backtracking: find the literal, then check the rest
// around it. This is several times faster than RE2, some twenty times faster than PCRE2 (which
// would otherwise handle the lookarounds), and has almost no setup cost.
//
// An alternation is expanded into rows: a(b|c)d is abd|acd, tried in that order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pattern/ascii_set.h"
#include "pattern/pattern.h"
#include "pattern/syntax_tree.h"

namespace wcheck::regex {

class SequenceMatcher {
 public:
  // Rows are tried from every start, which takes quadratic time in the worst case.
  static constexpr size_t kMaxTextBytes = 2048;

  // Null if the pattern is not simple enough.
  static std::unique_ptr<SequenceMatcher> Create(const Tree& tree);

  bool Search(std::string_view text, Match* match) const;

 private:
  friend class SequenceBuilder;
  static constexpr size_t kMaxGroups = 16;  // the whole match included
  using Spans = Span[kMaxGroups];

  enum class StepKind : uint8_t {
    kLiteral,  // `literal`
    kOne,      // one character of `set`
    kRun,      // `min` to `max` characters of `set`, as many as there are
    kTextStart,
    kTextEnd,
    kBoundary,    // a boundary between a word character and another one, or none if `negated`
    kGroupStart,  // of `group`
    kGroupEnd,
    kLook,  // one of `rows` ahead, or `behind`; none of them if `negated`
  };
  struct Step {
    StepKind kind;
    bool negated = false;
    bool behind = false;
    bool lazy = false;  // of a run; matters while building only
    uint32_t group = 0;
    uint32_t min = 0;
    uint32_t max = 0;
    AsciiSet set = {};
    std::string literal = {};
    std::vector<std::vector<AsciiSet>> rows = {};
  };
  struct Row {
    std::vector<Step> steps;
    // The longest literal at a fixed distance from the start of the match.
    std::string lead;
    size_t lead_offset = 0;
    bool at_start = false;  // matches at the start of the text only
  };

  SequenceMatcher() = default;
  static bool MatchRow(const Row& row, std::string_view text, size_t start, Span* spans);
  static bool Looks(const Step& step, std::string_view text, size_t at);
  // The leftmost match that starts before `limit`; its start, or npos.
  static size_t FindRow(const Row& row, std::string_view text, size_t limit, Span* spans);

  std::vector<Row> rows_;
  size_t groups_ = 0;  // the whole match included
};

}  // namespace wcheck::regex
