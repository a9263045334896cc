// The keys of a checkpoint, for millions of keys.
//
// A key costs its numbers and twenty bytes; its pattern is stored once. Nothing is compared until
// all keys are there: then rows are sorted, duplicates become neighbours, and the rest is cut into
// families. (LayoutBuilder keeps every key as text, which is fine for a model, but not here.)
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wcheck/layout.h"

#include "layout/pattern_index.h"

namespace wcheck {

class KeyTable {
 public:
  KeyTable();

  // There are few combinations of shape and dtype; each has a number.
  uint32_t Attribute(std::span<const int64_t> shape, std::string_view dtype);

  // `file` and `offset` say where the key was found; they are returned for a duplicate.
  void Add(std::string_view key, uint32_t attribute, uint32_t file, uint32_t offset);
  // Adds all keys of another table, which is empty afterwards.
  void Append(KeyTable other);
  size_t size() const { return rows_.size(); }

  struct Duplicate {
    std::string key;
    uint32_t first_file;
    uint32_t first_offset;
    uint32_t file;
    uint32_t offset;
  };
  // The first key that occurs twice in one file, or twice in the table, whatever the files.
  std::optional<Duplicate> DuplicateInFile() { return FindDuplicate(/*in_one_file=*/true); }
  std::optional<Duplicate> DuplicateAnywhere() { return FindDuplicate(/*in_one_file=*/false); }
  // Keys that are in several files. The one of the last file stays in the table.
  struct KeySample {
    uint64_t count = 0;
    std::vector<Duplicate> first;  // a few
  };
  KeySample DropDuplicates();

  // The keys that are here under a file but not, under the same file, in `other`. Both tables must
  // number files alike. Only files for which `wanted` is true are checked.
  struct Missing {
    uint64_t count = 0;
    std::vector<std::pair<std::string, uint32_t>> first;  // a few, with their files
  };
  Missing MissingFrom(KeyTable* other, const std::vector<bool>& wanted);

  // A table of the keys of the files for which `wanted` is true.
  KeyTable OfFiles(const std::vector<bool>& wanted) const;

  // Cuts the keys into families, in the order in which their patterns were first seen, and moves
  // the storage that they point into. There must be no duplicates left. The table is empty
  // afterwards.
  std::vector<LayoutFamily> TakeFamilies(std::shared_ptr<const void>* storage);

 private:
  struct Row {
    uint32_t pattern;
    uint32_t numbers;  // where its numbers start in numbers_
    uint32_t attribute;
    uint32_t file;
    uint32_t offset;
  };
  struct Storage;

  uint32_t PatternNumber(std::string_view text, size_t holes);
  std::span<const uint32_t> NumbersOf(const Row& row) const;
  std::string KeyOf(const Row& row) const;
  std::optional<Duplicate> FindDuplicate(bool in_one_file);
  // Orders rows by pattern and numbers, then file and offset.
  void Sort();
  // The rows with this pattern. Sorted.
  std::span<const Row> RowsOf(std::string_view pattern) const;
  int Compare(const Row& a, const Row& b) const;
  bool SameKey(const Row& a, const Row& b) const { return Compare(a, b) == 0; }
  void AddFamilies(std::vector<Row>::const_iterator begin, std::vector<Row>::const_iterator end,
                   std::vector<LayoutFamily>* families);

  std::shared_ptr<Storage> storage_;
  std::vector<uint32_t> holes_;  // by pattern
  std::unordered_map<std::string, uint32_t> attribute_numbers_;
  std::vector<Row> rows_;
  std::vector<uint32_t> numbers_;
  bool sorted_ = true;
  uint32_t last_attribute_ = 0;
  SplitKey split_;  // scratch
};

}  // namespace wcheck
