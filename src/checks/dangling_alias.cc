// An alias to nothing: docs/checks/dangling-alias.md.
#include "checks/catalogue.h"

namespace wcheck {
namespace {

class DanglingAliasCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"dangling-alias", "registry", Severity::kError,
                                     "an alias names an entry that does not exist"};
    return kInfo;
  }

  void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const override {
    const Registry& registry = context.registry.registry();
    for (const Alias& alias : registry.aliases) {
      if (registry.Find(alias.entry) != nullptr) continue;
      Finding finding;
      finding.where = alias.where;
      finding.message =
          "the alias `" + alias.name + "` names `" + alias.entry + "`, but there is no such entry";
      finding.cause = alias.name + " -> " + alias.entry;
      finding.advice = "name an entry, or remove the alias";
      sink->Add(std::move(finding));
    }
  }
};

}  // namespace

const Check& DanglingAlias() {
  static const DanglingAliasCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
