// An open-addressing table over texts that are stored in large chunks. The order of patterns
// repeats from layer to layer, so the index remembers which pattern followed which, and usually
// finds the next one without hashing.
#include "layout/pattern_index.h"

#include <algorithm>
#include <functional>

namespace wcheck {
namespace {

constexpr size_t kMinSlots = 64;
constexpr size_t kMinChunk = size_t{1} << 12;
constexpr size_t kMaxChunk = size_t{1} << 20;

}  // namespace

uint32_t HashOfPattern(std::string_view pattern) {
  return static_cast<uint32_t>(std::hash<std::string_view>()(pattern));
}

uint32_t PatternIndex::NumberOf(std::string_view pattern) {
  // Layers repeat: a pattern is usually followed by the one that followed it before.
  if (expected_ < texts_.size() && texts_[expected_] == pattern) return expected_++;
  if (2 * (texts_.size() + 1) > slots_.size()) Grow();
  const uint32_t hash = HashOfPattern(pattern);
  Slot& slot = slots_[SlotOf(pattern, hash)];
  if (slot.number == kFree) {
    slot = {hash, size()};
    texts_.push_back(Keep(pattern));
  }
  expected_ = slot.number + 1;
  return slot.number;
}

std::optional<uint32_t> PatternIndex::Find(std::string_view pattern) const {
  if (slots_.empty()) return std::nullopt;
  const Slot& slot = slots_[SlotOf(pattern, HashOfPattern(pattern))];
  if (slot.number == kFree) return std::nullopt;
  return slot.number;
}

size_t PatternIndex::SlotOf(std::string_view pattern, uint32_t hash) const {
  size_t i = hash & (slots_.size() - 1);
  while (slots_[i].number != kFree &&
         (slots_[i].hash != hash || texts_[slots_[i].number] != pattern)) {
    i = (i + 1) & (slots_.size() - 1);
  }
  return i;
}

void PatternIndex::Grow() {
  std::vector<Slot> before(std::max(kMinSlots, 2 * slots_.size()));
  before.swap(slots_);
  for (const Slot& slot : before) {
    if (slot.number == kFree) continue;
    size_t i = slot.hash & (slots_.size() - 1);
    while (slots_[i].number != kFree) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }
}

std::string_view PatternIndex::Keep(std::string_view text) {
  if (chunk_left_ < text.size() || chunks_.empty()) {
    chunk_size_ = std::max(std::clamp(2 * chunk_size_, kMinChunk, kMaxChunk), text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_size_));
    chunk_left_ = chunk_size_;
  }
  char* at = chunks_.back().get() + (chunk_size_ - chunk_left_);
  std::copy(text.begin(), text.end(), at);
  chunk_left_ -= text.size();
  return {at, text.size()};
}

void PatternIndex::KeepTexts() {
  texts_ = {};
  slots_ = {};
  expected_ = 0;
}

}  // namespace wcheck
