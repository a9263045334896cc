// Compares two simulations of one class in three steps: an old checkpoint loaded with the new
// mapping (does it still load completely?), a new checkpoint loaded with the new mapping (does it
// come back?), and the names and shapes of the saved format. Only differences are recorded; a fault
// that both sides have is no change.
#include "compare/class_changes.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "compare/fates.h"
#include "compare/misfits.h"
#include "compare/name_set.h"
#include "compare/plan_edits.h"

namespace wcheck {
namespace {

using Kind = KeyChange::Kind;

std::string ShowNames(const Name& name, const IndexBox& members) {
  return ShowFamily(name.pattern, name.Numbers(members));
}

// What a load leaves unset.
NameSet MissingNames(std::span<const LayoutFamily> model, const NameSet& filled) {
  NameSet out;
  for (const LayoutFamily& family : model) {
    for (const IndexBox& box : filled.Outside(family.pattern, family.numbers)) {
      out.Add(family.pattern, box);
    }
  }
  return out;
}

// An old checkpoint, loaded with the new mapping.
struct CrossLoad {
  Pass load;
  Conversion loaded;
};

class ClassComparer {
 public:
  ClassComparer(const Simulation& before, const Simulation& after)
      : before_(before),
        after_(after),
        same_format_(before.has_checkpoint && after.has_checkpoint &&
                     SameFamilies(before.checkpoint, after.checkpoint)) {}

  ClassChanges Run() && {
    SaveRaises();
    if (before_.has_checkpoint) {
      LoadOldCheckpoint();
      if (after_.has_checkpoint && !same_format_) {
        LoadNewCheckpoint();
        CompareFormats();
      }
    }
    LoadOwnNames();
    CompareModels();
    // Of one kind, those with the most keys are the most useful to show.
    std::ranges::stable_sort(out_.changes, [](const KeyChange& a, const KeyChange& b) {
      return a.kind != b.kind ? a.kind < b.kind : a.count > b.count;
    });
    return std::move(out_);
  }

 private:
  // --- what is reported
  // ----------------------------------------------------------------------------

  // Model keys that one converter saves together are one change.
  void Add(Kind kind, std::string subject, uint64_t count, std::vector<std::string> before,
           std::vector<std::string> after, std::string message = "") {
    for (KeyChange& change : out_.changes) {
      if (kind != Kind::kSavedAs || change.kind != kind || change.before != before ||
          change.after != after) {
        continue;
      }
      change.subject += ", " + subject;
      change.count += count;
      return;
    }
    out_.changes.push_back(
        {kind, std::move(subject), count, std::move(before), std::move(after), std::move(message)});
  }

  void AddError(std::string subject, std::string message) {
    Add(Kind::kError, std::move(subject), 1, {}, {}, std::move(message));
  }

  void AddMovers(const Simulation& s, const Trace& trace) {
    for (const TraceStep& step : trace.steps) {
      out_.movers.insert(TransformText(*s.plan.transforms[step.transform].forward().spec));
    }
  }

  // --- errors ------------------------------------------------------------------------------------

  void RaisesNow(const std::optional<EngineError>& before, const std::optional<EngineError>& after,
                 std::string_view what, const std::string& key) {
    if (after && !before) AddError(key, std::string(what) + " raises " + after->ToString());
    if (before && !after) {
      Add(Kind::kRepaired, key, 1, {}, {},
          std::string(what) + " no longer raises " + before->ToString());
    }
  }

  void SaveRaises() {
    RaisesNow(before_.saved.error, after_.saved.error, "saving", after_.saved.error_key);
    if (before_.saved.error || after_.saved.error) return;
    RaisesNow(before_.save_loaded.error, after_.save_loaded.error, "saving a loaded model",
              after_.save_loaded.error_key);
  }

  // Operations that raise while loading, where no operation raised before.
  void OperationsRaise(const Conversion& before, const Conversion& after) {
    NameSet failed;
    for (const Production& p : before.productions) {
      if (p.error) failed.Add(p.pattern, p.numbers);
    }
    for (const Production& p : after.productions) {
      if (!p.error) continue;
      for (const IndexBox& box : failed.Outside(p.pattern, p.numbers)) {
        Add(Kind::kError, ShowFamily(p.pattern, box), BoxSize(box), {}, {},
            "an operation raises " + p.error->ToString());
      }
    }
  }

  // --- an old checkpoint, loaded with the new mapping
  // ------------------------------------------------

