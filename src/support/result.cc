#include "wcheck/result.h"

namespace wcheck {

std::string Place::ToString() const {
  std::string out = file;
  if (line != 0) {
    if (!out.empty()) out += ':';
    out += std::to_string(line);
    if (column != 0) out += ':' + std::to_string(column);
  }
  if (!inside.empty()) {
    if (!out.empty()) out += ' ';
    out += '(' + inside + ')';
  }
  return out;
}

std::string Error::ToString() const {
  std::string out = place.ToString();
  if (!out.empty()) out += ": ";
  out += "error: " + message;
  if (!advice.empty()) out += "\n  " + advice;
  return out;
}

}  // namespace wcheck
