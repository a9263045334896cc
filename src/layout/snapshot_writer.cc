// Writes the snapshot format. Strings, number sets and shapes are collected in tables that store
// each value once; records refer to them by index. The order in which values are first seen decides
// their numbers, so the same input always gives the same bytes.
#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "layout/snapshot.h"
#include "layout/snapshot_format.h"
#include "support/file.h"
#include "support/json.h"
#include "support/varint.h"

namespace wcheck {
namespace {

// Values written one after another, each once, with a table of their offsets.
class Pool {
 public:
  // The index of `bytes`, which are added if they are new.
  uint32_t Add(const std::string& bytes) {
    auto [it, is_new] = ids_.try_emplace(bytes, static_cast<uint32_t>(starts_.size()));
    if (is_new) {
      starts_.push_back(static_cast<uint32_t>(bytes_.size()));
      bytes_ += bytes;
    }
    return it->second;
  }
  uint32_t Add(std::string_view bytes) { return Add(std::string(bytes)); }

  const std::string& bytes() const { return bytes_; }
  // Where the thing of this number starts, in bytes.
  uint32_t Start(uint32_t id) const { return starts_[id]; }
  // Offsets in units of `unit` bytes, and the end of the last.
  std::string Offsets(uint32_t unit = 1) const {
    std::string out;
    auto append = [&](size_t offset) {
      const auto value = static_cast<uint32_t>(offset / unit);
      out.append(reinterpret_cast<const char*>(&value), sizeof value);
    };
    for (uint32_t start : starts_) append(start);
    append(bytes_.size());
    return out;
  }

 private:
  std::unordered_map<std::string, uint32_t> ids_;
  std::vector<uint32_t> starts_;
  std::string bytes_;
};

std::string_view ShapeBytes(std::span<const int64_t> shape) {
  return {reinterpret_cast<const char*>(shape.data()), shape.size_bytes()};
}

std::string EncodeSets(std::span<const IndexSet> sets) {
  std::string out;
  AppendVarint(&out, sets.size());
  for (const IndexSet& set : sets) {
    AppendVarint(&out, set.ranges().size());
    uint64_t next = 0;
    for (const IndexRange& range : set.ranges()) {
      AppendVarint(&out, range.first - next);
      AppendVarint(&out, range.last - range.first);
      next = uint64_t{range.last} + 2;
    }
  }
  return out;
}

class Writer {
 public:
  Result<std::string> Write(std::span<const PackedRelease> releases);

 private:
  void AddPatterns(const Layout& layout);
  void AddClass(const Layout& layout);
  void AppendString(std::string_view string) {
    AppendVarint(&record_, strings_.Add(string));
    checksum_.Add(string);
  }
  void AppendFamilies(const Layout& layout);
  void AppendTies(const std::vector<Tie>& ties);
  void AppendDeclared(const Layout& layout);
  void AddRelease(const PackedRelease& release, size_t first_class, size_t class_count);
  std::string ClassesByName(size_t first, size_t count) const;