  // If both mappings save the same format, the old checkpoint is the new one, and its load has been
  // simulated already.
  void LoadOldCheckpoint() {
    CrossLoad own;
    const Pass* load = &after_.load;
    const Conversion* loaded = &after_.loaded;
    if (!same_format_) {
      const LoadTarget target{after_.layout->base_model_prefix, after_.model.get()};
      own.load = RunPass(after_.plan, after_.load_order, *after_.engine, Direction::kLoad,
                         before_.checkpoint, &target);
      if (!own.load.error) {
        own.loaded =
            Convert(own.load, after_.plan, after_.load_order, *after_.engine, *after_.model);
      }
      load = &own.load;
      loaded = &own.loaded;
    }
    RaisesNow(before_.load.error, load->error, "loading", load->error_key);
    if (before_.load.error || load->error) return;
    OperationsRaise(before_.loaded, *loaded);
    CompareFates(*load, *loaded);
    CompareSources(*loaded);
    CompareLoadedShapes(*loaded);
    CompareOverwrites(*loaded);
  }

  // Both loads start from the same checkpoint, so their traces cover the same keys; each overlap is
  // compared once. A key that got better is recorded as repaired, which does not affect the
  // verdict.
  void CompareFates(const Pass& load, const Conversion& loaded) {
    const Recipes old_recipes(before_.loaded);
    const Recipes new_recipes(loaded);
    ForEachOverlap(before_.load, load, [&](uint32_t t, uint32_t u, const IndexBox& box) {
      const Trace& was = before_.load.traces[t];
      const Trace& is = load.traces[u];
      if (!was.in_model && !is.in_model) return;
      const Name old_name = before_.load.NameOf(was);
      const Name new_name = load.NameOf(is);
      const std::string subject = ShowFamily(before_.load.families[was.family].pattern, box);
      const uint64_t count = BoxSize(box);
      if (!was.in_model) {
        Add(Kind::kRepaired, subject, count, {}, {ShowNames(new_name, box)});
      } else if (!is.in_model) {
        // Keys that the new model does not have are not the mapping's fault.
        if (!InNewModel(old_name, box)) return;
        Add(Kind::kNotLoaded, subject, count, {ShowNames(old_name, box)}, {});
      } else if (!SameNames(old_name, new_name, box)) {
        if (!InNewModel(old_name, box)) return;
        Add(Kind::kOtherTarget, subject, count, {ShowNames(old_name, box)},
            {ShowNames(new_name, box)});
      } else {
        const Recipe old_recipe = old_recipes.Of(t);
        const Recipe new_recipe = new_recipes.Of(u);
        if (old_recipe == new_recipe) return;
        Add(Kind::kOtherContent, subject, count, {old_recipe.ToString()}, {new_recipe.ToString()});
      }
      AddMovers(before_, was);
      AddMovers(after_, is);
    });
  }

  // All of the names are keys of the new model; always true if the model is the same.
  bool InNewModel(const Name& name, const IndexBox& box) const {
    return after_.layout == before_.layout ||
           after_.model->Has(name.pattern, name.Numbers(box)) != KeySet::Part::kNone;
  }

  void CompareSources(const Conversion& loaded) {
    const NameSet filled(loaded.tensors);
    const NameSet missed_before =
        MissingNames(before_.layout->families, NameSet(before_.loaded.tensors));
    for (const LayoutFamily& family : after_.layout->families) {
      for (const IndexBox& missing : filled.Outside(family.pattern, family.numbers)) {
        for (const IndexBox& box : missed_before.Outside(family.pattern, missing)) {
          Add(Kind::kNoSource, ShowFamily(family.pattern, box), BoxSize(box), {}, {});
        }
      }
    }
  }

  void CompareLoadedShapes(const Conversion& loaded) {
    NameSet misfits_before;
    for (const Misfit& misfit : MisfitsOf(before_.loaded.tensors, *before_.model)) {
      misfits_before.Add(misfit.pattern, misfit.numbers);
    }
    for (const Misfit& misfit : MisfitsOf(loaded.tensors, *after_.model)) {
      for (const IndexBox& box : misfits_before.Outside(misfit.pattern, misfit.numbers)) {
        Add(Kind::kLoadedShape, ShowFamily(misfit.pattern, box), BoxSize(box),
            {ShapeText(misfit.expected)}, {ShapeText(misfit.found)});
      }
    }
  }

