// The orders in which engines visit keys. NaturalLess of wcheck/key_family.h is the first of them.
#pragma once

#include <cstdint>
#include <string_view>

namespace wcheck {

// How two dotted parts compare that are words: as texts; or by the text before their last digits,
// then without such digits before with, then by these digits as a number ("shard_2" before
// "shard_11").
enum class WordOrder : uint8_t { kText, kTrailingDigits };

bool NaturalLess(std::string_view a, std::string_view b, WordOrder words);

// Whether a part of a key is a number to all orders.
bool IsNumberPart(std::string_view part);

}  // namespace wcheck
