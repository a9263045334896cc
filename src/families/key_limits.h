// What a key of an input must not exceed, so that work on keys stays in proportion to the input.
#pragma once

#include <string_view>

namespace wcheck {

// "more than 16384 bytes" or "more than 32 numbers", if the key has that; otherwise null.
const char* ExcessOfKey(std::string_view key);

}  // namespace wcheck
