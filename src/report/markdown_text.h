// Text from outside as Markdown that stays text: no HTML, link, image, mention (@name), reference
// (#12), table cell or code fence can come out of it, on GitHub or GitLab.
//
// Escaping punctuation is not enough: mentions and references are found in the rendered text. They
// are not looked for inside of code, so everything that is not a plain word becomes code.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wcheck {

// A code span, fenced by more backticks than stand in it. `printable` has no line break.
std::string MarkdownCode(std::string_view printable);

// A sentence: words of letters stay as they are, all else (names, patterns) becomes code.
std::string MarkdownProse(std::string_view printable);

// Lines as a block of code.
std::string MarkdownBlock(const std::vector<std::string>& printable_lines);

// Code inside of an HTML element, where Markdown is not read.
std::string HtmlCode(std::string_view printable);

}  // namespace wcheck
