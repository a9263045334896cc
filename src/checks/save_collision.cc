// Two model keys, one checkpoint name: docs/checks/save-collision.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class SaveCollisionCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"save-collision", "round trip", Severity::kError,
                                     "different model keys are saved under one name"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override {
    return fault.kind == Fault::Kind::kSaveCollision && !fault.not_bijective;
  }
};

}  // namespace

const Check& SaveCollision() {
  static const SaveCollisionCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
