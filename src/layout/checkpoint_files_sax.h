// Reading JSON of up to 100 MB without building it: nlohmann/json calls a handler at each token,
// and this says where in the text the token stands, so that errors can name the offset.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "wcheck/support/result.h"

namespace wcheck {

// The base of handlers. A handler overrides what it accepts; everything else is refused.
class SaxHandler {
 public:
  using number_integer_t = int64_t;
  using number_unsigned_t = uint64_t;
  using number_float_t = double;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  // Errors name `path`, and offsets of `text` plus `base`.
  SaxHandler(std::string_view text, std::string path, uint64_t base)
      : text_(text), path_(std::move(path)), base_(base) {}

  const std::optional<Error>& error() const { return error_; }

  bool binary(binary_t&) { return false; }  // JSON text has none
  bool parse_error(size_t position, const std::string& token,
                   const nlohmann::json::exception& exception);

 protected:
  // Where the token that is being handled starts, in `text`.
  size_t TokenStart() const;
  // To be called at the end of each event.
  bool Next() {
    last_ = reached_;
    return true;
  }
  // Refuses the token.
  bool Refuse(std::string message, std::string advice = "") {
    return RefuseAt(TokenStart(), std::move(message), std::move(advice));
  }
  bool RefuseAt(size_t offset, std::string message, std::string advice = "");
  uint64_t base() const { return base_; }

 private:
  template <typename Handler>
  friend Status ReadJsonWith(Handler* handler);
  Status Finish(bool parsed);

  std::string_view text_;
  std::string path_;
  uint64_t base_;
  size_t reached_ = 0;  // what the lexer has taken; after a number, one delimiter more
  size_t last_ = 0;     // the same at the previous event
  std::optional<Error> error_;
};

// Reads bytes and notes how far the lexer has come.
class SaxIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  SaxIterator(std::string_view text, size_t at, size_t* reached)
      : at_(text.data() + at), begin_(text.data()), reached_(reached) {}
  reference operator*() const { return *at_; }
  SaxIterator& operator++() {
    ++at_;
    *reached_ = static_cast<size_t>(at_ - begin_);
    return *this;
  }
  SaxIterator operator++(int) {
    SaxIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const SaxIterator& other) const { return at_ == other.at_; }
  bool operator!=(const SaxIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char* begin_;
  size_t* reached_;
};

// Parses the handler's text; an Error if the handler refused, the JSON is wrong, or something
// stands behind it.
template <typename Handler>
Status ReadJsonWith(Handler* handler) {
  SaxHandler* base = handler;
  SaxIterator first(base->text_, 0, &base->reached_);
  SaxIterator last(base->text_, base->text_.size(), &base->reached_);
  bool parsed = nlohmann::json::sax_parse(first, last, handler,
                                          nlohmann::json::input_format_t::json, /*strict=*/false);
  return base->Finish(parsed);
}

}  // namespace wcheck
