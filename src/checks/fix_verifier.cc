#include "wcheck/checks/fix_verifier.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "wcheck/checks/written.h"
#include "wcheck/engine/boxes.h"

namespace wcheck {
namespace {

// The parts that both traces are about keep their names.
bool SameNames(const Pass& a, const Trace& x, const Pass& b, const Trace& y) {
  if (!BoxesIntersect(x.members, y.members)) return true;
  Name x_name = a.NameOf(x);
  Name y_name = b.NameOf(y);
  if (x_name == y_name) return true;
  IndexBox both = IntersectBoxes(x.members, y.members);
  std::vector<uint32_t> member = SmallestMember(both);
  return BoxSize(both) == 1 && x_name.Of(member) == y_name.Of(member);
}

bool SamePass(const Pass& a, const Pass& b) {
  if (a.error.has_value() != b.error.has_value()) return false;
  std::unordered_map<std::string_view, std::vector<const Trace*>> others;
  for (const Trace& trace : b.traces) others[b.families[trace.family].pattern].push_back(&trace);
  for (const Trace& trace : a.traces) {
    auto found = others.find(a.families[trace.family].pattern);
    if (found == others.end()) return false;
    for (const Trace* other : found->second) {
      if (!SameNames(a, trace, b, *other)) return false;
    }
  }
  return true;
}

// The same names with the same shapes, however they are cut into families.
bool SameTensors(const std::vector<LayoutFamily>& a, const std::vector<LayoutFamily>& b) {
  std::unordered_map<std::string_view, std::vector<const LayoutFamily*>> others;
  uint64_t a_size = 0;
  uint64_t b_size = 0;
  for (const LayoutFamily& family : b) {
    others[family.pattern].push_back(&family);
    b_size += family.size();
  }
  for (const LayoutFamily& family : a) {
    uint64_t covered = 0;
    for (const LayoutFamily* other : others[family.pattern]) {
      bool alike = std::equal(family.shape.begin(), family.shape.end(), other->shape.begin(),
                              other->shape.end()) &&
                   family.dtype == other->dtype;
      if (!alike || !BoxesIntersect(family.numbers, other->numbers)) continue;
      covered += BoxSize(IntersectBoxes(family.numbers, other->numbers));
    }
    if (covered != family.size()) return false;
    a_size += family.size();
  }
  return a_size == b_size;
}

bool SameAnswers(const Simulation& a, const Simulation& b) {
  return a.has_checkpoint == b.has_checkpoint && SamePass(a.save_fresh, b.save_fresh) &&
         SameTensors(a.saved.tensors, b.saved.tensors) && SamePass(a.load, b.load) &&
         SameTensors(a.loaded.tensors, b.loaded.tensors) && SamePass(a.reload, b.reload);
}

bool Reaches(const Plan& plan, const std::set<std::string>& entries) {
  if (entries.count(std::string(kLegacyEntry)) != 0) return true;
  return std::any_of(plan.hits.begin(), plan.hits.end(), [&](const Plan::Hit& hit) {
    return entries.count(std::string(hit.entry)) != 0;
  });
}

bool SameList(const std::vector<TransformSpec>& a, const std::vector<TransformSpec>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const TransformSpec& x, const TransformSpec& y) { return SameTransform(x, y); });
}

}  // namespace

Registry Repaired(const Registry& registry, const Repair& repair) {
  Registry out = registry;
  if (repair.kind == Repair::Kind::kRemoveAlias) {
    out.aliases.erase(std::remove_if(out.aliases.begin(), out.aliases.end(),
                                     [&](const Alias& a) { return a.name == repair.alias; }),
                      out.aliases.end());
    return out;
  }
  WrittenTransforms written(registry);
  TransformRef place = written.Written(repair.transform);
  for (const auto& [name, entry] : registry.entries) {
    std::vector<TransformSpec>& list = out.entries.find(name)->second.transforms;
    // From the end, so that indices stay true.
    for (auto i = static_cast<uint32_t>(entry.transforms.size()); i-- > 0;) {
      if (written.Written({&entry.transforms[i], name, i}) != place) continue;
      if (repair.kind == Repair::Kind::kRemove) {
        list.erase(list.begin() + i);
      } else {
        std::shared_ptr<const Origin> origin = list[i].origin;
        list[i] = repair.replacement;
        list[i].origin = std::move(origin);
      }
    }
  }
  return out;
}

std::set<std::string> ChangedEntries(const Registry& a, const Registry& b) {
  std::set<std::string> out;
  for (const auto& [name, entry] : a.entries) {
    const Entry* other = b.Find(name);
    if (other == nullptr || !SameList(entry.transforms, other->transforms)) out.insert(name);
  }
  for (const auto& [name, entry] : b.entries) {
    if (a.Find(name) == nullptr) out.insert(name);
  }
  return out;
}

FixVerifier::FixVerifier(const Registry& registry, const LayoutSource& layouts,
                         std::vector<size_t> classes, bool all_classes, JudgeOptions options)
    : registry_(registry),
      layouts_(layouts),
      classes_(std::move(classes)),
      all_classes_(all_classes),
      options_(std::move(options)) {
  options_.progress = nullptr;
}

Result<std::set<std::string>> FixVerifier::CausesOf(const Registry& registry,
                                                    std::string_view check) const {
  JudgeOptions options = options_;
  options.ignore.clear();
  options.select = {std::string(check)};
  Result<Judgement> judgement = Judge(registry, layouts_, classes_, all_classes_, options);
  if (!judgement) return judgement.error();
  std::set<std::string> causes;
  for (const Finding& finding : judgement->findings) causes.insert(finding.cause);
  return causes;
}

Result<std::string> FixVerifier::FirstChange(const Registry& other,
                                             const std::set<std::string>& changed) const {
  CompiledRegistry before(registry_);
  CompiledRegistry after(other);
  if (after.rejections().size() > before.rejections().size()) {
    return std::string(after.rejections().front().entry);
  }
  if (changed.empty()) return std::string();
  SimulationOptions options;
  options.profile = options_.profile;
  for (size_t index : classes_) {
    Result<Layout> layout = layouts_.Read(index);
    if (!layout) return layout.error();
    if (!Reaches(CollectPlan(*layout, before), changed) &&
        !Reaches(CollectPlan(*layout, after), changed)) {
      continue;
    }
    if (!SameAnswers(Simulate(*layout, before, options), Simulate(*layout, after, options))) {
      return layout->class_name;
    }
  }
  return std::string();
}

Result<FixVerdict> FixVerifier::Verify(const Finding& finding) {
  Registry repaired = Repaired(registry_, finding.fix->repair);
  FixVerdict verdict;
  Result<std::string> change = FirstChange(repaired, ChangedEntries(registry_, repaired));
  if (!change) return change.error();
  verdict.first_change = *change;
  verdict.keys_kept = change->empty();
  if (!verdict.keys_kept) return verdict;

  auto known = causes_.find(finding.check);
  if (known == causes_.end()) {
    Result<std::set<std::string>> causes = CausesOf(registry_, finding.check);
    if (!causes) return causes.error();
    known = causes_.emplace(std::string(finding.check), *std::move(causes)).first;
  }
  Result<std::set<std::string>> after = CausesOf(repaired, finding.check);
  if (!after) return after.error();
  bool none_new =
      std::includes(known->second.begin(), known->second.end(), after->begin(), after->end());
  verdict.finding_gone = none_new && after->count(finding.cause) == 0;
  return verdict;
}

}  // namespace wcheck
