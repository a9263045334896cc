// Chooses the matcher. A search first tests the required literals; then it uses the simplest
// matcher that has Python's semantics for this pattern and this text. Matchers are created lazily
// and shared by all copies of a pattern.
#include "pattern/pattern.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>

#include "pattern/digit_sets.h"
#include "pattern/empty_repeat.h"
#include "pattern/parser.h"
#include "pattern/pcre2_matcher.h"
#include "pattern/prefilter.h"
#include "pattern/re2_matcher.h"
#include "pattern/sequence_matcher.h"
#include "pattern/syntax_tree.h"
#include "support/utf8.h"

namespace wcheck {
namespace {

constexpr size_t kMaxPatternBytes = size_t{1} << 20;
// Patterns below this size, without counted repeats and with plain lookbehinds, always compile in
// PCRE2.
constexpr size_t kSurelySmall = 1000;

// A text for which RE2's view of ASCII characters and of lines is the same as Python's.
bool IsPlain(std::string_view text) {
  return !text.empty() && IsAscii(text) && text.find('\n') == std::string_view::npos;
}

}  // namespace

void DigitClasses::Split(uint16_t digits) {
  std::array<uint8_t, 10> next{};
  std::array<int8_t, 20> label;
  label.fill(-1);
  uint8_t labels = 0;
  for (size_t d = 0; d < 10; ++d) {
    int8_t& mine = label[class_of_[d] * 2 + (digits >> d & 1)];
    if (mine < 0) mine = static_cast<int8_t>(labels++);
    next[d] = static_cast<uint8_t>(mine);
  }
  class_of_ = next;
  trivial_ = labels == 1;
}

void DigitClasses::Split(const DigitClasses& other) {
  if (other.trivial_) return;
  std::array<uint16_t, 10> members{};  // of each class
  for (size_t d = 0; d < 10; ++d) members[other.class_of_[d]] |= static_cast<uint16_t>(1U << d);
  for (uint16_t digits : members) {
    if (digits != 0) Split(digits);
  }
}

struct Pattern::Impl {
  std::string text;
  regex::Tree tree;
  regex::Prefilter prefilter;

  // The matchers are created when first needed: most patterns never get past the prefilter.
  mutable std::once_flag sequence_once;
  mutable std::unique_ptr<regex::SequenceMatcher> sequence;
  mutable std::once_flag re2_once;
  mutable std::unique_ptr<regex::Re2Matcher> re2;
  mutable std::once_flag pcre2_once;
  mutable std::optional<Result<std::unique_ptr<regex::Pcre2Matcher>>> pcre2;
  mutable std::atomic<bool> gave_up = false;
  mutable std::mutex gave_up_mutex;
  mutable std::string gave_up_on;

  mutable std::once_flag digits_once;
  mutable DigitClasses delimited_digits;

