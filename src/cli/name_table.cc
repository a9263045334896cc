#include "cli/name_table.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

#include "checkpoint/checkpoint_fit.h"
#include "families/boxes.h"
#include "families/key_limits.h"
#include "engine/conversion.h"
#include "layout/family_limits.h"
#include "support/file.h"
#include "support/limits.h"
#include "support/printable.h"
#include "support/utf8.h"

namespace wcheck::cli {
namespace {

// Families, and what they point into.
struct NameFamilies {
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;
};

class NameTableBuilder {
 public:
  NameTableBuilder(const Layout& layout, const CompiledRegistry& registry, const NameList& list,
                   Direction direction)
      : layout_(layout), registry_(registry), list_(list), saving_(direction == Direction::kSave) {}

  Result<std::string> Run() && {
    found_.reserve(list_.names.size());
    results_.resize(list_.names.size());
    slots_.reserve(list_.names.size());
    for (const std::string_view name : list_.names) {
      slots_.push_back(found_.emplace(name, slots_.size()).first->second);
    }
    const Status status = saving_ ? Save() : Load();
    if (!status) return status.error();
    return Lines();
  }

 private:
  // --- load
  // -----------------------------------------------------------------------------------------

  Status Load() {
    LayoutBuilder builder;
    for (const std::string_view name : list_.names) builder.Add(name, {}, "");
    const Result<NameFamilies> given = Families(&builder);
    if (!given) return given.error();
    Checkpoint checkpoint;
    checkpoint.families = given->families;
    const Fit fit = FitLayout(layout_, registry_, checkpoint, checkpoint.families);
    const Layout& layout = fit.layout != nullptr ? *fit.layout : layout_;
    const Simulation simulation =
        Simulate(layout, registry_, {.load_only = true, .checkpoint = &given->families});
    const Pass& load = simulation.load;
    if (load.error) return Failed("loading", *load.error, load.error_key);
    for (const Trace& trace : load.traces) {
      if (trace.claim >= 0) {
        for (const Name& name : FilledKeys(simulation, load, trace)) Add(load, trace, name, simulation);
      } else if (trace.in_model) {
        AddAll(load, trace, load.NameOf(trace));
      }
    }
    return Unit{};
  }

  // Those of the filled names that the model has.
  void Add(const Pass& pass, const Trace& trace, const Name& name, const Simulation& simulation) {
    const IndexBox numbers = name.Numbers(trace.members);
    switch (simulation.model->Has(name.pattern, numbers)) {
      case KeySet::Part::kNone:
        return;
      case KeySet::Part::kAll:
        AddAll(pass, trace, name);
        return;
      case KeySet::Part::kSome:
        break;
    }
    ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
      std::string result = name.Of(member);
      if (simulation.model->Has(result)) Put(KeyOf(pass, trace, member), std::move(result));
    });
  }

  void AddAll(const Pass& pass, const Trace& trace, const Name& name) {
    ForEachMember(trace.members, [&](std::span<const uint32_t> member) {
      Put(KeyOf(pass, trace, member), name.Of(member));
    });
  }

  // --- save
  // -----------------------------------------------------------------------------------------

  // The names are those of a model like this one, which may have more or fewer repeated parts.
  Status Save() {
    std::map<std::string, const LayoutFamily*, std::less<>> known;
    for (const LayoutFamily& family : layout_.families) known.emplace(family.pattern, &family);
    LayoutBuilder builder;
    bool any = false;
    SplitKey split;
    for (const std::string_view name : list_.names) {
      SplitNumbers(name, &split.pattern, &split.numbers);
      const auto family = known.find(split.pattern);
      if (family == known.end()) continue;
      any = true;
      builder.Add(name, family->second->shape, family->second->dtype);
    }
    if (!any) return Unit{};
    Result<NameFamilies> given = Families(&builder);
    if (!given) return given.error();
    Layout layout = layout_;
    layout.families = std::move(given->families);
    const Plan plan = CollectPlan(layout, registry_);
    const Engine& engine = registry_.engine();
    const PassOrder order = SaveOrder(plan, engine, FreshChoice(plan));
    const auto run = [&](Folding folding) {
      return RunPass(plan, order, engine, Direction::kSave, layout.families, nullptr, folding);
    };
    const Pass save = run(Folding::kFamilies);
    if (save.error) return Failed("saving", *save.error, save.error_key);
    const bool converts = std::ranges::any_of(save.traces, [](const Trace& t) { return t.claim >= 0; });
    if (converts) return SaveConverted(plan, order, layout, run(Folding::kMembers));
    for (const Trace& trace : save.traces) AddAll(save, trace, save.NameOf(trace));
    return Unit{};
  }

