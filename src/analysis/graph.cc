// Turns the rows of a key map into nodes and edges. Rows are grouped by way and sub-model; if the
// groups do not fit the limit, those with faults are kept first, then those that transforms move,
// then the largest.
#include "analysis/graph.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include <llvm/Support/Error.h>
#include <llvm/Support/GlobPattern.h>

#include "wcheck/evidence.h"

#include "analysis/graph_groups.h"
#include "analysis/key_map_words.h"
#include "support/printable.h"

namespace wcheck {
namespace {

using Side = GraphNode::Side;
using Tone = GraphNode::Tone;

constexpr size_t kUnusedShown = 8;
constexpr size_t kPatternsShown = 2;
constexpr size_t kPatternLimit = 56;

// The rows that `only` selects.
class RowFilter {
 public:
  static Result<RowFilter> Make(const std::string& only) {
    RowFilter filter;
    filter.text_ = only;
    if (only.find_first_of("*?[") == std::string::npos) return filter;
    llvm::Expected<llvm::GlobPattern> glob = llvm::GlobPattern::create(only);
    if (!glob) {
      return Error{{},
                   "--only '" + only + "': " + llvm::toString(glob.takeError()),
                   "a glob has *, ? and [abc]"};
    }
    filter.glob_ = std::move(*glob);
    return filter;
  }

  bool Takes(const MapRow& row) const { return Takes(row.checkpoint) || Takes(row.model); }

 private:
  bool Takes(const std::optional<MapEnd>& end) const {
    if (!end) return false;
    std::string name = end->ToString();
    return glob_ ? glob_->match(name) : name.find(text_) != std::string::npos;
  }

  std::string text_;
  std::optional<llvm::GlobPattern> glob_;
};

// "'^a' -> 'b'", shortened.
std::string ShowPatterns(const std::vector<std::string>& patterns) {
  std::string out;
  for (size_t i = 0; i < patterns.size() && i < kPatternsShown; ++i) {
    out += (i > 0 ? ", '" : "'") + Elided(Printable(patterns[i]), kPatternLimit) + "'";
  }
  if (patterns.size() > kPatternsShown) {
    out += ", … and " + std::to_string(patterns.size() - kPatternsShown) + " more";
  }
  return out;
}

std::vector<std::string> SpecLines(const TransformSpec& spec) {
  if (spec.kind == TransformKind::kPrefixChange) {
    return {Elided(Printable(ShowTransform(spec)), kPatternLimit)};
  }
  return {ShowPatterns(spec.sources), "→ " + ShowPatterns(spec.targets)};
}

class GraphBuilder {
 public:
  GraphBuilder(const KeyMap& map, const GraphOptions& options)
      : map_(map), s_(*map.simulation), plan_(s_.plan), options_(options) {
    budget_ = std::max(options.max_nodes, kLeastGraphNodes);
    graph_.direction = map.direction;
    graph_.title = s_.layout->class_name;
  }

  TransformGraph Build(const std::vector<const MapRow*>& rows) && {
    groups_ = GroupRows(map_, rows);
    CountKeys(rows);
    ChooseTransforms();
    AddUnused();
    ChooseGroups();
    for (uint32_t t : shown_) AddTransform(t);
    if (folded_transforms_ > 0) AddFoldedTransforms();
    AddEnds();
    AddEdges();
    return std::move(graph_);
  }

 private:
  // --- what fits
  // --------------------------------------------------------------------------------------

  void CountKeys(const std::vector<const MapRow*>& rows) {
    std::map<uint32_t, EndSet> moved;
    for (const MapRow* row : rows) {
      const std::optional<MapEnd>& in = saving() ? row->model : row->checkpoint;
      for (uint32_t t : row->transforms) {
        moved[t].Add(*in);
        if (row->converter != nullptr &&
            t == row->transforms[saving() ? 0 : row->transforms.size() - 1]) {
          operations_[t] = row->converter;
        }
      }
    }
    for (const auto& [t, ends] : moved) keys_[t] = ends.keys();
    for (const GraphMark& mark : options_.marks) {
      if (mark.tone != Tone::kDim) keys_.try_emplace(mark.transform, 0);
    }
  }

  bool saving() const { return map_.direction == Direction::kSave; }

  const GraphMark* MarkOf(uint32_t transform) const {
    for (const GraphMark& mark : options_.marks) {
      if (mark.transform == transform) return &mark;
    }
    return nullptr;
  }

  bool Stressed(uint32_t transform) const {
    const GraphMark* mark = MarkOf(transform);
    return mark != nullptr && mark->tone != Tone::kDim;
  }

