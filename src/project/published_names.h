// The published names that a run judges by: those that come with the program and those of files that the
// user names, with the model that each list describes.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "wcheck/result.h"

#include "judge/judge_published.h"
#include "layout/snapshot.h"
#include "project/inputs.h"
#include "published/published_file.h"

namespace wcheck {

inline constexpr std::string_view kPublishedExtension = ".wcp";

class PublishedNames {
 public:
  // `files` are read besides those that come with the program, which need not be there. Errors: a file that
  // cannot be read.
  static Result<PublishedNames> Open(const std::vector<std::string>& files);

  const std::vector<PublishedFile>& files() const { return files_; }
  // Some list is of this class.
  bool Has(std::string_view class_name) const;
  // What the models of a run are.
  struct Models {
    const LayoutSource& layouts;
    const std::vector<BuiltLayout>& built;  // of them
    std::string package;  // whose source models can be built from; "" if there is none
    std::string release;  // of the mapping; "" if it is not known
  };
  // The lists of the classes, in their order. The model of a list is built from source if the run's own class is;
  // otherwise it is the one that was packed with the list, for the release of the mapping, or else for that
  // of the run's layouts. If there is none, it is built from source, too.
  Result<std::vector<PublishedModel>> Of(const std::vector<std::string>& classes, const Models& models) const;

 private:
  std::vector<PublishedFile> files_;
  std::shared_ptr<const SnapshotFile> models_;  // of the bundled lists; may be null
};

// The name under which the model of a list is packed.
std::string PublishedModelName(const PublishedList& list);

}  // namespace wcheck
