#include "published/published_file.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <utility>

#include "layout/family_limits.h"
#include "support/file.h"
#include "support/utf8.h"
#include "support/varint.h"

namespace wcheck {
namespace {

constexpr std::string_view kMagic = "WCHKPUB1";
constexpr std::array<std::string_view, 3> kOriginNames = {"unknown", "original", "derived"};

struct ListStorage {
  std::deque<std::string> patterns;
  std::deque<IndexBox> numbers;
};

void AppendSets(std::span<const IndexSet> sets, std::string* out) {
  for (const IndexSet& set : sets) {
    AppendVarint(out, set.ranges().size());
    uint64_t least = 0;
    for (const IndexRange& range : set.ranges()) {
      AppendVarint(out, range.first - least);
      AppendVarint(out, range.last - range.first);
      least = uint64_t{range.last} + 2;
    }
  }
}

std::string RecordOf(std::span<const PublishedList* const> lists) {
  std::string out;
  for (const PublishedList* list : lists) {
    AppendBytes(&out, list->model);
    AppendVarint(&out, static_cast<uint64_t>(list->origin));
    AppendBytes(&out, list->source);
    AppendBytes(&out, list->config);
    AppendVarint(&out, list->families.size());
    for (const LayoutFamily& family : list->families) {
      AppendBytes(&out, family.pattern);
      AppendSets(family.numbers, &out);
    }
  }
  return out;
}

std::optional<IndexSet> ReadSet(VarintReader* reader) {
  constexpr uint64_t kMaxNumber = 999'999'999;
  std::vector<IndexRange> ranges;
  const uint64_t count = reader->NextCount();
  uint64_t least = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t gap = reader->Next();
    const uint64_t length = reader->Next();
    if (!reader->ok() || gap > kMaxNumber || length > kMaxNumber) return std::nullopt;
    const uint64_t first = least + gap;
    if (first + length > kMaxNumber) return std::nullopt;
    ranges.push_back({static_cast<uint32_t>(first), static_cast<uint32_t>(first + length)});
    least = first + length + 2;
  }
  if (ranges.empty()) return std::nullopt;
  return IndexSet::FromRanges(std::move(ranges));
}

// A pattern is UTF-8 but for its holes.
bool IsPattern(std::string_view pattern) {
  if (pattern.empty() || pattern.size() > kMaxKeyBytes) return false;
  std::string filled(pattern);
  std::ranges::replace(filled, kHole, '0');
  return FindInvalidUtf8(filled) == std::string_view::npos;
}

bool ReadList(VarintReader* reader, PublishedList* list) {
  list->model = reader->NextBytes();
  const uint64_t origin = reader->Next();
  list->source = reader->NextBytes();
  list->config = reader->NextBytes();
  if (!reader->ok() || origin >= kOriginNames.size()) return false;
  list->origin = static_cast<PublishedOrigin>(origin);
  auto storage = std::make_shared<ListStorage>();
  uint64_t keys = 0;
  for (uint64_t left = reader->NextCount(); left > 0; --left) {
    const std::string_view pattern = reader->NextBytes();
    if (!reader->ok() || !IsPattern(pattern)) return false;
    const auto holes = static_cast<size_t>(std::ranges::count(pattern, kHole));
    if (holes > kMaxKeyNumbers) return false;
    IndexBox& numbers = storage->numbers.emplace_back();
    uint64_t members = 1;
    for (size_t i = 0; i < holes; ++i) {
      std::optional<IndexSet> set = ReadSet(reader);
      if (!set || set->size() > kMaxPublishedKeys / members) return false;
      members *= set->size();
      numbers.push_back(*std::move(set));
    }
    keys += members;
    if (keys > kMaxPublishedKeys) return false;
    list->families.push_back({storage->patterns.emplace_back(pattern), numbers, {}, ""});
  }
  list->storage = std::move(storage);
  return reader->ok();
}

Error Damaged(const std::string& path, uint64_t offset, std::string what) {
  return Error{{path, 0, 0, "offset " + std::to_string(offset)},
               std::move(what),
               "make the file again with `wcheck published add`"};
}

}  // namespace

std::string_view OriginName(PublishedOrigin origin) {
  return kOriginNames[static_cast<size_t>(origin)];
}

std::optional<PublishedOrigin> ParseOrigin(std::string_view name) {
  const auto found = std::ranges::find(kOriginNames, name);
  if (found == kOriginNames.end()) return std::nullopt;
  return static_cast<PublishedOrigin>(found - kOriginNames.begin());
}

uint64_t PublishedList::key_count() const {
  uint64_t keys = 0;
  for (const LayoutFamily& family : families) keys += family.size();
  return keys;
}

