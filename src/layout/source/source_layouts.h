// Layouts built from the modeling files of a package, without Python and without PyTorch.
//
// Nothing of a file is run but by wcheck's own evaluator, and nothing is opened but files of the
// package.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/result.h"

namespace wcheck {

// The files of a package tree ("transformers/models/llama/modeling_llama.py"), by their path below
// the folder that holds the package.
class PackageFiles {
 public:
  virtual ~PackageFiles() = default;
  virtual std::optional<std::string> Read(const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  // Names of the entries of a folder, sorted.
  virtual std::vector<std::string> List(const std::string& folder) = 0;
  // For messages.
  virtual std::string Shown(const std::string& path) const { return path; }
};

// A folder of the file system that holds the package "transformers".
std::unique_ptr<PackageFiles> OpenPackageFolder(const std::string& folder);

struct SourceClass {
  std::string folder;  // of the model
  std::string module;  // dotted
  std::string name;
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
  std::string configuration;  // how it was chosen, for kGuessed
};

class SourceLayouts {
 public:
  // `package` is the dotted name of the library ("transformers").
  explicit SourceLayouts(PackageFiles* files);
  ~SourceLayouts();

  // The model classes of the library, by the text of its files, in the order of the folders.
  std::vector<SourceClass> Classes();
  // Builds a class. An Error says why it cannot be built.
  Result<SourceLayout> Build(const SourceClass& cls);
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

std::string_view QualityName(LayoutQuality quality);

// The message of the Error for a class that is no model, but perhaps a part of one.
inline constexpr std::string_view kNotAModel = "not a model";

}  // namespace wcheck
