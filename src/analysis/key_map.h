// All renamings of a model as a table: which checkpoint key becomes which model key.
//
// A row joins one checkpoint family with one model family. A converter with several input or output
// families has a row for each pair. The table is read from the traces and productions of a
// simulation; nothing is renamed again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/simulation.h"

namespace wcheck {

// The keys at one side of a row.
struct MapEnd {
  std::string pattern;  // with kHole
  IndexBox numbers;
  std::optional<Shape> shape;  // of each tensor; absent if unknown

  std::string ToString() const { return ShowFamily(pattern, numbers); }
  uint64_t size() const;
};

struct MapRow {
  enum class Status : uint8_t {
    kOk,
    kCollides,    // some of the keys share their new name with another key
    kUnexpected,  // load: no key of the model has the name
    kMissing,     // load: no checkpoint key reaches the model key
    kShape,       // load: the tensor arrives with another shape than the model's own
    kError,       // load: an operation raises, so nothing arrives
  };

  std::optional<MapEnd> checkpoint;  // absent if kMissing
  std::optional<MapEnd> model;       // if kUnexpected, where the keys would go
  std::vector<uint32_t>
      transforms;  // of the plan, those that changed or claimed the keys, in order
  const Transform* converter = nullptr;  // as executed: reversed, on save
  Trace::PrefixStep prefix_step = Trace::PrefixStep::kNone;
  std::optional<uint32_t> trace;  // into the traces of the pass; absent if kMissing
  Status status = Status::kOk;
  std::string remark;  // for people; empty if kOk
};

struct KeyMap {
  const Simulation* simulation = nullptr;
  Direction direction = Direction::kLoad;
  std::vector<MapRow> rows;
};

// kFamilies: in the order of the input families. kMembers: one row per key, in natural order. An
// error if the engine raises before all keys have their names.
Result<KeyMap> BuildKeyMap(const Simulation& simulation, Direction direction, Folding folding);

// "ok", "collides", … .
std::string_view StatusName(MapRow::Status status);

enum class MapFormat : uint8_t { kTsv, kJson, kMarkdown };

// Writes the tables of any number of models as one document; docs/explain.md describes the columns.
class MapDocument {
 public:
  explicit MapDocument(MapFormat format) : format_(format) {}
  // Does not keep a reference to `map`.
  void Add(const KeyMap& map);
  std::string Finish() &&;

 private:
  MapFormat format_;
  std::string text_;
};

}  // namespace wcheck
