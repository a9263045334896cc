// Rows for people and data for the script come from the same walk over the table, so that a row and
// its steps always agree.
#include "report/html_rows.h"

#include <algorithm>
#include <set>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "analysis/key_map_words.h"
#include "report/html_words.h"
#include "report/json_text.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using kainjow::mustache::list;

// The number of names shown per row; a converter may take hundreds.
constexpr size_t kNamesShown = 12;
constexpr size_t kWaysShown = 6;

std::string StatusText(const MapRow& row) {
  if (row.status == MapRow::Status::kOk) return "";
  std::string text(StatusName(row.status));
  if (!row.remark.empty()) text += ": " + ShowSentence(row.remark);
  return text;
}

// The transforms of some rows, in the order of the first way that has them.
std::vector<uint32_t> TransformsOf(const std::vector<const MapRow*>& rows) {
  std::vector<uint32_t> all;
  for (const MapRow* row : rows) {
    for (uint32_t t : row->transforms) {
      if (std::find(all.begin(), all.end(), t) == all.end()) all.push_back(t);
    }
  }
  return all;
}

class RowWriter {
 public:
  explicit RowWriter(const Simulation& simulation) : s_(simulation) {}

  HtmlData Row(const RoundRow& row, size_t index) const {
    HtmlData data;
    data.set("index", std::to_string(index));
    data.set("kind", std::string(row.faulty ? "fault" : row.touched ? "moved" : "still"));
    std::set<uint32_t> both;
    for (uint32_t t : TransformsOf(row.load)) both.insert(t);
    for (uint32_t t : TransformsOf(row.save)) both.insert(t);
    std::string filter;
    for (uint32_t t : both) filter += (filter.empty() ? "" : " ") + std::to_string(t);
    data.set("filter", filter);
    data.set("model", Ends(row.model, row));
    AddSide("load", row.load, row, /*as_loaded=*/false, &data);
    AddSide("save", row.save, row, row.same_names, &data);
    const bool differs = !row.same_names && !row.load.empty() && !row.save.empty();
    data.set("differs", differs);
    return data;
  }

 private:
  HtmlData NameData(const MapEnd& end, const std::string& against) const {
    HtmlData name;
    name.set("name",
             against.empty() ? NameHtml(end.ToString()) : NameHtml(end.ToString(), against));
    name.set("extent", ExtentText(end));
    return name;
  }

  static HtmlData MoreData(size_t more) {
    HtmlData name;
    name.set("name", "… and " + ShowCount(more, "more family", "more families"));
    name.set("extent", std::string());
    return name;
  }

  list Ends(const std::vector<MapEnd>& ends, const RoundRow& row) const {
    std::string against;
    for (const MapRow* one : row.load) {
      if (one->checkpoint) against = one->checkpoint->ToString();
    }
    list names;
    for (size_t i = 0; i < ends.size() && i < kNamesShown; ++i) {
      names.push_back(NameData(ends[i], against));
    }
    if (ends.size() > kNamesShown) names.push_back(MoreData(ends.size() - kNamesShown));
    return names;
  }

  void AddSide(const std::string& side, const std::vector<const MapRow*>& rows, const RoundRow& row,
               bool as_loaded, HtmlData* data) const {
    std::vector<const MapEnd*> ends;
    std::set<std::string> seen;
    std::set<std::string> problems;
    for (const MapRow* one : rows) {
      if (const std::string text = StatusText(*one); !text.empty()) problems.insert(text);
      if (one->checkpoint && seen.insert(one->checkpoint->ToString()).second) {
        ends.push_back(&*one->checkpoint);
      }
    }
    const std::string model = row.model.empty() ? "" : row.model.front().ToString();
    const bool same = ends.size() == 1 && row.model.size() == 1 && ends[0]->ToString() == model;
    data->set(side + "_same", same);
    data->set(side + "_as_loaded", as_loaded && !same);
    list names;
    if (!same && !as_loaded) {
      for (size_t i = 0; i < ends.size() && i < kNamesShown; ++i) {
        names.push_back(NameData(*ends[i], model));
      }
      if (ends.size() > kNamesShown) names.push_back(MoreData(ends.size() - kNamesShown));
    }
    data->set(side + "_names", names);
    list chips;
    for (uint32_t t : TransformsOf(rows)) chips.push_back(Chip(t));
    data->set(side + "_chips", chips);
    list tags;
    for (const std::string& text : problems) tags.push_back(HtmlData("text", text));
    data->set(side + "_tags", tags);
    data->set(side + "_nothing", ends.empty() && problems.empty());
  }

