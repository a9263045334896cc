// A JSON registry in a binary form that is read several times faster than the text: the bundled
// snapshot contains it beside the text. Nothing is lost: places still point into the text.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wcheck/registry.h"

namespace wcheck {

// Requires a registry as ReadJsonRegistry returns it: all places in one file, no comments, no
// remarks.
std::string EncodeRegistry(const Registry& registry);

// One operation, as the binary form has it. Equal for equal operations alone.
void EncodeOperation(const Operation& operation, std::string* out);

// Whether these bytes are of the version that DecodeRegistry reads.
bool IsReadableRegistry(std::string_view bytes);

// `text` is the file that the encoded registry was read from. An Error if the bytes are damaged or
// point outside the text.
Result<Registry> DecodeRegistry(std::string_view bytes, std::shared_ptr<const SourceFile> text);

}  // namespace wcheck
