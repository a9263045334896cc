#include "wcheck/key_family.h"

#include <cassert>

namespace wcheck {
namespace {

constexpr size_t kMaxDigits = 9;  // below 10^9

bool IsNumber(std::string_view part) {
  if (part.empty() || part.size() > kMaxDigits) return false;
  if (part[0] == '0' && part.size() > 1) return false;
  for (char c : part) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

uint32_t ParseNumber(std::string_view part) {
  uint32_t value = 0;
  for (char c : part) value = value * 10 + static_cast<uint32_t>(c - '0');
  return value;
}

// The pattern with its i-th hole replaced by what `show(i)` appends.
template <typename Show>
std::string FillHoles(std::string_view pattern, size_t hole_count, Show&& show) {
  std::string out;
  out.reserve(pattern.size() + hole_count * 4);
  size_t hole = 0;
  for (char c : pattern) {
    if (c != kHole) {
      out += c;
      continue;
    }
    assert(hole < hole_count);
    if (hole < hole_count) show(out, hole);
    ++hole;
  }
  return out;
}

}  // namespace

void SplitNumbers(std::string_view key, std::string* pattern, std::vector<uint32_t>* numbers) {
  pattern->clear();
  numbers->clear();
  while (true) {
    const size_t dot = key.find('.');
    const std::string_view part = key.substr(0, dot);
    if (IsNumber(part)) {
      pattern->push_back(kHole);
      numbers->push_back(ParseNumber(part));
    } else {
      pattern->append(part);
    }
    if (dot == std::string_view::npos) return;
    pattern->push_back('.');
    key.remove_prefix(dot + 1);
  }
}

SplitKey SplitNumbers(std::string_view key) {
  SplitKey split;
  split.pattern.reserve(key.size());
  SplitNumbers(key, &split.pattern, &split.numbers);
  return split;
}

std::string JoinNumbers(std::string_view pattern, std::span<const uint32_t> numbers) {
  return FillHoles(pattern, numbers.size(),
                   [&](std::string& out, size_t hole) { out += std::to_string(numbers[hole]); });
}

std::string ShowFamily(std::string_view pattern, std::span<const IndexSet> sets) {
  return FillHoles(pattern, sets.size(), [&](std::string& out, size_t hole) {
    const bool one_value = sets[hole].size() == 1;
    if (!one_value) out += '{';
    out += sets[hole].ToString();
    if (!one_value) out += '}';
  });
}

}  // namespace wcheck
