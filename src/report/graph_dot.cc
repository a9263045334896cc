// Builds the graph in cgraph. Graphviz's ranks are fixed in advance: each node gets the column that
// its path needs, so that checkpoint families are always at the left and model families at the
// right.
#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "report/graph_cgraph.h"
#include "report/graph_discipline.h"
#include "report/graph_text.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using Side = GraphNode::Side;
using Tone = GraphNode::Tone;

constexpr size_t kLineColumns = 60;
constexpr size_t kTooltipLimit = 2000;

struct Colors {
  const char* fill;
  const char* line;
  const char* text;
};

Colors ColorsOf(const GraphNode& node) {
  switch (node.tone) {
    case Tone::kBad:
      return {"#ffe3e0", "#c62828", "#7f1d1d"};
    case Tone::kWarn:
      return {"#fff3d6", "#b7791f", "#5f3b05"};
    case Tone::kDim:
      return {"#f6f6f6", "#c4c4c4", "#8a8a8a"};
    case Tone::kConverter:
      return {"#e3f4e8", "#2e7d4f", "#14361f"};
    case Tone::kPlain:
      break;
  }
  if (node.side == Side::kTransform) return {"#e6effb", "#3b6fb6", "#17304f"};
  return {"#ffffff", "#555555", "#1a1a1a"};
}

const char* ClassOf(const GraphNode& node) {
  switch (node.tone) {
    case Tone::kBad:
      return "bad";
    case Tone::kWarn:
      return "warn";
    case Tone::kDim:
      return "dim";
    case Tone::kConverter:
      return "converter";
    case Tone::kPlain:
      break;
  }
  return node.side == Side::kTransform ? "renaming" : "keys";
}

std::string EscapeLabel(std::string_view text) { return Escaped(text, Medium::kDotLabel); }

// Where a long line may be broken: before a dot or at a space, but not inside braces. Nothing if
// there is no such place in the first columns.
std::optional<size_t> BreakOf(std::string_view line) {
  std::optional<size_t> best;
  int depth = 0;
  for (size_t i = 0; i < line.size() && i < kLineColumns; ++i) {
    if (line[i] == '{') ++depth;
    if (line[i] == '}') --depth;
    if (depth <= 0 && i >= kLineColumns / 3 && (line[i] == '.' || line[i] == ' ')) best = i;
  }
  return best;
}

std::vector<std::string> Wrapped(std::string line) {
  std::vector<std::string> lines;
  while (CountColumns(line) > kLineColumns) {
    std::optional<size_t> cut = BreakOf(line);
    if (!cut) break;
    lines.push_back(line.substr(0, *cut));
    line = "    " + line.substr(line[*cut] == ' ' ? *cut + 1 : *cut);
  }
  lines.push_back(std::move(line));
  return lines;
}

std::string Label(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    for (const std::string& part : Wrapped(ShowName(line))) out += EscapeLabel(part) + "\\l";
  }
  return out;
}

std::string Tooltip(std::string_view text) {
  std::string out;
  while (true) {
    size_t end = text.find('\n');
    out += Printable(text.substr(0, end));
    if (end == std::string_view::npos) break;
    out += '\n';
    text.remove_prefix(end + 1);
  }
  return EscapeLabel(Elided(out, kTooltipLimit));
}

// agsafeset makes a plain string of its value: a label that begins with '<' does not become HTML.
void Set(void* object, const char* name, const std::string& value) {
  agsafeset(object, const_cast<char*>(name), const_cast<char*>(value.c_str()),
            const_cast<char*>(""));
}

// Names are most readable in a monospaced font. Graphviz measures fonts whose names begin with
// "Cour" as Courier, from a table of its own, so the boxes fit any font of this kind that a reader
// has.
constexpr const char* kFont = "Courier Prime,Menlo,Consolas,DejaVu Sans Mono,monospace";

