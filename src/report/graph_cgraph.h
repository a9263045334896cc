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

// cgraph and gvc keep state of their own: to be held by whoever calls either.
std::mutex& GraphvizMutex();

CGraph MakeCGraph(const TransformGraph& graph);

}  // namespace wcheck
