#include "judge/baseline.h"

#include <algorithm>
#include <map>

#include "analysis/subject.h"

namespace wcheck {
namespace {

constexpr std::string_view kFirstLine = "wcheck baseline version ";

std::string Escaped(std::string_view line) {
  std::string out;
  for (const char c : line) {
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

// The version that the first line names; 0 if it is not the first line of a baseline.
int VersionOf(std::string_view line) {
  if (!line.starts_with(kFirstLine)) return 0;
  line.remove_prefix(kFirstLine.size());
  for (int version = 1; version <= kBaselineVersion; ++version) {
    if (line == std::to_string(version)) return version;
  }
  return 0;
}

// --- version 1

// How the lines of version 1 begin that may be about a finding: with its check and transform, or
// its check and one of its classes.
std::vector<std::string> OldBeginnings(const Finding& finding) {
  const std::string check(finding.check);
  if (finding.transform) {
    // The entry is the one where the transform was written, as in the identity.
    const size_t end = finding.identity.find('|', check.size() + 1);
    return {finding.identity.substr(0, end) + '|' + ShowTransform(*finding.transform->spec) + '|'};
  }
  std::vector<std::string> out = {check + "||"};
  for (const ClassEvidence& evidence : finding.classes) {
    out.push_back(check + '|' + evidence.class_name + '|');
  }
  return out;
}

// Every name of the subject is in the text. (The old texts had numbers, and other words between.)
bool HoldsSubject(std::string_view text, std::string_view subject) {
  constexpr std::string_view kArrow = " -> ";
  const std::string words = Numberless(text);
  for (;;) {
    const size_t end = subject.find(kArrow);
    if (words.find(Numberless(subject.substr(0, end))) == std::string::npos) return false;
    if (end == std::string_view::npos) return true;
    subject.remove_prefix(end + kArrow.size());
  }
}

// For each finding, the lines of a version 1 baseline that know it.
std::vector<std::vector<std::string>> OldLinesOf(const Baseline& baseline,
                                                 const std::vector<Finding>& findings) {
  std::map<std::string, std::vector<size_t>> by_beginning;
  for (size_t i = 0; i < findings.size(); ++i) {
    for (std::string& beginning : OldBeginnings(findings[i])) {
      by_beginning[std::move(beginning)].push_back(i);
    }
  }
  std::vector<std::vector<std::string>> out(findings.size());
  for (const auto& [beginning, candidates] : by_beginning) {
    for (auto line = baseline.lines.lower_bound(beginning);
         line != baseline.lines.end() && line->starts_with(beginning); ++line) {
      const std::string_view rest = std::string_view(*line).substr(beginning.size());
      for (const size_t i : candidates) {
        if (candidates.size() == 1 || HoldsSubject(rest, findings[i].subject)) {
          out[i].push_back(*line);
        }
      }
    }
  }
  return out;
}

std::vector<std::vector<std::string>> LinesOf(const Baseline& baseline,
                                              const std::vector<Finding>& findings) {
  if (baseline.version == 1) return OldLinesOf(baseline, findings);
  std::vector<std::vector<std::string>> out(findings.size());
  for (size_t i = 0; i < findings.size(); ++i) {
    if (baseline.lines.contains(findings[i].identity)) out[i].push_back(findings[i].identity);
  }
  return out;
}

}  // namespace

std::string WriteBaseline(const std::vector<Finding>& findings,
                          const std::set<std::string>& others) {
  std::set<std::string> identities = others;
  for (const Finding& finding : findings) identities.insert(finding.identity);
  std::string text = std::string(kFirstLine) + std::to_string(kBaselineVersion) + '\n';
  for (const std::string& identity : identities) text += Escaped(identity) + '\n';
  return text;
}

Result<Baseline> ReadBaseline(const SourceFile& file) {
  Baseline baseline;
  uint32_t number = 0;
  for (std::string_view rest = file.text(); !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (number == 1) {
      baseline.version = VersionOf(line);
      if (baseline.version != 0) continue;
      const bool other_version = line.starts_with(kFirstLine);
      return Error{{file.path(), number, 0, ""},
                   other_version
                       ? "this baseline was written by a newer wcheck"
                       : "not a baseline: it does not begin with '" + std::string(kFirstLine) +
                             std::to_string(kBaselineVersion) + "'",
                   "`wcheck check --write-baseline FILE` writes one"};
    }
    if (line.empty() || line.starts_with('#')) continue;
    // Every line begins with the name of its check.
    if (CheckOfLine(line).size() == line.size()) {
      return Error{{file.path(), number, 0, ""},
                   "expected the identity of a finding, CHECK|…, found '" + std::string(line) + "'",
                   "`wcheck check --write-baseline FILE` writes one"};
    }
    baseline.lines.insert(Unescaped(line));
  }
  if (number == 0) {
    return Error{{file.path(), 0, 0, ""},
                 "not a baseline: the file is empty",
                 "`wcheck check --write-baseline FILE` writes one"};
  }
  return baseline;
}

BaselineUse ApplyBaseline(const Baseline& baseline, std::vector<Finding>* findings) {
  const std::vector<std::vector<std::string>> lines = LinesOf(baseline, *findings);
  BaselineUse use;
  std::set<std::string, std::less<>> seen;
  std::vector<Finding> unknown;
  for (size_t i = 0; i < findings->size(); ++i) {
    if (lines[i].empty()) {
      unknown.push_back(std::move((*findings)[i]));
      continue;
    }
    ++use.known;
    use.identities.insert((*findings)[i].identity);
    seen.insert(lines[i].begin(), lines[i].end());
  }
  *findings = std::move(unknown);
  use.matched = seen.size();
  std::ranges::set_difference(baseline.lines, seen, std::back_inserter(use.fixed));
  return use;
}

std::string_view CheckOfLine(std::string_view line) { return line.substr(0, line.find('|')); }

}  // namespace wcheck
