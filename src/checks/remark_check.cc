#include "checks/remark_check.h"

namespace wcheck {

void RemarkCheck::JudgeRegistry(const RegistryContext& context, FindingSink* sink) const {
  for (const ReaderRemark& remark : context.registry.registry().remarks) {
    if (remark.kind != kind()) continue;
    Finding finding;
    finding.where = remark.where;
    finding.message = remark.message;
    finding.advice = advice();
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
