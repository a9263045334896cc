// The page of one model.
#include <algorithm>
#include <map>
#include <set>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "analysis/graph.h"
#include "analysis/key_map_words.h"
#include "analysis/round_table.h"
#include "report/graph_marks.h"
#include "report/graph_text.h"
#include "report/html.h"
#include "report/html_findings.h"
#include "report/html_page.h"
#include "report/html_rows.h"
#include "report/html_words.h"
#include "report/json_text.h"
#include "report/places.h"
#include "report/wording.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using kainjow::mustache::list;

std::string Numbers(const std::vector<uint32_t>& numbers) {
  std::string text;
  for (uint32_t n : numbers) text += (text.empty() ? "" : " ") + std::to_string(n);
  return text;
}

class ModelPage {
 public:
  ModelPage(const HtmlRun& run, const Simulation& simulation, std::string_view index)
      : run_(run), s_(simulation), index_(index), table_(BuildRoundTable(simulation)) {
    ChooseFindings();
  }

  std::string Render() {
    HtmlData data;
    data.set("title", ShowName(s_.layout->class_name));
    data.set("class_name", ShowName(s_.layout->class_name));
    data.set("index_link", std::string(index_));
    data.set("has_index", !index_.empty());
    AddSummary(&data);
    data.set("lists", list{FindingsData({
                          .id = "findings",
                          .title = "Findings",
                          .findings = findings_,
                          .folder = run_.report.folder,
                          .evidence = s_.layout->class_name,
                          .filter = [this](const Finding& f) { return Numbers(Blamed(f)); },
                      })});
    AddTransforms(&data);
    AddRows(s_, table_, &data);
    data.set("has_rows", !table_.rows.empty());
    AddGraphs(&data);
    data.set("json", Json());
    return RenderPage("model.mustache",
                      AboutText(run_.report.version, run_.engine, run_.registry.release),
                      std::move(data));
  }

 private:
  // The transforms of the plan that a finding blames: copies of a transform that was written once.
  std::vector<uint32_t> Blamed(const Finding& finding) const {
    std::vector<uint32_t> blamed;
    if (!finding.transform) return blamed;
    for (uint32_t t = 0; t < s_.plan.transforms.size(); ++t) {
      const PlacedTransform& placed = s_.plan.transforms[t];
      const TransformRef here{placed.forward().spec, std::string(placed.entry),
                              placed.index_in_entry};
      if (run_.written.Written(here) == *finding.transform) blamed.push_back(t);
    }
    return blamed;
  }

  // Those about this class, and those about a transform of its plan that are about no class. If the
  // run judged only this class, all of them.
  void ChooseFindings() {
    const Judgement& judgement = run_.report.judgement;
    for (const Finding& finding : judgement.findings) {
      bool ours = judgement.classes == 1;
      for (const ClassEvidence& one : finding.classes) {
        ours |= one.class_name == s_.layout->class_name;
      }
      if (!ours && finding.classes.empty()) ours = !Blamed(finding).empty();
      if (ours) findings_.push_back(&finding);
    }
  }

  // --- summary

  void AddSummary(HtmlData* data) const {
    SeverityCounts counts;
    bool fails = false;
    for (const Finding* finding : findings_) {
      counts.Add(finding->severity);
      fails |= run_.report.Fails(*finding);
    }
    list problems;
    for (const std::string& text : Problems()) problems.push_back(HtmlData("text", text));
    data->set("has_problems", !problems.empty());
    data->set("problems", problems);
    const auto& skipped = run_.report.judgement.not_judged;
    const auto found = std::ranges::find(skipped, s_.layout->class_name, &NotJudged::what);
    const bool judged = found == skipped.end();
    const bool bad = fails || !table_.save || !table_.load;
    const bool warn = counts.errors + counts.warnings > 0 || !problems.empty() || !judged;
    data->set("tone", std::string(bad ? "bad" : warn ? "warn" : "good"));
    data->set("verdict", judged ? Verdict(counts, problems.empty())
                                : "Not judged: " + ShowSentence(found->reason));
    AddFacts(data);
  }

