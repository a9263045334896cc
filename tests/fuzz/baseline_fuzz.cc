// Whatever the bytes, the reader of a baseline ends, and what it has read is read again from what is
// written of it.
#include <algorithm>

#include "judge/baseline.h"

#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = wcheck::fuzz::File("wcheck.baseline", data, size);
  const wcheck::Result<wcheck::Baseline> baseline = wcheck::ReadBaseline(*file);
  if (!baseline) {
    wcheck::fuzz::RequireError(baseline.error());
    return 0;
  }
  std::vector<wcheck::Finding> none;
  const wcheck::BaselineUse use = wcheck::ApplyBaseline(*baseline, &none);
  wcheck::fuzz::Require(use.known == 0 && use.fixed.size() <= baseline->lines.size());
  for (const std::string& line : baseline->lines) {
    wcheck::fuzz::Require(wcheck::CheckOfLine(line).size() <= line.size());
  }
  if (baseline->version != wcheck::kBaselineVersion) return 0;
  const std::set<std::string> lines(baseline->lines.begin(), baseline->lines.end());
  // An escaped '#' is no comment; identities have none.
  if (std::any_of(lines.begin(), lines.end(), [](const auto& l) { return l.starts_with('#'); })) {
    return 0;
  }
  const wcheck::SourceFile written("again", wcheck::WriteBaseline({}, lines));
  const wcheck::Result<wcheck::Baseline> again = wcheck::ReadBaseline(written);
  wcheck::fuzz::Require(again.ok() && again->lines == baseline->lines);
  return 0;
}
