// model.safetensors.index.json and pytorch_model.bin.index.json: which key is in which shard.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "wcheck/result.h"

namespace wcheck {

// Key, shard, and the byte offset of the key.
using IndexVisitor =
    std::function<void(std::string_view key, std::string_view shard, uint32_t offset)>;

// Calls `visit` with every item of "weight_map". Other members are skipped, whatever they contain.
Status ReadIndex(std::string_view text, const std::string& path, const IndexVisitor& visit);

// Checks a key: it must be printable, without quotes. Null, or what is wrong with it.
const char* FaultOfName(std::string_view name);
// Text from a file, cut and escaped for a message.
std::string ShownName(std::string_view text);

}  // namespace wcheck