  static std::string Verdict(const SeverityCounts& counts, bool clean) {
    std::string text = counts.total() == 0 ? "No findings" : counts.ToString();
    if (clean) text += ". Every key that a save writes is loaded back under its own name";
    return text;
  }

  // What the simulation itself shows, in sentences.
  std::vector<std::string> Problems() const {
    std::vector<std::string> problems;
    if (!table_.save_error.empty()) problems.push_back(ShowSentence(table_.save_error));
    if (!table_.load_error.empty() && table_.load_error != table_.save_error) {
      problems.push_back(ShowSentence(table_.load_error));
    }
    size_t faulty = 0;
    size_t renamed = 0;
    for (const RoundRow& row : table_.rows) {
      if (row.faulty) ++faulty;
      if (!row.faulty && !row.same_names && !row.load.empty() && !row.save.empty()) ++renamed;
    }
    if (faulty > 0) {
      problems.push_back(ShowCount(faulty, "group of families does", "groups of families do") +
                         " not come back as they should; they are marked in the table");
    }
    if (renamed > 0) {
      problems.push_back(ShowCount(renamed, "group of families is", "groups of families are") +
                         " saved under other names than they are loaded from");
    }
    return problems;
  }

  void AddFacts(HtmlData* data) const {
    list facts;
    const auto fact = [&](const char* label, const std::string& value) {
      HtmlData one;
      one.set("label", std::string(label));
      one.set("value", value);
      facts.push_back(one);
    };
    fact("keys", ShowNumber(s_.layout->key_count()));
    fact("families", ShowNumber(s_.layout->families.size()));
    size_t moving = 0;
    for (const auto& [load, save] : moved_) moving += load + save > 0 ? 1 : 0;
    fact("transforms", ShowNumber(s_.plan.transforms.size()) + " (" +
                           ShowCount(moving, "moves", "move") + " keys)");
    if (!s_.layout->model_type.empty()) fact("model type", ShowName(s_.layout->model_type));
    if (!s_.layout->base_model_prefix.empty()) {
      fact("base model prefix", ShowName(s_.layout->base_model_prefix));
    }
    const std::string scope = ShowScope(run_.report.scope);
    if (scope.empty()) {
      fact("engine", std::string(run_.engine));
    } else {
      fact("judged", scope);
    }
    data->set("facts", facts);
  }

  // --- transforms

  // How many keys each transform moves on a load and on a save.
  std::vector<std::pair<uint64_t, uint64_t>> CountMoved() const {
    std::vector<std::pair<uint64_t, uint64_t>> moved(s_.plan.transforms.size());
    for (const Pass* pass : {&s_.load, &s_.save_fresh}) {
      for (const Trace& trace : pass->traces) {
        for (size_t i = 0; i < trace.steps.size(); ++i) {
          const TraceStep& step = trace.steps[i];
          if (!step.changed() && trace.claim != static_cast<int32_t>(i)) continue;
          auto& [load, save] = moved[step.transform];
          (pass == &s_.load ? load : save) += pass->size(trace);
        }
      }
    }
    return moved;
  }

  void AddTransforms(HtmlData* data) const {
    const std::vector<GraphMark> marks = MarksOf(s_.plan, run_.written, Values());
    list transforms;
    for (uint32_t t = 0; t < s_.plan.transforms.size(); ++t) {
      const PlacedTransform& placed = s_.plan.transforms[t];
      const Transform& forward = placed.forward();
      HtmlData one;
      one.set("t", std::to_string(t));
      one.set("position", ShowName(ShowPlaced(s_.plan, t)));
      one.set("chip_kind", std::string(forward.is_converter() ? "converter" : "renaming"));
      one.set("pattern", ShowName(ShowTransform(*forward.spec)));
      SetText(&one, "operations", ShowSentence(ShowOperations(forward)));
      SetText(&one, "scope", placed.scope_prefix ? ShowName(*placed.scope_prefix) : std::string());
      const SourceRange where = PlaceOf(*forward.spec);
      SetText(&one, "place",
              HasFile(where) ? ShowName(FileName(where, run_.report.folder)) + ':' +
                                   std::to_string(RegionOf(where).line)
                             : std::string());
      const auto& [load, save] = moved_[t];
      one.set("loads", load > 0 ? ShowNumber(load) : std::string("–"));
      one.set("saves", save > 0 ? ShowNumber(save) : std::string("–"));
      one.set("still", load + save == 0);
      std::string mark;
      std::string tone;
      for (const GraphMark& m : marks) {
        if (m.transform != t) continue;
        mark = m.label;
        tone = m.tone == GraphTone::kBad ? "bad" : m.tone == GraphTone::kWarn ? "warn" : "dim";
      }
      one.set("mark_tone", tone);
      SetText(&one, "mark", mark);
      transforms.push_back(one);
    }
    data->set("transforms", transforms);
    data->set("transform_count", ShowNumber(transforms.size()));
    data->set("has_transforms", !transforms.empty());
  }

