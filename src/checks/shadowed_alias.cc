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

// Whether an entry that equals another one was written in Python, and not copied. (JSON has the
// copies of aliases written out.)
bool IsWrittenAgain(const Entry& own, const Entry& other) {
  if (own.transforms.empty()) return false;
  for (size_t i = 0; i < own.transforms.size(); ++i) {
    const auto& here = own.transforms[i].origin;
    const auto& there = other.transforms[i].origin;
    if (here == nullptr || there == nullptr || here == there || !here->call.known() ||
        !here->provenance.empty() || !here->call.file->path().ends_with(".py") ||
        here->call.begin == there->call.begin) {
      return false;
    }
  }
  return true;
}

}  // namespace

void Check(const RegistryContext& context, FindingSink* sink) {
  const Registry& registry = context.registry.registry();
  for (const Alias& alias : registry.aliases) {
    const Entry* own = registry.Find(alias.name);
    const Entry* other = registry.Find(alias.entry);
    if (own == nullptr || other == nullptr || own->incomplete || other->incomplete) continue;
    const bool same = SameTransforms(*own, *other);
    if (same && !IsWrittenAgain(*own, *other)) continue;
    // A run about one model does not ask about the aliases of others.
    if (!context.all_classes && !context.Reached(alias.name)) continue;
    Finding finding;
    finding.where = alias.where;
    finding.message = "the alias `" + alias.name + "` -> `" + alias.entry + "` is ignored: `" +
                      alias.name + "` has an entry of its own, with " +
                      (same ? "the same transforms" : "other transforms");
    finding.cause = same ? "entry-says-the-same" : "entry-exists";
    if (same) finding.severity = Severity::kNote;
    finding.subject = alias.name + " -> " + alias.entry;
    finding.advice = same ? "remove one of the two: a change of `" + alias.entry +
                                "` does not reach the entry `" + alias.name + "`"
                          : "remove the alias: it has no effect";
    Propose(RemoveAlias(alias), &finding);
    sink->Add(std::move(finding), /*keep_severity=*/same);
  }
}

}  // namespace wcheck::shadowed_alias
