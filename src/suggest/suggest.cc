#include "suggest/suggest.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "suggest/edit.h"
#include "suggest/placement.h"
#include "suggest/questions.h"
#include "suggest/rewrite.h"

namespace wcheck::suggest {
namespace {

// The work grows with the square of the families. A model of the library has a few hundred at most.
constexpr size_t kMostFamilies = 1500;

uint64_t KeysOf(const std::vector<Family>& families) {
  uint64_t keys = 0;
  for (const Family& family : families) keys += family.members.size();
  return keys;
}

// "model.layers.0.norm" and "model.layers.{}.norm" are one family's name.
std::string NormalisedName(const std::string& name) {
  std::vector<std::string> tokens = SplitAtDots(name);
  for (std::string& token : tokens) {
    if (!token.empty() && std::ranges::all_of(token, [](unsigned char c) { return std::isdigit(c) != 0; })) token = kNumber;
  }
  return JoinWithDots(tokens);
}

// By its text; else by its name with all numbers as numbers.
const Family* FindFamily(const std::vector<Family>& families, const std::string& name) {
  const auto exact = std::ranges::find(families, name, &Family::text);
  if (exact != families.end()) return &*exact;
  const auto it = std::ranges::find(families, NormalisedName(name), &Family::text);
  return it == families.end() ? nullptr : &*it;
}

Result<std::vector<Pairing>> GivenPairs(const Request& request, const std::vector<Family>& checkpoint,
                                        const std::vector<Family>& model) {
  std::vector<Pairing> out;
  for (const auto& [c, m] : request.pairs) {
    const Family* from = FindFamily(checkpoint, c);
    const Family* to = FindFamily(model, m);
    if (from == nullptr || to == nullptr) {
      return Error{{}, "--pair names '" + (from == nullptr ? c : m) + "', which is no name of the " +
                           (from == nullptr ? "checkpoint" : "model"),
                   "write {} for each number: --pair 'layers.{}.w1.weight=layers.{}.mlp.up.weight'"};
    }
    if (from->signature != to->signature) {
      return Error{{}, "--pair: '" + from->text + "' and '" + to->text + "' differ in their numbers or shapes",
                   "only names that need no converter can be paired"};
    }
    out.push_back({from, to, true});
  }
  return out;
}

Line RenamingLine(const Rule& rule) {
  Line line;
  line.transform.kind = TransformKind::kWeightRenaming;
  line.transform.sources = {rule.source};
  line.transform.targets = {rule.target};
  return line;
}

Line ConverterLine(const ConverterText& text) {
  Line line;
  line.transform.kind = TransformKind::kWeightConverter;
  line.transform.sources = text.sources;
  line.transform.targets = text.targets;
  line.transform.operations = text.operations;
  line.scope = text.scope;
  return line;
}

// Lines, and how far they are from the goal.
struct Attempt {
  std::vector<Rule> rules;
  std::vector<ConverterText> converters;
  std::vector<Rewrite> rewrites;
  std::vector<Line> lines;
  std::vector<Fault> faults;
  size_t unsolved = 0;

  size_t badness() const { return faults.size() + unsolved; }
};

void WriteLines(Attempt* attempt) {
  attempt->lines.clear();
  for (const Rule& rule : attempt->rules) attempt->lines.push_back(RenamingLine(rule));
  for (const ConverterText& text : attempt->converters) attempt->lines.push_back(ConverterLine(text));
}

// The faults under all engines.
std::vector<Fault> FaultsOf(const Verifier& verifier, const std::vector<Line>& lines, const std::vector<const Engine*>& engines) {
  std::vector<Fault> out;
  for (const Engine* engine : engines) {
    std::vector<Fault> faults = verifier.Check(lines, *engine);
    std::ranges::move(faults, std::back_inserter(out));
    if (out.size() > 200) break;
  }
  return out;
}

// Leaves out the lines that are not missed.
void Shrink(const Verifier& verifier, const std::vector<const Engine*>& engines, Attempt* attempt) {
  const auto holds = [&](const std::vector<Line>& lines) { return FaultsOf(verifier, lines, engines).empty(); };
  for (size_t i = 0; i < attempt->rules.size();) {
    Attempt shorter = *attempt;
    shorter.rules.erase(shorter.rules.begin() + static_cast<ptrdiff_t>(i));
    WriteLines(&shorter);
    if (Solves(attempt->rules, i, attempt->rewrites) && holds(shorter.lines)) {
      *attempt = std::move(shorter);
    } else {
      ++i;
    }
  }
}

class Writer {
 public:
  Writer(const Request& request, const Goal& goal, const Verifier& sample, const Verifier& full)
      : request_(request), goal_(goal), sample_(sample), full_(full) {
    for (const SubModel& module : request.model->modules) {
      if (!module.path.empty()) modules_.push_back(module.path);
    }
  }

