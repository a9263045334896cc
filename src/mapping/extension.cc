// A user's own entries, on top of a release's: docs/extensions.md.
#include <algorithm>
#include <utility>

#include "wcheck/registry.h"

namespace wcheck {

namespace {

// Whether Python raises because the release has an entry of this name; then a remark says so.
bool Refused(const Registry& extension, const std::string& name, SourceRange where,
             Registry* out) {
  if (!extension.user_registered.contains(name) ||
      extension.extension->overwrites.contains(name) ||
      !out->entries.contains(name)) {
    return false;
  }
  out->remarks.push_back({ReaderRemark::Kind::kRaises,
                          where,
                          "Python raises ValueError here: the release has a mapping for '" + name +
                              "' already, and overwrite=True is not given",
                          {name}});
  return true;
}

}  // namespace

// An alias copies an entry while the registry is built, before anything is registered, and is ignored
// if its name has an entry of the release's own. What is registered comes after that.
Registry Extend(const Registry& release, const Registry& extension) {
  Registry out = release;
  out.files.insert(out.files.end(), extension.files.begin(), extension.files.end());
  out.remarks = extension.remarks;
  out.ignores = extension.ignores;
  out.extension = extension.extension;
  for (const Alias& alias : extension.aliases) {
    const bool registered = extension.user_registered.contains(alias.name);
    if (registered && Refused(extension, alias.name, alias.where, &out)) continue;
    const bool replaced = std::erase_if(out.aliases, [&](const Alias& old) {
                            return old.name == alias.name;
                          }) != 0;
    if (replaced || registered) out.entries.erase(alias.name);
    if (registered) out.user_registered.insert(alias.name);
    out.aliases.push_back(alias);
    const Entry* from = release.Find(alias.entry);
    if (from == nullptr || out.entries.contains(alias.name)) continue;
    Entry copy = *from;
    copy.name = alias.name;
    copy.where = alias.where;
    out.entries.emplace(alias.name, std::move(copy));
  }
  for (const auto& [name, entry] : extension.entries) {
    if (Refused(extension, name, entry.where, &out)) continue;
    out.entries.insert_or_assign(name, entry);
    if (extension.user_registered.contains(name)) out.user_registered.insert(name);
  }
  return out;
}

}  // namespace wcheck
