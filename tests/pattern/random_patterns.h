// Random patterns and texts for the property tests. The same seed gives the same ones everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}

  // A number from 0 to limit - 1.
  uint32_t Below(uint32_t limit) { return static_cast<uint32_t>(engine_() % limit); }
  bool OneIn(uint32_t n) { return Below(n) == 0; }
  std::string_view Pick(const std::vector<std::string_view>& choices) {
    return choices[Below(static_cast<uint32_t>(choices.size()))];
  }

 private:
  std::mt19937 engine_;
};

// What a generated pattern may contain.
struct PatternKind {
  bool lookaround = true;
  bool references = true;  // backreferences and conditionals
  bool flags = true;
  bool non_ascii = true;
};

// A pattern that Python mostly accepts.
std::string RandomPattern(const PatternKind& kind, Random* random);

// A pattern with a few characters removed, doubled, or inserted: mostly broken.
std::string Mutate(std::string pattern, Random* random);

// A short text of the characters that the patterns mention, so that matches are frequent.
std::string RandomText(bool non_ascii, Random* random);

// A dotted name with numbers in it.
std::string RandomKey(Random* random);

}  // namespace wcheck
