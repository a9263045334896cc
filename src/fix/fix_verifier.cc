// Proves a fix in three steps: the edited file must read as the fixed registry; every class that
// can reach a changed entry must save and load under the same names and shapes; and judging again
// must lack the finding and have no new one. The results before the fix are cached, since several
// fixes often concern the same entry.
#include "fix/fix_verifier.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "analysis/written.h"
#include "families/boxes.h"
#include "fix/patch.h"
#include "fix/source_edits.h"
#include "judge/simulation_judge.h"
#include "support/threads.h"

namespace wcheck {
namespace {

bool SameBoxes(std::span<const IndexSet> a, std::span<const IndexSet> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// The common members of both traces keep their names.
bool SameNames(const Pass& a, const Trace& x, const Pass& b, const Trace& y) {
  if (!BoxesIntersect(x.members, y.members)) return true;
  Name x_name = a.NameOf(x);
  Name y_name = b.NameOf(y);
  if (x_name == y_name) return true;
  IndexBox both = IntersectBoxes(x.members, y.members);
  std::vector<uint32_t> member = SmallestMember(both);
  return BoxSize(both) == 1 && x_name.Of(member) == y_name.Of(member);
}

// The usual case: the keys of the two agree one by one.
bool SameTraces(const Pass& a, const Pass& b) {
  return std::equal(a.traces.begin(), a.traces.end(), b.traces.begin(), b.traces.end(),
                    [&](const Trace& x, const Trace& y) {
                      return a.families[x.family].pattern == b.families[y.family].pattern &&
                             SameBoxes(x.members, y.members) && a.NameOf(x) == b.NameOf(y);
                    });
}

bool SamePass(const Pass& a, const Pass& b) {
  if (a.error.has_value() != b.error.has_value()) return false;
  if (SameTraces(a, b)) return true;
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

bool SameType(const LayoutFamily& a, const LayoutFamily& b) {
  return a.dtype == b.dtype &&
         std::equal(a.shape.begin(), a.shape.end(), b.shape.begin(), b.shape.end());
}

// The same names with the same shapes, however they are cut into families.
bool SameTensors(const std::vector<LayoutFamily>& a, const std::vector<LayoutFamily>& b) {
  const bool alike = std::equal(
      a.begin(), a.end(), b.begin(), b.end(), [](const LayoutFamily& x, const LayoutFamily& y) {
        return x.pattern == y.pattern && SameType(x, y) && SameBoxes(x.numbers, y.numbers);
      });
  if (alike) return true;
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
      if (!SameType(family, *other) || !BoxesIntersect(family.numbers, other->numbers)) continue;
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
         SameTensors(a.loaded.tensors, b.loaded.tensors) && SamePass(a.reload, b.reload) &&
         SamePass(a.save_loaded, b.save_loaded);
}

bool SameList(const std::vector<TransformSpec>& a, const std::vector<TransformSpec>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const TransformSpec& x, const TransformSpec& y) { return SameTransform(x, y); });
}

// Some of the entries, with the aliases among them.
Registry Restricted(const Registry& registry, const std::set<std::string>& entries) {
  Registry out;
  out.release = registry.release;
  out.files = registry.files;
  out.user_registered = registry.user_registered;
  out.extension = registry.extension;
  out.ignores = registry.ignores;
  out.remarks = registry.remarks;
  for (const Alias& alias : registry.aliases) {
    if (entries.contains(alias.name)) out.aliases.push_back(alias);
  }
  for (const std::string& name : entries) {
    if (const Entry* entry = registry.Find(name)) out.entries.emplace(name, *entry);
  }
  return out;
}

bool SameAliases(const std::vector<Alias>& a, const std::vector<Alias>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Alias& x, const Alias& y) {
    return x.name == y.name && x.entry == y.entry;
  });
}

}  // namespace

