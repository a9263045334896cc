// Cuts a pattern into the tokens that Python's parser sees: a character, or a backslash and the
// character after it. Positions count characters, as Python's error positions do.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "support/utf8.h"

namespace wcheck::regex {

struct Token {
  std::string_view text;  // empty at the end of the pattern
  char32_t c = 0;         // the character; the one after the backslash if `escaped`
  bool escaped = false;

  bool end() const { return text.empty(); }
  bool Is(char expected) const { return !escaped && c == char32_t(expected) && !end(); }
  bool IsAnyOf(std::string_view set) const {
    return !escaped && !end() && c < 0x80 &&
           set.find(static_cast<char>(c)) != std::string_view::npos;
  }
  bool IsDigit() const { return !escaped && c >= '0' && c <= '9'; }
  uint32_t size() const { return end() ? 0 : escaped ? 2 : 1; }  // in characters
};

class Tokenizer {
 public:
  // `text` must be valid UTF-8.
  explicit Tokenizer(std::string_view text) : text_(text) { Advance(); }

  // The next token, and its position.
  const Token& next() const { return next_; }
  uint32_t tell() const { return position_; }
  // The position of a backslash with nothing after it, once it was the next token: Python reports
  // this error before all others. The tokens end there.
  std::optional<uint32_t> dangling_backslash() const { return dangling_backslash_; }

  Token Get() {
    Token token = next_;
    Advance();
    return token;
  }
  bool Match(char c) {
    if (!next_.Is(c)) return false;
    Advance();
    return true;
  }

  struct Mark {
    uint32_t offset;
    uint32_t position;
  };
  // The position of the next token, and a way back to it.
  Mark mark() const { return {offset_ - static_cast<uint32_t>(next_.text.size()), position_}; }
  void Return(Mark mark) {
    offset_ = mark.offset;
    position_ = mark.position;
    next_ = {};
    Advance();
  }
  // Treats the pattern as ended.
  void Stop() {
    text_ = text_.substr(0, offset_);
    next_ = {};
  }

 private:
  void Advance() {
    position_ += next_.size();
    next_ = {};
    if (offset_ >= text_.size()) return;
    uint32_t begin = offset_;
    next_.escaped = text_[offset_] == '\\';
    if (next_.escaped && ++offset_ == text_.size()) {
      dangling_backslash_ = position_;
      next_ = {};
      return;
    }
    size_t length = 0;
    next_.c = DecodeUtf8(text_.substr(offset_), &length);
    offset_ += static_cast<uint32_t>(length);
    next_.text = text_.substr(begin, offset_ - begin);
  }

  std::string_view text_;
  uint32_t offset_ = 0;    // just past the next token
  uint32_t position_ = 0;  // of the next token
  Token next_;
  std::optional<uint32_t> dangling_backslash_;
};

}  // namespace wcheck::regex