  void CompareOverwrites(const Conversion& loaded) {
    NameSet before;
    for (const Overwrite& o : before_.loaded.overwrites) before.Add(o.pattern, o.numbers);
    for (const Overwrite& o : loaded.overwrites) {
      for (const IndexBox& box : before.Outside(o.pattern, o.numbers)) {
        Add(Kind::kCollision, ShowFamily(o.pattern, box), BoxSize(box), {}, {});
      }
    }
  }

  // --- a new checkpoint, loaded with the new mapping
  // -------------------------------------------------

  // Three ways in which a new checkpoint may not come back: a model key is not filled, a tensor has
  // the wrong shape, or a saved key goes nowhere. Each counts only if the old mapping did better.
  void LoadNewCheckpoint() {
    if (before_.load.error) return;
    if (after_.load.error) {
      AddError(after_.load.error_key,
               "loading what was saved raises " + after_.load.error->ToString());
      return;
    }
    const NameSet filled(after_.loaded.tensors);
    const NameSet missed_before =
        MissingNames(before_.layout->families, NameSet(before_.loaded.tensors));
    bool all_back = true;
    for (const LayoutFamily& family : after_.layout->families) {
      for (const IndexBox& missing : filled.Outside(family.pattern, family.numbers)) {
        for (const IndexBox& box : missed_before.Outside(family.pattern, missing)) {
          Add(Kind::kNotReloaded, ShowFamily(family.pattern, box), BoxSize(box), {}, {});
          all_back = false;
        }
      }
    }
    if (!all_back) return;
    const NameSet misfits = [&] {
      NameSet out;
      for (const Misfit& m : MisfitsOf(before_.loaded.tensors, *before_.model)) {
        out.Add(m.pattern, m.numbers);
      }
      return out;
    }();
    for (const Misfit& m : MisfitsOf(after_.loaded.tensors, *after_.model)) {
      for (const IndexBox& box : misfits.Outside(m.pattern, m.numbers)) {
        Add(Kind::kNotReloaded, ShowFamily(m.pattern, box), BoxSize(box), {ShapeText(m.expected)},
            {ShapeText(m.found)});
      }
    }
    NameSet lost_before;
    for (const FamilyPart& part : before_.unexpected) {
      lost_before.Add(before_.checkpoint[part.family].pattern, part.numbers);
    }
    for (const FamilyPart& part : after_.unexpected) {
      const std::string_view pattern = after_.checkpoint[part.family].pattern;
      for (const IndexBox& box : lost_before.Outside(pattern, part.numbers)) {
        Add(Kind::kNotReloaded, ShowFamily(pattern, box), BoxSize(box), {}, {});
      }
    }
  }

  // --- the saved format
  // ------------------------------------------------------------------------------

  void CompareFormats() {
    const NameSet old_names(before_.checkpoint);
    const NameSet new_names(after_.checkpoint);
    std::vector<std::string> gone = Differences(before_.checkpoint, new_names);
    std::vector<std::string> come = Differences(after_.checkpoint, old_names);
    if (!gone.empty() || !come.empty()) {
      const size_t had = out_.changes.size();
      PairNames(old_names, new_names);
      if (out_.changes.size() == had) {
        const uint64_t keys = gone.size() + come.size();
        Add(Kind::kSavedAs, "", keys, std::move(gone), std::move(come));
      }
    }
    const KeySet old_checkpoint(before_.checkpoint);
    for (const Misfit& misfit : MisfitsOf(after_.checkpoint, old_checkpoint)) {
      Add(Kind::kSavedShape, ShowFamily(misfit.pattern, misfit.numbers), BoxSize(misfit.numbers),
          {ShapeText(misfit.expected)}, {ShapeText(misfit.found)});
    }
  }

  static std::vector<std::string> Differences(std::span<const LayoutFamily> families,
                                              const NameSet& others) {
    std::vector<std::string> out;
    for (const LayoutFamily& family : families) {
      for (const IndexBox& box : others.Outside(family.pattern, family.numbers)) {
        out.push_back(ShowFamily(family.pattern, box));
      }
    }
    return out;
  }

  // For each family of the model: the names that it was saved under, and those that it is saved
  // under now.
  void PairNames(const NameSet& old_names, const NameSet& new_names) {
    const Recipes old_recipes(before_.saved);
    const Recipes new_recipes(after_.saved);
    ForEachOverlap(
        before_.save_fresh, after_.save_fresh, [&](uint32_t t, uint32_t u, const IndexBox& box) {
          std::vector<std::string> was;
          std::vector<std::string> is;
          const bool old_differs =
              SavedNames(before_.save_fresh, old_recipes, t, box, new_names, &was);
          const bool new_differs =
              SavedNames(after_.save_fresh, new_recipes, u, box, old_names, &is);
          if (was == is || (!old_differs && !new_differs)) return;
          const Trace& trace = before_.save_fresh.traces[t];
          Add(Kind::kSavedAs, ShowFamily(before_.save_fresh.families[trace.family].pattern, box),
              BoxSize(box), std::move(was), std::move(is));
          AddMovers(before_, trace);
          AddMovers(after_, after_.save_fresh.traces[u]);
        });
  }

