// A guard is taken as true: docs/checks/assumed-guard.md.
#include "checks/catalogue.h"
#include "checks/remark_check.h"

namespace wcheck {
namespace {

class AssumedGuardCheck : public RemarkCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"assumed-guard", "registry", Severity::kNote,
                                     "a guard on what is installed is taken as true"};
    return kInfo;
  }

 private:
  ReaderRemark::Kind kind() const override { return ReaderRemark::Kind::kAssumption; }
  std::string_view advice() const override { return ""; }
};

}  // namespace

const Check& AssumedGuard() {
  static const AssumedGuardCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
