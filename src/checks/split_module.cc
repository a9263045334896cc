// A sub-model that is saved under two parents: docs/checks/split-module.md.
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/round_trip.h"
#include "analysis/subject.h"
#include "analysis/trace_text.h"
#include "checks/check.h"

namespace wcheck::split_module {
namespace {

// The innermost sub-model that has a key; null for the root.
const SubModel* OwnerOf(const Layout& layout, std::string_view key) {
  const SubModel* owner = nullptr;
  for (const SubModel& module : layout.modules) {
    if (module.path.empty() || !IsUnder(key, module.path)) continue;
    if (owner == nullptr || module.path.size() > owner->path.size()) owner = &module;
  }
  return owner;
}

// Where the keys of a sub-model are saved that keep their names inside of it.
struct Parents {
  std::vector<const Trace*> kept;                          // under its own path
  std::map<std::string, std::vector<const Trace*>> moved;  // by the other path
};

}  // namespace

void Check(const ClassContext& context, FindingSink* sink) {
  const Simulation& s = context.simulation;
  if (s.save_fresh.error) return;
  std::map<const SubModel*, Parents> parents;
  for (const Trace& trace : s.save_fresh.traces) {
    if (trace.claim >= 0) continue;
    const std::string_view pattern = s.layout->families[trace.family].pattern;
    const SubModel* owner = OwnerOf(*s.layout, pattern);
    if (owner == nullptr) continue;
    if (!trace.changed()) {
      parents[owner].kept.push_back(&trace);
      continue;
    }
    const std::string_view inside = pattern.substr(owner->path.size());  // with its dot
    const std::string& saved = trace.renamed->pattern;
    if (!saved.ends_with(inside) || saved.size() == inside.size()) continue;
    parents[owner].moved[saved.substr(0, saved.size() - inside.size())].push_back(&trace);
  }
  for (const auto& [module, where] : parents) {
    if (where.kept.empty() || where.moved.empty()) continue;
    for (const auto& [path, traces] : where.moved) {
      // A level more or less is how parts of one model are told apart in older checkpoints.
      if (IsUnder(path, module->path) || IsUnder(module->path, path)) continue;
      const std::optional<uint32_t> transform = LastRenamer(*traces.front());
      if (!transform) continue;
      Finding finding;
      finding.transform = RefOf(s.plan, *transform);
      finding.cause = "two-parents";
      finding.subject = Numberless(module->path);
      finding.message = "the sub-model `" + Numberless(module->path) +
                        "` is saved under two parents: some of its keys under `" +
                        Numberless(path) + "`, others under its own path";
      finding.advice = "let the transform match all keys of the sub-model, or add one for the others";
      finding.classes.push_back({"", {}, 0});
      std::vector<KeyEvidence>& keys = finding.classes.front().keys;
      keys.push_back(EvidenceOf(s.save_fresh, *traces.front()));
      keys.push_back({ShowKeys(s.save_fresh, *where.kept.front()), "keeps its name", "",
                      s.save_fresh.size(*where.kept.front())});
      sink->Add(std::move(finding));
    }
  }
}

}  // namespace wcheck::split_module
