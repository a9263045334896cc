// Name lists of published checkpoints: what is out there, by which a mapping is judged.
//
// A file (`.wcp`) holds the lists by class. Opening it reads a table of the classes; the lists of a class
// are unpacked when they are asked for. docs/published.md describes it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck {

// Who wrote the names of a list.
enum class PublishedOrigin : uint8_t {
  kUnknown,
  kOriginal,  // the makers of the model
  kDerived,   // a tool or a library that read the original: a fine-tune, a merge, a conversion
};
std::string_view OriginName(PublishedOrigin origin);  // "unknown", "original", "derived"
std::optional<PublishedOrigin> ParseOrigin(std::string_view name);

// One list. Lists of a class differ in `model`.
struct PublishedList {
  std::string class_name;
  std::string model;   // that was published, not the copy that was read: "MedGemma 27B it"
  PublishedOrigin origin = PublishedOrigin::kUnknown;
  std::string source;  // where it was read; may be empty
  std::string config;  // the text of its config.json; may be empty
  std::vector<LayoutFamily> families;  // names only: no shapes and no dtypes
  std::shared_ptr<const void> storage;

  uint64_t key_count() const;
};

class PublishedFile {
 public:
  // Errors: it cannot be read, is no such file, or its table is damaged.
  static Result<PublishedFile> Open(const std::string& path);
  static Result<PublishedFile> OfBytes(std::string path, std::string bytes);

  struct Class {
    std::string name;
    uint32_t lists = 0;
  };
  const std::vector<Class>& classes() const { return classes_; }  // sorted by name
  const std::string& path() const { return path_; }
  uint64_t list_count() const;

  // The lists of a class, in the order of their models; none if there is no such class. An Error if they
  // are damaged.
  Result<std::vector<PublishedList>> Read(std::string_view class_name) const;
  Result<std::vector<PublishedList>> ReadAll() const;

 private:
  struct Piece {
    uint64_t offset = 0;
    uint64_t size = 0;
    uint64_t unpacked = 0;
  };

  std::string path_;
  std::string bytes_;
  std::vector<Class> classes_;
  std::vector<Piece> pieces_;  // of classes_
};

// The bytes of a file with these lists. Of lists with one class and model the last one is written. The same
// lists, in any order, give the same bytes.
std::string WritePublished(std::vector<PublishedList> lists);

}  // namespace wcheck
