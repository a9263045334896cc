#include "wcheck/cli/dot_report.h"

#include <set>
#include <utility>

#include "wcheck/engine/simulation.h"
#include "wcheck/report/graph.h"

namespace wcheck::cli {
namespace {

// One mark for each transform of the plan and check that blames it.
std::vector<GraphMark> Marks(const Plan& plan, const Judgement& judgement) {
  std::set<std::pair<uint32_t, std::string_view>> marks;
  for (const Finding& finding : judgement.findings) {
    if (!finding.transform || finding.severity == Severity::kNote) continue;
    for (uint32_t i = 0; i < plan.transforms.size(); ++i) {
      if (plan.transforms[i].forward().spec == finding.transform->spec) {
        marks.emplace(i, finding.check);
      }
    }
  }
  std::vector<GraphMark> list;
  list.reserve(marks.size());
  for (const auto& [transform, check] : marks) list.push_back({transform, std::string(check)});
  return list;
}

}  // namespace

Result<std::string> DotReport(const Layout& layout, const Registry& registry,
                              const Profile& profile, const Judgement& judgement) {
  const CompiledRegistry compiled(registry);
  SimulationOptions simulation_options;
  simulation_options.profile = &profile;
  const Simulation simulation = Simulate(layout, compiled, simulation_options);
  GraphOptions options;
  options.marks = Marks(simulation.plan, judgement);
  const Result<TransformGraph> graph = BuildGraph(simulation, options);
  if (!graph) return graph.error();
  return DotText(*graph);
}

}  // namespace wcheck::cli
