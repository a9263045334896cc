// A mapping as it was at a revision of its git repository: `wcheck diff --base`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "wcheck/result.h"
#include "wcheck/source_file.h"

#include "layout/source/package_files.h"

namespace wcheck {

struct GitBase {
  // The file's text at the revision; its name is "REVISION:path", as git writes it.
  std::shared_ptr<const SourceFile> old_file;
  std::string new_path;  // the file in the work tree
  std::string note;      // a sentence for the user; may be empty
  // The folders of models/ beside the mapping: those that the revision has, and those in which a
  // modeling or configuration file of the work tree differs. Empty if there is no models/.
  std::set<std::string, std::less<>> old_models;
  std::set<std::string, std::less<>> changed_models;
  // By folder of both: the classes that its modeling files defined at the revision.
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> old_classes;
  // The package of the mapping at the revision; null if there is no models/. What did not change is
  // read from the work tree, and only the rest from git.
  std::unique_ptr<PackageFiles> old_package;
};

// `revision` is anything that `git rev-parse` accepts, or REVISION... for the merge base of it and
// HEAD. `path` is a file of a work tree; empty: the mapping of the checkout that contains the
// working directory. A file that was renamed since is found under its old name. Errors: no git, no
// repository, no such revision (for a shallow clone with the command that fetches it), a file that
// only one side has.
Result<GitBase> ReadGitBase(const std::string& revision, const std::string& path);

}  // namespace wcheck
