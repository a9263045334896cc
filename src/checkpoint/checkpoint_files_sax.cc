#include "checkpoint/checkpoint_files_sax.h"

#include <algorithm>

#include "support/json_syntax.h"

namespace wcheck {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

}  // namespace

size_t SaxHandler::TokenStart() const {
  size_t at = text_.find_first_not_of(" \t\r\n,:", last_);
  return std::min(at, text_.size());
}

bool SaxHandler::RefuseAt(size_t offset, std::string message, std::string advice) {
  error_ = Error{{path_, 0, 0, "offset " + std::to_string(base_ + offset)},
                 std::move(message),
                 std::move(advice)};
  return false;
}

bool SaxHandler::parse_error(size_t position, const std::string&,
                             const nlohmann::json::exception& exception) {
  size_t offset = std::min(position == 0 ? 0 : position - 1, text_.size());
  bool nul = offset < text_.size() && text_[offset] == '\0';
  return RefuseAt(
      offset, nul ? "not valid JSON: unexpected NUL byte" : json::SyntaxMessage(exception.what()));
}

Status SaxHandler::Finish(bool parsed) {
  if (!parsed) {
    if (!error_) RefuseAt(taken(), "not valid JSON");
    return *error_;
  }
  size_t rest = text_.find_first_not_of(kBlanks, taken());
  if (rest != std::string_view::npos) {
    RefuseAt(rest, "found more text after the end of the JSON object");
    return *error_;
  }
  return Unit{};
}

}  // namespace wcheck
