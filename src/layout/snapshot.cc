// Reads the snapshot format in place. Opening checks the header and the checksums of the header and
// of the registry; everything else is checked where it is read, because checking a whole file would
// cost more than most runs need. Every index and offset that comes from the file is compared with
// the table it points into before use.
#include "layout/snapshot.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "layout/snapshot_format.h"
#include "support/descriptor.h"
#include "support/file.h"
#include "support/varint.h"

namespace wcheck {
namespace {

using snapshot::ClassRow;
using snapshot::Header;
using snapshot::Piece;
using snapshot::ReleaseRow;

constexpr uint32_t kNumberLimit = 1'000'000'000;  // numbers of a key are below it

Error SnapshotError(const std::string& path, std::string message, std::string advice = "") {
  return {{path, 0, 0, ""}, std::move(message), std::move(advice)};
}

// The mapped file and its tables. Layouts keep it alive, since their views point into it. The
// contents of the tables are checked where they are used: opening does not touch them.
class Mapping {
 public:
  Mapping(const char* bytes, size_t size) : bytes_(bytes), size_(size) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping();

  // The first thing that is wrong with the header, or empty.
  std::string CheckHeader();

  std::string_view Bytes(snapshot::Section section) const {
    const snapshot::SectionPlace& place = header_.sections[section];
    return {bytes_ + place.offset, place.size};
  }
  template <typename T>
  std::span<const T> Table(snapshot::Section section) const {
    const std::string_view bytes = Bytes(section);  // aligned to 8, as a page is
    return {reinterpret_cast<const T*>(bytes.data()), bytes.size() / sizeof(T)};
  }

  // String `id`, or null if there is none.
  std::optional<std::string_view> String(uint64_t id) const;
  // Number sets `id`; null if they are damaged. Decoded once, by the first thread that needs them.
  const std::vector<IndexSet>* Numbers(uint64_t id) const;
  // The bytes that Numbers(id) decodes.
  std::string_view NumberBytes(uint64_t id) const;
  std::optional<std::span<const int64_t>> Shape(uint64_t id) const;
  // A piece of a section, or null if it does not lie in it.
  std::optional<std::string_view> Part(snapshot::Section section, const Piece& piece) const;

 private:
  using CachedSets = std::atomic<const std::vector<IndexSet>*>;

