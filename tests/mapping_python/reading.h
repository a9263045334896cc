// What the tests of this room share: reading a registry from a text.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mapping/python/python_reader.h"

namespace wcheck {

// The registry in `text`; a failure of the test if it cannot be read.
Registry ReadText(const std::string& text);
// The error that reading `text` gives; a failure of the test if there is none.
Error ReadError(const std::string& text);
// A file of testdata/python.
std::string Fixture(const std::string& name);
// The names of its .py files, without the ending.
std::vector<std::string> FixtureNames();

// The source text of a range, and its place as "line:column".
std::string TextOf(const SourceRange& range);
std::string PlaceOf(const SourceRange& range);
// The remarks of one kind, as "line:column message [entries]".
std::vector<std::string> Remarks(const Registry& registry, ReaderRemark::Kind kind);
// The names of the entries that are incomplete, joined by spaces.
std::string Incomplete(const Registry& registry);

}  // namespace wcheck
