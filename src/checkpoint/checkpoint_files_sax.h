// Reads JSON of up to 100 MB without building it: nlohmann/json calls a handler at each token, and
// this determines the offset of the token in the text, so that errors can name it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "wcheck/result.h"

#include "support/tracking_iterator.h"

namespace wcheck {

// The base of handlers. A handler overrides the events that it accepts; all others are errors.
class SaxHandler {
 public:
  using number_integer_t = int64_t;
  using number_unsigned_t = uint64_t;
  using number_float_t = double;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  // Errors name `path`, and offsets of `text` plus `base`.
  SaxHandler(std::string_view text, std::string path, uint64_t base)
      : text_(text), path_(std::move(path)), base_(base), reached_(text.data()) {}

  const std::optional<Error>& error() const { return error_; }

  bool binary(binary_t&) { return false; }  // JSON text has none
  bool parse_error(size_t position, const std::string& token,
                   const nlohmann::json::exception& exception);

 protected:
  // Where the token that is being handled starts, in `text`.
  size_t TokenStart() const;
  // To be called at the end of each event.
  bool Next() {
    last_ = taken();
    return true;
  }
  // Reports an error at the token.
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
  // What the lexer has consumed; after a number, one delimiter more.
  size_t taken() const { return static_cast<size_t>(reached_ - text_.data()); }

  const char* reached_;
  size_t last_ = 0;  // taken() at the previous event
  std::optional<Error> error_;
};

// Parses the handler's text; an Error if the handler refused, the JSON is wrong, or more text
// follows it.
template <typename Handler>
Status ReadJsonWith(Handler* handler) {
  SaxHandler* base = handler;
  TrackingIterator first(base->text_.data(), &base->reached_);
  TrackingIterator last(base->text_.data() + base->text_.size(), &base->reached_);
  bool parsed = nlohmann::json::sax_parse(first, last, handler,
                                          nlohmann::json::input_format_t::json, /*strict=*/false);
  return base->Finish(parsed);
}

}  // namespace wcheck
