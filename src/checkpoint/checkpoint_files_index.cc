#include "checkpoint/checkpoint_files_index.h"

#include <algorithm>
#include <utility>

#include "checkpoint/checkpoint_files_sax.h"
#include "families/key_limits.h"

namespace wcheck {
namespace {

class IndexHandler : public SaxHandler {
 public:
  IndexHandler(std::string_view text, const std::string& path, const IndexVisitor& visit)
      : SaxHandler(text, path, 0), visit_(visit) {}

  bool has_map() const { return has_map_; }

  bool start_object(size_t) {
    if (depth_ == 1 && in_map_) map_open_ = true;
    if (depth_ > 1 && map_open_) return WrongShard("an object");
    return Open();
  }
  bool end_object() {
    if (--depth_ == 1) in_map_ = map_open_ = false;
    return Next();
  }
  bool start_array(size_t) {
    if (depth_ == 0) return Refuse("expected an object, found a list");
    if (in_map_) return map_open_ ? WrongShard("a list") : WrongMap("a list");
    return Open();
  }
  bool end_array() {
    --depth_;
    return Next();
  }
  bool key(std::string& name) {
    if (depth_ == 1) {
      in_map_ = name == "weight_map";
      if (in_map_ && has_map_) return Refuse("duplicate key \"weight_map\"");
      has_map_ |= in_map_;
    } else if (map_open_) {
      if (const char* fault = FaultOfName(name)) {
        return Refuse(std::string("a key contains ") + fault + ": " + ShownName(name),
                      "a key consists of module names");
      }
      offset_ = static_cast<uint32_t>(TokenStart());
      key_.swap(name);
    }
    return Next();
  }
  bool string(std::string& value) {
    if (!map_open_) return Scalar("a string");
    // A shard is in the folder of its index, or below it.
    bool outside = value.empty() || value.front() == '/' || value == ".." ||
                   value.starts_with("../") || value.find("/../") != std::string::npos ||
                   value.ends_with("/..");
    if (outside || FaultOfName(value) != nullptr) {
      return Refuse("expected the name of a file in the folder of the index, found " +
                    ShownName(value));
    }
    visit_(key_, value, offset_);
    return Next();
  }
  bool number_unsigned(uint64_t) { return Scalar("a number"); }
  bool number_integer(int64_t) { return Scalar("a number"); }
  bool number_float(double, const std::string&) { return Scalar("a number"); }
  bool boolean(bool) { return Scalar("a boolean"); }
  bool null() { return Scalar("null"); }

 private:
  bool Open() {
    ++depth_;
    return Next();
  }
  bool Scalar(std::string_view found) {
    if (depth_ == 0) return Refuse("expected an object, found " + std::string(found));
    if (map_open_) return WrongShard(found);
    if (in_map_) return WrongMap(found);
    return Next();
  }
  bool WrongMap(std::string_view found) {
    return Refuse("expected an object (key -> file) as \"weight_map\", found " +
                  std::string(found));
  }
  bool WrongShard(std::string_view found) {
    return Refuse("expected the file that holds " + ShownName(key_) + " (a string), found " +
                  std::string(found));
  }

  const IndexVisitor& visit_;
  uint64_t depth_ = 0;
  bool in_map_ = false;    // after "weight_map":
  bool map_open_ = false;  // inside its object
  bool has_map_ = false;
  std::string key_;
  uint32_t offset_ = 0;
};

bool MayBeAFault(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte >= 0x7F || byte == '"' || byte == '\'' || byte == '\\';
}

}  // namespace

Status ReadIndex(std::string_view text, const std::string& path, const IndexVisitor& visit) {
  IndexHandler handler(text, path, visit);
  if (Status read = ReadJsonWith(&handler); !read) return read;
  if (!handler.has_map()) {
    return Error{{path, 0, 0, ""},
                 "expected \"weight_map\" in this object, found none",
                 "an index has {\"weight_map\": {key: file, …}}"};
  }
  return Unit{};
}

const char* FaultOfName(std::string_view name) {
  if (const char* excess = ExcessOfKey(name)) return excess;
  // Nearly every name is valid, and this runs for millions of them.
  if (std::none_of(name.begin(), name.end(), MayBeAFault)) return nullptr;
  for (size_t i = 0; i < name.size(); ++i) {
    auto byte = static_cast<unsigned char>(name[i]);
    if (byte < 0x20 || byte == 0x7F) return "a control character";
    // U+0080 … U+009F in UTF-8.
    if (byte == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0) {
      return "a control character";
    }
    if (byte == '"' || byte == '\'') return "a quote";
    if (byte == '\\') return "a backslash";
  }
  return nullptr;
}

std::string ShownName(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  constexpr size_t kLongest = 120;
  std::string out = "\"";
  for (char c : text.substr(0, kLongest)) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      out += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    } else {
      out += c;
    }
  }
  return out + (text.size() > kLongest ? "…\"" : "\"");
}

}  // namespace wcheck