  Attempt Write(const std::vector<const Engine*>& engines) {
    std::optional<Attempt> best;
    const std::span<const Cut> cuts = goal_.groups.empty() ? std::span(kCuts).first(1) : std::span(kCuts);
    for (const Cut cut : cuts) {
      const std::optional<std::vector<PlacedGroup>> placed = Place(goal_.groups, cut);
      if (!placed) break;
      std::vector<Rewrite> rewrites = RewritesOf(goal_.pairs, *placed);
      for (int round = 0; round < 2; ++round) {
        Attempt attempt = Try(rewrites, *placed, engines);
        if (!best || std::pair(attempt.badness(), attempt.lines.size()) < std::pair(best->badness(), best->lines.size())) best = attempt;
        if (attempt.faults.empty() || attempt.unsolved > 0) break;
        // Keys that still go wrong, with their own numbers, take part in the next round.
        const size_t before = rewrites.size();
        for (const Fault& fault : attempt.faults) {
          const std::string* place = sample_.PlaceOf(fault.key);
          if (place == nullptr || rewrites.size() > before + 40) continue;
          Rewrite rewrite{fault.key, *place};
          if (std::ranges::find(rewrites, rewrite) == rewrites.end()) rewrites.push_back(std::move(rewrite));
        }
        if (rewrites.size() == before) break;
      }
      if (best->badness() == 0) break;
    }
    if (!best) return {};
    if (best->badness() == 0) Shrink(sample_, engines, &*best);
    return *std::move(best);
  }

 private:
  Attempt Try(const std::vector<Rewrite>& rewrites, const std::vector<PlacedGroup>& placed,
              const std::vector<const Engine*>& engines) const {
    RewriteRules found = FindRules(rewrites);
    Attempt attempt;
    attempt.rules = std::move(found.rules);
    attempt.rewrites = rewrites;
    attempt.unsolved = found.unsolved.size();
    const std::vector<ConverterText> converters = WriteConverters(goal_.pairs, placed, modules_);
    attempt.converters = JoinLeaves(converters);
    WriteLines(&attempt);
    attempt.faults = FaultsOf(sample_, attempt.lines, engines);
    if (attempt.faults.empty() || attempt.converters.size() == converters.size()) return attempt;
    Attempt apart = attempt;
    apart.converters = converters;
    WriteLines(&apart);
    apart.faults = FaultsOf(sample_, apart.lines, engines);
    return apart.faults.size() < attempt.faults.size() ? apart : attempt;
  }

