// Shared by the JSON formats.
#pragma once

#include <string>
#include <string_view>

#include <llvm/Support/JSON.h>

namespace wcheck {

// Text for the JSON writer: valid UTF-8, with U+FFFD for bytes that are not.
inline std::string JsonText(std::string_view text) {
  return llvm::json::fixUTF8({text.data(), text.size()});
}

// The same text, in the type that the writer's names have.
inline llvm::StringRef JsonName(std::string_view text) { return {text.data(), text.size()}; }

inline int64_t JsonNumber(uint64_t number) { return static_cast<int64_t>(number); }

}  // namespace wcheck
