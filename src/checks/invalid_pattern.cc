// A pattern that does not compile: docs/checks/invalid-pattern.md.
#include "checks/catalogue.h"
#include "checks/rejected_check.h"

namespace wcheck {
namespace {

class InvalidPatternCheck : public RejectedCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"invalid-pattern", "round trip", Severity::kError,
                                     "a pattern that Python's re rejects"};
    return kInfo;
  }

 private:
  bool Owns(const EngineError& error) const override {
    return error.kind == EngineError::Kind::kPatternError;
  }
  std::string_view advice() const override {
    return "mend the pattern; `python3 -c 'import re; re.compile(r\"…\")'` says the same";
  }
};

}  // namespace

const Check& InvalidPattern() {
  static const InvalidPatternCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
