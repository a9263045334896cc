#include "checks/remarks.h"

#include <algorithm>

namespace wcheck {
namespace {

std::string_view CauseOfRemark(ReaderRemark::Kind kind) {
  switch (kind) {
    case ReaderRemark::Kind::kSyntaxError:
      return "not-python";
    case ReaderRemark::Kind::kUnsupportedConstruct:
      return "not-evaluated";
    case ReaderRemark::Kind::kRaises:
      return "raises";
    case ReaderRemark::Kind::kAssumption:
      break;
  }
  return "assumed";
}

// What is written at a place, on one line; the rest of the line if the place is a point in it.
std::string SourceText(const SourceRange& where) {
  constexpr size_t kMost = 120;
  if (!where.known()) return "";
  std::string_view text = where.file->text();
  text = text.substr(std::min<size_t>(where.begin, text.size()));
  text = text.substr(0, where.end > where.begin ? where.end - where.begin : text.find('\n'));
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
    if (out.size() == kMost) break;
  }
  return out;
}

std::string_view AdviceForRemark(ReaderRemark::Kind kind) {
  switch (kind) {
    case ReaderRemark::Kind::kSyntaxError:
      return "fix the syntax; Python cannot import the file either";
    case ReaderRemark::Kind::kUnsupportedConstruct:
      return "use the constructs that docs/python-registry.md lists, or check these entries by "
             "hand";
    case ReaderRemark::Kind::kRaises:
      return "correct it: until then, whatever imports the file fails here";
    case ReaderRemark::Kind::kAssumption:
      break;
  }
  return "";
}

}  // namespace

void ReportRemarks(ReaderRemark::Kind kind, const RegistryContext& context, FindingSink* sink) {
  for (const ReaderRemark& remark : context.registry.registry().remarks) {
    if (remark.kind != kind) continue;
    Finding finding;
    finding.where = remark.where;
    finding.cause = CauseOfRemark(kind);
    finding.subject = SourceText(remark.where);
    finding.message = remark.message;
    finding.advice = AdviceForRemark(kind);
    if (!remark.entries.empty()) {
      finding.message += "; not judged: ";
      for (size_t i = 0; i < remark.entries.size(); ++i) {
        finding.message += (i == 0 ? "`" : ", `") + remark.entries[i] + "`";
      }
    }
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck
