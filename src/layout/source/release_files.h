// Which models of a package differ from those of a release.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "layout/source/package_files.h"

namespace wcheck {

// A digest of the modeling and configuration files of a folder of models/; 0 if it has no modeling
// file.
uint64_t DigestOfModel(PackageFiles* files, const std::string& folder);

// The digests of the models of a release ("5.24.0"), by folder; null if they are not known.
// tools/list_release_files writes them.
const std::map<std::string, uint64_t, std::less<>>* DigestsOfRelease(std::string_view release);

}  // namespace wcheck
