// Two checkpoint keys, one model key: docs/checks/load-collision.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class LoadCollisionCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"load-collision", "round trip", Severity::kError,
                                     "different checkpoint keys are loaded into one model key"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override {
    return fault.kind == Fault::Kind::kLoadCollision && !fault.not_bijective;
  }
};

}  // namespace

const Check& LoadCollision() {
  static const LoadCollisionCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
