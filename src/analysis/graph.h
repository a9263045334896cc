// The transform graph of a model: checkpoint families on the left, the transforms that move them in
// the middle, model families on the right.
//
// It is built from the key map, so it shows exactly what the simulation found. Families that take
// the same way into the same sub-model are one node; families that nothing moves are one node per
// sub-model.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/simulation.h"
#include "wcheck/result.h"

namespace wcheck {

// How a node is drawn.
enum class GraphTone : uint8_t {
  kPlain,
  kConverter,
  kDim,   // nothing happens here
  kWarn,  // amber
  kBad,   // red
};

// What is to be said of a transform.
struct GraphMark {
  uint32_t transform = 0;  // index into Plan::transforms
  std::string label;       // "leaked-child-mapping"
  // kBad and kWarn give the transform a node of its own, even if it moves no keys.
  GraphTone tone = GraphTone::kBad;
};

inline constexpr size_t kDefaultGraphNodes = 80;
inline constexpr size_t kLeastGraphNodes = 10;

struct GraphOptions {
  Direction direction = Direction::kLoad;
  // Only rows one of whose names contains this text, or matches it if it contains one of * ? [.
  std::string only;
  size_t max_nodes = kDefaultGraphNodes;  // at least kLeastGraphNodes; what is left out is counted
  std::vector<GraphMark> marks;
};

struct GraphNode {
  enum class Side : uint8_t { kCheckpoint, kTransform, kModel };
  using Tone = GraphTone;
  std::string id;  // "c3", "t12" (the transform's index in the plan), "m3"
  Side side = Side::kTransform;
  Tone tone = Tone::kPlain;
  std::vector<std::string> lines;  // as found: may contain anything
  std::string tooltip;
  std::vector<std::string> families;  // of a checkpoint or model node, all of them
  uint32_t cluster = 0;
};

struct GraphEdge {
  uint32_t from = 0;  // always the node further left
  uint32_t to = 0;
  uint64_t keys = 0;
  bool bad = false;
  std::string label;  // may be empty
};

struct GraphCluster {
  std::string label;
  GraphNode::Side side = GraphNode::Side::kTransform;
};

struct TransformGraph {
  std::string title;
  std::string id_prefix;  // prefixed to every id in the SVG, for two pictures in one page
  Direction direction = Direction::kLoad;  // on save the arrows point left
  std::vector<GraphCluster> clusters;
  std::vector<GraphNode> nodes;
  std::vector<GraphEdge> edges;
};

// An error if the engine raises before all keys have their names, if `only` is not a valid glob, or
// if it leaves nothing.
Result<TransformGraph> BuildGraph(const Simulation& simulation, const GraphOptions& options);

}  // namespace wcheck
