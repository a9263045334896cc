// An internal parameter that sections leave out: docs/checks/uncovered-internal.md.
#include "checks/catalogue.h"
#include "checks/leaf_coverage.h"

namespace wcheck {
namespace {

class UncoveredInternalCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "uncovered-internal", "sections", Severity::kError,
        "an internal parameter of a model is not exported, or not filled by an import"};
    return kInfo;
  }

  void JudgeClass(const ClassContext& context, FindingSink* sink) const override {
    if (context.sections != nullptr) ReportUncovered(ParametersLeftOut(*context.sections), sink);
  }
};

}  // namespace

const Check& UncoveredInternal() {
  static const UncoveredInternalCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