// Applies the repair to the registry as a value, independently of any source text; the edited
// source has to read as exactly this.
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
    // From the end, so that indices stay valid.
    for (auto i = static_cast<uint32_t>(entry.transforms.size()); i-- > 0;) {
      if (written.Written({&entry.transforms[i], name, i}) != place) continue;
      if (repair.kind == Repair::Kind::kReplace) {
        std::shared_ptr<const Origin> origin = list[i].origin;
        list[i] = repair.replacement;
        list[i].origin = std::move(origin);
      } else {
        list.erase(list.begin() + i);
      }
    }
  }
  if (repair.kind == Repair::Kind::kMove) {
    // Its copies get it, too, as they have the rest of the list.
    auto head = registry.entries.find(repair.entry);
    const TransformSpec* first = head == registry.entries.end() || head->second.transforms.empty()
                                     ? nullptr
                                     : &head->second.transforms.front();
    for (const auto& [name, entry] : registry.entries) {
      if (first == nullptr || entry.transforms.empty()) continue;
      const TransformRef mine{&entry.transforms.front(), name, 0};
      if (written.Written(mine) != written.Written({first, repair.entry, 0})) continue;
      std::vector<TransformSpec>& list = out.entries.find(name)->second.transforms;
      list.insert(list.begin(), repair.replacement);
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

FixVerifier::Findings FixVerifier::Count(const Judgement& judgement) {
  Findings found;
  for (const Finding& finding : judgement.findings) {
    found.identities.insert(finding.identity);
    if (finding.transform) {
      found.about.emplace(finding.check, ShowTransform(*finding.transform->spec));
    }
    ++found.counts[finding.check][static_cast<size_t>(finding.severity)];
  }
  return found;
}

bool FixVerifier::NoneNew(const Findings& before, const Findings& after) {
  for (const auto& [check, counts] : after.counts) {
    auto known = before.counts.find(check);
    for (size_t severity = 0; severity < counts.size(); ++severity) {
      const size_t had = known == before.counts.end() ? 0 : known->second[severity];
      if (counts[severity] > had) return false;
    }
  }
  return true;
}

// What CollectPlan looks up for the sub-models of one class.
struct FixVerifier::Index {
  std::vector<std::set<std::string>> names;                    // one per class
  std::unordered_map<std::string, std::set<size_t>> classes;  // by name
};

// The results of the last examined classes before any fix: fixes of one entry come one after the
// other.
struct FixVerifier::Before {
  struct Class {
    Layout layout;
    Simulation simulation;
  };
  Scope scope;
  std::unique_ptr<const Registry> registry;  // the entries of the scope
  std::unique_ptr<const CompiledRegistry> compiled;
  std::vector<Class> kept;  // one per class of the scope
  Findings findings;
};

FixVerifier::FixVerifier(const Registry& registry, const LayoutSource& layouts,
                         JudgeOptions options, Reader reader)
    : registry_(registry),
      layouts_(layouts),
      options_(std::move(options)),
      reader_(std::move(reader)),
      written_(registry),
      before_(std::make_unique<Before>()) {
  options_.progress = nullptr;
  options_.select.clear();
  options_.ignore.clear();
}

FixVerifier::~FixVerifier() = default;

// Constructing all transforms of a registry costs more than simulating a class, so only some of the
// entries take part: those that the classes look up, those that changed, and where the transforms
// of both were written.
Result<FixVerifier::Scope> FixVerifier::ScopeOf(const std::set<std::string>& changed) {
  Scope scope;
  if (index_ == nullptr) {
    auto index = std::make_unique<Index>();
    index->names.resize(layouts_.size());
    for (size_t i = 0; i < layouts_.size(); ++i) {
      Result<Layout> layout = layouts_.Read(i);
      if (!layout) return layout.error();
      std::set<std::string>& names = index->names[i];
      for (const SubModel& module : layout->modules) {
        names.insert(module.class_name);
        names.insert(module.model_type);
        names.insert(module.class_name + std::string(kClassAttribute));
      }
      for (const std::string& name : names) index->classes[name].insert(i);
    }
    index_ = std::move(index);
  }
  std::set<size_t> classes;
  const bool all = std::ranges::any_of(changed, [](const auto& name) { return AppliesToAll(name); });
  for (size_t i = 0; all && i < layouts_.size(); ++i) classes.insert(i);
  for (const std::string& entry : changed) {
    const auto found = index_->classes.find(entry);
    if (found != index_->classes.end()) classes.insert(found->second.begin(), found->second.end());
  }
  scope.classes.assign(classes.begin(), classes.end());

  std::set<std::string> names = changed;
  names.insert(std::string(kLegacyEntry));
  names.insert(std::string(kKeyMappingEntry));
  for (const size_t i : classes) names.insert(index_->names[i].begin(), index_->names[i].end());
  for (const Alias& alias : registry_.aliases) {
    if (names.contains(alias.name)) names.insert(alias.entry);
  }
  for (const auto& [name, entry] : registry_.entries) {
    if (!names.contains(name)) continue;
    scope.entries.insert(name);
    for (uint32_t i = 0; i < entry.transforms.size(); ++i) {
      scope.entries.emplace(written_.Written({&entry.transforms[i], name, i}).entry);
    }
  }
  scope.entries.insert(changed.begin(), changed.end());
  return scope;
}

Status FixVerifier::LookAt(const Scope& scope) {
  if (before_->compiled != nullptr && scope == before_->scope) return Unit{};
  *before_ = Before{};
  before_->scope = scope;
  before_->registry = std::make_unique<const Registry>(Restricted(registry_, scope.entries));
  before_->compiled = std::make_unique<const CompiledRegistry>(*before_->registry, *options_.engine);
  const std::vector<size_t>& classes = scope.classes;
  before_->kept.resize(classes.size());
  SimulationJudge judge(*before_->compiled, options_);
  const Status status = ForEachInThreads(
      classes.size(), ThreadCount(options_.jobs, classes.size()), [&](size_t i, size_t) -> Status {
        Result<Layout> layout = layouts_.Read(classes[i]);
        if (!layout) return layout.error();
        Before::Class& kept = before_->kept[i];
        kept.layout = *std::move(layout);
        kept.simulation = Simulate(kept.layout, *before_->compiled, {});
        judge.Add(kept.simulation);
        return Unit{};
      });
  if (!status) {
    *before_ = Before{};
    return status.error();
  }
  before_->findings = Count(judge.Finish(true));
  return Unit{};
}

// Simulates and judges only the classes that can reach a changed entry: for all others the plan is
// the same.
Result<FixVerifier::After> FixVerifier::Compare(const Registry& other, const Finding* finding) {
  Result<Scope> scope = ScopeOf(ChangedEntries(registry_, other));
  if (!scope) return scope.error();
  if (Status looked = LookAt(*scope); !looked) return looked.error();
  if (finding != nullptr && !before_->findings.identities.contains(finding->identity)) {
    // It needs other entries, too.
    for (const auto& [name, entry] : registry_.entries) scope->entries.insert(name);
    if (Status looked = LookAt(*scope); !looked) return looked.error();
  }
  const Registry restricted = Restricted(other, scope->entries);
  const CompiledRegistry compiled(restricted, *options_.engine);
  SimulationJudge judge(compiled, options_);
  const std::vector<size_t>& classes = scope->classes;
  std::vector<char> changed(classes.size());
  const Status status = ForEachInThreads(
      classes.size(), ThreadCount(options_.jobs, classes.size()), [&](size_t i, size_t) -> Status {
        const Before::Class& before = before_->kept[i];
        const Simulation after = Simulate(before.layout, compiled, {});
        changed[i] = SameAnswers(before.simulation, after) ? 0 : 1;
        judge.Add(after);
        return Unit{};
      });
  if (!status) return status.error();
  After after;
  // "All classes", so that checks of the registry run: their findings about entries that none of
  // these classes reaches are the same before and after.
  after.findings = Count(judge.Finish(true));
  auto first = std::find(changed.begin(), changed.end(), 1);
  if (first != changed.end()) {
    after.first_change = layouts_.class_name(classes[first - changed.begin()]);
  } else if (compiled.rejections().size() > before_->compiled->rejections().size()) {
    after.first_change = compiled.rejections().front().entry;
  }
  return after;
}

Result<std::string> FixVerifier::FirstChange(const Registry& other) {
  Result<After> after = Compare(other, nullptr);
  if (!after) return after.error();
  return std::move(after->first_change);
}

bool FixVerifier::SourceAgrees(const Registry& repaired, Fix* fix) const {
  std::optional<std::vector<FixEdit>> edits = EditsOf(registry_, fix->repair);
  if (!edits) return false;
  fix->edits = *std::move(edits);
  const std::vector<Patch> patches = PatchesOf(*fix);
  // A registry is one file.
  if (patches.size() != 1) return false;
  const Patch& patch = patches.front();
  // The edited text would be written in another encoding than the file declares.
  if (patch.file->encoding() == SourceFile::Encoding::kOther) return false;
  Result<std::shared_ptr<const Registry>> read =
      reader_(std::make_shared<const SourceFile>(patch.file->path(), Patched(patch)));
  if (!read) return false;
  const Registry& edited = **read;
  return ChangedEntries(edited, repaired).empty() &&
         SameAliases(edited.aliases, repaired.aliases) &&
         edited.remarks.size() == registry_.remarks.size();
}

Result<FixVerdict> FixVerifier::Verify(const Finding& finding, Fix* fix) {
  const Registry repaired = Repaired(registry_, fix->repair);
  FixVerdict verdict;
  verdict.source_agrees = SourceAgrees(repaired, fix);
  if (!verdict.source_agrees) return verdict;
  Result<After> after = Compare(repaired, &finding);
  if (!after) return after.error();
  verdict.first_change = after->first_change;
  verdict.keys_kept = verdict.first_change.empty();
  verdict.finding_gone = !after->findings.identities.contains(finding.identity) &&
                         NoneNew(before_->findings, after->findings);
  if (fix->repair.kind == Repair::Kind::kReplace) {
    // Its new text would give it another identity.
    const auto still = std::make_pair(finding.check, ShowTransform(fix->repair.replacement));
    verdict.finding_gone &= !after->findings.about.contains(still);
  }
  return verdict;
}

Status FixVerifier::Offer(Finding* finding) {
  finding->fix.reset();
  for (Fix& candidate : finding->candidates) {
    Result<FixVerdict> verdict = Verify(*finding, &candidate);
    if (!verdict) return verdict.error();
    if (!verdict->ok()) continue;
    finding->fix = candidate;
    break;
  }
  return Unit{};
}

}  // namespace wcheck
