// A user's own entries, on top of a release's: docs/extensions.md.
#include <algorithm>
#include <utility>

#include "wcheck/registry.h"

namespace wcheck {

// An alias copies an entry while the registry is built, before anything is registered, and is ignored
// if its name has an entry of the release's own.
Registry Extend(const Registry& release, const Registry& extension) {
  Registry out = release;
  out.files.insert(out.files.end(), extension.files.begin(), extension.files.end());
  out.remarks = extension.remarks;
  out.ignores = extension.ignores;
  out.extension = extension.extension;
  for (const Alias& alias : extension.aliases) {
    std::erase_if(out.aliases, [&](const Alias& old) {
      if (old.name != alias.name) return false;
      out.entries.erase(old.name);
      return true;
    });
    out.aliases.push_back(alias);
    const Entry* from = out.Find(alias.entry);
    if (from == nullptr || out.entries.contains(alias.name)) continue;
    Entry copy = *from;
    copy.name = alias.name;
    copy.where = alias.where;
    out.entries.emplace(alias.name, std::move(copy));
  }
  for (const auto& [name, entry] : extension.entries) {
    const bool taken = out.entries.contains(name) && !name.ends_with(kClassAttribute);
    if (taken && !extension.extension->overwrites.contains(name)) {
      out.remarks.push_back({ReaderRemark::Kind::kRaises,
                             entry.where,
                             "Python raises ValueError here: the release has a mapping for '" + name +
                                 "' already, and overwrite=True is not given",
                             {name}});
      continue;
    }
    out.entries.insert_or_assign(name, entry);
    if (!name.ends_with(kClassAttribute)) out.user_registered.insert(name);
  }
  return out;
}

}  // namespace wcheck