  const Request& request_;
  const Goal& goal_;
  const Verifier& sample_;
  const Verifier& full_;
  std::vector<std::string> modules_;
};

std::vector<LeftOver> LeftOvers(const std::vector<const Family*>& families, const Tables& tables, bool shapes) {
  std::vector<LeftOver> out;
  for (const Family* family : families) {
    out.push_back({family->text, shapes ? ShapeOfFamily(*family, tables) : "", family->members.size()});
  }
  return out;
}

std::vector<AlignedFamily> AlignedFamilies(const Goal& goal, const Similarity& similarity) {
  std::vector<AlignedFamily> out;
  for (const Pairing& pair : goal.pairs) {
    out.push_back({{pair.checkpoint->text}, {pair.model->text}, {}, pair.checkpoint->members.size(),
                   similarity.Of(*pair.checkpoint, *pair.model)});
  }
  for (const ConverterGroup& group : goal.groups) {
    AlignedFamily aligned;
    for (const Family* family : group.sources) {
      aligned.checkpoint.push_back(family->text);
      aligned.keys += family->members.size();
    }
    for (const Family* family : group.targets) aligned.model.push_back(family->text);
    aligned.operations = group.operations;
    out.push_back(std::move(aligned));
  }
  return out;
}

}  // namespace

Result<Suggestion> Suggest(const Request& request) {
  Tables tables;
  std::vector<Family> checkpoint = CutFamilies(request.checkpoint, request.shapes, &tables);
  std::vector<Family> model = CutFamilies(request.model->families, request.shapes, &tables);
  Suggestion out;
  out.entry = EntryName(*request.model, "");
  out.given = KeysOf(checkpoint);
  SplitNumberedNames(&checkpoint, &model, &tables);
  for (const std::vector<Family>* side : {&checkpoint, &model}) {
    if (side->size() <= kMostFamilies) continue;
    return Error{{}, std::string(side == &checkpoint ? "the checkpoint" : "the model") + " has " + std::to_string(side->size()) +
                         " names that differ in more than numbers; at most " + std::to_string(kMostFamilies) + " can be compared",
                 ""};
  }
  const Result<std::vector<Pairing>> given = GivenPairs(request, checkpoint, model);
  if (!given) return given.error();
  const Similarity similarity(checkpoint, model);
  std::vector<const Family*> taken;
  for (const Pairing& pair : *given) taken.insert(taken.end(), {pair.checkpoint, pair.model});
  Conversions conversions = FindConversions(checkpoint, model, similarity, tables, taken, request.shapes);
  Assignment assignment = Assign(conversions.checkpoint, conversions.model, similarity, conversions.groups, *given);

  std::vector<Question> questions = AskQuestions(assignment, conversions, tables, request.shapes);
  std::set<size_t> answered;
  for (const auto& [number, answer] : request.choices) {
    if (number == 0 || number > questions.size()) {
      return Error{{}, "--choose answers question " + std::to_string(number) + ", but there are " + std::to_string(questions.size()), ""};
    }
    if (answer == 'B' && !ChooseOther(questions[number - 1], conversions.model, &assignment)) {
      return Error{{}, "--choose " + std::to_string(number) + "=B cannot be done: its tensors have no such place",
                   "pair the names with --pair"};
    }
    answered.insert(number);
  }
  for (Question& question : questions) {
    if (!answered.contains(question.number)) out.undecided.push_back(std::move(question));
  }

  const Goal goal{assignment.pairs, conversions.groups, assignment.left_checkpoint, assignment.left_model};
  const Verifier sample(*request.model, goal, tables, request.shapes, true);
  const Verifier full(*request.model, goal, tables, request.shapes, false);
  Writer writer(request, goal, sample, full);
  Attempt attempt = writer.Write(request.engines);
  if (attempt.badness() > 0 && request.engines.size() > 1) {
    // Nothing holds under all of them: then under the one in force.
    Attempt alone = writer.Write({request.engines[0]});
    if (alone.badness() == 0) attempt = std::move(alone);
  }
  out.lines = attempt.lines;
  out.existing = request.existing;
  if (!request.existing.empty()) {
    if (std::optional<std::vector<Line>> edited = EditLines(request.existing, attempt.lines, sample, *request.engines[0])) {
      out.lines = *std::move(edited);
      out.edited = true;
    }
  }
  out.loaded = full.loaded_keys();
  const std::vector<Line> lines = out.lines;
  for (size_t i = 0; i < request.engines.size(); ++i) {
    const Engine* engine = request.engines[i];
    out.engines.push_back({engine, full.Check(lines, *engine, i == 0 ? &out.lines : nullptr)});
  }
  out.verified = !out.engines.empty() && out.engines[0].faults.empty();
  out.not_visible = NotVisible(goal, similarity, tables);
  if (!request.shapes && !goal.groups.empty()) {
    out.not_visible.push_back("the dimensions of the operations: the names have no shapes");
  }
  out.no_place = LeftOvers(goal.left_checkpoint, tables, request.shapes);
  out.nothing_for = LeftOvers(goal.left_model, tables, request.shapes);
  out.aligned = AlignedFamilies(goal, similarity);
  return out;
}

}  // namespace wcheck::suggest
