// One model_type entry for classes of which some break: docs/checks/mixed-lookup.md.
#include "checks/catalogue.h"

namespace wcheck {
namespace {

class MixedLookupCheck : public Check {
 public:
  const CheckInfo& info() const override {
    static constexpr CheckInfo kInfo{
        "mixed-lookup", "registry", Severity::kNote,
        "an entry that is found by model_type serves some classes and breaks others"};
    return kInfo;
  }

  void JudgeRegistry(const RegistryContext& context, FindingSink* sink) const override {
    for (const auto& [name, lookup] : context.by_model_type) {
      if (lookup.clean.empty() || lookup.broken.empty()) continue;
      const Entry* entry = context.registry.registry().Find(name);
      if (entry == nullptr || entry->transforms.empty()) continue;
      Finding finding;
      finding.where = entry->where;
      finding.message = "the entry `" + name + "` is found by model_type: it serves " +
                        Show(lookup.clean) + ", and the round trip of " + Show(lookup.broken) +
                        " breaks with it";
      finding.cause = name;
      for (const std::string& broken : lookup.broken) finding.classes.push_back({broken, {}, 0});
      finding.advice = "give the classes whose keys differ an entry of their own, by class name";
      sink->Add(std::move(finding));
    }
  }

 private:
  static std::string Show(const std::vector<std::string>& classes) {
    constexpr size_t kShown = 3;
    std::string out;
    for (size_t i = 0; i < classes.size() && i < kShown; ++i) {
      out += (i == 0 ? "" : ", ") + classes[i];
    }
    if (classes.size() > kShown) out += " and " + std::to_string(classes.size() - kShown) + " more";
    return out;
  }
};

}  // namespace

const Check& MixedLookup() {
  static const MixedLookupCheck kCheck;
  return kCheck;
}

}  // namespace wcheck
