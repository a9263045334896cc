// Rows are collected unsorted, because checkpoints list millions of keys and sorting them once is
// cheaper than looking each one up. After sorting by pattern and numbers, duplicates are neighbours
// and every pattern's rows can be cut into boxes.
#include "checkpoint/checkpoint_files_table.h"

#include <algorithm>

namespace wcheck {
namespace {

constexpr size_t kSample = 3;

}  // namespace

struct KeyTable::Storage {
  struct Attribute {
    std::vector<int64_t> shape;
    std::string dtype;

    bool Is(std::span<const int64_t> other, std::string_view type) const {
      return dtype == type && std::equal(shape.begin(), shape.end(), other.begin(), other.end());
    }
  };
  PatternIndex patterns;
  std::deque<Attribute> attributes;
  std::deque<IndexBox> boxes;
};

KeyTable::KeyTable() : storage_(std::make_shared<Storage>()) {}

uint32_t KeyTable::Attribute(std::span<const int64_t> shape, std::string_view dtype) {
  // Usually the same as the key before.
  if (last_attribute_ < storage_->attributes.size() &&
      storage_->attributes[last_attribute_].Is(shape, dtype)) {
    return last_attribute_;
  }
  std::string spelling(dtype);
  spelling.append(1, '\0');
  spelling.append(reinterpret_cast<const char*>(shape.data()), shape.size_bytes());
  auto [found, is_new] = attribute_numbers_.try_emplace(
      std::move(spelling), static_cast<uint32_t>(storage_->attributes.size()));
  if (is_new) storage_->attributes.push_back({{shape.begin(), shape.end()}, std::string(dtype)});
  last_attribute_ = found->second;
  return last_attribute_;
}

uint32_t KeyTable::PatternNumber(std::string_view text, size_t holes) {
  const uint32_t number = storage_->patterns.NumberOf(text);
  if (number == holes_.size()) holes_.push_back(static_cast<uint32_t>(holes));
  return number;
}

void KeyTable::Add(std::string_view key, uint32_t attribute, uint32_t file, uint32_t offset) {
  SplitNumbers(key, &split_.pattern, &split_.numbers);
  const uint32_t pattern = PatternNumber(split_.pattern, split_.numbers.size());
  rows_.push_back({pattern, static_cast<uint32_t>(numbers_.size()), attribute, file, offset});
  numbers_.insert(numbers_.end(), split_.numbers.begin(), split_.numbers.end());
  sorted_ = false;
}

void KeyTable::Append(KeyTable other) {
  if (rows_.empty()) {
    *this = std::move(other);
    return;
  }
  std::vector<uint32_t> patterns;
  patterns.reserve(other.holes_.size());
  for (uint32_t p = 0; p < other.holes_.size(); ++p) {
    patterns.push_back(PatternNumber(other.storage_->patterns[p], other.holes_[p]));
  }
  std::vector<uint32_t> attributes;
  for (const Storage::Attribute& attribute : other.storage_->attributes) {
    attributes.push_back(Attribute(attribute.shape, attribute.dtype));
  }
  auto first = static_cast<uint32_t>(numbers_.size());
  for (const Row& row : other.rows_) {
    rows_.push_back({patterns[row.pattern], first + row.numbers, attributes[row.attribute],
                     row.file, row.offset});
  }
  numbers_.insert(numbers_.end(), other.numbers_.begin(), other.numbers_.end());
  sorted_ = false;
}

std::span<const uint32_t> KeyTable::NumbersOf(const Row& row) const {
  return {numbers_.data() + row.numbers, holes_[row.pattern]};
}

std::string KeyTable::KeyOf(const Row& row) const {
  return JoinNumbers(storage_->patterns[row.pattern], NumbersOf(row));
}

int KeyTable::Compare(const Row& a, const Row& b) const {
  if (a.pattern != b.pattern) return a.pattern < b.pattern ? -1 : 1;
  const uint32_t* x = numbers_.data() + a.numbers;
  const uint32_t* y = numbers_.data() + b.numbers;
  for (uint32_t i = holes_[a.pattern]; i-- > 0; ++x, ++y) {
    if (*x != *y) return *x < *y ? -1 : 1;
  }
  return 0;
}

void KeyTable::Sort() {
  if (sorted_) return;
  // By pattern first, which needs no comparison; a pattern's rows are then few, or nearly in order.
  std::vector<uint32_t> starts(storage_->patterns.size() + 1, 0);
  for (const Row& row : rows_) ++starts[row.pattern + 1];
  for (size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  std::vector<Row> ordered(rows_.size());
  std::vector<uint32_t> next(starts.begin(), starts.end() - 1);
  for (const Row& row : rows_) ordered[next[row.pattern]++] = row;
  rows_ = std::move(ordered);
  auto less = [this](const Row& a, const Row& b) {
    int order = Compare(a, b);
    if (order != 0) return order < 0;
    return a.file != b.file ? a.file < b.file : a.offset < b.offset;
  };
  for (size_t p = 0; p + 1 < starts.size(); ++p) {
    auto begin = rows_.begin() + starts[p];
    auto end = rows_.begin() + starts[p + 1];
    if (!std::is_sorted(begin, end, less)) std::sort(begin, end, less);
  }
  sorted_ = true;
}

std::optional<KeyTable::Duplicate> KeyTable::FindDuplicate(bool in_one_file) {
  Sort();
  const Row* first = nullptr;
  const Row* second = nullptr;
  for (size_t i = 1; i < rows_.size(); ++i) {
    const Row& a = rows_[i - 1];
    const Row& b = rows_[i];
    if ((in_one_file && a.file != b.file) || !SameKey(a, b)) continue;
    auto place = [](const Row& row) { return std::pair(row.file, row.offset); };
    if (second != nullptr && place(*second) < place(b)) continue;
    first = &a;
    second = &b;
  }
  if (second == nullptr) return std::nullopt;
  return Duplicate{KeyOf(*second), first->file, first->offset, second->file, second->offset};
}

KeyTable::KeySample KeyTable::DropDuplicates() {
  Sort();
  KeySample sample;
  size_t kept = 0;
  for (size_t i = 0; i < rows_.size(); ++i) {
    if (kept == 0 || !SameKey(rows_[kept - 1], rows_[i])) {
      rows_[kept++] = rows_[i];
      continue;
    }
    const Row& before = rows_[kept - 1];
    ++sample.count;
    if (sample.first.size() < kSample) {
      sample.first.push_back(
          {KeyOf(before), before.file, before.offset, rows_[i].file, rows_[i].offset});
    }
    rows_[kept - 1] = rows_[i];
  }
  rows_.resize(kept);
  return sample;
}

std::span<const KeyTable::Row> KeyTable::RowsOf(std::string_view pattern) const {
  const std::optional<uint32_t> number = storage_->patterns.Find(pattern);
  if (!number) return {};
  auto begin = std::lower_bound(rows_.begin(), rows_.end(), *number,
                                [](const Row& row, uint32_t p) { return row.pattern < p; });
  auto end = std::upper_bound(begin, rows_.end(), *number,
                              [](uint32_t p, const Row& row) { return p < row.pattern; });
  return {begin, end};
}

KeyTable KeyTable::OfFiles(const std::vector<bool>& wanted) const {
  KeyTable part;
  const uint32_t no_shape = part.Attribute({}, "");
  for (const Row& row : rows_) {
    if (wanted[row.file]) part.Add(KeyOf(row), no_shape, row.file, row.offset);
  }
  return part;
}

// Both tables are sorted, so each pattern is looked up once and its rows are found by binary
// search.
KeyTable::Missing KeyTable::MissingFrom(KeyTable* other, const std::vector<bool>& wanted) {
  Sort();
  other->Sort();
  Missing missing;
  std::span<const Row> theirs;
  for (size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    if (i == 0 || rows_[i - 1].pattern != row.pattern) {
      theirs = other->RowsOf(storage_->patterns[row.pattern]);
    }
    if (!wanted[row.file]) continue;
    std::span<const uint32_t> ours = NumbersOf(row);
    auto found = std::lower_bound(
        theirs.begin(), theirs.end(), ours, [other](const Row& r, std::span<const uint32_t> n) {
          std::span<const uint32_t> held = other->NumbersOf(r);
          return std::lexicographical_compare(held.begin(), held.end(), n.begin(), n.end());
        });
    bool there = false;
    for (; found != theirs.end() && !there; ++found) {
      std::span<const uint32_t> held = other->NumbersOf(*found);
      if (!std::equal(held.begin(), held.end(), ours.begin(), ours.end())) break;
      there = found->file == row.file;
    }
    if (there) continue;
    ++missing.count;
    if (missing.first.size() < kSample) missing.first.emplace_back(KeyOf(row), row.file);
  }
  return missing;
}

// The sizes of the value sets tell whether the rows are a full product, without comparing tuples:
// rows are distinct, so as many rows as the product has members must be all of them.
void KeyTable::AddFamilies(std::vector<Row>::const_iterator begin,
                           std::vector<Row>::const_iterator end,
                           std::vector<LayoutFamily>* families) {
  const std::string_view pattern = storage_->patterns[begin->pattern];
  const uint32_t holes = holes_[begin->pattern];
  const Storage::Attribute& attribute = storage_->attributes[begin->attribute];
  if (holes == 0) {
    families->push_back({pattern, {}, attribute.shape, attribute.dtype});
    return;
  }
  // Nearly always one full product.
  IndexBox box;
  uint64_t product = 1;
  auto count = static_cast<uint64_t>(end - begin);
  for (uint32_t d = 0; d < holes && product <= count; ++d) {
    std::vector<uint32_t> values;
    for (auto row = begin; row != end; ++row) {
      uint32_t value = numbers_[row->numbers + d];
      if (values.empty() || values.back() != value) values.push_back(value);
    }
    box.push_back(IndexSet::FromValues(std::move(values)));
    product *= box.back().size();
  }
  auto add = [&](IndexBox one) {
    storage_->boxes.push_back(std::move(one));
    families->push_back({pattern, storage_->boxes.back(), attribute.shape, attribute.dtype});
  };
  if (product == count && box.size() == holes) {
    add(std::move(box));
    return;
  }
  std::vector<std::vector<uint32_t>> tuples;
  tuples.reserve(count);
  for (auto row = begin; row != end; ++row) {
    std::span<const uint32_t> numbers = NumbersOf(*row);
    tuples.emplace_back(numbers.begin(), numbers.end());
  }
  for (IndexBox& one : CutIntoBoxes(std::move(tuples))) add(std::move(one));
}

std::vector<LayoutFamily> KeyTable::TakeFamilies(std::shared_ptr<const void>* storage) {
  Sort();
  std::vector<LayoutFamily> families;
  for (auto begin = rows_.begin(); begin != rows_.end();) {
    auto end = std::find_if(begin, rows_.end(),
                            [&](const Row& row) { return row.pattern != begin->pattern; });
    std::stable_sort(begin, end,
                     [](const Row& a, const Row& b) { return a.attribute < b.attribute; });
    while (begin != end) {
      auto part = std::find_if(begin, end,
                               [&](const Row& row) { return row.attribute != begin->attribute; });
      AddFamilies(begin, part, &families);
      begin = part;
    }
  }
  storage_->patterns.KeepTexts();
  *storage = std::move(storage_);
  *this = KeyTable();
  return families;
}

}  // namespace wcheck
