// A mapping as it was at a revision of the git repository that it is in: `wcheck diff --base`.
#pragma once

#include <memory>
#include <string>

#include "wcheck/result.h"
#include "wcheck/source_file.h"

namespace wcheck::cli {

struct GitBase {
  // The file's text at the revision; its name is "REVISION:path", as git writes it.
  std::shared_ptr<const SourceFile> old_file;
  std::string new_path;  // the file in the work tree
  std::string note;      // a sentence for the user; may be empty
};

// `revision` is what `git rev-parse` takes, or REVISION... for the commit where it and HEAD parted.
// `path` is a file of a work tree; empty: the mapping of the checkout that the working directory is
// in. A file that was renamed since is found under its old name. Errors: no git, no repository, no
// such revision (a shallow clone is told what to fetch), a file that only one side has.
Result<GitBase> ReadGitBase(const std::string& revision, const std::string& path);

}  // namespace wcheck::cli