  Pool strings_;
  Pool numbers_;
  Pool shapes_;
  std::vector<snapshot::ClassRow> classes_;
  std::vector<std::string> names_;  // of classes_
  Pool records_;
  std::vector<snapshot::ReleaseRow> releases_;
  std::string release_names_;
  std::string registries_;
  std::string binaries_;
  // Of the class that is being added.
  std::string record_;
  snapshot::Checksum checksum_;
};

// Patterns are numbered in the order in which classes name them, so that most families refer to the
// pattern after the last one. dtypes come first and get the smallest numbers.
void Writer::AddPatterns(const Layout& layout) {
  for (const LayoutFamily& family : layout.families) strings_.Add(family.pattern);
}

void Writer::AppendFamilies(const Layout& layout) {
  AppendVarint(&record_, layout.key_count());
  AppendVarint(&record_, layout.families.size());
  int64_t last_pattern = -1;
  for (const LayoutFamily& family : layout.families) {
    const int64_t pattern = strings_.Add(family.pattern);
    AppendVarint(&record_, ZigZag(pattern - last_pattern - 1));
    last_pattern = pattern;
    const std::string numbers = EncodeSets(family.numbers);
    AppendVarint(&record_, numbers_.Add(numbers));
    AppendVarint(&record_, shapes_.Add(ShapeBytes(family.shape)));
    AppendString(family.dtype);
    checksum_.Add(family.pattern);
    checksum_.Add(numbers);
    checksum_.Add(ShapeBytes(family.shape));
  }
}

void Writer::AppendTies(const std::vector<Tie>& ties) {
  AppendVarint(&record_, ties.size());
  for (const Tie& tie : ties) {
    AppendString(tie.target);
    AppendString(tie.source);
  }
}

void Writer::AppendDeclared(const Layout& layout) {
  if (const auto* names = std::get_if<std::vector<std::string>>(&layout.declared_tied)) {
    AppendVarint(&record_, snapshot::kDeclaredList);
    AppendVarint(&record_, names->size());
    for (const std::string& name : *names) AppendString(name);
  } else if (const auto* ties = std::get_if<std::vector<Tie>>(&layout.declared_tied)) {
    AppendVarint(&record_, snapshot::kDeclaredMap);
    AppendTies(*ties);
  } else {
    AppendVarint(&record_, snapshot::kNotDeclared);
  }
}

// The record of a class and its checksum are built together: every string that the record refers to
// is part of the checksum.
void Writer::AddClass(const Layout& layout) {
  record_.clear();
  checksum_ = {};
  AppendString(layout.model_type);
  AppendString(layout.base_model_prefix);
  AppendString(layout.source_dir);
  AppendVarint(&record_, layout.modules.size());
  for (const SubModel& module : layout.modules) {
    AppendString(module.path);
    AppendString(module.class_name);
    AppendString(module.model_type);
  }
  AppendFamilies(layout);
  AppendTies(layout.tied);
  AppendDeclared(layout);
  for (size_t i = 0; i < layout.modules.size(); ++i) {
    if (!layout.modules[i].custom_code) continue;
    AppendVarint(&record_, snapshot::kCustomCode);
    AppendVarint(&record_, i);
  }
  for (const auto& [name, value] : layout.config) {
    AppendVarint(&record_, snapshot::kConfig);
    AppendString(name);
    AppendVarint(&record_, ZigZag(value));
  }
  // The class name and the record come last, because the record is only known now.
  checksum_.Add(layout.class_name);
  checksum_.Add(record_);
  classes_.push_back({strings_.Add(layout.class_name), records_.Start(records_.Add(record_)),
                      static_cast<uint32_t>(record_.size()), checksum_.Get()});
  names_.push_back(layout.class_name);
}

std::string Writer::ClassesByName(size_t first, size_t count) const {
  std::vector<uint32_t> rows(count);
  std::iota(rows.begin(), rows.end(), 0);
  std::sort(rows.begin(), rows.end(),
            [&](uint32_t a, uint32_t b) { return names_[first + a] < names_[first + b]; });
  return {reinterpret_cast<const char*>(rows.data()), rows.size() * sizeof(uint32_t)};
}

// Appends `bytes` to a section.
snapshot::Piece AppendPiece(std::string* section, std::string_view bytes) {
  const snapshot::Piece piece{static_cast<uint32_t>(section->size()),
                              static_cast<uint32_t>(bytes.size())};
  *section += bytes;
  return piece;
}

void Writer::AddRelease(const PackedRelease& release, size_t first_class, size_t class_count) {
  const std::string text = SnapshotRegistryText(release.registry_json);
  const std::string stored = release.registry_binary.empty() ? PackXz(text) : text;
  snapshot::Checksum checksum;
  for (std::string_view part : {std::string_view(release.release), std::string_view(stored),
                                std::string_view(release.registry_binary)}) {
    checksum.Add(part);
  }
  releases_.push_back(
      {AppendPiece(&release_names_, release.release), AppendPiece(&registries_, stored),
       AppendPiece(&binaries_, release.registry_binary), static_cast<uint32_t>(text.size()),
       static_cast<uint32_t>(first_class), static_cast<uint32_t>(class_count), checksum.Get()});
}

Result<std::string> Writer::Write(std::span<const PackedRelease> releases) {
  std::vector<std::vector<Layout>> layouts(releases.size());
  for (size_t r = 0; r < releases.size(); ++r) {
    if (releases[r].layouts == nullptr) continue;
    const LayoutSource& source = *releases[r].layouts;
    layouts[r].reserve(source.size());
    for (size_t i = 0; i < source.size(); ++i) {
      Result<Layout> layout = source.Read(i);
      if (!layout) return layout.error();
      layouts[r].push_back(*std::move(layout));
    }
  }
  for (const auto& of_release : layouts) {
    for (const Layout& layout : of_release) {
      for (const LayoutFamily& family : layout.families) strings_.Add(family.dtype);
    }
  }
  std::string by_name;
  for (size_t r = 0; r < releases.size(); ++r) {
    if (releases[r].layouts == nullptr) {
      const snapshot::ReleaseRow& other = releases_[releases[r].layouts_of];
      AddRelease(releases[r], other.first_class, other.class_count);
      continue;
    }
    const size_t first = classes_.size();
    for (const Layout& layout : layouts[r]) AddPatterns(layout);
    for (const Layout& layout : layouts[r]) AddClass(layout);
    by_name += ClassesByName(first, layouts[r].size());
    AddRelease(releases[r], first, layouts[r].size());
  }

  std::array<std::string, snapshot::kSectionCount> sections;
  sections[snapshot::kStringOffsets] = strings_.Offsets();
  sections[snapshot::kStringBytes] = strings_.bytes();
  sections[snapshot::kNumberOffsets] = numbers_.Offsets();
  sections[snapshot::kNumberBytes] = numbers_.bytes();
  sections[snapshot::kShapeOffsets] = shapes_.Offsets(sizeof(int64_t));
  sections[snapshot::kShapeSizes] = shapes_.bytes();
  sections[snapshot::kClasses] = {reinterpret_cast<const char*>(classes_.data()),
                                  classes_.size() * sizeof(snapshot::ClassRow)};
  sections[snapshot::kClassesByName] = std::move(by_name);
  sections[snapshot::kRecords] = records_.bytes();
  sections[snapshot::kRegistries] = std::move(registries_);
  sections[snapshot::kBinaries] = std::move(binaries_);
  sections[snapshot::kReleaseNames] = std::move(release_names_);
  sections[snapshot::kReleases] = {reinterpret_cast<const char*>(releases_.data()),
                                   releases_.size() * sizeof(snapshot::ReleaseRow)};

  snapshot::Header header{};
  header.magic = snapshot::kMagic;
  header.version = snapshot::kVersion;
  std::string file(sizeof header, '\0');
  for (size_t i = 0; i < sections.size(); ++i) {
    file.resize((file.size() + 7) / 8 * 8);
    header.sections[i] = {static_cast<uint32_t>(file.size()),
                          static_cast<uint32_t>(sections[i].size())};
    file += sections[i];
  }
  if (file.size() > std::numeric_limits<uint32_t>::max()) {
    return Error{{}, "a snapshot of 4 GiB or more is not supported", "pack fewer layouts"};
  }
  header.file_size = static_cast<uint32_t>(file.size());
  snapshot::Checksum release_checksum;
  release_checksum.Add(sections[snapshot::kReleases]);
  header.release_checksum = release_checksum.Get();
  snapshot::Checksum header_checksum;
  header_checksum.Add({reinterpret_cast<const char*>(&header), sizeof header});
  header.header_checksum = header_checksum.Get();
  std::copy_n(reinterpret_cast<const char*>(&header), sizeof header, file.data());
  return file;
}

}  // namespace

std::string SnapshotRegistryText(std::string_view registry_json) {
  // Depth 4 is registry, entry, list, transform: one line per transform.
  constexpr int kTransformDepth = 3;
  return json::Compact(registry_json, kTransformDepth);
}

Status WriteSnapshot(const std::string& path, std::span<const PackedRelease> releases) {
  for (const PackedRelease& release : releases) {
    const SourceFile registry("registry", release.registry_json);
    if (Result<json::Value> valid = json::Parse(registry); !valid) return valid.error();
  }
  Result<std::string> file = Writer().Write(releases);
  if (!file) return file.error();
  return WriteFile(path, *file);
}

}  // namespace wcheck
