#include "support/json_syntax.h"

namespace wcheck::json {

std::string SyntaxMessage(std::string_view what) {
  if (size_t at = what.find(" - "); at != std::string_view::npos) {
    what.remove_prefix(at + 3);
  } else if (at = what.find("] "); at != std::string_view::npos) {
    what.remove_prefix(at + 2);
  }
  std::string_view expected;
  if (size_t at = what.rfind("; expected "); at != std::string_view::npos) {
    expected = what.substr(at);
    what = what.substr(0, at);
  }
  what = what.substr(0, what.find("; last read: "));
  return "not valid JSON: " + std::string(what) + std::string(expected);
}

}  // namespace wcheck::json
