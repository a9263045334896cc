// Key patterns, for millions of them: each is stored once, and has a number.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace wcheck {

// The hash of a pattern, for the tables of this room.
uint32_t HashOfPattern(std::string_view pattern);

class PatternIndex {
 public:
  // The number of a pattern; new ones are numbered from 0.
  uint32_t NumberOf(std::string_view pattern);
  std::optional<uint32_t> Find(std::string_view pattern) const;
  // The text stays in place for as long as the index lives.
  std::string_view operator[](uint32_t number) const { return texts_[number]; }
  uint32_t size() const { return static_cast<uint32_t>(texts_.size()); }
  // Forgets all numbers, and keeps only the texts.
  void KeepTexts();

 private:
  // A slot of an open-addressing hash table.
  struct Slot {
    uint32_t hash = 0;
    uint32_t number = kFree;
  };
  static constexpr uint32_t kFree = UINT32_MAX;

  // The slot of a pattern, or the free one where it would go.
  size_t SlotOf(std::string_view pattern, uint32_t hash) const;
  void Grow();
  std::string_view Keep(std::string_view text);

  std::vector<std::string_view> texts_;  // by number
  std::vector<Slot> slots_;              // a power of two; at most half of them are used
  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t chunk_left_ = 0;  // bytes at the end of the last chunk
  size_t chunk_size_ = 0;
  uint32_t expected_ = 0;  // the pattern that probably comes next
};

}  // namespace wcheck
