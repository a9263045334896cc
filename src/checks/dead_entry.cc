// An entry that no class reaches: docs/checks/dead-entry.md.
#include <algorithm>

#include "catalogue.h"

namespace wcheck {
namespace {

class DeadEntryCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{"dead-entry", "registry", Severity::kNote,
                                     "no class looks this entry up"};
    return kInfo;
  }

  void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const override {
    if (!context.all_classes) return;
    const Registry& registry = context.registry.registry();
    for (const auto& [name, entry] : registry.entries) {
      if (name == kLegacyEntry || context.Reached(name)) continue;
      auto alias = std::find_if(registry.aliases.begin(), registry.aliases.end(),
                                [&](const Alias& a) { return a.name == name; });
      bool is_alias = alias != registry.aliases.end();
      Finding finding;
      finding.where = is_alias ? alias->where : entry.where;
      finding.message =
          std::string(is_alias ? "no class reaches the alias `" : "no class reaches the entry `") +
          name +
          "`: no layout has this name or model_type, or an entry that is found earlier "
          "stands for it";
      finding.cause = name;
      finding.advice = "remove it, or see that the name is spelled as the class or model_type is";
      sink->Add(std::move(finding));
    }
  }
};

}  // namespace

const Check& DeadEntry() {
  static const DeadEntryCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