Result<PublishedFile> PublishedFile::Open(const std::string& path) {
  Result<std::string> bytes = ReadFile(path, kMaxPublishedFile);
  if (!bytes) return bytes.error();
  return OfBytes(path, *std::move(bytes));
}

Result<PublishedFile> PublishedFile::OfBytes(std::string path, std::string bytes) {
  PublishedFile file;
  file.path_ = std::move(path);
  file.bytes_ = std::move(bytes);
  const std::string_view all = file.bytes_;
  if (!all.starts_with(kMagic)) {
    return Error{{file.path_, 0, 0, ""},
                 "not a file of published names, or of another version",
                 "make one with `wcheck published add`"};
  }
  VarintReader head(all.substr(kMagic.size()));
  const uint64_t unpacked = head.Next();
  const std::string_view packed = head.NextBytes();
  if (!head.ok() || unpacked > kMaxUnpacked) {
    return Damaged(file.path_, kMagic.size(), "the table of the classes is cut off");
  }
  const uint64_t begin = static_cast<uint64_t>(packed.data() - all.data()) + packed.size();
  Result<std::string> table = UnpackXz(file.path_, packed, unpacked);
  if (!table) return table.error();
  if (table->size() != unpacked) {
    return Damaged(file.path_, kMagic.size(), "the table of the classes is damaged");
  }
  VarintReader reader(*table);
  uint64_t at = begin;
  while (!reader.at_end()) {
    const std::string_view name = reader.NextBytes();
    const uint64_t lists = reader.Next();
    const Piece piece{at, reader.Next(), reader.Next()};
    if (!reader.ok() || name.empty() || FindInvalidUtf8(name) != std::string_view::npos || lists > UINT32_MAX ||
        piece.size > all.size() - at || piece.unpacked > kMaxUnpacked ||
        (!file.classes_.empty() && name <= file.classes_.back().name)) {
      return Damaged(file.path_, kMagic.size(), "the table of the classes is damaged");
    }
    file.classes_.push_back({std::string(name), static_cast<uint32_t>(lists)});
    file.pieces_.push_back(piece);
    at += piece.size;
  }
  if (!reader.ok() || at != all.size()) {
    return Damaged(file.path_, at, "the lists do not end where the file does");
  }
  return file;
}

uint64_t PublishedFile::list_count() const {
  uint64_t lists = 0;
  for (const Class& one : classes_) lists += one.lists;
  return lists;
}

Result<std::vector<PublishedList>> PublishedFile::Read(std::string_view class_name) const {
  std::vector<PublishedList> lists;
  const auto found = std::ranges::lower_bound(classes_, class_name, {}, &Class::name);
  if (found == classes_.end() || found->name != class_name) return lists;
  const Piece& piece = pieces_[static_cast<size_t>(found - classes_.begin())];
  const Result<std::string> text = UnpackXz(
      path_, std::string_view(bytes_).substr(piece.offset, piece.size), piece.unpacked);
  if (!text) return text.error();
  if (text->size() != piece.unpacked) {
    return Damaged(path_, piece.offset, "the lists of " + found->name + " are damaged");
  }
  VarintReader reader(*text);
  for (uint32_t i = 0; i < found->lists; ++i) {
    PublishedList list;
    list.class_name = found->name;
    if (!ReadList(&reader, &list)) {
      return Damaged(path_, piece.offset, "a list of " + found->name + " is damaged");
    }
    if (Status few = CheckFamilyCount(list.families, {path_, 0, 0, ""}); !few) return few.error();
    lists.push_back(std::move(list));
  }
  if (!reader.at_end()) {
    return Damaged(path_, piece.offset, "there is more than the lists of " + found->name);
  }
  return lists;
}

Result<std::vector<PublishedList>> PublishedFile::ReadAll() const {
  std::vector<PublishedList> all;
  for (const Class& one : classes_) {
    Result<std::vector<PublishedList>> lists = Read(one.name);
    if (!lists) return lists.error();
    std::ranges::move(*lists, std::back_inserter(all));
  }
  return all;
}

std::string WritePublished(std::vector<PublishedList> lists) {
  std::map<std::string_view, std::map<std::string_view, const PublishedList*>> by_class;
  for (const PublishedList& list : lists) by_class[list.class_name][list.model] = &list;
  std::string table;
  std::string pieces;
  for (const auto& [name, models] : by_class) {
    std::vector<const PublishedList*> some;
    for (const auto& [model, list] : models) some.push_back(list);
    const std::string record = RecordOf(some);
    const std::string packed = PackXz(record);
    AppendBytes(&table, name);
    AppendVarint(&table, some.size());
    AppendVarint(&table, packed.size());
    AppendVarint(&table, record.size());
    pieces += packed;
  }
  std::string out(kMagic);
  AppendVarint(&out, table.size());
  AppendBytes(&out, PackXz(table));
  return out + pieces;
}

}  // namespace wcheck
