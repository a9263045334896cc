#include "adapter/renamed_file.h"

#include <cstdint>
#include <fstream>
#include <set>
#include <vector>

#include "checkpoint/safetensors.h"
#include "support/file.h"
#include "support/json.h"
#include "support/limits.h"

namespace wcheck {
namespace {

constexpr size_t kLengthBytes = 8;
constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kAlignment = 8;  // the data begins at a multiple of it

std::string Quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += (c == '"' || c == '\\' ? std::string("\\") : "") + c;
  return out + '"';
}

}  // namespace

Status WriteRenamed(const std::string& from, const std::string& to,
                    const std::map<std::string, std::string>& names) {
  // Also checks all of the header.
  if (const Status valid = ReadSafetensors(from, [](const SafetensorsTensor&) {}); !valid)
    return valid.error();
  std::ifstream in(from, std::ios::binary);
  unsigned char length_bytes[kLengthBytes] = {};
  in.read(reinterpret_cast<char*>(length_bytes), kLengthBytes);
  uint64_t length = 0;
  for (size_t i = kLengthBytes; i-- > 0;) length = length << 8U | length_bytes[i];
  if (!in || length > kMaxSafetensorsHeader) return Error{{from, 0, 0, ""}, "cannot be read", ""};
  std::string text(length, '\0');
  in.read(text.data(), static_cast<std::streamsize>(length));
  if (!in) return Error{{from, 0, 0, ""}, "cannot be read", ""};

  const SourceFile file(from, std::move(text));
  const Result<json::Value> root = json::Parse(file);
  if (!root) return root.error();
  std::string header = "{";
  std::set<std::string> written;
  for (const json::Member& member : root->members) {
    const auto renamed = names.find(member.name);
    const std::string& name = renamed == names.end() ? member.name : renamed->second;
    if (!written.insert(name).second) {
      return Error{{from, 0, 0, ""}, "two tensors would be called " + name, ""};
    }
    const SourceRange& where = member.value.where;
    header += (header.size() > 1 ? "," : "") + Quoted(name) + ':' +
              file.text().substr(where.begin, where.end - where.begin);
  }
  header += '}';
  header.append((kAlignment - header.size() % kAlignment) % kAlignment, ' ');

  return WriteFileInParts(to, [&](const WritePart& write) -> Status {
    std::string begin;
    for (size_t i = 0; i < kLengthBytes; ++i) {
      begin += static_cast<char>(static_cast<uint64_t>(header.size()) >> (8 * i) & 0xFFU);
    }
    std::vector<char> block(kBlock);
    bool more = write(begin + header);
    while (more && in) {
      in.read(block.data(), static_cast<std::streamsize>(block.size()));
      more = write({block.data(), static_cast<size_t>(in.gcount())});
    }
    if (in.bad()) return Error{{from, 0, 0, ""}, "cannot be read", ""};
    return Unit{};
  });
}

}  // namespace wcheck
