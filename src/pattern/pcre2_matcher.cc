#include "pattern/pcre2_matcher.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <algorithm>

#include <pcre2.h>

#include "pattern/search_budget.h"
#include "support/limits.h"

namespace wcheck::regex {
namespace {

constexpr uint32_t kNestingLimit = 5000;  // above anything that the parser lets through

template <auto kFree>
struct Freed {
  template <typename T>
  void operator()(T* pointer) const {
    kFree(pointer);
  }
};
using CompileContext = std::unique_ptr<pcre2_compile_context, Freed<pcre2_compile_context_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Freed<pcre2_match_context_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Freed<pcre2_match_data_free>>;

// Storage for the spans of `pairs` groups and the matcher's stack, reused by all searches.
pcre2_match_data* ThreadMatchData(uint32_t pairs) {
  thread_local MatchData data;
  thread_local uint32_t capacity = 0;
  if (pairs > capacity) {
    capacity = std::max(pairs, 16u);
    data.reset(pcre2_match_data_create(capacity, nullptr));
  }
  return data.get();
}

}  // namespace

Result<std::unique_ptr<Pcre2Matcher>> Pcre2Matcher::Create(const Tree& tree) {
  std::string text = TranslateToPcre2(tree);
  CompileContext context(pcre2_compile_context_create(nullptr));
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(context.get(), kNestingLimit);
  // Start optimizations are off: from (?=2)1?2, PCRE2 10.42 derives one (begin at a 2, with another
  // 2 later) that misses the match in "2".
  constexpr uint32_t kOptions = PCRE2_UTF | PCRE2_UCP | PCRE2_ALT_CIRCUMFLEX |
                                PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_START_OPTIMIZE;
  int code_of_error;
  PCRE2_SIZE offset;
  pcre2_code* code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), kOptions,
                                   &code_of_error, &offset, context.get());
  if (code == nullptr) {
    PCRE2_UCHAR message[256] = {};
    pcre2_get_error_message(code_of_error, message, sizeof(message));
    return Error{
        {},
        std::string("the pattern is not supported: ") + reinterpret_cast<const char*>(message),
        "write it with smaller repeat counts and simpler lookbehinds"};
  }
  return std::unique_ptr<Pcre2Matcher>(new Pcre2Matcher(code, tree.group_count()));
}

Pcre2Matcher::~Pcre2Matcher() { pcre2_code_free(code_); }

Pcre2Matcher::Outcome Pcre2Matcher::Search(std::string_view text, Match* match) const {
  // Nearly every search takes a few steps. One that takes many is begun anew, with more of them, as
  // long as there are not too many such searches.
  const Outcome outcome = SearchWithin(kSlowSearch, text, match);
  if (outcome != Outcome::kGaveUp || !CountSlowSearch()) return outcome;
  return SearchWithin(kMaxSearchSteps, text, match);
}

Pcre2Matcher::Outcome Pcre2Matcher::SearchWithin(uint32_t steps, std::string_view text,
                                                 Match* match) const {
  thread_local const MatchContext kContext(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(kContext.get(), steps);
  size_t count = static_cast<size_t>(groups_) + 1;
  pcre2_match_data* data = ThreadMatchData(static_cast<uint32_t>(count));
  int result = pcre2_match(code_, reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(), 0, 0,
                           data, kContext.get());
  if (result == PCRE2_ERROR_NOMATCH) return Outcome::kNoMatch;
  if (result < 0) return Outcome::kGaveUp;
  const PCRE2_SIZE* spans = pcre2_get_ovector_pointer(data);
  match->resize(count);
  for (size_t i = 0; i < count; ++i) {
    bool matched = i < static_cast<size_t>(result) && spans[2 * i] != PCRE2_UNSET;
    (*match)[i] =
        matched ? Span{static_cast<uint32_t>(spans[2 * i]), static_cast<uint32_t>(spans[2 * i + 1])}
                : Span();
  }
  return Outcome::kMatch;
}

}  // namespace wcheck::regex
