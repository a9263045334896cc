// A renaming that cannot be undone: docs/checks/non-bijective-rename.md.
#include "checks/catalogue.h"
#include "checks/fault_check.h"

namespace wcheck {
namespace {

class NonBijectiveRenameCheck : public FaultCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "non-bijective-rename", "round trip", Severity::kError,
        "one renaming gives several keys one name, or drops what it cannot put back"};
    return kInfo;
  }

 private:
  bool Owns(const Fault& fault) const override { return fault.not_bijective; }
};

}  // namespace

const Check& NonBijectiveRename() {
  static const NonBijectiveRenameCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
