// A libFuzzer target: any bytes as a pattern and a text (divided by the first zero byte) must be
// compiled and searched without a crash, and every answer must be in range.
#include <cstdlib>

#include "wcheck/pattern/pattern.h"
#include "wcheck/support/file.h"

namespace {

void Check(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  size_t zero = input.find('\0');
  std::string_view text = zero == input.npos ? "model.layers.0.w1" : input.substr(zero + 1);
  std::string_view source = input.substr(0, zero);
  // Search demands valid UTF-8, which its callers' readers see to.
  if (!wcheck::CheckUtf8(text, "")) return 0;

  wcheck::Result<wcheck::Pattern> pattern = wcheck::Pattern::Compile(source);
  if (!pattern) {
    Check(!pattern.error().message.empty());
    Check(pattern.error().place.column <= source.size() + 1);
    return 0;
  }
  wcheck::DigitClasses classes;
  pattern->AddDigitClasses(true, &classes);
  wcheck::Match match;
  if (!pattern->Search(text, &match)) return 0;
  Check(match.size() == static_cast<size_t>(pattern->group_count()) + 1);
  Check(match[0].matched());
  for (const wcheck::Span& span : match) {
    if (span.matched()) Check(span.begin <= span.end && span.end <= text.size());
  }
  Check(text.find(pattern->required_literal()) != text.npos);
  return 0;
}
