// A transformers checkout (or installed package) named by the user, and how well layouts of another
// release fit it.
#pragma once

#include <string>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/registry.h"
#include "wcheck/result.h"

namespace wcheck {

// The folder of the package: in a checkout (src/transformers), beside other packages
// (transformers), or the given folder itself, wherever conversion_mapping.py is. An error if it is
// in none of them.
Result<std::string> FindPackage(const std::string& transformers_dir);
// The conversion_mapping.py in that folder.
Result<std::string> FindMapping(const std::string& transformers_dir);

// The differences between a checkout and the layouts.
struct CheckoutCoverage {
  std::string release;               // of the checkout, from its __init__.py; "" if it does not say
  std::string layouts_release;       // of the layouts
  std::vector<std::string> folders;  // models of the checkout without a layout
  std::vector<std::string> gone;     // layouts without a model in the checkout
  std::vector<std::string> entries;  // of the mapping: names that are neither a class nor a
                                     // model_type in the layouts
  // What cannot be judged because of that: the model classes that the source of `folders` defines,
  // and `entries`. Sorted.
  std::vector<std::string> not_judged;
};

// Compares the package in `package_dir` with `layouts`, which are of release `layouts_release`.
// Folders are not compared if the package has no models/. Errors: a layout cannot be read.
Result<CheckoutCoverage> CompareCheckout(const std::string& package_dir, const Registry& registry,
                                         const LayoutSource& layouts,
                                         std::string_view layouts_release);

}  // namespace wcheck