  const char* bytes_;
  size_t size_;
  Header header_{};
  std::unique_ptr<CachedSets[]> sets_;  // one per list of number sets; null until decoded
  size_t sets_count_ = 0;
};

Mapping::~Mapping() {
  for (size_t i = 0; i < sets_count_; ++i) delete sets_[i].load(std::memory_order_relaxed);
  ::munmap(const_cast<char*>(bytes_), size_);
}

// The checksum of the header comes before its places are used, and the sections are checked against
// the size of the file before they are read.
std::string Mapping::CheckHeader() {
  if (size_ < sizeof(Header) ||
      std::memcmp(bytes_, snapshot::kMagic.data(), snapshot::kMagic.size()) != 0) {
    return "not a wcheck snapshot";
  }
  std::memcpy(&header_, bytes_, sizeof(Header));
  if (header_.version != snapshot::kVersion) {
    return "snapshot of format version " + std::to_string(header_.version) +
           ", this program reads version " + std::to_string(snapshot::kVersion);
  }
  Header unsigned_header = header_;
  unsigned_header.header_checksum = 0;
  snapshot::Checksum checksum;
  checksum.Add({reinterpret_cast<const char*>(&unsigned_header), sizeof(Header)});
  if (checksum.Get() != header_.header_checksum) return "the header is damaged";
  if (header_.file_size != size_) {
    return "expected " + std::to_string(header_.file_size) + " bytes, found " +
           std::to_string(size_);
  }
  for (const snapshot::SectionPlace& place : header_.sections) {
    if (place.offset % 8 != 0 || place.offset > size_ || place.size > size_ - place.offset) {
      return "the header is damaged";
    }
  }
  snapshot::Checksum releases;
  releases.Add(Bytes(snapshot::kReleases));
  if (releases.Get() != header_.release_checksum ||
      Table<ReleaseRow>(snapshot::kReleases).empty()) {
    return "the table of releases is damaged";
  }
  sets_count_ = Table<uint32_t>(snapshot::kNumberOffsets).size();
  sets_ = std::make_unique<CachedSets[]>(sets_count_);
  return "";
}

std::optional<std::string_view> Mapping::String(uint64_t id) const {
  const auto offsets = Table<uint32_t>(snapshot::kStringOffsets);
  const std::string_view bytes = Bytes(snapshot::kStringBytes);
  if (offsets.empty() || id >= offsets.size() - 1) return std::nullopt;
  const uint32_t begin = offsets[id];
  const uint32_t end = offsets[id + 1];
  if (begin > end || end > bytes.size()) return std::nullopt;
  return bytes.substr(begin, end - begin);
}

std::string_view Mapping::NumberBytes(uint64_t id) const {
  const auto offsets = Table<uint32_t>(snapshot::kNumberOffsets);
  const std::string_view bytes = Bytes(snapshot::kNumberBytes);
  if (offsets.empty() || id >= offsets.size() - 1) return {};
  const uint32_t begin = offsets[id];
  const uint32_t end = offsets[id + 1];
  return begin > end || end > bytes.size() ? std::string_view() : bytes.substr(begin, end - begin);
}

std::optional<std::string_view> Mapping::Part(snapshot::Section section, const Piece& piece) const {
  const std::string_view bytes = Bytes(section);
  if (piece.offset > bytes.size() || piece.size > bytes.size() - piece.offset) return std::nullopt;
  return bytes.substr(piece.offset, piece.size);
}

// Null unless the bytes hold non-empty sets of ascending ranges that do not touch.
std::unique_ptr<std::vector<IndexSet>> DecodeSets(std::string_view bytes) {
  VarintReader reader(bytes);
  auto sets = std::make_unique<std::vector<IndexSet>>();
  for (uint64_t left = reader.NextCount(); left > 0; --left) {
    std::vector<IndexRange> ranges;
    uint64_t next = 0;  // the smallest first value that the next range may have
    const uint64_t range_count = reader.NextCount();
    for (uint64_t i = 0; i < range_count; ++i) {
      const uint64_t gap = reader.Next();
      const uint64_t length = reader.Next();
      if (gap >= kNumberLimit || length >= kNumberLimit) return nullptr;
      const uint64_t first = next + gap;
      const uint64_t last = first + length;
      if (last >= kNumberLimit) return nullptr;
      ranges.push_back({static_cast<uint32_t>(first), static_cast<uint32_t>(last)});
      next = last + 2;
    }
    if (ranges.empty()) return nullptr;
    sets->push_back(IndexSet::FromRanges(std::move(ranges)));
  }
  return reader.ok() && reader.at_end() && !bytes.empty() ? std::move(sets) : nullptr;
}

const std::vector<IndexSet>* Mapping::Numbers(uint64_t id) const {
  if (id >= sets_count_) return nullptr;
  CachedSets& cached = sets_[id];
  if (const std::vector<IndexSet>* sets = cached.load(std::memory_order_acquire)) return sets;
  std::unique_ptr<std::vector<IndexSet>> sets = DecodeSets(NumberBytes(id));
  if (sets == nullptr) return nullptr;
  const std::vector<IndexSet>* other = nullptr;
  // Two threads may decode the same sets; the first one to finish keeps its own.
  if (cached.compare_exchange_strong(other, sets.get(), std::memory_order_acq_rel)) {
    return sets.release();
  }
  return other;
}

std::optional<std::span<const int64_t>> Mapping::Shape(uint64_t id) const {
  const auto offsets = Table<uint32_t>(snapshot::kShapeOffsets);
  const auto sizes = Table<int64_t>(snapshot::kShapeSizes);
  if (offsets.empty() || id >= offsets.size() - 1) return std::nullopt;
  const uint32_t begin = offsets[id];
  const uint32_t end = offsets[id + 1];
  if (begin > end || end > sizes.size()) return std::nullopt;
  const auto shape = sizes.subspan(begin, end - begin);
  for (int64_t size : shape) {
    if (size < 0) return std::nullopt;
  }
  return shape;
}

// Reads one record. After the first damage `ok()` is false, and the values read are meaningless.
class RecordReader {
 public:
  RecordReader(const Mapping& mapping, std::string_view record)
      : mapping_(mapping), record_(record), reader_(record) {}

