// An exported key that sections leave out: docs/checks/uncovered-export.md.
#include "checks/catalogue.h"
#include "checks/leaf_coverage.h"

namespace wcheck {
namespace {

class UncoveredExportCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "uncovered-export", "sections", Severity::kError,
        "an exported key is not imported, or not written by an export"};
    return kInfo;
  }

  void JudgeClass(const ClassContext& context, FindingSink* sink) const override {
    if (context.sections != nullptr) ReportUncovered(ExportedLeftOut(*context.sections), sink);
  }
};

}  // namespace

const Check& UncoveredExport() {
  static const UncoveredExportCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
