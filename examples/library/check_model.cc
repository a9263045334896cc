// Checks one model class against a mapping: check_model MAPPING LAYOUTS CLASS
#include <iostream>

#include <wcheck/wcheck.h>

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: check_model MAPPING LAYOUTS CLASS\n", 2;
  const auto verdict = wcheck::CheckModel(argv[1], argv[2], argv[3]);
  if (!verdict) return std::cerr << verdict.error().ToString() << '\n', 2;
  for (const wcheck::Finding& finding : verdict->judgement.findings)
    std::cout << finding.place().place().ToString() << ": " << finding.message << '\n';
  return verdict->judgement.count(wcheck::Severity::kError) == 0 ? 0 : 1;
}
