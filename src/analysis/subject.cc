#include "analysis/subject.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include <llvm/ADT/StringExtras.h>

#include "wcheck/key_family.h"

namespace wcheck {
namespace {

constexpr size_t kMostListed = 6;

// "{0...31}" and "{0,2,5}", as ShowFamily writes the values of a hole, and holes themselves.
std::string WithoutSets(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const size_t end = name.find_first_not_of("0123456789.,", 1);
    if (name.front() == kHole) {
      out += '*';
      name.remove_prefix(1);
    } else if (name.front() == '{' && end != std::string_view::npos && end > 1 &&
               name[end] == '}') {
      out += '*';
      name.remove_prefix(end + 1);
    } else {
      out += name.front();
      name.remove_prefix(1);
    }
  }
  return out;
}

// FNV-1a: the same on every machine and in every release.
uint64_t Digest(const std::set<std::string>& names) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const std::string& name : names) {
    for (const char c : name + '\n') {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    }
  }
  return hash;
}

}  // namespace

std::string Numberless(std::string_view name) {
  std::string pattern = SplitNumbers(WithoutSets(name)).pattern;
  std::replace(pattern.begin(), pattern.end(), kHole, '*');
  return pattern;
}

std::string NumberlessList(const std::vector<std::string>& names) {
  std::set<std::string> patterns;
  for (const std::string& name : names) patterns.insert(Numberless(name));
  std::string out;
  size_t listed = 0;
  for (const std::string& pattern : patterns) {
    if (listed == kMostListed) break;
    out += (listed++ == 0 ? "" : ", ") + pattern;
  }
  if (patterns.size() > kMostListed) {
    out += ", … " + llvm::utohexstr(Digest(patterns), /*LowerCase=*/true);
  }
  return out;
}

bool IsUnder(std::string_view key, std::string_view path) {
  return key.size() > path.size() && key.starts_with(path) && key[path.size()] == '.';
}

std::string CountKeys(uint64_t count) {
  return std::to_string(count) + (count == 1 ? " key" : " keys");
}

std::string ErrorName(const EngineError& error) {
  const std::string text = error.ToString();
  return text.substr(0, text.find(':'));
}

std::string OperationFailure(const Transform& converter, const EngineError& error) {
  std::string names;
  for (const Operation& operation : converter.operations) {
    names += (names.empty() ? "" : ", ") + std::string(OperationName(operation.kind));
  }
  return names + ": " + ErrorName(error);
}

}  // namespace wcheck