  HtmlData Chip(uint32_t transform) const {
    HtmlData chip;
    chip.set("t", std::to_string(transform));
    chip.set("position", ShowName(ShowPlaced(s_.plan, transform)));
    chip.set("chip_kind",
             std::string(s_.plan.transforms[transform].forward().is_converter() ? "converter"
                                                                                : "renaming"));
    return chip;
  }

  const Simulation& s_;
};

class WayWriter {
 public:
  WayWriter(const Simulation& simulation, llvm::json::OStream* out) : s_(simulation), out_(*out) {}

  void Write(const std::vector<const MapRow*>& rows, const Pass& pass) {
    std::set<uint32_t> seen;
    out_.array([&] {
      for (const MapRow* row : rows) {
        if (!row->trace || !seen.insert(*row->trace).second || seen.size() > kWaysShown) continue;
        WriteWay(*row, pass);
      }
    });
  }

 private:
  void WriteWay(const MapRow& row, const Pass& pass) {
    const Trace& trace = pass.traces[*row.trace];
    const bool load = pass.direction == Direction::kLoad;
    const std::optional<MapEnd>& from = load ? row.checkpoint : row.model;
    const std::optional<MapEnd>& to = load ? row.model : row.checkpoint;
    out_.array([&] {
      out_.value(trace.steps.empty() ? "" : Printable(trace.steps.front().before.text));
      out_.array([&] {
        for (const TraceStep& step : trace.steps) WriteStep(step);
      });
      out_.value(EndText(from));
      out_.value(EndText(to));
      out_.value(row.converter == nullptr ? "" : ShowSentence(ShowOperations(*row.converter)));
      out_.value(Remark(trace));
    });
  }

  std::string EndText(const std::optional<MapEnd>& end) const {
    return end ? ShowName(end->ToString()) + "  " + ExtentText(*end) : "";
  }

  std::string Remark(const Trace& trace) const {
    if (trace.set_aside) return "the transforms are set aside: the model has the original name";
    if (trace.prefix_step == Trace::PrefixStep::kNone) return "";
    return "the base model prefix '" + ShowName(s_.layout->base_model_prefix) + ".' is " +
           (trace.prefix_step == Trace::PrefixStep::kRemoved ? "removed" : "added");
  }

  void WriteStep(const TraceStep& step) {
    const std::string& before = step.before.text;
    const std::string& after = step.after.text;
    const auto units = [&](uint32_t byte) {
      return JsonNumber(PrintableUnits(std::string_view(before).substr(0, byte)));
    };
    const size_t inserted = after.size() + step.replaced.size() - before.size();
    out_.array([&] {
      out_.value(step.transform);
      out_.value(units(step.scope.end));
      out_.value(units(step.match.begin));
      out_.value(units(step.match.end));
      out_.value(units(step.replaced.begin));
      out_.value(units(step.replaced.end));
      out_.value(Printable(std::string_view(after).substr(step.replaced.begin, inserted)));
    });
  }

  const Simulation& s_;
  llvm::json::OStream& out_;
};

}  // namespace

void AddRows(const Simulation& simulation, const RoundTable& table, HtmlData* data) {
  const RowWriter writer(simulation);
  list rows;
  rows.reserve(table.rows.size());
  for (size_t i = 0; i < table.rows.size(); ++i) rows.push_back(writer.Row(table.rows[i], i));
  data->set("rows", rows);
}

std::string RowWaysJson(const Simulation& simulation, const RoundTable& table) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream);
  WayWriter writer(simulation, &out);
  out.array([&] {
    for (const RoundRow& row : table.rows) {
      out.array([&] {
        writer.Write(row.load, simulation.load);
        writer.Write(row.save, simulation.save_fresh);
      });
    }
  });
  stream.flush();
  return text;
}

RowIndex IndexRows(const RoundTable& table) {
  RowIndex index;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const RoundRow& row = table.rows[i];
    const auto add = [i](std::map<std::string, std::vector<size_t>>* names, const MapEnd& end) {
      std::vector<size_t>& rows = (*names)[end.ToString()];
      if (rows.empty() || rows.back() != i) rows.push_back(i);
    };
    for (const MapEnd& end : row.model) add(&index.model, end);
    for (const auto* side : {&row.load, &row.save}) {
      for (const MapRow* one : *side) {
        if (one->checkpoint) add(&index.checkpoint, *one->checkpoint);
      }
    }
  }
  return index;
}

}  // namespace wcheck
