// The parts of a workflow command, "::error file=…,line=…::message".
#pragma once

#include <string>
#include <string_view>

#include "wcheck/source_file.h"

namespace wcheck {

// The text of a command: characters that would end its line, and the escape character itself, are
// escaped.
std::string GithubData(std::string_view text);

// The value of a property also ends at ':' and ','.
std::string GithubProperty(std::string_view text);

// "file=a.py,line=1,endLine=1,col=3,endColumn=9," or "" for a place that cannot be opened.
std::string GithubPlace(const SourceRange& where, std::string_view folder);

}  // namespace wcheck