  // At most half of the nodes are transforms: those with marks, then those that move most keys.
  void ChooseTransforms() {
    std::vector<uint32_t> order;
    for (const auto& [t, keys] : keys_) order.push_back(t);
    size_t limit = budget_ / 2;
    if (order.size() > limit) {
      std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
        bool a_marked = Stressed(a);
        bool b_marked = Stressed(b);
        if (a_marked != b_marked) return a_marked;
        return keys_[a] > keys_[b];
      });
      folded_transforms_ = order.size() - (limit - 1);
      order.resize(limit - 1);
      std::sort(order.begin(), order.end());
    }
    shown_ = order;
  }

  // Every group takes up to two nodes. Those with a fault come first, then those that a transform
  // moves, then the largest; what does not fit becomes one more group.
  void ChooseGroups() {
    size_t used = graph_.nodes.size() + shown_.size() + (folded_transforms_ > 0 ? 1 : 0);
    size_t limit = (budget_ - std::min(budget_, used)) / 2;
    if (groups_.size() <= limit) return;
    std::vector<size_t> order(groups_.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [this](size_t a, size_t b) {
      auto rank = [this](size_t i) {
        const RowGroup& g = groups_[i];
        return std::make_tuple(g.status == MapRow::Status::kOk, !g.touched(), UINT64_MAX - g.keys);
      };
      return rank(a) < rank(b);
    });
    size_t keep = limit > 0 ? limit - 1 : 0;
    std::vector<bool> kept(groups_.size(), false);
    for (size_t i = 0; i < keep; ++i) kept[order[i]] = true;
    std::vector<RowGroup> chosen;
    for (size_t i = 0; i < groups_.size(); ++i) {
      (kept[i] ? chosen : folded_).push_back(std::move(groups_[i]));
    }
    groups_ = std::move(chosen);
  }

  // --- transforms
  // -------------------------------------------------------------------------------------

  uint32_t Cluster(Side side, std::string label) {
    for (uint32_t i = 0; i < graph_.clusters.size(); ++i) {
      if (graph_.clusters[i].side == side && graph_.clusters[i].label == label) return i;
    }
    graph_.clusters.push_back({std::move(label), side});
    return static_cast<uint32_t>(graph_.clusters.size() - 1);
  }

  // "mixtral, for model (MixtralModel)": the entry, and the sub-model that it was found for.
  uint32_t ClusterOf(uint32_t transform) {
    const PlacedTransform& placed = plan_.transforms[transform];
    if (placed.legacy) return Cluster(Side::kTransform, std::string(placed.entry));
    std::string label = "entry " + std::string(placed.entry);
    for (const Plan::Hit& hit : plan_.hits) {
      if (transform < hit.first || transform >= hit.first + hit.count) continue;
      const SubModel& module = s_.layout->modules[hit.module];
      if (!module.path.empty()) label += ", for " + module.path;
    }
    return Cluster(Side::kTransform, std::move(label));
  }

  uint32_t AddNode(GraphNode node) {
    graph_.nodes.push_back(std::move(node));
    return static_cast<uint32_t>(graph_.nodes.size() - 1);
  }

  void AddTransform(uint32_t t) {
    const TransformSpec& spec = *plan_.transforms[t].forward().spec;
    GraphNode node;
    node.id = "t" + std::to_string(t);
    node.cluster = ClusterOf(t);
    node.lines.push_back(ShowPlaced(plan_, t) + "  " + (saving() ? "reverse of " : "") +
                         std::string(TransformKindName(spec.kind)));
    for (std::string& line : SpecLines(spec)) node.lines.push_back(std::move(line));
    if (auto found = operations_.find(t); found != operations_.end()) {
      node.lines.push_back(ShowOperations(*found->second));
    }
    node.tone = plan_.transforms[t].forward().is_converter() ? Tone::kConverter : Tone::kPlain;
    if (keys_[t] > 0) node.lines.push_back("moves " + ShowCount(keys_[t], "key", "keys"));
    if (const GraphMark* mark = MarkOf(t)) {
      node.lines.push_back(mark->label);
      if (mark->tone != Tone::kDim) node.tone = mark->tone;
    }
    node.tooltip = ShowTransform(spec);
    transform_nodes_[t] = AddNode(std::move(node));
  }

  void AddFoldedTransforms() {
    GraphNode node;
    node.id = "t-more";
    node.cluster = Cluster(Side::kTransform, "");
    node.lines.push_back("… and " +
                         ShowCount(folded_transforms_, "more transform", "more transforms"));
    folded_transform_node_ = AddNode(std::move(node));
  }

