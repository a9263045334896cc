#include "cli/dot_report.h"

#include "engine/simulation.h"
#include "analysis/graph.h"
#include "report/graph_marks.h"
#include "report/graph_text.h"

namespace wcheck::cli {

Result<std::string> DotReport(const Layout& layout, const Registry& registry,
                              const Engine& engine, const Judgement& judgement) {
  const CompiledRegistry compiled(registry, engine);
  const Simulation simulation = Simulate(layout, compiled, {});
  GraphOptions options;
  options.marks = MarksOf(simulation.plan, WrittenTransforms(registry), judgement.findings);
  const Result<TransformGraph> graph = BuildGraph(simulation, options);
  if (!graph) return graph.error();
  return DotText(*graph);
}

}  // namespace wcheck::cli
