// Reads layouts-V.jsonl and layouts-V.jsonl.xz: one layout per line, by the rules of
// docs/layout.schema.json.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "wcheck/layout.h"

#include "support/json.h"

namespace wcheck {

// One layout from one JSON object. Errors point at the faulty value.
Result<Layout> ReadLayout(const json::Value& object);

// All layouts of a file. Lines are kept, and parsed when they are requested. That every line is an
// object with a class name, and that no class occurs twice, is checked at once.
Result<std::unique_ptr<LayoutSource>> OpenLayouts(const std::string& path);
// The same for the text of such a file; `path` names it in errors.
Result<std::unique_ptr<LayoutSource>> LayoutsOfText(std::string path, std::string text);

}  // namespace wcheck
