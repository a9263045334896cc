#include "checks/remarks.h"

namespace wcheck {
namespace {

std::string_view AdviceForRemark(ReaderRemark::Kind kind) {
  switch (kind) {
    case ReaderRemark::Kind::kSyntaxError:
      return "fix the syntax; Python cannot import the file either";
    case ReaderRemark::Kind::kUnsupportedConstruct:
      return "write it with what docs/python-registry.md lists, or check these entries by hand";
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