void SetDefaults(Agraph_t* graph) {
  auto set = [graph](int kind, const char* name, const char* value) {
    agattr(graph, kind, const_cast<char*>(name), const_cast<char*>(value));
  };
  set(AGRAPH, "rankdir", "LR");
  set(AGRAPH, "ranksep", "0.9");
  set(AGRAPH, "nodesep", "0.16");
  set(AGRAPH, "fontname", kFont);
  set(AGRAPH, "fontsize", "10");
  set(AGRAPH, "labeljust", "l");
  set(AGRAPH, "bgcolor", "#ffffff");
  set(AGRAPH, "charset", "UTF-8");
  set(AGNODE, "shape", "box");
  set(AGNODE, "style", "filled,rounded");
  set(AGNODE, "fontname", kFont);
  set(AGNODE, "fontsize", "10");
  set(AGNODE, "margin", "0.12,0.06");
  set(AGNODE, "height", "0.3");
  set(AGEDGE, "fontname", kFont);
  set(AGEDGE, "fontsize", "9");
  set(AGEDGE, "arrowsize", "0.7");
  // Edges leave a box at its right and enter at its left.
  set(AGEDGE, "tailport", "e");
  set(AGEDGE, "headport", "w");
}

class Drawer {
 public:
  explicit Drawer(const TransformGraph& graph) : graph_(graph) {
    cgraph_.reset(agopen(const_cast<char*>("wcheck"), Agdirected, CountingDiscipline()));
  }

  CGraph Draw() && {
    SetDefaults(cgraph_.get());
    bool load = graph_.direction == Direction::kLoad;
    if (!graph_.id_prefix.empty()) Set(cgraph_.get(), "id", graph_.id_prefix + "graph");
    Set(cgraph_.get(), "label",
        EscapeLabel(ShowName(graph_.title)) + (graph_.title.empty() ? "" : ": ") +
            (load ? "load (checkpoint → model)" : "save (checkpoint ← model)") + "\\l");
    Set(cgraph_.get(), "labelloc", "t");
    for (uint32_t c = 0; c < graph_.clusters.size(); ++c) DrawCluster(c);
    MeasureDepths();
    for (const GraphEdge& edge : graph_.edges) DrawEdge(edge);
    KeepSidesApart();
    return std::move(cgraph_);
  }

