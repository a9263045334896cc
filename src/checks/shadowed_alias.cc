// An alias with an entry of its own: docs/checks/shadowed-alias.md.
#include <algorithm>

#include "checks/check.h"
#include "checks/repair.h"

namespace wcheck::shadowed_alias {
namespace {

// An alias copies its entry, so that a copy is no entry of its own.
bool SameTransforms(const Entry& a, const Entry& b) {
  return std::equal(
      a.transforms.begin(), a.transforms.end(), b.transforms.begin(), b.transforms.end(),
      [](const TransformSpec& x, const TransformSpec& y) { return SameTransform(x, y); });
}

}  // namespace

void Check(const RegistryContext& context, FindingSink* sink) {
  const Registry& registry = context.registry.registry();
  for (const Alias& alias : registry.aliases) {
    const Entry* own = registry.Find(alias.name);
    const Entry* other = registry.Find(alias.entry);
    if (own == nullptr || other == nullptr || own->incomplete || other->incomplete) continue;
    if (SameTransforms(*own, *other)) continue;
    // A run about one model does not ask about the aliases of others.
    if (!context.all_classes && !context.Reached(alias.name)) continue;
    Finding finding;
    finding.where = alias.where;
    finding.message = "the alias `" + alias.name + "` -> `" + alias.entry + "` is ignored: `" +
                      alias.name + "` has an entry of its own, with other transforms";
    finding.cause = "entry-exists";
    finding.subject = alias.name + " -> " + alias.entry;
    finding.advice = "remove the alias: it has no effect";
    Propose(RemoveAlias(alias), &finding);
    sink->Add(std::move(finding));
  }
}

}  // namespace wcheck::shadowed_alias
