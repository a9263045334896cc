// Reads the header as a stream of JSON tokens. Tensors are handed out as they are read; their
// extents are kept and sorted at the end, to check that they cover the data without overlaps and
// holes.
#include "checkpoint/safetensors.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "checkpoint/checkpoint_files_index.h"
#include "checkpoint/checkpoint_files_sax.h"
#include "support/descriptor.h"

namespace wcheck {
namespace {

constexpr uint64_t kLengthBytes = 8;
constexpr std::string_view kDamaged =
    "the file is damaged or incomplete; download or write it again";

struct Dtype {
  std::string_view name;   // in the file
  std::string_view torch;  // in layouts
  uint32_t bits;
};
// The format's dtypes. torch has no name for those of six bits.
constexpr Dtype kDtypes[] = {
    {"BF16", "bfloat16", 16},
    {"F32", "float32", 32},
    {"F16", "float16", 16},
    {"F64", "float64", 64},
    {"F8_E4M3", "float8_e4m3fn", 8},
    {"F8_E5M2", "float8_e5m2", 8},
    {"F8_E8M0", "float8_e8m0fnu", 8},
    {"F8_E4M3FNUZ", "float8_e4m3fnuz", 8},
    {"F8_E5M2FNUZ", "float8_e5m2fnuz", 8},
    {"I64", "int64", 64},
    {"I32", "int32", 32},
    {"I16", "int16", 16},
    {"I8", "int8", 8},
    {"U64", "uint64", 64},
    {"U32", "uint32", 32},
    {"U16", "uint16", 16},
    {"U8", "uint8", 8},
    {"BOOL", "bool", 8},
    {"F4", "float4_e2m1fn", 4},
    {"F6_E2M3", "float6_e2m3", 6},
    {"F6_E3M2", "float6_e3m2", 6},
    {"C64", "complex64", 64},
};

std::string Number(uint64_t n) { return std::to_string(n); }

class HeaderHandler : public SaxHandler {
 public:
  HeaderHandler(std::string_view text, const std::string& path, uint64_t data_size,
                const SafetensorsVisitor& visit)
      : SaxHandler(text, path, kLengthBytes), data_size_(data_size), visit_(visit) {}

  bool start_object(size_t) {
    switch (at_) {
      case At::kStart:
        at_ = At::kName;
        break;
      case At::kMetadata:
        at_ = At::kMetadataName;
        break;
      case At::kTensor:
        at_ = At::kField;
        seen_ = 0;
        break;
      default:
        return Unexpected("an object");
    }
    return Next();
  }

  bool end_object() {
    if (at_ == At::kName) {
      at_ = At::kEnd;
      return CheckCoverage() && Next();
    }
    if (at_ == At::kField && !FinishTensor()) return false;
    at_ = At::kName;
    return Next();
  }

  bool key(std::string& name) {
    if (at_ == At::kName) return Name(name);
    if (at_ == At::kMetadataName) {
      at_ = At::kMetadataValue;
      return Next();
    }
    return Field(name);
  }

  bool start_array(size_t) {
    if (at_ == At::kShape) {
      at_ = At::kSize;
      shape_.clear();
    } else if (at_ == At::kOffsets) {
      at_ = At::kOffset;
      offset_count_ = 0;
    } else {
      return Unexpected("a list");
    }
    return Next();
  }

  bool end_array() {
    if (at_ == At::kOffset && offset_count_ != 2) {
      return RefuseTensor("has " + Number(offset_count_) + " data_offsets, expected 2");
    }
    at_ = At::kField;
    return Next();
  }

  bool number_unsigned(uint64_t value) {
    if (at_ == At::kSize) {
      if (value > static_cast<uint64_t>(INT64_MAX)) return Unexpected("a number that is too large");
      shape_.push_back(static_cast<int64_t>(value));
      return Next();
    }
    if (at_ == At::kOffset) {
      if (offset_count_ < 2) offsets_[offset_count_] = value;
      ++offset_count_;
      return Next();
    }
    return Unexpected("a number");
  }
  bool number_integer(int64_t) { return Unexpected("a negative number"); }
  bool number_float(double, const std::string&) {
    return Unexpected("a number that is not an integer, or too large");
  }

  bool string(std::string& value) {
    if (at_ == At::kMetadataValue) {
      at_ = At::kMetadataName;
      return Next();
    }
    if (at_ != At::kDtype) return Unexpected("a string");
    auto found = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                              [&](const Dtype& d) { return d.name == value; });
    if (found == std::end(kDtypes)) {
      return Refuse("tensor " + ShownName(name_) + " has the dtype " + ShownName(value) +
                        ", which the format does not have",
                    "the format's dtypes are BF16, F16, F32, F64, F8_E4M3, I64, U8, BOOL, …");
    }
    dtype_ = found;
    at_ = At::kField;
    return Next();
  }
  bool null() { return Unexpected("null"); }
  bool boolean(bool) { return Unexpected("a boolean"); }

