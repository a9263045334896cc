// A transform graph as a graph of Graphviz's cgraph library.
#pragma once

#include <memory>
#include <mutex>

#include <graphviz/cgraph.h>

#include "analysis/graph.h"

namespace wcheck {

struct CloseGraph {
  void operator()(Agraph_t* graph) const { agclose(graph); }
};
using CGraph = std::unique_ptr<Agraph_t, CloseGraph>;

// cgraph and gvc have global state: callers of either must hold this.
std::mutex& GraphvizMutex();

CGraph MakeCGraph(const TransformGraph& graph);

}  // namespace wcheck
