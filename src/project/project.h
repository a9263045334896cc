// The project that a folder belongs to: its configuration, and its mapping.
#pragma once

#include <string>

#include "wcheck/result.h"

#include "project/configuration.h"

namespace wcheck {

struct Project {
  Configuration configuration;
  std::string mapping;  // as seen from the working directory; "" if the project has none
  std::string package;  // the transformers package that the mapping is of, or ""
};

// Looks for both from `folder` upwards. The mapping is the one that the configuration names;
// otherwise a conversion_mapping.py: in a folder on the way up, or, where a project begins (at
// `folder` itself, and at a folder with .git, pyproject.toml, setup.py or setup.cfg), in
// src/transformers/, transformers/, or one other folder in it or in its src/. The search for it ends
// at the root of a git repository. Errors: those of the configuration; a named mapping that is not
// there; several mappings of which none is named.
Result<Project> FindProject(const std::string& folder);

// The project with the mapping `path`, a file that the user names; its configuration is that of the
// working directory.
Result<Project> ProjectOfFile(const std::string& path);

}  // namespace wcheck