  // The names that a part of a trace is saved under. True if `others` does not contain all of them.
  static bool SavedNames(const Pass& save, const Recipes& recipes, uint32_t t, const IndexBox& box,
                         const NameSet& others, std::vector<std::string>* out) {
    const Trace& trace = save.traces[t];
    const Production* production = recipes.ProductionOf(t);
    if (production == nullptr) {
      const Name name = save.NameOf(trace);
      const IndexBox numbers = name.Numbers(box);
      out->push_back(ShowFamily(name.pattern, numbers));
      return !others.Holds(name.pattern, numbers);
    }
    bool differs = false;
    for (const Production::Output& output : production->outputs) {
      out->push_back(ShowFamily(output.pattern, output.numbers));
      differs |= !others.Holds(output.pattern, output.numbers);
    }
    return differs;
  }

  // --- the rest ----------------------------------------------------------------------------------

  void LoadOwnNames() {
    RaisesNow(before_.reload.error, after_.reload.error, "loading the model's own names",
              after_.reload.error_key);
    if (before_.reload.error || after_.reload.error) return;
    ForEachOverlap(before_.reload, after_.reload, [&](uint32_t t, uint32_t u, const IndexBox& box) {
      const Trace& was = before_.reload.traces[t];
      const Trace& is = after_.reload.traces[u];
      if (was.changed() || !is.changed()) return;
      Add(Kind::kOwnNames, ShowFamily(before_.reload.families[was.family].pattern, box),
          BoxSize(box), {}, {ShowNames(after_.reload.NameOf(is), box)});
      AddMovers(after_, is);
    });
  }

  void CompareModels() {
    if (before_.layout == after_.layout) return;
    const auto families = [](const Layout& layout) {
      return std::span<const LayoutFamily>(layout.families);
    };
    AddOutside(Kind::kModelAdded, families(*after_.layout), families(*before_.layout));
    AddOutside(Kind::kModelRemoved, families(*before_.layout), families(*after_.layout));
    for (const Misfit& misfit : MisfitsOf(after_.layout->families, *before_.model)) {
      Add(Kind::kModelShape, ShowFamily(misfit.pattern, misfit.numbers), BoxSize(misfit.numbers),
          {ShapeText(misfit.expected)}, {ShapeText(misfit.found)});
    }
  }

  void AddOutside(Kind kind, std::span<const LayoutFamily> families,
                  std::span<const LayoutFamily> others) {
    const NameSet held(others);
    for (const LayoutFamily& family : families) {
      for (const IndexBox& box : held.Outside(family.pattern, family.numbers)) {
        Add(kind, ShowFamily(family.pattern, box), BoxSize(box), {}, {});
      }
    }
  }

  const Simulation& before_;
  const Simulation& after_;
  const bool same_format_;
  ClassChanges out_;
};

}  // namespace

bool SameFamilies(std::span<const LayoutFamily> a, std::span<const LayoutFamily> b) {
  return std::ranges::equal(a, b, [](const LayoutFamily& x, const LayoutFamily& y) {
    return x.pattern == y.pattern && std::ranges::equal(x.shape, y.shape) &&
           std::ranges::equal(x.numbers, y.numbers);
  });
}

bool SameModel(const Layout& a, const Layout& b) {
  return a.base_model_prefix == b.base_model_prefix && SameFamilies(a.families, b.families) &&
         std::ranges::equal(a.modules, b.modules, [](const SubModel& x, const SubModel& y) {
           return x.path == y.path && x.class_name == y.class_name && x.model_type == y.model_type;
         });
}

ClassChanges ChangesOf(const Simulation& before, const Simulation& after) {
  return ClassComparer(before, after).Run();
}

Compatibility VerdictOf(const std::vector<KeyChange>& changes) {
  Compatibility verdict = Compatibility::kSame;
  for (const KeyChange& change : changes) verdict = std::max(verdict, CompatibilityOf(change.kind));
  return verdict;
}

}  // namespace wcheck
