// Text from outside as Markdown that stays text: it cannot produce HTML, a link, an image, a
// mention (@name), a reference (#12), a table cell or a code fence, on GitHub or GitLab.
//
// Escaping punctuation is not enough: mentions and references are found in the rendered text. They
// are not looked for inside code, so everything that is not a plain word becomes code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

// A code span, fenced by more backticks than it contains. `printable` has no line break.
std::string MarkdownCode(std::string_view printable);

// A sentence: words of letters stay as they are, everything else (names, patterns) becomes code.
std::string MarkdownProse(std::string_view printable);

// Lines as a block of code.
std::string MarkdownBlock(const std::vector<std::string>& printable_lines);

// Code inside an HTML element, where Markdown is not parsed.
std::string HtmlCode(std::string_view printable);

}  // namespace wcheck
