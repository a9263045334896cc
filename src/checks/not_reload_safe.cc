// The model's own keys do not load as themselves: docs/checks/not-reload-safe.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class NotReloadSafeCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"not-reload-safe", "stability", Severity::kError,
                                     "the model's own keys are renamed away on load"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override { return fault.kind == Fault::Kind::kReload; }
};

}  // namespace

const Check& NotReloadSafe() {
  static const NotReloadSafeCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
