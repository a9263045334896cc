// Errors are values with a place.
//
// Every function that reads outside input returns a Result<T>: the value, or one Error that says
// where the input is wrong, what was found, what was expected and what the user can do. Nothing in
// wcheck throws across a library boundary.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace wcheck {

// A place in an input. Lines and columns are 1-based, columns count bytes; 0 means "not known".
struct Place {
  std::string file;     // as the user named it; empty if the input has no name
  uint32_t line = 0;    // 1-based
  uint32_t column = 0;  // 1-based, in bytes
  std::string inside;   // a JSON pointer, a byte offset ("offset 12"), or empty

  // "file:12:3 (/entries/llava/0)", without the unknown parts.
  std::string ToString() const;
};

struct Error {
  Place place;
  std::string message;  // one line: what was found and what was expected
  std::string advice;   // one line: what to do about it; may be empty

  // "file:12:3: error: message", and the advice on a second line if there is one.
  std::string ToString() const;
};

// A value or an Error. The idiom is `if (!r) return r.error();`.
template <typename T>
class Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return (assert(ok()), *std::get_if<0>(&state_)); }
  const T& value() const& { return (assert(ok()), *std::get_if<0>(&state_)); }
  T&& value() && { return (assert(ok()), std::move(*std::get_if<0>(&state_))); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return (assert(!ok()), *std::get_if<1>(&state_)); }

 private:
  std::variant<T, Error> state_;
};

// The result of a function that returns nothing but may fail.
struct Unit {};
using Status = Result<Unit>;

}  // namespace wcheck
