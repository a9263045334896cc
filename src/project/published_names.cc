#include "project/published_names.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "project/mixed_layouts.h"
#include "wcheck/open.h"
#include "wcheck/release.h"

namespace wcheck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBundledName = "published";

std::string BesideBundle(std::string_view extension) {
  return (fs::path(BundlePath()).parent_path() / kBundledName).string() + std::string(extension);
}

// The release of `models` whose models the layouts of a run have.
Result<std::shared_ptr<const Snapshot>> ModelsOfRelease(const SnapshotFile& models,
                                                        std::string_view release) {
  const std::shared_ptr<const Snapshot> none;
  const std::optional<Version> wanted = ParseVersion(std::string(release));
  if (!wanted) return none;
  for (size_t i = 0; i < models.size(); ++i) {
    const std::optional<Version> has = ParseVersion(std::string(models.release(i)));
    if (!has || has->major != wanted->major || has->minor != wanted->minor) continue;
    Result<std::unique_ptr<Snapshot>> found = models.At(i);
    if (!found) return found.error();
    return std::shared_ptr<const Snapshot>(*std::move(found));
  }
  return none;
}

// Whether a mapping is of another release than some models, so that both may have changed since. What is
// developed towards a release begins with the classes of the one before.
bool OtherClasses(std::string_view models, const std::string& mapping) {
  const std::optional<Version> theirs = ParseVersion(std::string(models));
  const std::optional<Version> own = ParseVersion(mapping);
  if (!theirs || !own || theirs->major != own->major) return false;
  const bool begun = !own->final && own->minor == theirs->minor + 1;
  return own->minor != theirs->minor && !begun;
}

}  // namespace

std::string PublishedModelName(const PublishedList& list) {
  return list.class_name + " @ " + list.model;
}

Result<PublishedNames> PublishedNames::Open(const std::vector<std::string>& files) {
  PublishedNames names;
  std::error_code ignored;
  if (const std::string bundled = BesideBundle(kPublishedExtension); fs::exists(bundled, ignored)) {
    Result<PublishedFile> file = PublishedFile::Open(bundled);
    if (!file) return file.error();
    names.files_.push_back(*std::move(file));
  }
  if (const std::string models = BesideBundle(kSnapshotExtension); fs::exists(models, ignored)) {
    Result<std::unique_ptr<SnapshotFile>> file = SnapshotFile::Open(models);
    if (!file) return file.error();
    names.models_ = *std::move(file);
  }
  for (const std::string& path : files) {
    Result<PublishedFile> file = PublishedFile::Open(path);
    if (!file) return file.error();
    names.files_.push_back(*std::move(file));
  }
  return names;
}

bool PublishedNames::Has(std::string_view class_name) const {
  return std::ranges::any_of(files_, [&](const PublishedFile& file) {
    return std::ranges::binary_search(file.classes(), class_name, {}, &PublishedFile::Class::name);
  });
}

Result<std::vector<PublishedModel>> PublishedNames::Of(const std::vector<std::string>& classes,
                                                       const Models& models) const {
  std::vector<PublishedModel> out;
  const LayoutSource& layouts = models.layouts;
  // Those of the mapping's release come first.
  struct Packed {
    std::shared_ptr<const Snapshot> models;
    std::string other_release;
  };
  std::vector<Packed> packed;
  if (const Snapshot* bundled = BundledAmong(layouts); bundled != nullptr && models_ != nullptr) {
    for (const std::string_view release : {std::string_view(models.release), bundled->layouts_release()}) {
      Result<std::shared_ptr<const Snapshot>> found = ModelsOfRelease(*models_, release);
      if (!found) return found.error();
      if (*found == nullptr) continue;
      // In a package, the bundled layouts are those of the classes that it has, too.
      const bool other = models.package.empty() && OtherClasses((*found)->release(), models.release);
      packed.push_back({*found, other ? std::string((*found)->release()) : ""});
    }
  }
  std::set<std::string_view> built;
  for (const BuiltLayout& one : models.built) built.insert(one.class_name);
  std::unique_ptr<PackageFiles> source;
  for (const std::string& name : classes) {
    if (!Has(name)) continue;
    for (const PublishedFile& file : files_) {
      Result<std::vector<PublishedList>> lists = file.Read(name);
      if (!lists) return lists.error();
      for (PublishedList& list : *lists) {
        PublishedModel& model = out.emplace_back();
        model.list = std::move(list);
        for (size_t i = 0; i < packed.size() && !built.contains(name) && !model.layout; ++i) {
          const std::optional<size_t> index = packed[i].models->Find(PublishedModelName(model.list));
          if (!index) continue;
          Result<Layout> layout = packed[i].models->Read(*index);
          if (!layout) return layout.error();
          layout->class_name = name;
          model.layout = *std::move(layout);
          model.other_release = packed[i].other_release;
        }
        if (model.layout) continue;
        if (model.list.config.empty()) {
          model.why_not = "there is no config.json, so which model it is is not known";
          continue;
        }
        if (models.package.empty()) {
          model.why_not = "the model that its config.json describes is built from source, and there is none";
          continue;
        }
        if (source == nullptr) source = OpenPackage(models.package);
        std::string folder;
        if (const std::optional<size_t> own = layouts.Find(name)) {
          const Result<Layout> layout = layouts.Read(*own);
          if (!layout) return layout.error();
          folder = layout->source_dir;
        }
        Result<Layout> layout = BuildLayoutFor(source.get(), folder, name, model.list.config);
        if (layout) {
          model.layout = *std::move(layout);
        } else {
          model.why_not = layout.error().message;
        }
      }
    }
  }
  return out;
}

}  // namespace wcheck