  // The transforms of the plan that moved nothing, one node per cluster.
  void AddUnused() {
    std::map<uint32_t, std::vector<uint32_t>> unused;
    std::map<uint32_t, size_t> counts;
    for (uint32_t t = 0; t < plan_.transforms.size(); ++t) {
      if (!keys_.contains(t)) unused[ClusterOf(t)].push_back(t);
    }
    if (unused.size() > budget_ / 4) {
      // Many entries: all in one node.
      std::vector<uint32_t> all;
      for (const auto& [cluster, list] : unused) all.insert(all.end(), list.begin(), list.end());
      graph_.clusters.clear();
      unused.clear();
      std::sort(all.begin(), all.end());
      unused[Cluster(Side::kTransform, "")] = std::move(all);
    }
    for (const auto& [cluster, list] : unused) {
      GraphNode node;
      node.id = "unused" + std::to_string(list.front());
      node.tone = Tone::kDim;
      node.cluster = cluster;
      std::string way = saving() ? "this save" : "this load";
      node.lines.push_back(options_.only.empty() ? "move no key in " + way + ":"
                                                 : "move none of these keys:");
      size_t shown = list.size() <= kUnusedShown + 1 ? list.size() : kUnusedShown;
      for (size_t i = 0; i < shown; ++i) {
        const TransformSpec& spec = *plan_.transforms[list[i]].forward().spec;
        std::string line = ShowPlaced(plan_, list[i]);
        for (const std::string& part : SpecLines(spec)) line += ' ' + part;
        if (const GraphMark* mark = MarkOf(list[i])) line += "  [" + mark->label + ']';
        node.lines.push_back(std::move(line));
        node.tooltip +=
            (i > 0 ? "\n" : "") + ShowPlaced(plan_, list[i]) + ' ' + ShowTransform(spec);
      }
      if (shown < list.size()) {
        node.lines.push_back("… and " + std::to_string(list.size() - shown) + " more");
      }
      AddNode(std::move(node));
    }
  }

  // --- families
  // -----------------------------------------------------------------------------------------

  static std::string StatusLine(const RowGroup& group) {
    switch (group.status) {
      case MapRow::Status::kOk:
        return "";
      case MapRow::Status::kCollides:
        return "collide: several keys reach one name";
      case MapRow::Status::kUnexpected:
        return "not in the model";
      case MapRow::Status::kMissing:
        return "missing: no checkpoint key reaches them";
      case MapRow::Status::kShape:
        return "arrive with another shape";
      case MapRow::Status::kError:
        return "an operation raises";
    }
    return "";
  }

  // One node per group on each side; groups with common families share it.
  void AddEnds() {
    for (Side side : {Side::kCheckpoint, Side::kModel}) {
      std::vector<EndSet> sets(groups_.size());
      for (size_t g = 0; g < groups_.size(); ++g) {
        for (const MapRow* row : groups_[g].rows) {
          if (const auto& end = side == Side::kModel ? row->model : row->checkpoint)
            sets[g].Add(*end);
        }
      }
      std::vector<size_t>& leader = side == Side::kModel ? model_leader_ : checkpoint_leader_;
      leader.resize(groups_.size());
      std::iota(leader.begin(), leader.end(), 0);
      for (size_t g = 0; g < groups_.size(); ++g) {
        for (size_t earlier = 0; earlier < g; ++earlier) {
          if (leader[earlier] != earlier || !sets[earlier].SharesWith(sets[g])) continue;
          leader[g] = earlier;
          sets[earlier].Merge(sets[g]);
          break;
        }
      }
      for (size_t g = 0; g < groups_.size(); ++g) {
        if (leader[g] == g && sets[g].families() > 0) AddEnd(side, g, sets[g], leader);
      }
    }
    if (!folded_.empty()) {
      AddFolded(Side::kCheckpoint);
      AddFolded(Side::kModel);
    }
  }

  void AddEnd(Side side, size_t g, const EndSet& ends, const std::vector<size_t>& leader) {
    const RowGroup& group = groups_[g];
    GraphNode node;
    node.id = (side == Side::kModel ? "m" : "c") + std::to_string(g);
    node.side = side;
    node.cluster = EndCluster(side, group);
    node.lines = ends.Lines();
    node.tooltip = ends.Tooltip();
    node.families = ends.Names();
    std::set<std::string> said;
    for (size_t i = g; i < groups_.size(); ++i) {
      if (leader[i] != g || groups_[i].status == MapRow::Status::kOk) continue;
      // The fault is shown where the keys end, unless they end nowhere.
      bool here = (side == Side::kModel) != saving();
      if (!here) continue;
      node.tone = Tone::kBad;
      if (said.insert(StatusLine(groups_[i])).second) node.lines.push_back(StatusLine(groups_[i]));
    }
    if (node.tone == Tone::kPlain && !group.touched()) node.tone = Tone::kDim;
    end_nodes_[{side, g}] = AddNode(std::move(node));
  }