  Layout Read(std::string_view class_name);
  bool ok() const { return ok_ && reader_.ok() && reader_.at_end(); }
  uint32_t checksum() const { return checksum_.Get(); }

 private:
  std::string_view View() {
    const std::optional<std::string_view> string = mapping_.String(reader_.Next());
    if (!string) {
      ok_ = false;
      return {};
    }
    checksum_.Add(*string);
    return *string;
  }
  std::string String() { return std::string(View()); }

  void ReadExtra(Layout& layout);
  void ReadFamilies(Layout& layout);
  LayoutFamily ReadFamily();
  std::vector<Tie> ReadTies();

  const Mapping& mapping_;
  const std::string_view record_;
  VarintReader reader_;
  snapshot::Checksum checksum_;
  uint64_t pattern_ = UINT64_MAX;  // the string index of the last family's pattern; -1 before the
                                   // first
  bool ok_ = true;
};

// Reads the fields in the order of docs/snapshot.md and adds the strings to the checksum on the
// way; the caller compares it with that of the class row.
Layout RecordReader::Read(std::string_view class_name) {
  Layout layout;
  layout.class_name = class_name;
  layout.model_type = String();
  layout.base_model_prefix = String();
  layout.source_dir = String();
  const uint64_t module_count = reader_.NextCount();
  layout.modules.reserve(module_count);
  for (uint64_t i = 0; i < module_count && ok_; ++i) {
    SubModel& module = layout.modules.emplace_back();
    module.path = String();
    module.class_name = String();
    module.model_type = String();
  }
  ok_ = ok_ && !layout.modules.empty() && layout.modules[0].path.empty();
  ReadFamilies(layout);
  layout.tied = ReadTies();
  switch (reader_.Next()) {
    case snapshot::kNotDeclared:
      break;
    case snapshot::kDeclaredList: {
      std::vector<std::string> names(reader_.NextCount());
      for (std::string& name : names) name = String();
      layout.declared_tied = std::move(names);
      break;
    }
    case snapshot::kDeclaredMap:
      layout.declared_tied = ReadTies();
      break;
    default:
      ok_ = false;
  }
  while (ok_ && reader_.ok() && !reader_.at_end()) ReadExtra(layout);
  checksum_.Add(class_name);
  checksum_.Add(record_);
  return layout;
}

void RecordReader::ReadExtra(Layout& layout) {
  const uint64_t extra = reader_.Next();
  if (extra == snapshot::kConfig) {
    std::string name = String();
    layout.config.emplace_back(std::move(name), UnZigZag(reader_.Next()));
    return;
  }
  const uint64_t module = reader_.Next();
  ok_ = ok_ && extra == snapshot::kCustomCode && module < layout.modules.size();
  if (ok_) layout.modules[module].custom_code = true;
}

void RecordReader::ReadFamilies(Layout& layout) {
  // The sizes of the families must add up to the number of keys, so that damage cannot create a
  // family that is too large to list.
  uint64_t keys_left = reader_.Next();
  const uint64_t count = reader_.NextCount();
  layout.families.reserve(count);
  for (uint64_t i = 0; i < count && ok_; ++i) {
    const LayoutFamily family = ReadFamily();
    uint64_t size = 1;
    for (const IndexSet& set : family.numbers) {
      const uint64_t values = set.size();
      if (values > keys_left / size) {
        ok_ = false;
        return;
      }
      size *= values;
    }
    if (size > keys_left) ok_ = false;
    keys_left -= std::min(size, keys_left);
    layout.families.push_back(family);
  }
  ok_ = ok_ && keys_left == 0;
}

LayoutFamily RecordReader::ReadFamily() {
  LayoutFamily family;
  pattern_ += 1 + static_cast<uint64_t>(UnZigZag(reader_.Next()));
  const auto pattern = mapping_.String(pattern_);
  const uint64_t numbers_id = reader_.Next();
  const std::vector<IndexSet>* numbers = mapping_.Numbers(numbers_id);
  const auto shape = mapping_.Shape(reader_.Next());
  family.dtype = View();
  if (!pattern || numbers == nullptr || !shape) {
    ok_ = false;
    return family;
  }
  family.pattern = *pattern;
  family.numbers = *numbers;
  family.shape = *shape;
  checksum_.Add(family.pattern);
  checksum_.Add(mapping_.NumberBytes(numbers_id));
  checksum_.Add({reinterpret_cast<const char*>(shape->data()), shape->size_bytes()});
  const auto holes = std::count(family.pattern.begin(), family.pattern.end(), kHole);
  if (static_cast<size_t>(holes) != numbers->size()) ok_ = false;
  return family;
}

std::vector<Tie> RecordReader::ReadTies() {
  std::vector<Tie> ties(reader_.NextCount());
  for (Tie& tie : ties) {
    tie.target = String();
    tie.source = String();
  }
  return ties;
}

// What the advice of an error about a damaged file is.
constexpr const char* kGetItAgain =
    "download the snapshot again, or write it again with wcheck pack";

class MappedSnapshot : public Snapshot {
 public:
  MappedSnapshot(std::string path, std::shared_ptr<const Mapping> mapping, const ReleaseRow& row)
      : path_(std::move(path)), mapping_(std::move(mapping)), row_(row) {}

