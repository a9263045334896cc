// The reader does not know a construct: docs/checks/unsupported-construct.md.
#include "checks/catalogue.h"
#include "checks/remark_check.h"

namespace wcheck {
namespace {

class UnsupportedConstructCheck : public RemarkCheck {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "unsupported-construct", "registry", Severity::kWarning,
        "a construct that the reader of Python registries does not evaluate"};
    return kInfo;
  }

 private:
  ReaderRemark::Kind kind() const override { return ReaderRemark::Kind::kUnsupportedConstruct; }
  std::string_view advice() const override {
    return "write it with what docs/python-registry.md lists, or check these entries by hand";
  }
};

}  // namespace

const Check& UnsupportedConstruct() {
  static const UnsupportedConstructCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