 private:
  enum class At : uint8_t {
    kStart,
    kName,
    kMetadata,
    kMetadataName,
    kMetadataValue,
    kTensor,
    kField,
    kDtype,
    kShape,
    kSize,
    kOffsets,
    kOffset,
    kEnd,
  };
  enum Seen : uint8_t { kSeenDtype = 1, kSeenShape = 2, kSeenOffsets = 4, kSeenAll = 7 };
  struct Extent {
    uint64_t begin;
    uint64_t end;
    uint32_t offset;  // of the name
  };

  // The state of the reader says what the format expects here.
  bool Unexpected(std::string_view found) {
    std::string expected;
    switch (at_) {
      case At::kStart:
        expected = "an object (name -> tensor)";
        break;
      case At::kMetadata:
        expected = "an object as \"__metadata__\"";
        break;
      case At::kMetadataValue:
        expected = "a string in \"__metadata__\"";
        break;
      case At::kTensor:
        expected = "an object {dtype, shape, data_offsets} for " + ShownName(name_);
        break;
      case At::kDtype:
        expected = "a dtype (a string) for " + ShownName(name_);
        break;
      case At::kShape:
        expected = "a shape (a list of sizes) for " + ShownName(name_);
        break;
      case At::kSize:
        expected = "sizes of at least 0 in the shape of " + ShownName(name_);
        break;
      case At::kOffsets:
        expected = "a list [begin, end] as data_offsets of " + ShownName(name_);
        break;
      case At::kOffset:
        expected = "byte offsets in data_offsets of " + ShownName(name_);
        break;
      default:
        expected = "a name";
        break;
    }
    return Refuse("expected " + expected + ", found " + std::string(found));
  }

  bool Name(std::string& name) {
    size_t start = TokenStart();
    if (name == "__metadata__") {
      if (metadata_seen_) return Refuse("duplicate key \"__metadata__\"", std::string(kDamaged));
      metadata_seen_ = true;
      at_ = At::kMetadata;
      return Next();
    }
    if (const char* fault = FaultOfName(name)) {
      return Refuse(std::string("a tensor's name contains ") + fault + ": " + ShownName(name),
                    "a name consists of module names; write the file again with other names");
    }
    name_.swap(name);
    name_offset_ = static_cast<uint32_t>(base() + start);
    at_ = At::kTensor;
    return Next();
  }

  bool Field(std::string_view field) {
    Seen bit = kSeenDtype;
    if (field == "dtype") {
      at_ = At::kDtype;
    } else if (field == "shape") {
      at_ = At::kShape;
      bit = kSeenShape;
    } else if (field == "data_offsets") {
      at_ = At::kOffsets;
      bit = kSeenOffsets;
    } else {
      return Refuse("expected dtype, shape or data_offsets for " + ShownName(name_) + ", found " +
                    ShownName(field));
    }
    if ((seen_ & bit) != 0) {
      return Refuse("tensor " + ShownName(name_) + " has " + ShownName(field) + " twice",
                    std::string(kDamaged));
    }
    seen_ |= bit;
    return Next();
  }

  bool RefuseTensor(std::string fault) {
    return RefuseAt(name_offset_ - base(), "tensor " + ShownName(name_) + ' ' + std::move(fault),
                    std::string(kDamaged));
  }

  // Checks a tensor by itself. Whether tensors overlap or leave holes is known only at the end of
  // the header.
  bool FinishTensor() {
    if (seen_ != kSeenAll) {
      const char* missing = (seen_ & kSeenDtype) == 0   ? "dtype"
                            : (seen_ & kSeenShape) == 0 ? "shape"
                                                        : "data_offsets";
      return RefuseTensor(std::string("has no ") + missing);
    }
    auto [begin, end] = offsets_;
    if (end < begin) {
      return RefuseTensor("ends before it begins: data_offsets [" + Number(begin) + ", " +
                          Number(end) + ']');
    }
    if (end > data_size_) {
      return RefuseTensor("ends at byte " + Number(end) + " of the data, which has " +
                          Number(data_size_));
    }
    uint64_t bits = dtype_->bits;
    for (int64_t size : shape_) {
      if (__builtin_mul_overflow(bits, static_cast<uint64_t>(size), &bits)) {
        return RefuseTensor("has a shape whose product overflows 64 bits");
      }
    }
    if (bits % 8 != 0) return RefuseTensor("does not fill its last byte");
    if (bits / 8 != end - begin) {
      return RefuseTensor("takes " + Number(bits / 8) + " bytes by its shape and dtype, but its " +
                          "data_offsets hold " + Number(end - begin));
    }
    extents_.push_back({begin, end, name_offset_});
    visit_({name_, shape_, dtype_->torch, name_offset_});
    return true;
  }