  // Checks what the row says and reads the registry's text; what is wrong, or empty.
  std::string Check();

  size_t size() const override { return classes_.size(); }
  std::string_view class_name(size_t i) const override {
    return mapping_->String(classes_[i].name).value_or("");
  }
  std::optional<size_t> Find(std::string_view name) const override;
  Result<Layout> Read(size_t i) const override;
  std::string_view release() const override { return release_; }
  std::string_view layouts_release() const override { return layouts_release_; }
  std::string_view registry_json() const override { return registry_; }
  std::string_view registry_binary() const override { return binary_; }

 private:
  std::string path_;
  std::shared_ptr<const Mapping> mapping_;
  const ReleaseRow row_;
  std::span<const ClassRow> classes_;
  std::span<const uint32_t> by_name_;  // of classes_
  std::string_view release_;
  std::string_view layouts_release_;
  std::string_view registry_;  // of the mapping, or of unpacked_
  std::string_view binary_;
  std::string unpacked_;
};

std::string MappedSnapshot::Check() {
  const auto name = mapping_->Part(snapshot::kReleaseNames, row_.name);
  const auto registry = mapping_->Part(snapshot::kRegistries, row_.registry);
  const auto binary = mapping_->Part(snapshot::kBinaries, row_.binary);
  const auto classes = mapping_->Table<ClassRow>(snapshot::kClasses);
  const auto by_name = mapping_->Table<uint32_t>(snapshot::kClassesByName);
  if (!name || !registry || !binary || row_.first_class > classes.size() ||
      row_.class_count > classes.size() - row_.first_class || by_name.size() != classes.size()) {
    return "the table of releases is damaged";
  }
  snapshot::Checksum checksum;
  for (std::string_view part : {*name, *registry, *binary}) checksum.Add(part);
  if (checksum.Get() != row_.checksum) {
    return "the registry of release " + std::string(*name) + " is damaged";
  }
  release_ = *name;
  binary_ = *binary;
  registry_ = *registry;
  if (row_.registry_size != registry->size()) {
    Result<std::string> text = UnpackXz(path_, *registry, std::min<uint64_t>(row_.registry_size, kMaxJsonFile));
    if (!text || text->size() != row_.registry_size) {
      return "the registry of release " + std::string(*name) + " is damaged";
    }
    unpacked_ = *std::move(text);
    registry_ = unpacked_;
  }
  classes_ = classes.subspan(row_.first_class, row_.class_count);
  by_name_ = by_name.subspan(row_.first_class, row_.class_count);
  // The first release with these classes is the one that they were packed for.
  for (const ReleaseRow& row : mapping_->Table<ReleaseRow>(snapshot::kReleases)) {
    if (row.first_class != row_.first_class || row.class_count != row_.class_count) continue;
    layouts_release_ = mapping_->Part(snapshot::kReleaseNames, row.name).value_or("");
    break;
  }
  return "";
}

std::optional<size_t> MappedSnapshot::Find(std::string_view name) const {
  auto name_of = [&](uint32_t row) {
    return row < classes_.size() ? class_name(row) : std::string_view();
  };
  auto it = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                             [&](uint32_t row, std::string_view n) { return name_of(row) < n; });
  if (it == by_name_.end() || *it >= classes_.size() || name_of(*it) != name) return std::nullopt;
  return *it;
}

Result<Layout> MappedSnapshot::Read(size_t i) const {
  const ClassRow& row = classes_[i];
  const std::string_view records = mapping_->Bytes(snapshot::kRecords);
  if (row.offset <= records.size() && row.size <= records.size() - row.offset) {
    RecordReader reader(*mapping_, records.substr(row.offset, row.size));
    Layout layout = reader.Read(class_name(i));
    if (reader.ok() && reader.checksum() == row.checksum) {
      layout.storage = mapping_;
      return layout;
    }
  }
  return SnapshotError(path_,
                       "the layout of class " + std::to_string(i) + " (\"" +
                           std::string(class_name(i)) + "\") is damaged",
                       kGetItAgain);
}

class MappedFile : public SnapshotFile {
 public:
  MappedFile(std::string path, std::shared_ptr<const Mapping> mapping)
      : path_(std::move(path)),
        mapping_(std::move(mapping)),
        rows_(mapping_->Table<ReleaseRow>(snapshot::kReleases)) {}

