// Layouts built from the modeling files of a package, without Python and without PyTorch.
//
// Nothing of a file is run but by wcheck's own evaluator, and nothing is opened but files of the
// package and of its checkout's tests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"

#include "layout/source/package_files.h"

namespace wcheck {

struct SourceClass {
  std::string folder;  // of the model
  std::string module;  // dotted
  std::string name;
  // Named in the __all__ of its file, or the file has none: a model of its own, not a part of one.
  bool exported = true;
};

// How good a layout is.
enum class LayoutQuality : uint8_t {
  kExact,    // built with the default configuration
  kGuessed,  // exact for a configuration that was chosen for the class
  kPartial,  // an unknown stopped a part of it
};

struct OpenPlace {
  std::string path;    // of the module below which keys are missing; empty: anywhere
  std::string reason;  // with the place in the source
};

struct SourceLayout {
  LayoutQuality quality = LayoutQuality::kExact;
  std::string json;  // one line of a layouts file, without the line break
  std::vector<OpenPlace> open;
};

class SourceLayouts {
 public:
  explicit SourceLayouts(PackageFiles* files);
  ~SourceLayouts();

  // Builds a class. An Error says why it cannot be built. `config` is the text of a published
  // config.json, to build the model that it describes; without it the default one is built.
  Result<SourceLayout> Build(const SourceClass& cls, const std::string* config = nullptr);
  // Statements of modules that could not be evaluated, with their reasons.
  const std::vector<std::string>& faults() const;
  // What the last build took.
  uint64_t steps() const;

 private:
  struct World;
  PackageFiles* files_;
  std::unique_ptr<World> world_;
  std::vector<std::string> faults_;
  uint64_t steps_ = 0;
};

// The classes of a folder of models/ that may be models, by the text of its files.
std::vector<SourceClass> ClassesOfModel(PackageFiles* files, const std::string& folder);
// Those of all folders, in the order of the folders; one of a name.
std::vector<SourceClass> ClassesOfPackage(PackageFiles* files);

// Builds classes on several threads (0: one per core), those of a folder on one of them. The
// results are in the order of the classes.
Result<std::vector<Result<SourceLayout>>> BuildLayouts(PackageFiles* files, const std::vector<SourceClass>& classes,
                                               unsigned jobs, const std::function<void()>& progress);

std::string_view QualityName(LayoutQuality quality);

// The message of the Error for a class that is no model, but perhaps a part of one.
inline constexpr std::string_view kNotAModel = "not a model";

}  // namespace wcheck