  // `save` has a trace for each key, so that what a converter makes of it can be told from what it
  // makes of others. All keys are converted together: a name may depend on those before it.
  Status SaveConverted(const Plan& plan, const PassOrder& order, const Layout& layout,
                       const Pass& save) {
    const KeySet keys(layout.families);
    const Conversion saved = Convert(save, plan, order, registry_.engine(), keys);
    if (saved.error) return Failed("saving", *saved.error, saved.error_key);
    std::vector<bool> converted(save.traces.size(), false);
    for (const Production& production : saved.productions) {
      if (BoxSize(production.numbers) != 1) {
        return Error{{},
                     "the products of one converter of " + layout_.class_name +
                         " cannot be told apart by their keys",
                     "`wcheck simulate` writes all names"};
      }
      for (const Production::Input& input : production.inputs) {
        const Trace& trace = save.traces[input.trace];
        converted[input.trace] = true;
        const std::string key = KeyOf(save, trace, SmallestMember(trace.members));
        for (const Production::Output& output : production.outputs) {
          ForEachMember(output.numbers, [&](std::span<const uint32_t> member) {
            Put(key, JoinNumbers(output.pattern, member));
          });
        }
      }
    }
    for (size_t t = 0; t < save.traces.size(); ++t) {
      if (!converted[t]) AddAll(save, save.traces[t], save.NameOf(save.traces[t]));
    }
    return Unit{};
  }

  // --- both
  // -----------------------------------------------------------------------------------------

  Result<NameFamilies> Families(LayoutBuilder* builder) const {
    Layout layout;
    builder->FinishInto(&layout);
    if (Status few = CheckFamilyCount(layout.families, {}); !few) return few.error();
    return NameFamilies{std::move(layout.families), std::move(layout.storage)};
  }

  static std::string KeyOf(const Pass& pass, const Trace& trace, std::span<const uint32_t> member) {
    return JoinNumbers(pass.families[trace.family].pattern, member);
  }

  void Put(std::string_view name, std::string result) {
    const auto at = found_.find(name);
    if (at == found_.end()) return;
    std::string& first = results_[at->second];
    if (first.empty()) {
      first = std::move(result);
    } else {
      more_[at->second].push_back(std::move(result));
    }
  }

  Error Failed(std::string_view what, const EngineError& error, const std::string& key) const {
    std::string message = std::string(what) + ' ' + layout_.class_name + " fails";
    if (!key.empty()) message += " at '" + key + "'";
    return Error{
        {}, message + ": " + error.ToString(), "`wcheck check` shows which transform is to blame"};
  }

  std::string Lines() const {
    const std::string begin = Escaped(layout_.class_name, Medium::kTsvCell) + '\t';
    std::string out;
    out.reserve(list_.text->size() * 3);
    for (size_t n = 0; n < list_.names.size(); ++n) {
      const std::string cell = begin + Escaped(list_.names[n], Medium::kTsvCell) + '\t';
      const auto add = [&](std::string_view result) {
        out += cell;
        out += Escaped(result, Medium::kTsvCell);
        out += "\tok\n";
      };
      if (results_[slots_[n]].empty()) {
        out += cell + (saving_ ? "\tunknown\n" : "\tunexpected\n");
        continue;
      }
      add(results_[slots_[n]]);
      const auto more = more_.find(slots_[n]);
      if (more == more_.end()) continue;
      for (const std::string& result : more->second) add(result);
    }
    return out;
  }

  const Layout& layout_;
  const CompiledRegistry& registry_;
  const NameList& list_;
  const bool saving_;
  std::unordered_map<std::string_view, size_t> found_;  // the first name that is the same
  std::vector<size_t> slots_;  // by name: found_ of it
  std::vector<std::string> results_;  // by found_; most names become one
  std::unordered_map<size_t, std::vector<std::string>> more_;
};

}  // namespace

Result<NameList> ReadNames(const std::string& path) {
  Result<std::string> text = path == "-" ? ReadStandardInput(kMaxLayoutsFile)
                                         : ReadMaybeCompressed(path, kMaxLayoutsFile);
  if (!text) return text.error();
  if (Status valid = CheckUtf8(*text, path); !valid) return valid.error();
  NameList list;
  list.text = std::make_unique<const std::string>(std::move(*text));
  std::string_view rest = *list.text;
  for (uint32_t line = 1; !rest.empty(); ++line) {
    std::string_view name = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name.ends_with('\r')) name.remove_suffix(1);
    if (name.empty()) continue;
    if (const char* excess = ExcessOfKey(name)) {
      return Error{{path, line, 0, ""}, "a name has " + std::string(excess),
                   "docs/limits.md lists the limits"};
    }
    list.names.push_back(name);
  }
  if (list.names.empty()) {
    return Error{{path, 0, 0, ""}, "expected names, one a line, found none", ""};
  }
  return list;
}

Result<std::string> NameTable(const Layout& layout, const CompiledRegistry& registry,
                              const NameList& list, Direction direction) {
  return NameTableBuilder(layout, registry, list, direction).Run();
}

}  // namespace wcheck::cli