  size_t size() const override { return rows_.size(); }
  std::string_view release(size_t i) const override {
    return mapping_->Part(snapshot::kReleaseNames, rows_[i].name).value_or("");
  }
  Result<std::unique_ptr<Snapshot>> At(size_t i) const override {
    auto snapshot = std::make_unique<MappedSnapshot>(path_, mapping_, rows_[i]);
    if (std::string wrong = snapshot->Check(); !wrong.empty()) {
      return SnapshotError(path_, std::move(wrong), kGetItAgain);
    }
    return std::unique_ptr<Snapshot>(std::move(snapshot));
  }

 private:
  std::string path_;
  std::shared_ptr<const Mapping> mapping_;
  std::span<const ReleaseRow> rows_;
};

}  // namespace

Result<std::unique_ptr<Snapshot>> Snapshot::Open(const std::string& path) {
  const Result<std::unique_ptr<SnapshotFile>> file = SnapshotFile::Open(path);
  if (!file) return file.error();
  return (*file)->At(0);
}

Result<std::unique_ptr<SnapshotFile>> SnapshotFile::Open(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return SnapshotError(path, std::string("cannot read: ") + std::strerror(errno));
  struct stat info {};
  const bool is_file = ::fstat(fd.get(), &info) == 0 && S_ISREG(info.st_mode);
  const auto size = static_cast<size_t>(info.st_size);
  void* bytes =
      is_file && size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0) : MAP_FAILED;
  const int error = errno;
  if (!is_file) return SnapshotError(path, "not a regular file, expected a wcheck snapshot");
  if (size == 0) return SnapshotError(path, "found an empty file, expected a wcheck snapshot");
  if (bytes == MAP_FAILED) {
    return SnapshotError(path, std::string("cannot map: ") + std::strerror(error));
  }
  auto mapping = std::make_shared<Mapping>(static_cast<const char*>(bytes), size);
  if (std::string wrong = mapping->CheckHeader(); !wrong.empty()) {
    return SnapshotError(path, std::move(wrong), kGetItAgain);
  }
  return std::unique_ptr<SnapshotFile>(std::make_unique<MappedFile>(path, std::move(mapping)));
}

}  // namespace wcheck
