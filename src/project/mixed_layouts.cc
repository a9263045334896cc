#include "project/mixed_layouts.h"

#include <algorithm>
#include <fnmatch.h>
#include <utility>

#include "layout/json_reader.h"
#include "layout/source/release_files.h"
#include "layout/source/source_layouts.h"
#include "project/checkout.h"

namespace wcheck {
namespace {

using Names = std::set<std::string, std::less<>>;

// What is to be known about a bundled class to decide where its layout comes from.
struct BundledClass {
  std::string folder;
  std::string model_type;
  Names folders;  // of its own and of its sub-models
};

Result<std::vector<BundledClass>> ReadBundled(const LayoutSource& layouts) {
  std::vector<BundledClass> classes;
  std::vector<Names> parts;
  std::map<std::string, std::string, std::less<>> folder_of;
  for (size_t i = 0; i < layouts.size(); ++i) {
    const Result<Layout> layout = layouts.Read(i);
    if (!layout) return layout.error();
    classes.push_back({layout->source_dir, layout->model_type, {}});
    Names& names = parts.emplace_back();
    for (const SubModel& module : layout->modules) names.insert(module.class_name);
    folder_of.emplace(layout->class_name, layout->source_dir);
  }
  for (size_t i = 0; i < classes.size(); ++i) {
    classes[i].folders.insert(classes[i].folder);
    for (const std::string& name : parts[i]) {
      const auto found = folder_of.find(name);
      if (found != folder_of.end()) classes[i].folders.insert(found->second);
    }
  }
  return classes;
}

bool Touches(const Names& a, const Names& b) {
  return std::ranges::any_of(a, [&](const std::string& name) { return b.contains(name); });
}

}  // namespace

std::optional<LayoutChoice> LayoutChoiceOf(std::string_view layouts) {
  if (layouts.empty()) return LayoutChoice::kChanged;
  if (layouts == kLayoutsFromSource) return LayoutChoice::kSource;
  if (layouts == kLayoutsBundled) return LayoutChoice::kBundled;
  return std::nullopt;
}

std::optional<size_t> MixedLayouts::Find(std::string_view class_name) const {
  const auto found = by_name_.find(class_name);
  return found == by_name_.end() ? std::nullopt : std::optional<size_t>(found->second);
}

Result<Layout> MixedLayouts::Read(size_t i) const {
  return classes_[i].source->Read(classes_[i].index);
}

const Snapshot* BundledAmong(const LayoutSource& layouts) {
  if (const auto* mixed = dynamic_cast<const MixedLayouts*>(&layouts)) return &mixed->bundled();
  return dynamic_cast<const Snapshot*>(&layouts);
}

class LayoutMixer {
 public:
  LayoutMixer(PackageFiles* package, std::shared_ptr<const Snapshot> bundled,
              const MixRequest& request)
      : package_(package), bundled_(std::move(bundled)), request_(request) {}

  // Models that are the same in this package need not be built again.
  void UseFrom(PackageFiles* package, std::shared_ptr<const LayoutSource> layouts) {
    other_package_ = package;
    other_ = std::move(layouts);
  }

  Result<std::shared_ptr<const MixedLayouts>> Mix() {
    const std::shared_ptr<const MixedLayouts> none;
    if (request_.choice == LayoutChoice::kBundled) return none;
    if (!package_->Exists("transformers/modeling_utils.py")) return none;
    Result<std::vector<BundledClass>> classes = ReadBundled(*bundled_);
    if (!classes) return classes.error();
    classes_ = *std::move(classes);
    FindChanged();
    if (changed_.empty() && other_ == nullptr) return none;
    FindWanted();
    TakeOthers();
    if (Status built = Build(); !built) return built.error();
    return std::shared_ptr<const MixedLayouts>(Join());
  }

 private:
  void FindChanged() {
    const auto* known = DigestsOfRelease(bundled_->layouts_release());
    Names bundled_folders;
    for (const BundledClass& cls : classes_) bundled_folders.insert(cls.folder);
    for (const auto& [folder, digest] : package_->ModelDigests()) {
      const bool changed = request_.choice == LayoutChoice::kSource ||
                           !bundled_folders.contains(folder) ||
                           (known != nullptr && (!known->contains(folder) ||
                                                 known->find(folder)->second != digest));
      if (changed && (!request_.only || request_.only->contains(folder))) changed_.insert(folder);
    }
  }

