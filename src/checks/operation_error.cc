// An operation that raises: docs/checks/operation-error.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class OperationErrorCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"operation-error", "round trip", Severity::kError,
                                     "an operation of a converter raises"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override { return fault.kind == Fault::Kind::kOperation; }
};

}  // namespace

const Check& OperationError() {
  static const OperationErrorCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
