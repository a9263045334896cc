// Any bytes as a pattern and a text (divided by the first zero byte) are compiled and searched, and
// every answer is in range.
#include "fuzz.h"
#include "pattern/pattern.h"
#include "support/utf8.h"

using wcheck::fuzz::Require;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input = wcheck::fuzz::Bytes(data, size);
  size_t zero = input.find('\0');
  std::string_view text =
      zero == std::string_view::npos ? "model.layers.0.w1" : input.substr(zero + 1);
  std::string_view source = input.substr(0, zero);
  // Search demands valid UTF-8, which its callers' readers see to.
  if (!wcheck::CheckUtf8(text, "")) return 0;

  wcheck::Result<wcheck::Pattern> pattern = wcheck::Pattern::Compile(source);
  if (!pattern) {
    Require(!pattern.error().message.empty());
    Require(pattern.error().place.column <= source.size() + 1);
    return 0;
  }
  wcheck::DigitClasses classes;
  pattern->AddDigitClasses(true, &classes);
  wcheck::Match match;
  if (!pattern->Search(text, &match)) return 0;
  Require(match.size() == static_cast<size_t>(pattern->group_count()) + 1);
  Require(match[0].matched());
  for (const wcheck::Span& span : match) {
    if (span.matched()) Require(span.begin <= span.end && span.end <= text.size());
  }
  Require(text.find(pattern->required_literal()) != std::string_view::npos);
  return 0;
}
