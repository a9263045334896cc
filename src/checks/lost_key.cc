// A key that does not come back: docs/checks/lost-key.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class LostKeyCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"lost-key", "round trip", Severity::kError,
                                     "a key is saved, but not loaded back"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override {
    return fault.kind == Fault::Kind::kLostKey && !fault.not_bijective;
  }
};

}  // namespace

const Check& LostKey() {
  static const LostKeyCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
