// The reverse cannot be built or run: docs/checks/reverse-error.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class ReverseErrorCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "reverse-error", "round trip", Severity::kError,
        "the engine raises when it builds or applies a transform or its reverse"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override { return fault.kind == Fault::Kind::kReverse; }
};

}  // namespace

const Check& ReverseError() {
  static const ReverseErrorCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