  bool Chosen(const std::string& name, const std::string& model_type,
              const std::string& folder) const {
    if (request_.models.empty()) return true;
    return std::ranges::any_of(request_.models, [&](const std::string& glob) {
      return fnmatch(glob.c_str(), name.c_str(), 0) == 0 || glob == model_type || glob == folder;
    });
  }

  // The classes of changed models, and those that have one of them as a part.
  void FindWanted() {
    std::map<std::string, Names, std::less<>> composites;  // by folder
    for (size_t i = 0; i < classes_.size(); ++i) {
      const BundledClass& cls = classes_[i];
      if (changed_.contains(cls.folder) || !Touches(cls.folders, changed_)) continue;
      composites[cls.folder].emplace(bundled_->class_name(i));
    }
    Names folders = changed_;
    for (const auto& [folder, names] : composites) folders.insert(folder);
    for (const std::string& folder : folders) {
      for (SourceClass& cls : ClassesOfModel(package_, folder)) {
        const bool whole = changed_.contains(folder);
        if (whole) defined_.insert(cls.name);
        if (!whole && !composites[folder].contains(cls.name)) continue;
        const auto index = bundled_->Find(cls.name);
        const std::string type = index ? classes_[*index].model_type : "";
        if (!Chosen(cls.name, type, folder)) continue;
        if (seen_.insert(cls.name).second) wanted_.push_back(std::move(cls));
      }
    }
  }

  // Classes whose models are the same in the other package have its layouts.
  void TakeOthers() {
    if (other_ == nullptr) return;
    const auto& others = other_package_->ModelDigests();
    Names differ;
    for (const auto& [folder, digest] : package_->ModelDigests()) {
      const auto found = others.find(folder);
      if (found == others.end() || found->second != digest) differ.insert(folder);
    }
    const auto* mixed = dynamic_cast<const MixedLayouts*>(other_.get());
    std::erase_if(wanted_, [&](const SourceClass& cls) {
      if (differ.contains(cls.folder)) return false;
      const std::optional<size_t> bundled = bundled_->Find(cls.name);
      if (bundled && Touches(classes_[*bundled].folders, differ)) return false;
      if (const std::optional<size_t> there = other_->Find(cls.name)) {
        taken_.emplace(cls.name, *there);
        return true;
      }
      if (mixed == nullptr) return false;
      // It could not be built there, or is no model.
      missing_.insert(cls.name);
      for (const NotBuilt& one : mixed->not_built()) {
        if (one.why.what == cls.name) not_built_.push_back(one);
      }
      return true;
    });
  }

  Status Build() {
    Result<std::vector<Result<SourceLayout>>> results =
        BuildLayouts(package_, wanted_, /*jobs=*/0, nullptr);
    if (!results) return results.error();
    std::string text;
    for (size_t i = 0; i < wanted_.size(); ++i) {
      const SourceClass& cls = wanted_[i];
      const Result<SourceLayout>& layout = (*results)[i];
      if (layout && layout->quality != LayoutQuality::kPartial) {
        text += layout->json + '\n';
        qualities_.emplace(cls.name, layout->quality);
        continue;
      }
      missing_.insert(cls.name);
      if (!layout && layout.error().message == kNotAModel) continue;
      // Parts of a model that its file does not export are seldom built by themselves.
      if (!bundled_->Find(cls.name) && !cls.exported) continue;
      not_built_.push_back({{cls.name, ReasonOf(layout), AdviceOf(cls)}, cls.folder});
    }
    if (text.empty()) return Unit{};
    Result<std::unique_ptr<LayoutSource>> source = LayoutsOfText("<source>", std::move(text));
    if (!source) return source.error();
    built_ = *std::move(source);
    return Unit{};
  }

  std::string ReasonOf(const Result<SourceLayout>& layout) const {
    std::string reason = std::string(kNoLayoutAmong) + std::string(bundled_->layouts_release());
    if (!layout) return reason + ", and it cannot be built from source: " + layout.error().message;
    const OpenPlace& place = layout->open.front();
    return reason + ", and only a part can be built from source: " +
           (place.path.empty() ? "" : place.path + ": ") + place.reason;
  }
  static std::string AdviceOf(const SourceClass& cls) {
    return "`wcheck layout --why --model " + cls.name + "` says what is missing";
  }

