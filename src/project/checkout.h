// A transformers checkout (or installed package) that a user names, and how far layouts of another
// release can stand for it.
#pragma once

#include <string>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck::cli {

// The folder of the package in a checkout (src/transformers) or beside other packages
// (transformers), or the given folder itself: where conversion_mapping.py is. An error if that is
// in none of them.
Result<std::string> FindPackage(const std::string& transformers_dir);
// The conversion_mapping.py in that folder.
Result<std::string> FindMapping(const std::string& transformers_dir);

// What a checkout and the layouts do not have in common.
struct CheckoutCoverage {
  std::string release;               // of the checkout, from its __init__.py; "" if it does not say
  std::string layouts_release;       // of the layouts
  std::vector<std::string> folders;  // of models in the checkout that no layout is from
  std::vector<std::string> gone;     // the other way round
  std::vector<std::string> entries;  // of the mapping: names that are no class or model_type here
  // What can therefore not be judged: the model classes that the source of `folders` defines, and
  // `entries`. Sorted.
  std::vector<std::string> not_judged;

  // What to tell the user, in one line; "" if there is nothing to tell.
  std::string Note() const;
};

// Compares the package in `package_dir` with `layouts`, which are of release `layouts_release`.
// The folders of a package without models/ are not compared. Errors: a layout cannot be read.
Result<CheckoutCoverage> CompareCheckout(const std::string& package_dir, const Registry& registry,
                                         const LayoutSource& layouts,
                                         std::string_view layouts_release);

}  // namespace wcheck::cli