  uint32_t EndCluster(Side side, const RowGroup& group) {
    if (side == Side::kCheckpoint) return Cluster(side, "checkpoint");
    if (group.module == RowGroup::kNoModule) return Cluster(side, "not in the model");
    const SubModel& module = s_.layout->modules[group.module];
    if (module.path.empty()) return Cluster(side, module.class_name);
    return Cluster(side, module.path + " (" + module.class_name + ")");
  }

  void AddFolded(Side side) {
    EndSet ends;
    for (const RowGroup& group : folded_) {
      for (const MapRow* row : group.rows) {
        if (const auto& end = side == Side::kModel ? row->model : row->checkpoint) ends.Add(*end);
      }
    }
    if (ends.families() == 0) return;
    GraphNode node;
    node.id = side == Side::kModel ? "m-more" : "c-more";
    node.side = side;
    node.cluster = side == Side::kModel ? Cluster(side, "") : Cluster(side, "checkpoint");
    node.lines.push_back("… and " + ShowCount(ends.families(), "more family", "more families"));
    node.lines.push_back(ShowCount(ends.keys(), "key", "keys"));
    node.tooltip = ends.Tooltip();
    node.families = ends.Names();
    (side == Side::kModel ? folded_model_ : folded_checkpoint_) = AddNode(std::move(node));
  }

  // --- edges
  // ----------------------------------------------------------------------------------------------

  void AddEdges() {
    for (size_t g = 0; g < groups_.size(); ++g) {
      AddWay(groups_[g], NodeAt(Side::kCheckpoint, checkpoint_leader_[g]),
             NodeAt(Side::kModel, model_leader_[g]));
    }
    for (const RowGroup& group : folded_) AddWay(group, folded_checkpoint_, folded_model_);
  }

  std::optional<uint32_t> NodeAt(Side side, size_t group) const {
    auto found = end_nodes_.find({side, group});
    if (found == end_nodes_.end()) return std::nullopt;
    return found->second;
  }

  void AddWay(const RowGroup& group, std::optional<uint32_t> from, std::optional<uint32_t> to) {
    if (!from || !to) return;  // missing: there is no path
    uint32_t at = *from;
    for (uint32_t t : group.transforms) {
      auto found = transform_nodes_.find(t);
      uint32_t next = found == transform_nodes_.end() ? folded_transform_node_ : found->second;
      if (next != at) AddEdge(at, next, group);
      at = next;
    }
    AddEdge(at, *to, group);
    GraphEdge& last = graph_.edges[edges_.at({at, *to})];
    if (group.prefix_step != Trace::PrefixStep::kNone) {
      last.label = std::string(group.prefix_step == Trace::PrefixStep::kRemoved ? "−" : "+") +
                   s_.layout->base_model_prefix + ".";
    }
  }

  void AddEdge(uint32_t from, uint32_t to, const RowGroup& group) {
    auto [found, is_new] = edges_.try_emplace({from, to}, graph_.edges.size());
    if (is_new) graph_.edges.push_back({from, to, 0, false, ""});
    GraphEdge& edge = graph_.edges[found->second];
    edge.keys += group.keys;
    edge.bad |= group.status != MapRow::Status::kOk;
  }

  const KeyMap& map_;
  const Simulation& s_;
  const Plan& plan_;
  const GraphOptions& options_;
  size_t budget_ = 0;
  TransformGraph graph_;
  std::vector<RowGroup> groups_;
  std::vector<RowGroup> folded_;       // the groups that did not fit
  std::map<uint32_t, uint64_t> keys_;  // by transform: how many it moves
  std::map<uint32_t, const Transform*> operations_;
  std::vector<uint32_t> shown_;
  size_t folded_transforms_ = 0;
  std::map<uint32_t, uint32_t> transform_nodes_;
  uint32_t folded_transform_node_ = 0;
  std::map<std::pair<Side, size_t>, uint32_t> end_nodes_;
  std::vector<size_t> checkpoint_leader_;
  std::vector<size_t> model_leader_;
  std::optional<uint32_t> folded_checkpoint_;
  std::optional<uint32_t> folded_model_;
  std::map<std::pair<uint32_t, uint32_t>, size_t> edges_;
};

}  // namespace

Result<TransformGraph> BuildGraph(const Simulation& simulation, const GraphOptions& options) {
  Result<KeyMap> map = BuildKeyMap(simulation, options.direction, Folding::kFamilies);
  if (!map) return map.error();
  Result<RowFilter> filter = RowFilter::Make(options.only);
  if (!filter) return filter.error();
  std::vector<const MapRow*> rows;
  for (const MapRow& row : map->rows) {
    if (filter->Takes(row)) rows.push_back(&row);
  }
  if (rows.empty() && !options.only.empty()) {
    return Error{{},
                 "--only '" + options.only + "' leaves no key of " + simulation.layout->class_name,
                 "`wcheck map` lists the families"};
  }
  return GraphBuilder(*map, options).Build(rows);
}

}  // namespace wcheck