  const regex::SequenceMatcher* Sequence() const {
    std::call_once(sequence_once, [this] { sequence = regex::SequenceMatcher::Create(tree); });
    return sequence.get();
  }
  const regex::Re2Matcher* Re2() const {
    std::call_once(re2_once, [this] { re2 = regex::Re2Matcher::Create(tree); });
    return re2.get();
  }
  const Result<std::unique_ptr<regex::Pcre2Matcher>>& Pcre2() const {
    std::call_once(pcre2_once, [this] { pcre2.emplace(regex::Pcre2Matcher::Create(tree)); });
    return *pcre2;
  }
};

Result<Pattern> Pattern::Compile(std::string_view text) {
  if (text.size() > kMaxPatternBytes) {
    return Error{{}, "the pattern is longer than 1 MiB", "shorten it"};
  }
  if (!IsAscii(text)) {
    if (size_t bad = FindInvalidUtf8(text); bad != std::string_view::npos) {
      Place place;
      place.column = static_cast<uint32_t>(bad + 1);
      place.inside = "offset " + std::to_string(bad);
      return Error{place, "the pattern is not valid UTF-8", "save its file as UTF-8"};
    }
  }
  auto impl = std::make_shared<Impl>();
  impl->text = text;
  if (auto error = regex::Parser(impl->text, &impl->tree).Parse()) {
    Place place;
    if (error->position != regex::SyntaxError::kNoPosition) {
      place.column = error->position + 1;
      place.inside = "position " + std::to_string(error->position);
    }
    return Error{place, std::move(error->message), "see the syntax of Python's re module"};
  }
  const regex::Tree& tree = impl->tree;
  impl->prefilter = regex::Prefilter(tree);
  if ((tree.has_counted_repeat || tree.has_backreference) && regex::HasUnfaithfulRepeat(tree)) {
    return Error{{},
                 "the pattern is not supported: it repeats something that may be empty a limited "
                 "number of times",
                 "exclude the empty text from the repetition"};
  }
  // The matchers are built lazily, but a pattern that PCRE2 might refuse has to be refused here,
  // not on its first search.
  if (tree.nodes.size() > kSurelySmall || tree.has_counted_repeat || tree.has_odd_lookbehind) {
    if (const auto& matcher = impl->Pcre2(); !matcher) return matcher.error();
  }
  return Pattern(std::move(impl));
}

bool Pattern::Search(std::string_view text, Match* match) const {
  if (!impl_->prefilter.Passes(text)) return false;
  if (IsPlain(text)) {
    if (text.size() <= regex::SequenceMatcher::kMaxTextBytes) {
      if (const auto* sequence = impl_->Sequence()) return sequence->Search(text, match);
    }
    if (const regex::Re2Matcher* re2 = impl_->Re2()) return re2->Search(text, match);
  }
  const auto& pcre2 = impl_->Pcre2();
  auto outcome = pcre2 ? (*pcre2)->Search(text, match) : regex::Pcre2Matcher::Outcome::kGaveUp;
  if (outcome == regex::Pcre2Matcher::Outcome::kGaveUp) {
    std::lock_guard lock(impl_->gave_up_mutex);
    if (!impl_->gave_up || text < impl_->gave_up_on) impl_->gave_up_on = text;
    impl_->gave_up.store(true, std::memory_order_relaxed);
  }
  return outcome == regex::Pcre2Matcher::Outcome::kMatch;
}

const std::string& Pattern::text() const { return impl_->text; }

int Pattern::group_count() const { return impl_->tree.group_count(); }

const std::vector<std::pair<std::string, int>>& Pattern::named_groups() const {
  return impl_->tree.named_groups;
}

std::string_view Pattern::required_literal() const {
  const auto& all_of = impl_->prefilter.all_of();
  return !all_of.empty() && all_of[0].size() == 1 ? std::string_view(all_of[0][0].text)
                                                  : std::string_view();
}

void Pattern::AddDigitClasses(bool delimited, DigitClasses* classes) const {
  if (!delimited) {
    regex::SplitByDigitSets(impl_->tree, delimited, classes);
    return;
  }
  std::call_once(impl_->digits_once,
                 [this] { regex::SplitByDigitSets(impl_->tree, true, &impl_->delimited_digits); });
  classes->Split(impl_->delimited_digits);
}

bool Pattern::MayMatchFamily(std::string_view key_pattern, bool cut) const {
  return impl_->prefilter.PassesFamily(key_pattern, cut);
}

bool Pattern::compares_text() const { return impl_->tree.has_backreference; }

bool Pattern::has_lookaround() const { return impl_->tree.has_lookaround; }

bool Pattern::needs_pcre2() const {
  return impl_->Sequence() == nullptr && !regex::TranslateToRe2(impl_->tree);
}

Result<Pattern> PatternCache::Compile(const std::string& text) {
  std::lock_guard lock(mutex_);
  auto found = compiled_.find(text);
  if (found == compiled_.end()) found = compiled_.emplace(text, Pattern::Compile(text)).first;
  return found->second;
}

std::vector<Pattern> PatternCache::GivenUp() const {
  std::vector<Pattern> out;
  {
    std::lock_guard lock(mutex_);
    for (const auto& [text, pattern] : compiled_) {
      if (pattern && pattern->gave_up()) out.push_back(*pattern);
    }
  }
  std::ranges::sort(out, {}, &Pattern::text);
  return out;
}

bool Pattern::gave_up() const { return impl_->gave_up.load(std::memory_order_relaxed); }

std::string Pattern::gave_up_on() const {
  std::lock_guard lock(impl_->gave_up_mutex);
  return impl_->gave_up_on;
}

}  // namespace wcheck
