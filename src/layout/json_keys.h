// The keys of a layout, read fast.
//
// Nearly all of a layout's text is its keys: by the million, in a large model. They are read by
// simdjson, straight into families, and nothing is kept of them. What is not as it should be is not
// explained here: the caller reads the whole text again with the strict reader, which has a message
// and a place for every fault.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wcheck/layout.h"

namespace wcheck {

// Moves the keys of a layout from its text into `builder`. Returns what is left of the text, with
// an empty object in place of the keys; nothing if anything is wrong with the keys, or looks
// unusual (a backslash in a name), and then `builder` is not to be used. The bytes up to `capacity`
// after the start of `text` may be read; more is faster.
std::optional<std::string> TakeKeys(std::string_view text, size_t capacity, LayoutBuilder* builder);

}  // namespace wcheck
