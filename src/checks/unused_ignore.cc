// A comment that silences nothing: docs/checks/unused-ignore.md.
#include "checks/catalogue.h"

namespace wcheck {
namespace {

class UnusedIgnoreCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"unused-ignore", "registry", Severity::kWarning,
                                     "an ignore comment that silences nothing"};
    return kInfo;
  }

  void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const override {
    const Registry& registry = context.registry.registry();
    for (const IdleIgnore& unused : context.idle_ignores) {
      Finding finding;
      finding.where = registry.ignores[unused.comment].where;
      if (unused.check.empty()) {
        finding.message = "this comment silences nothing";
      } else if (FindCheck(unused.check) == nullptr) {
        finding.message = "there is no check `" + unused.check + "`";
      } else {
        finding.message = "this comment silences no `" + unused.check + "`";
      }
      finding.advice = "remove it";
      sink->Add(std::move(finding));
    }
  }
};

}  // namespace

const Check& UnusedIgnore() {
  static const UnusedIgnoreCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