  // Every byte of the data belongs to one tensor.
  bool CheckCoverage() {
    auto less = [](const Extent& a, const Extent& b) {
      return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    };
    if (!std::is_sorted(extents_.begin(), extents_.end(), less)) {
      std::sort(extents_.begin(), extents_.end(), less);
    }
    uint64_t covered = 0;
    for (const Extent& extent : extents_) {
      size_t at = extent.offset - base();
      if (extent.begin < covered) {
        return RefuseAt(at,
                        "this tensor's data begins at byte " + Number(extent.begin) +
                            ", inside the data of another tensor, which ends at " + Number(covered),
                        std::string(kDamaged));
      }
      if (extent.begin > covered) {
        return RefuseAt(at,
                        "this tensor's data begins at byte " + Number(extent.begin) +
                            ", and no tensor covers the bytes from " + Number(covered) + " on",
                        std::string(kDamaged));
      }
      covered = extent.end;
    }
    if (covered != data_size_) {
      return Refuse("the data has " + Number(data_size_) + " bytes, but the tensors end at " +
                        Number(covered),
                    std::string(kDamaged));
    }
    return true;
  }

  uint64_t data_size_;
  const SafetensorsVisitor& visit_;
  At at_ = At::kStart;
  bool metadata_seen_ = false;
  // The current tensor.
  std::string name_;
  uint32_t name_offset_ = 0;
  uint8_t seen_ = 0;
  const Dtype* dtype_ = nullptr;
  std::vector<int64_t> shape_;
  std::array<uint64_t, 2> offsets_{};
  uint64_t offset_count_ = 0;
  // All tensors so far.
  std::vector<Extent> extents_;
};

Error At(const std::string& path, uint64_t offset, std::string message, std::string advice) {
  return Error{{path, 0, 0, "offset " + Number(offset)}, std::move(message), std::move(advice)};
}

// The length of the header, from the first 8 bytes.
Result<uint64_t> HeaderLength(std::string_view bytes, uint64_t file_size, const std::string& path) {
  if (file_size < kLengthBytes || bytes.size() < kLengthBytes) {
    return At(path, file_size,
              "found " + Number(file_size) +
                  " bytes, expected the 8 bytes of the "
                  "header's length",
              std::string(kDamaged));
  }
  if (bytes.starts_with("version ")) {
    return At(path, 0, "found a pointer of Git LFS instead of the file", "fetch the file: git lfs pull");
  }
  uint64_t length = 0;
  for (size_t i = kLengthBytes; i-- > 0;) {
    length = length << 8 | static_cast<unsigned char>(bytes[i]);
  }
  if (length > kMaxSafetensorsHeader) {
    return At(path, 0,
              "the header's length is " + Number(length) + " bytes; at most " +
                  Number(kMaxSafetensorsHeader) + " are allowed",
              "is this a safetensors file?");
  }
  if (length > file_size - kLengthBytes) {
    return At(path, 0,
              "the header's length is " + Number(length) + " bytes, but only " +
                  Number(file_size - kLengthBytes) + " follow",
              std::string(kDamaged));
  }
  return length;
}

// Reads exactly out->size() bytes from `offset`; an error if the file ends before.
Status ReadAt(int fd, uint64_t offset, const std::string& path, std::string* out) {
  for (size_t done = 0; done < out->size();) {
    ssize_t n =
        ::pread(fd, out->data() + done, out->size() - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      return At(path, offset + done,
                n < 0 ? std::string("cannot read: ") + std::strerror(errno)
                      : "the file ended while it was read",
                "");
    }
    done += static_cast<size_t>(n);
  }
  return Unit{};
}

}  // namespace

Status ReadSafetensorsHeader(std::string_view bytes, uint64_t file_size, const std::string& path,
                             const SafetensorsVisitor& visit) {
  Result<uint64_t> length = HeaderLength(bytes, file_size, path);
  if (!length) return length.error();
  if (bytes.size() < kLengthBytes + *length) {
    return At(path, bytes.size(), "the header is incomplete", "");
  }
  uint64_t data_size = file_size - kLengthBytes - *length;
  HeaderHandler handler(bytes.substr(kLengthBytes, *length), path, data_size, visit);
  return ReadJsonWith(&handler);
}

Status ReadSafetensors(const std::string& path, const SafetensorsVisitor& visit) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    int error = errno;
    return Error{{path, 0, 0, ""},
                 std::string("cannot read: ") + std::strerror(error),
                 error == ENOENT ? "check the file name" : ""};
  }
  if (!S_ISREG(info.st_mode)) {
    return Error{
        {path, 0, 0, ""}, "expected a safetensors file, found something that is not a file", ""};
  }
  auto file_size = static_cast<uint64_t>(info.st_size);
  std::string bytes(std::min(file_size, kLengthBytes), '\0');
  if (Status read = ReadAt(file.get(), 0, path, &bytes); !read) return read.error();
  Result<uint64_t> length = HeaderLength(bytes, file_size, path);
  if (!length) return length.error();
  bytes.resize(kLengthBytes + *length);
  if (Status read = ReadAt(file.get(), 0, path, &bytes); !read) return read.error();
  return ReadSafetensorsHeader(bytes, file_size, path, visit);
}

}  // namespace wcheck
