// The formats of a key map.
#include <algorithm>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "analysis/key_map.h"
#include "analysis/key_map_words.h"
#include "support/printable.h"

namespace wcheck {
namespace {

std::string ShowPrefixStep(const KeyMap& map, const MapRow& row) {
  if (row.prefix_step == Trace::PrefixStep::kNone) return "";
  bool removed = row.prefix_step == Trace::PrefixStep::kRemoved;
  return (removed ? "-" : "+") + map.simulation->layout->base_model_prefix + '.';
}

// The cells of a row, in the order of kColumns.
constexpr std::string_view kColumns[] = {
    "class",      "checkpoint", "model",       "checkpoint_shape", "model_shape",
    "transforms", "operations", "base_prefix", "status",           "remark"};

std::vector<std::string> Cells(const KeyMap& map, const MapRow& row) {
  auto name = [](const std::optional<MapEnd>& end) { return end ? end->ToString() : ""; };
  auto shape = [](const std::optional<MapEnd>& end) {
    return end && end->shape ? ShowShape(*end->shape) : "";
  };
  std::string transforms;
  for (uint32_t t : row.transforms) {
    transforms += (transforms.empty() ? "" : " > ") + ShowPlaced(map.simulation->plan, t);
  }
  return {map.simulation->layout->class_name,
          name(row.checkpoint),
          name(row.model),
          shape(row.checkpoint),
          shape(row.model),
          transforms,
          row.converter == nullptr ? "" : ShowOperations(*row.converter),
          ShowPrefixStep(map, row),
          std::string(StatusName(row.status)),
          row.remark};
}

// As a code span inside a table: GitHub's rules for `|`, and for backticks inside a code span.
std::string MarkdownCell(std::string_view cell) {
  if (cell.empty()) return "";
  size_t longest = 0;
  size_t run = 0;
  std::string out;
  for (char c : ShowName(cell)) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    if (c == '|') out += '\\';
    out += c;
  }
  std::string fence(longest + 1, '`');
  std::string pad = longest > 0 ? " " : "";
  return fence + pad + out + pad + fence;
}

std::string TsvHeading() {
  std::string out;
  for (std::string_view column : kColumns) {
    out += out.empty() ? "" : "\t";
    out += column;
  }
  return out + '\n';
}

std::string TsvRows(const KeyMap& map) {
  std::string out;
  for (const MapRow& row : map.rows) {
    bool first = true;
    for (const std::string& cell : Cells(map, row)) {
      out += (first ? "" : "\t") + Escaped(cell, Medium::kTsvCell);
      first = false;
    }
    out += '\n';
  }
  return out;
}

std::string MarkdownTable(const KeyMap& map) {
  std::string out = "## " + MarkdownCell(map.simulation->layout->class_name);
  out += map.direction == Direction::kLoad ? ": load\n\n|" : ": save\n\n|";
  // The class is in the heading.
  std::span<const std::string_view> columns = std::span(kColumns).subspan(1);
  for (std::string_view column : columns) out += ' ' + std::string(column) + " |";
  out += "\n|";
  for (size_t i = 0; i < columns.size(); ++i) out += " --- |";
  out += '\n';
  for (const MapRow& row : map.rows) {
    std::vector<std::string> cells = Cells(map, row);
    out += '|';
    for (size_t i = 1; i < cells.size(); ++i) out += ' ' + MarkdownCell(cells[i]) + " |";
    out += '\n';
  }
  return out;
}

class KeyMapJsonWriter {
 public:
  explicit KeyMapJsonWriter(llvm::json::OStream* out) : out_(*out) {}

  void Write(const KeyMap& map) {
    out_.attribute("class", map.simulation->layout->class_name);
    out_.attribute("direction", map.direction == Direction::kLoad ? "load" : "save");
    out_.attributeArray("rows", [&] {
      for (const MapRow& row : map.rows) out_.object([&] { WriteRow(map, row); });
    });
  }

 private:
  void WriteRow(const KeyMap& map, const MapRow& row) {
    WriteEnd("checkpoint", row.checkpoint);
    WriteEnd("model", row.model);
    out_.attributeArray("transforms", [&] {
      for (uint32_t t : row.transforms) {
        const PlacedTransform& placed = map.simulation->plan.transforms[t];
        out_.object([&] {
          out_.attribute("entry", Ref(placed.entry));
          out_.attribute("index", placed.index_in_entry);
          if (placed.scope_prefix) out_.attribute("scope_prefix", *placed.scope_prefix);
        });
      }
    });
    out_.attributeArray("operations", [&] {
      if (row.converter == nullptr) return;
      for (const Operation& operation : row.converter->operations) {
        out_.value(ShowOperation(operation));
      }
    });
    std::string step = ShowPrefixStep(map, row);
    if (!step.empty()) out_.attribute("base_prefix", step);
    out_.attribute("status", Ref(StatusName(row.status)));
    if (!row.remark.empty()) out_.attribute("remark", row.remark);
  }

  void WriteEnd(llvm::StringRef name, const std::optional<MapEnd>& end) {
    if (!end) return;
    out_.attributeObject(name, [&] {
      out_.attribute("keys", end->ToString());
      out_.attribute("count", static_cast<int64_t>(end->size()));
      if (!end->shape) return;
      out_.attributeArray("shape", [&] {
        for (int64_t size : *end->shape) out_.value(size);
      });
    });
  }

  llvm::json::OStream& out_;
};

std::string JsonObject(const KeyMap& map) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, /*IndentSize=*/1);
  out.object([&] { KeyMapJsonWriter(&out).Write(map); });
  stream.flush();
  return text;
}

}  // namespace

void MapDocument::Add(const KeyMap& map) {
  switch (format_) {
    case MapFormat::kTsv:
      if (text_.empty()) text_ = TsvHeading();
      text_ += TsvRows(map);
      return;
    case MapFormat::kMarkdown:
      if (!text_.empty()) text_ += '\n';
      text_ += MarkdownTable(map);
      return;
    case MapFormat::kJson:
      text_ += (text_.empty() ? "{\"schema\": \"wcheck map 1\", \"models\": [\n" : ",\n");
      text_ += JsonObject(map);
      return;
  }
}

std::string MapDocument::Finish() && {
  if (format_ == MapFormat::kJson) text_ += "\n]}\n";
  return std::move(text_);
}

}  // namespace wcheck