  std::shared_ptr<MixedLayouts> Join() {
    auto mixed = std::make_shared<MixedLayouts>();
    mixed->bundled_ = bundled_;
    const auto add = [&](std::string name, std::shared_ptr<const LayoutSource> source,
                         size_t index) {
      if (!mixed->by_name_.emplace(name, mixed->classes_.size()).second) return;
      mixed->classes_.push_back({std::move(name), std::move(source), index});
    };
    for (size_t i = 0; i < bundled_->size(); ++i) {
      std::string name(bundled_->class_name(i));
      // A changed model may have lost a class.
      const bool gone = changed_.contains(classes_[i].folder) && !defined_.contains(name);
      if (gone || missing_.contains(name) || qualities_.contains(name) || taken_.contains(name)) {
        continue;
      }
      add(std::move(name), bundled_, i);
    }
    for (const auto& [name, quality] : qualities_) {
      add(name, built_, built_->Find(name).value());
      mixed->built_.push_back({name, quality == LayoutQuality::kGuessed});
    }
    for (const auto& [name, index] : taken_) add(name, other_, index);
    if (const auto* other = dynamic_cast<const MixedLayouts*>(other_.get())) {
      for (const BuiltLayout& one : other->built()) {
        if (taken_.contains(one.class_name)) mixed->built_.push_back(one);
      }
    }
    std::ranges::sort(mixed->built_, {}, &BuiltLayout::class_name);
    mixed->not_built_ = std::move(not_built_);
    return mixed;
  }

  PackageFiles* package_;
  std::shared_ptr<const Snapshot> bundled_;
  const MixRequest& request_;
  PackageFiles* other_package_ = nullptr;
  std::shared_ptr<const LayoutSource> other_;

  std::vector<BundledClass> classes_;  // of bundled_
  Names changed_;                    // folders
  Names defined_;                    // classes in them
  std::vector<SourceClass> wanted_;  // to be built
  Names seen_;
  std::map<std::string, size_t, std::less<>> taken_;  // of other_
  std::map<std::string, LayoutQuality, std::less<>> qualities_;
  std::shared_ptr<const LayoutSource> built_;
  Names missing_;
  std::vector<NotBuilt> not_built_;
};

Names ChangedModels(PackageFiles* before, PackageFiles* after) {
  auto left = after->ModelDigests();
  Names changed;
  for (const auto& [folder, digest] : before->ModelDigests()) {
    const auto found = left.find(folder);
    if (found == left.end() || found->second != digest) {
      changed.insert(folder);
    } else {
      left.erase(found);
    }
  }
  for (const auto& [folder, digest] : left) changed.insert(folder);
  return changed;
}

Result<Layout> BuildLayoutFor(PackageFiles* package, const std::string& folder,
                              const std::string& class_name, const std::string& config) {
  const auto find = [&](const std::vector<SourceClass>& classes) -> std::optional<SourceClass> {
    const auto found = std::ranges::find(classes, class_name, &SourceClass::name);
    return found == classes.end() ? std::nullopt : std::optional<SourceClass>(*found);
  };
  std::optional<SourceClass> cls;
  if (!folder.empty()) cls = find(ClassesOfModel(package, folder));
  if (!cls) cls = find(ClassesOfPackage(package));
  if (!cls) return Error{{}, class_name + " is no class of the package's models", ""};
  SourceLayouts builder(package);
  const Result<SourceLayout> built = builder.Build(*cls, &config);
  if (!built) {
    return Error{{}, class_name + " cannot be built from source: " + built.error().message, ""};
  }
  if (built->quality == LayoutQuality::kPartial) {
    return Error{
        {}, class_name + " can be built in part only: " + built->open.front().reason, ""};
  }
  const Result<std::unique_ptr<LayoutSource>> layouts = LayoutsOfText("<source>", built->json);
  return layouts ? (*layouts)->Read(0) : Result<Layout>(layouts.error());
}

Result<std::shared_ptr<const MixedLayouts>> MixLayouts(PackageFiles* package,
                                                       std::shared_ptr<const Snapshot> bundled,
                                                       const MixRequest& request) {
  return LayoutMixer(package, std::move(bundled), request).Mix();
}

Result<std::shared_ptr<const MixedLayouts>> MixOlderLayouts(
    PackageFiles* package, std::shared_ptr<const Snapshot> bundled, const MixRequest& request,
    PackageFiles* newer_package, std::shared_ptr<const LayoutSource> newer) {
  LayoutMixer mixer(package, std::move(bundled), request);
  mixer.UseFrom(newer_package, std::move(newer));
  return mixer.Mix();
}

}  // namespace wcheck
