#include "judge/baseline.h"

#include <algorithm>

namespace wcheck {
namespace {

constexpr std::string_view kFirstLine = "wcheck baseline version 1";

std::string Escaped(std::string_view cause) {
  std::string out;
  for (const char c : cause) {
    switch (c) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string Unescaped(std::string_view line) {
  std::string out;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      out += line[i];
      continue;
    }
    ++i;
    out += line[i] == 'n' ? '\n' : line[i] == 'r' ? '\r' : line[i];
  }
  return out;
}

}  // namespace

std::string WriteBaseline(const std::vector<Finding>& findings) {
  Baseline causes;
  for (const Finding& finding : findings) causes.insert(finding.cause);
  std::string text(kFirstLine);
  text += '\n';
  for (const std::string& cause : causes) text += Escaped(cause) + '\n';
  return text;
}

Result<Baseline> ReadBaseline(const SourceFile& file) {
  Baseline causes;
  uint32_t number = 0;
  for (std::string_view rest = file.text(); !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (number == 1 ? line == kFirstLine : line.empty() || line.starts_with('#')) continue;
    // Every cause begins with the name of its check.
    if (number == 1 || CheckOfCause(line).size() == line.size()) {
      return Error{{file.path(), number, 0, ""},
                   number == 1
                       ? "not a baseline: it does not begin with '" + std::string(kFirstLine) + "'"
                       : "expected a cause, CHECK|…, found '" + std::string(line) + "'",
                   "`wcheck check --write-baseline FILE` writes one"};
    }
    causes.insert(Unescaped(line));
  }
  if (number == 0) {
    return Error{{file.path(), 0, 0, ""},
                 "not a baseline: the file is empty",
                 "`wcheck check --write-baseline FILE` writes one"};
  }
  return causes;
}

BaselineUse ApplyBaseline(const Baseline& baseline, std::vector<Finding>* findings) {
  BaselineUse use;
  Baseline seen;
  std::erase_if(*findings, [&](const Finding& finding) {
    if (!baseline.contains(finding.cause)) return false;
    seen.insert(finding.cause);
    ++use.known;
    return true;
  });
  std::ranges::set_difference(baseline, seen, std::back_inserter(use.fixed));
  return use;
}

std::string_view CheckOfCause(std::string_view cause) { return cause.substr(0, cause.find('|')); }

}  // namespace wcheck
