// Reads the keys of a layout fast.
//
// Nearly all of a layout's text is its keys: millions, in a large model. simdjson reads them
// directly into families; the keys themselves are not kept. Faults are not explained here: the
// caller reads the whole text again with the strict reader, which has a message and a place for
// every fault.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wcheck/layout.h"

namespace wcheck {

// Moves the keys of a layout from its text into `builder`. Returns the remaining text, with an
// empty object in place of the keys. Returns nothing if anything about the keys is wrong or unusual
// (a backslash in a name); `builder` must not be used then. The bytes up to `capacity` after the
// start of `text` may be read; a larger capacity is faster.
std::optional<std::string> TakeKeys(std::string_view text, size_t capacity, LayoutBuilder* builder);

}  // namespace wcheck
