// A transform that does not construct: docs/checks/invalid-transform.md.
#include "checks/catalogue.h"
#include "checks/rejected_check.h"

namespace wcheck {
namespace {

class InvalidTransformCheck : public RejectedCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"invalid-transform", "round trip", Severity::kError,
                                     "a transform that the engine's constructor rejects"};
    return kInfo;
  }

 private:
  bool Owns(const EngineError& error) const override {
    return error.kind != EngineError::Kind::kPatternError;
  }
  std::string_view advice() const override {
    return "see which numbers of sources and targets, groups and operations its class takes";
  }
};

}  // namespace

const Check& InvalidTransform() {
  static const InvalidTransformCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
