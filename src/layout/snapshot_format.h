// The parts of the snapshot format that its reader and its writer share; docs/snapshot.md describes
// the whole. All numbers are little-endian, and the tables are read in place.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace wcheck::snapshot {

static_assert(std::endian::native == std::endian::little,
              "the tables of a snapshot are used in place");

inline constexpr std::array<char, 8> kMagic{'W', 'C', 'H', 'K', 'S', 'N', 'A', 'P'};
inline constexpr uint32_t kVersion = 2;

// Every section starts at a multiple of 8.
enum Section : uint32_t {
  kStringOffsets,  // uint32: where each string starts in kStringBytes, and the end of the last
  kStringBytes,    // patterns, dtypes, class names, paths, …: each once
  kNumberOffsets,  // uint32: where each list of number sets starts in kNumberBytes, and the end
  kNumberBytes,    // varints: how many sets; for each how many ranges; for each (gap, length - 1)
  kShapeOffsets,   // uint32: where each shape starts in kShapeSizes, counted in sizes, and the end
  kShapeSizes,     // int64
  kClasses,        // ClassRow, in the order of the source, one release after the other
  kClassesByName,  // uint32: for each release its rows, counted from its first, sorted by the
                   // bytes of the class name
  kRecords,        // what a ClassRow points to; equal records of several releases are one
  kRegistries,     // the JSON texts of the registries, each as it is or as an .xz stream
  kBinaries,       // the same registries in the form of mapping/binary_codec.h, where they have it
  kReleaseNames,   // the releases, as text
  kReleases,       // ReleaseRow, the default release first
  kSectionCount,
};

struct SectionPlace {
  uint32_t offset;  // from the beginning of the file
  uint32_t size;    // in bytes
};

struct Header {
  std::array<char, 8> magic;
  uint32_t version;
  uint32_t file_size;
  uint32_t release_checksum;  // of kReleases
  uint32_t header_checksum;   // of this header with 0 here
  std::array<SectionPlace, kSectionCount> sections;
};
static_assert(sizeof(Header) == 24 + 8 * kSectionCount && alignof(Header) == 4);

// A range of bytes of another section.
struct Piece {
  uint32_t offset;
  uint32_t size;
};

// One release. Several releases may share classes; `registry_size` is the size of the registry's
// text, which is larger than its piece when that is compressed.
struct ReleaseRow {
  Piece name;      // of kReleaseNames
  Piece registry;  // of kRegistries
  Piece binary;    // of kBinaries
  uint32_t registry_size;
  uint32_t first_class;  // row of kClasses
  uint32_t class_count;
  uint32_t checksum;  // of the bytes of name, registry and binary
};

struct ClassRow {
  uint32_t name;      // string
  uint32_t offset;    // of the record in kRecords
  uint32_t size;      // of the record
  uint32_t checksum;  // of the class name, the record, and all that the record's families refer to
};

// How `declared_tied` is written in a record.
enum DeclaredTied : uint64_t { kNotDeclared = 0, kDeclaredList = 1, kDeclaredMap = 2 };

// What may follow the ties of a record, as pairs of one of these and what it says.
enum Extra : uint64_t {
  kCustomCode = 1,  // the number of a sub-model
  kConfig = 2,      // a string and a number
};

// Detects damaged bytes. It is not cryptographic: it does not resist deliberate changes.
class Checksum {
 public:
  // The length is included: "ab" then "c" differs from "a" then "bc".
  void Add(std::string_view bytes);
  uint32_t Get() const { return static_cast<uint32_t>((state_ * kFactor) >> 32); }

 private:
  // One-to-one in the state and in the word, so that a single changed word always changes the
  // result.
  void Mix(uint64_t word) {
    state_ = (state_ ^ word) * kFactor;
    state_ ^= state_ >> 32;
  }
  static constexpr uint64_t kFactor = 0x9FB21C651E98DF25u;  // odd, otherwise arbitrary
  uint64_t state_ = 0x243F6A8885A308D3u;
};

}  // namespace wcheck::snapshot