 private:
  void DrawCluster(uint32_t index) {
    const GraphCluster& cluster = graph_.clusters[index];
    bool used = false;
    for (const GraphNode& node : graph_.nodes) used |= node.cluster == index;
    if (!used) return;
    Agraph_t* in = cgraph_.get();
    if (!cluster.label.empty()) {
      std::string name = "cluster_" + std::to_string(index);
      in = agsubg(cgraph_.get(), name.data(), 1);
      Set(in, "id", graph_.id_prefix + name);
      Set(in, "label", Label({cluster.label}));
      Set(in, "style", "rounded,filled");
      Set(in, "color", cluster.side == Side::kTransform ? "#b9c6d8" : "#d0d0d0");
      Set(in, "fillcolor", cluster.side == Side::kTransform ? "#f7fafe" : "#fafafa");
      Set(in, "fontcolor", "#444444");
    }
    for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
      if (graph_.nodes[n].cluster == index) DrawNode(in, n);
    }
  }

  void DrawNode(Agraph_t* in, uint32_t index) {
    const GraphNode& node = graph_.nodes[index];
    std::string name = node.id;
    Agnode_t* drawn = agnode(in, name.data(), 1);
    nodes_.resize(graph_.nodes.size());
    nodes_[index] = drawn;
    Colors colors = ColorsOf(node);
    Set(drawn, "label", Label(node.lines));
    Set(drawn, "tooltip", Tooltip(node.tooltip));
    Set(drawn, "id", graph_.id_prefix + node.id);
    Set(drawn, "class", ClassOf(node));
    Set(drawn, "fillcolor", colors.fill);
    Set(drawn, "color", colors.line);
    Set(drawn, "fontcolor", colors.text);
    if (node.tone == Tone::kDim) Set(drawn, "style", "filled,rounded,dashed");
  }

  // The column of each node, counted from the left. Edges only go to the right, and no path is
  // longer than there are nodes.
  void MeasureDepths() {
    depth_.assign(graph_.nodes.size(), 0);
    for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
      if (graph_.nodes[n].side != Side::kCheckpoint) depth_[n] = 1;
    }
    bool moved = true;
    for (size_t round = 0; moved && round < graph_.nodes.size(); ++round) {
      moved = false;
      for (const GraphEdge& edge : graph_.edges) {
        if (depth_[edge.to] > depth_[edge.from]) continue;
        depth_[edge.to] = depth_[edge.from] + 1;
        moved = true;
      }
    }
    last_ = *std::max_element(depth_.begin(), depth_.end());
  }

  // All model families are in the last column, even if some paths are shorter.
  void SetLength(Agedge_t* drawn, uint32_t from, uint32_t to) {
    if (graph_.nodes[to].side != Side::kModel || last_ <= depth_[from] + 1) return;
    Set(drawn, "minlen", std::to_string(last_ - depth_[from]));
  }

  void DrawEdge(const GraphEdge& edge) {
    Agedge_t* drawn = agedge(cgraph_.get(), nodes_[edge.from], nodes_[edge.to], nullptr, 1);
    SetLength(drawn, edge.from, edge.to);
    bool dim = graph_.nodes[edge.from].tone == Tone::kDim;
    Set(drawn, "id",
        graph_.id_prefix + graph_.nodes[edge.from].id + '-' + graph_.nodes[edge.to].id);
    if (edge.bad || dim) Set(drawn, "class", edge.bad ? "bad" : "dim");
    Set(drawn, "color", edge.bad ? "#c62828" : dim ? "#c4c4c4" : "#555555");
    // From 1 for a key to 3.5 for a hundred thousand.
    double width = 1 + std::log10(static_cast<double>(std::max<uint64_t>(edge.keys, 1))) / 2;
    Set(drawn, "penwidth", std::to_string(width).substr(0, 4));
    if (graph_.direction == Direction::kSave) Set(drawn, "dir", "back");
    if (!edge.label.empty()) Set(drawn, "label", EscapeLabel(ShowName(edge.label)));
    Set(drawn, "tooltip", ShowCount(edge.keys, "key", "keys"));
  }

  // Transforms that move nothing are placed with the others; keys that nothing reaches stay on
  // their side.
  void KeepSidesApart() {
    std::vector<bool> has_in(graph_.nodes.size(), false);
    std::vector<bool> has_out(graph_.nodes.size(), false);
    for (const GraphEdge& edge : graph_.edges) {
      has_out[edge.from] = true;
      has_in[edge.to] = true;
    }
    std::optional<uint32_t> left = FirstOf(Side::kCheckpoint);
    std::optional<uint32_t> right = FirstOf(Side::kModel);
    for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
      Side side = graph_.nodes[n].side;
      if (side != Side::kCheckpoint && !has_in[n] && left) Invisible(*left, n);
      if (side == Side::kTransform && !has_out[n] && right) Invisible(n, *right);
    }
  }

  std::optional<uint32_t> FirstOf(Side side) const {
    for (uint32_t n = 0; n < graph_.nodes.size(); ++n) {
      if (graph_.nodes[n].side == side) return n;
    }
    return std::nullopt;
  }

  void Invisible(uint32_t from, uint32_t to) {
    Agedge_t* edge = agedge(cgraph_.get(), nodes_[from], nodes_[to], nullptr, 1);
    Set(edge, "style", "invis");
    SetLength(edge, from, to);
  }

  const TransformGraph& graph_;
  CGraph cgraph_;
  std::vector<Agnode_t*> nodes_;
  std::vector<uint32_t> depth_;
  uint32_t last_ = 0;  // the last column
};

}  // namespace

CGraph MakeCGraph(const TransformGraph& graph) { return Drawer(graph).Draw(); }

std::mutex& GraphvizMutex() {
  static std::mutex mutex;
  return mutex;
}

std::string DotText(const TransformGraph& graph) {
  std::lock_guard lock(GraphvizMutex());
  CGraph cgraph = MakeCGraph(graph);
  std::string text;
  agwrite(cgraph.get(), &text);
  return text;
}

}  // namespace wcheck