  std::vector<Finding> Values() const {
    std::vector<Finding> values;
    values.reserve(findings_.size());
    for (const Finding* finding : findings_) values.push_back(*finding);
    return values;
  }

  // --- graphs

  void AddGraphs(HtmlData* data) {
    GraphOptions options;
    options.marks = MarksOf(s_.plan, run_.written, Values());
    list graphs;
    for (Direction direction : {Direction::kLoad, Direction::kSave}) {
      options.direction = direction;
      Result<TransformGraph> graph = BuildGraph(s_, options);
      if (!graph) continue;
      const std::string name = direction == Direction::kLoad ? "load" : "save";
      graph->id_prefix = name + '-';
      graph->title.clear();
      Result<std::string> svg = SvgText(*graph);
      HtmlData one;
      one.set("direction", name);
      one.set("svg", svg ? Inline(*svg) : std::string());
      SetText(&one, "problem",
              svg ? std::string() : svg.error().message + ". " + svg.error().advice);
      graphs.push_back(one);
      if (svg) graphs_.push_back(*std::move(graph));
    }
    data->set("graphs", graphs);
    data->set("has_graphs", !graphs.empty());
  }

  // The SVG element for a page: without the XML declaration and the document type.
  static std::string Inline(const std::string& svg) {
    const size_t begin = svg.find("<svg");
    return begin == std::string::npos ? std::string() : svg.substr(begin);
  }

  // --- for the script

  std::string Json() const {
    std::string text;
    llvm::raw_string_ostream stream(text);
    llvm::json::OStream out(stream);
    out.object([&] {
      out.attributeArray("transforms", [&] {
        for (uint32_t t = 0; t < s_.plan.transforms.size(); ++t) {
          out.array([&] {
            out.value(ShowName(ShowPlaced(s_.plan, t)));
            out.value(ShowName(ShowTransform(*s_.plan.transforms[t].forward().spec)));
          });
        }
      });
      out.attributeObject("nodes", [&] { WriteNodes(&out); });
      out.attributeBegin("ways");
      out.rawValue(RowWaysJson(s_, table_));
      out.attributeEnd();
    });
    stream.flush();
    return ScriptJson(std::move(text));
  }

  // The rows that a click on a node of a graph selects.
  void WriteNodes(llvm::json::OStream* out) const {
    const RowIndex index = IndexRows(table_);
    for (const TransformGraph& graph : graphs_) {
      for (const GraphNode& node : graph.nodes) {
        if (node.families.empty()) continue;
        const auto& names = node.side == GraphNode::Side::kModel ? index.model : index.checkpoint;
        std::set<size_t> rows;
        for (const std::string& family : node.families) {
          const auto found = names.find(family);
          if (found != names.end()) rows.insert(found->second.begin(), found->second.end());
        }
        out->attributeArray(graph.id_prefix + node.id, [&] {
          for (size_t row : rows) out->value(JsonNumber(row));
        });
      }
    }
  }

  const HtmlRun& run_;
  const Simulation& s_;
  std::string_view index_;
  RoundTable table_;
  std::vector<std::pair<uint64_t, uint64_t>> moved_ = CountMoved();
  std::vector<const Finding*> findings_;
  std::vector<TransformGraph> graphs_;
};

}  // namespace

std::string HtmlModelPage(const HtmlRun& run, const Simulation& simulation,
                          std::string_view index) {
  return ModelPage(run, simulation, index).Render();
}

}  // namespace wcheck
