#include "suggest/questions.h"

#include <algorithm>
#include <map>
#include <set>

#include "suggest/words.h"

namespace wcheck::suggest {
namespace {

bool IsUnder(const std::string& text, const std::string& module) {
  return text == module || (text.size() > module.size() && text.starts_with(module) && text[module.size()] == '.');
}

// What two names say without the last parts that both pairs have in common: at least `levels` of them.
size_t SharedEnd(const Family& c, const Family& c2, const Family& m, const Family& m2, size_t levels) {
  const size_t shortest = std::min({c.tokens.size(), c2.tokens.size(), m.tokens.size(), m2.tokens.size()});
  size_t end = levels;
  if (levels == 0) {
    const auto at = [](const Family& f, size_t i) -> const std::string& { return f.tokens[f.tokens.size() - 1 - i]; };
    while (end + 1 < shortest && at(c, end) == at(c2, end) && at(m, end) == at(m2, end) && at(c, end) == at(m, end)) ++end;
  }
  return end;
}

std::string WithoutEnd(const Family& family, size_t end) { return end == 0 ? family.text : family.Module(end); }

// The module's own word: "q_proj" of "layers.{}.attn.q_proj.weight".
std::string OwnPart(const Family& family) {
  return family.tokens.size() > 1 ? family.tokens[family.tokens.size() - 2] : family.tokens.back();
}

bool HasMeaning(const std::vector<std::string>& words, const char* meaning) {
  return std::ranges::find(words, meaning) != words.end();
}

std::string Listed(const std::vector<std::string>& names, size_t most) {
  std::string out;
  for (size_t i = 0; i < std::min(most, names.size()); ++i) out += (i == 0 ? "" : ", ") + names[i];
  return out + (names.size() > most ? ", …" : "");
}

}  // namespace

std::string ShapeOfFamily(const Family& family, const Tables& tables) { return ShowShape(tables.ShapeAt(family, 0)); }

std::vector<Question> AskQuestions(const Assignment& assignment, const Conversions& conversions, const Tables& tables,
                                   bool shapes) {
  std::vector<Question> out;
  std::map<std::set<std::string>, size_t> known;
  std::vector<Doubt> doubts = assignment.doubts;
  std::ranges::stable_sort(doubts, {}, [](const Doubt& d) { return d.pair.checkpoint->position; });
  for (const Doubt& doubt : doubts) {
    const Family& c = *doubt.pair.checkpoint;
    const Family& m = *doubt.pair.model;
    const Family* c2 = doubt.other_checkpoint;
    const Family* m2 = doubt.other_model;
    if (c2 == nullptr && m2 == nullptr) continue;
    const size_t end = SharedEnd(c, c2 != nullptr ? *c2 : c, m, m2 != nullptr ? *m2 : m, doubt.levels);
    const std::string x = WithoutEnd(c, end), y = WithoutEnd(m, end);
    const std::string x2 = c2 != nullptr ? WithoutEnd(*c2, end) : "", y2 = m2 != nullptr ? WithoutEnd(*m2, end) : "";
    const auto [it, added] = known.emplace(std::set<std::string>{x, x2, y, y2}, out.size());
    if (added) {
      Question question;
      question.number = out.size() + 1;
      if (shapes) question.shape = ShapeOfFamily(c, tables);
      question.suggested.emplace_back(x, y);
      if (c2 != nullptr && m2 != nullptr) {
        question.suggested.emplace_back(x2, y2);
        question.other = {{x, y2}, {x2, y}};
      } else if (m2 != nullptr) {
        question.suggested.emplace_back("", y2);
        question.other = {{x, y2}, {"", y}};
      } else {
        question.suggested.emplace_back(x2, "");
        question.other = {{x2, y}, {x, ""}};
      }
      out.push_back(std::move(question));
    }
    out[it->second].families.push_back(c.text);
  }
  for (const GroupDoubt& doubt : conversions.doubts) {
    const ConverterGroup& group = conversions.groups[doubt.group];
    Question question;
    question.number = out.size() + 1;
    if (shapes) question.shape = ShapeOfFamily(*group.sources[0], tables);
    const auto names = [](const std::vector<const Family*>& families) {
      std::vector<std::string> texts;
      for (const Family* family : families) texts.push_back(family->text);
      return Listed(texts, texts.size());
    };
    question.suggested.emplace_back(names(group.sources), names(group.targets));
    question.other.emplace_back(names(doubt.other.sources), names(doubt.other.targets));
    // The other choice takes what belongs to other groups: they are in doubt as well.
    std::set<const Family*> taken(doubt.other.sources.begin(), doubt.other.sources.end());
    taken.insert(doubt.other.targets.begin(), doubt.other.targets.end());
    const auto is_taken = [&](const Family* family) { return taken.contains(family); };
    std::vector<const ConverterGroup*> doubted{&group, &doubt.other};
    for (const ConverterGroup& one : conversions.groups) {
      if (std::ranges::any_of(one.sources, is_taken) || std::ranges::any_of(one.targets, is_taken)) doubted.push_back(&one);
    }
    for (const ConverterGroup* one : doubted) {
      for (const Family* family : one->sources) {
        if (std::ranges::find(question.families, family->text) == question.families.end()) question.families.push_back(family->text);
      }
    }
    out.push_back(std::move(question));
  }
  return out;
}

bool ChooseOther(const Question& question, const std::vector<const Family*>& model, Assignment* assignment) {
  std::map<std::string, const Family*> by_text;
  for (const Family* family : model) by_text.emplace(family->text, family);
  std::vector<Pairing> pairs = assignment->pairs;
  bool exchanged = false;
  for (size_t i = 0; i < question.suggested.size(); ++i) {
    const auto& [x, y] = question.suggested[i];
    if (x.empty() || y.empty()) continue;
    const auto other = std::ranges::find_if(question.other, [&](const auto& p) { return p.first == x; });
    for (Pairing& pair : pairs) {
      if (!IsUnder(pair.checkpoint->text, x) || !IsUnder(pair.model->text, y)) continue;
      if (other == question.other.end() || other->second.empty()) {
        // A rival of the checkpoint takes its place.
        const auto rival = std::ranges::find_if(question.other, [&](const auto& p) { return p.second == y; });
        const std::string wanted = rival->first + pair.checkpoint->text.substr(x.size());
        const auto left = std::ranges::find_if(assignment->left_checkpoint, [&](const Family* f) { return f->text == wanted; });
        if (left == assignment->left_checkpoint.end() || (*left)->signature != pair.checkpoint->signature) return false;
        std::swap(pair.checkpoint, *left);
        exchanged = true;
        continue;
      }
      const auto there = by_text.find(other->second + pair.model->text.substr(y.size()));
      if (there == by_text.end() || there->second->signature != pair.model->signature) return false;
      const auto left = std::ranges::find(assignment->left_model, there->second);
      if (left != assignment->left_model.end()) *left = pair.model;
      pair.model = there->second;
      exchanged = true;
    }
  }
  if (!exchanged) return false;
  std::set<const Family*> taken;
  for (const Pairing& pair : pairs) {
    if (!taken.insert(pair.model).second) return false;
  }
  assignment->pairs = std::move(pairs);
  return true;
}

std::vector<std::string> NotVisible(const Goal& goal, const Similarity& similarity, const Tables& tables) {
  std::vector<std::string> out;
  const auto say = [&](std::string text) {
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  };
  std::vector<std::string> rope;
  std::vector<std::string> interleaved;
  for (const ConverterGroup& group : goal.groups) {
    const bool cuts = group.targets.size() > 1;
    const std::vector<const Family*>& parts = cuts ? group.targets : group.sources;
    if (parts.size() < 2) continue;
    const Family& whole = cuts ? *group.sources[0] : *group.targets[0];
    std::vector<std::string> names;
    std::set<std::string> meanings;
    for (const Family* part : parts) {
      const bool module_tells = OwnPart(*parts[0]) != OwnPart(*parts[1]);
      names.push_back(module_tells ? OwnPart(*part) : part->leaf());
      const std::vector<std::string> words = MeaningsOf(WordsOf(names.back()));
      meanings.insert(words.begin(), words.end());
    }
    const bool leaf = whole.leaf() == "weight" || whole.leaf() == "bias";
    say("the order of the parts in " + (leaf ? whole.Module() : whole.text) + " (written: " + Listed(names, names.size()) + ")");
    if (cuts && meanings.contains("q") && meanings.contains("k")) rope.push_back(whole.text);
    if (meanings.contains("gate") && meanings.contains("up")) interleaved.push_back(leaf ? whole.Module() : whole.text);
  }
  std::vector<const Family*> turned;
  for (const ConverterGroup& group : goal.groups) {
    const bool turns = std::ranges::any_of(group.operations, [](const Operation& o) { return o.kind == OperationKind::kTranspose; });
    if (turns && group.sources.size() == 1) turned.push_back(group.targets[0]);
  }
  for (const Pairing& pair : goal.pairs) {
    const Family& c = *pair.checkpoint;
    const Family& m = *pair.model;
    const Shape& shape = tables.ShapeAt(m, 0);
    const std::vector<std::string> words = MeaningsOf(WordsOf(OwnPart(m) + '.' + m.leaf()));
    const bool renamed = OwnPart(c) != OwnPart(m);
    // Without shapes, the leaf tells a matrix from the rest.
    const bool matrix = shape.size() == 2 || (shape.empty() && m.leaf() == "weight");
    if (renamed && matrix && (HasMeaning(words, "q") || HasMeaning(words, "k")) && !HasMeaning(words, "norm")) {
      rope.push_back(c.text);
    }
    if (HasMeaning(words, "gate") && HasMeaning(words, "up") && c.text != m.text) interleaved.push_back(c.text);
    if (shape.size() == 3 && shape[1] == shape[2] && similarity.Meanings(m).contains("experts")) {
      say("whether the matrices of " + c.text + " " + ShowShape(shape) + " are transposed");
    }
    if (shape.size() < 2 || shape[shape.size() - 1] != shape[shape.size() - 2]) continue;
    for (const Family* sibling : turned) {
      const std::vector<std::string> of_sibling = MeaningsOf(WordsOf(OwnPart(*sibling)));
      const std::vector<std::string> own = MeaningsOf(WordsOf(OwnPart(m)));
      if (!std::ranges::any_of(of_sibling, [&](const std::string& w) { return HasMeaning(own, w.c_str()); })) continue;
      say("whether " + c.text + " " + ShowShape(shape) + " is transposed (that of " + sibling->text + " is)");
      break;
    }
  }
  if (!rope.empty()) say("whether q and k are permuted for rotary embeddings (" + Listed(rope, 2) + ")");
  if (!interleaved.empty()) say("whether gate and up are interleaved (" + Listed(interleaved, 2) + ")");
  return out;
}

}  // namespace wcheck::suggest
