// Layouts of a checkout: those that come with wcheck for the models that are still as they were in
// their release, and layouts built from source for all others.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/outcome.h"
#include "wcheck/result.h"

#include "layout/snapshot.h"
#include "layout/source/package_files.h"

namespace wcheck {

enum class LayoutChoice : uint8_t {
  kChanged,  // build the classes that the bundled layouts do not describe
  kSource,   // build all
  kBundled,  // build none
};

struct NotBuilt {
  NotJudged why;
  std::string folder;  // of models/
};

// Values of --layouts, beside the names of files.
inline constexpr std::string_view kLayoutsFromSource = "source";
inline constexpr std::string_view kLayoutsBundled = "bundled";
// What a value of --layouts says about building layouts; nullopt if it is a file.
std::optional<LayoutChoice> LayoutChoiceOf(std::string_view layouts);

class MixedLayouts : public LayoutSource {
 public:
  size_t size() const override { return classes_.size(); }
  std::string_view class_name(size_t i) const override { return classes_[i].name; }
  std::optional<size_t> Find(std::string_view class_name) const override;
  Result<Layout> Read(size_t i) const override;

  const Snapshot& bundled() const { return *bundled_; }
  // The classes that were built, sorted.
  const std::vector<BuiltLayout>& built() const { return built_; }
  // The classes that should have been, and why they were not.
  const std::vector<NotBuilt>& not_built() const { return not_built_; }

 private:
  friend class LayoutMixer;

  struct Class {
    std::string name;
    std::shared_ptr<const LayoutSource> source;
    size_t index = 0;  // in it
  };

  std::shared_ptr<const Snapshot> bundled_;
  std::vector<Class> classes_;
  std::map<std::string, size_t, std::less<>> by_name_;
  std::vector<BuiltLayout> built_;
  std::vector<NotBuilt> not_built_;
};

struct MixRequest {
  LayoutChoice choice = LayoutChoice::kChanged;
  // Globs of classes, or model_types: no others are built. Empty: all.
  std::vector<std::string> models;
  // Folders of models/: only these are looked at; all others count as described by the bundle.
  std::optional<std::set<std::string, std::less<>>> only = std::nullopt;
};

// Null if the bundled layouts describe the package, or if it has no models and no core that they
// could be built with. An Error only if the bundled layouts are damaged.
Result<std::shared_ptr<const MixedLayouts>> MixLayouts(PackageFiles* package,
                                                       std::shared_ptr<const Snapshot> bundled,
                                                       const MixRequest& request);

// The same for an older state of a package: models that did not change since have the layouts of
// `newer`, which is that of `newer_package`, or the bundled ones if that is null.
Result<std::shared_ptr<const MixedLayouts>> MixOlderLayouts(
    PackageFiles* package, std::shared_ptr<const Snapshot> bundled, const MixRequest& request,
    PackageFiles* newer_package, std::shared_ptr<const LayoutSource> newer);

// The folders of models/ whose modeling or configuration files differ, or that only one has.
std::set<std::string, std::less<>> ChangedModels(PackageFiles* before, PackageFiles* after);

// The layout of one class of a package, built with a published configuration: the text of a
// config.json. `folder` of models/ is looked at first; it may be empty. Errors: there is no such class,
// or it cannot be built completely.
Result<Layout> BuildLayoutFor(PackageFiles* package, const std::string& folder,
                              const std::string& class_name, const std::string& config);

// The bundled layouts among these, or null.
const Snapshot* BundledAmong(const LayoutSource& layouts);

}  // namespace wcheck
