// A transformers checkout (or installed package) named by the user, and how well layouts of another
// release fit it.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck {

// The folder of the package: in a checkout (src/transformers), beside other packages
// (transformers), or the given folder itself, wherever conversion_mapping.py is. An error if it is
// in none of them.
Result<std::string> FindPackage(const std::string& transformers_dir);
// The conversion_mapping.py in that folder.
Result<std::string> FindMapping(const std::string& transformers_dir);

// A folder of models/, and the model classes that its modeling files define.
struct ModelFolder {
  std::string name;                  // "deepseek_ocr2"
  std::vector<std::string> classes;  // sorted
};

// The differences between a checkout and the layouts.
struct CheckoutCoverage {
  std::vector<ModelFolder> folders;  // models of the checkout without a layout, by name
  std::vector<size_t> absent;        // layouts of models that the checkout does not have
};

// Compares the package in `package_dir` with `layouts`. Nothing is compared if it has no models/.
// Errors: a layout cannot be read.
Result<CheckoutCoverage> CompareCheckout(const std::string& package_dir,
                                         const LayoutSource& layouts);

// The model classes that the modeling files of one folder of models/ define and that `layouts` do
// not have, sorted.
std::vector<std::string> ClassesWithoutLayout(const std::string& package_dir,
                                              const std::string& folder,
                                              const LayoutSource& layouts);

// The classes that the text of a Python file defines at its top level.
std::set<std::string, std::less<>> DefinedClasses(std::string_view text);
// Those of the modeling files of one folder of models/.
std::set<std::string, std::less<>> ClassesOfFolder(const std::string& package_dir,
                                                   const std::string& folder);

// Whether what the models of a folder are like depends on a file of this name.
bool IsModelFile(std::string_view file_name);
// Whether a file of this name defines model classes.
bool IsModelingFile(std::string_view file_name);

// The reason of a class without a layout: this, and the release of the layouts.
inline constexpr std::string_view kNoLayoutAmong = "no layout among those of ";
// What to do about a class or an entry that no layout shows.
inline constexpr std::string_view kNoLayoutAdvice =
    "give a layout of it with --layouts (`wcheck layout` builds one from its source)";

// The names of the folders of models/ that have a modeling file; none if there is no models/.
std::set<std::string, std::less<>> ModelFoldersOf(const std::string& package_dir);

// The names by which the models of `layouts` look up entries: of classes, and model_types. Errors: a
// layout cannot be read.
Result<std::set<std::string, std::less<>>> NamesOfModels(const LayoutSource& layouts);

}  // namespace wcheck
