// The file is not Python: docs/checks/syntax-error.md.
#include "checks/catalogue.h"
#include "checks/remark_check.h"

namespace wcheck {
namespace {

class SyntaxErrorCheck : public RemarkCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"syntax-error", "registry", Severity::kError,
                                     "the registry's source is not valid Python"};
    return kInfo;
  }

 private:
  ReaderRemark::Kind kind() const override { return ReaderRemark::Kind::kSyntaxError; }
  std::string_view advice() const override {
    return "mend the syntax; Python cannot import the file either";
  }
};

}  // namespace

const Check& SyntaxError() {
  static const SyntaxErrorCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
