#include "suggest/similarity.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

#include "suggest/words.h"

namespace wcheck::suggest {
namespace {

// What the numbers of three linear layers mean.
const char* const kThreeLayers[] = {"gate", "down fc 2", "up fc 1"};

bool NumberedLayer(const std::string& word) {
  return word == "fc" || word == "w" || word == "linear" || word == "lin";
}

// The index of the number of a numbered linear layer (`fc1`, `w3`) in the words of a name; the number
// of words if there is none.
size_t LayerNumberIn(const std::vector<std::string>& words) {
  for (size_t i = 1; i < words.size(); ++i) {
    const bool ends = i + 1 == words.size() || words[i + 1] == ".";
    if (ends && NumberedLayer(words[i - 1]) && words[i].size() == 1 && words[i] >= "1" && words[i] <= "3") {
      return i;
    }
  }
  return words.size();
}

std::string BeginningOf(const std::vector<std::string>& words, size_t count) {
  std::string out;
  for (size_t i = 0; i < count; ++i) out += words[i] + ' ';
  return out;
}

std::vector<uint16_t> LetterPairs(std::string_view text) {
  std::vector<uint16_t> out;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    out.push_back(static_cast<uint16_t>((static_cast<unsigned char>(text[i]) << 8) |
                                        static_cast<unsigned char>(text[i + 1])));
  }
  std::ranges::sort(out);
  return out;
}

// The name with `#` for each number at the end of a word, and those numbers.
std::pair<std::string, std::vector<uint64_t>> NumberedStem(std::string_view text) {
  std::string stem;
  std::vector<uint64_t> numbers;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    if (end == i) {
      stem += text[i++];
      continue;
    }
    const bool word_ends = end == text.size() || text[end] == '.' || text[end] == '_';
    if (word_ends && end - i < 10) {
      stem += '#';
      numbers.push_back(std::strtoull(std::string(text.substr(i, end - i)).c_str(), nullptr, 10));
    } else {
      stem.append(text.substr(i, end - i));
    }
    i = end;
  }
  return {std::move(stem), std::move(numbers)};
}

}  // namespace

Similarity::Similarity(const std::vector<Family>& checkpoint, const std::vector<Family>& model) {
  for (const std::vector<Family>* side : {&checkpoint, &model}) {
    for (const Family& family : *side) {
      const std::vector<std::string> words = WordsOf(family.text);
      const size_t number = LayerNumberIn(words);
      if (number < words.size() && words[number] == "3") three_.insert(BeginningOf(words, number));
    }
    FindPostNorms(*side);
    RankNumbered(*side);
  }
  // The order of definition, among siblings of one shape.
  std::map<std::pair<std::string, uint32_t>, std::vector<const Family*>> siblings;
  for (const Family& family : model) {
    siblings[{family.Module(2) + ' ' + family.leaf(), family.signature}].push_back(&family);
  }
  for (auto& [parent, families] : siblings) {
    if (families.size() < 2) continue;
    std::ranges::sort(families, {}, &Family::position);
    for (size_t i = 0; i < families.size(); ++i) placed_[families[i]] = {i, families.size()};
  }
  std::vector<uint32_t> occurrences;
  for (const std::vector<Family>* side : {&checkpoint, &model}) {
    for (const Family& family : *side) {
      Facts facts = FactsOf(family);
      facts.checkpoint = side == &checkpoint;
      occurrences.resize(concept_numbers_.size());
      // How seldom a word is, is judged on the names as they are.
      for (const std::string& word : facts.meanings) ++occurrences[concept_numbers_.at(word)];
      index_.emplace(&family, static_cast<uint32_t>(index_.size()));
      facts_.emplace(&family, std::move(facts));
    }
  }
  const double all = static_cast<double>(checkpoint.size() + model.size());
  weights_.assign(concept_numbers_.size(), 0.1);
  for (const auto& [word, number] : concept_numbers_) {
    if (occurrences[number] == 0) continue;
    const double rarity = std::log(1 + all / occurrences[number]) / std::log(1 + all);
    weights_[number] = (word[0] == '~' ? 0.25 : 1.0) * rarity + 0.02;
  }
}

// A norm after the attention is the second of a block with a norm before it, but the first of a block
// with one after its MLP.
void Similarity::FindPostNorms(const std::vector<Family>& families) {
  std::set<std::string> before;
  for (const Family& family : families) {
    const std::vector<std::string> words = WordsOf(family.text);
    const std::vector<std::string> meanings = MeaningsOf(words);
    const auto has = [](const std::vector<std::string>& list, const char* word) {
      return std::ranges::find(list, word) != list.end();
    };
    if (!has(meanings, "norm")) continue;
    if (has(meanings, "first")) before.insert(family.Module(2));
    if (has(words, "post") && (has(words, "mlp") || has(words, "feedforward") || has(words, "ffn"))) {
      post_norms_.insert(family.Module(2));
    }
  }
  for (const std::string& block : before) post_norms_.erase(block);
}

void Similarity::RankNumbered(const std::vector<Family>& families) {
  std::map<std::string, std::vector<std::pair<std::vector<uint64_t>, const Family*>>> stems;
  for (const Family& family : families) {
    auto [stem, numbers] = NumberedStem(family.text);
    if (!numbers.empty()) stems[std::move(stem)].emplace_back(std::move(numbers), &family);
  }
  for (auto& [stem, members] : stems) {
    if (members.size() < 2) continue;
    std::ranges::sort(members, [](const auto& a, const auto& b) { return a.first < b.first; });
    for (size_t i = 0; i < members.size(); ++i) numbered_[members[i].second] = {i, members.size()};
  }
}

Similarity::Facts Similarity::FactsOf(const Family& family) {
  Facts facts;
  std::vector<std::string> words = WordsOf(family.text);
  for (std::string& meaning : MeaningsOf(words)) facts.meanings.insert(std::move(meaning));
  if (const size_t number = LayerNumberIn(words);
      number < words.size() && three_.contains(BeginningOf(words, number))) {
    std::vector<std::string> replaced(words.begin(), words.begin() + static_cast<ptrdiff_t>(number) - 1);
    for (const std::string& word : WordsOf(kThreeLayers[words[number][0] - '1'])) replaced.push_back(word);
    replaced.insert(replaced.end(), words.begin() + static_cast<ptrdiff_t>(number) + 1, words.end());
    words = std::move(replaced);
  }
  const bool post_norm = post_norms_.contains(family.Module(2)) && facts.meanings.contains("norm");
  const bool after_attention = std::ranges::any_of(words, [](const std::string& w) { return w == "attention" || w == "attn"; });
  std::map<uint32_t, int> counts;
  for (std::string meaning : MeaningsOf(std::move(words))) {
    if (post_norm && meaning == "second") {
      if (after_attention) meaning = "first";
    } else if (post_norm && meaning == "mlp") {
      meaning = "second";
    }
    facts.meanings.insert(meaning);
    ++counts[concept_numbers_.emplace(meaning, concept_numbers_.size()).first->second];
  }
  for (const std::string& meaning : facts.meanings) concept_numbers_.emplace(meaning, concept_numbers_.size());
  facts.concepts.assign(counts.begin(), counts.end());
  facts.pairs = LetterPairs(family.text);
  facts.leaf = ConceptOf(family.leaf());
  if (const auto it = numbered_.find(&family); it != numbered_.end()) facts.numbered = &it->second;
  if (const auto it = placed_.find(&family); it != placed_.end()) facts.placed = &it->second;
  return facts;
}

const std::set<std::string>& Similarity::Meanings(const Family& family) const {
  return facts_.at(&family).meanings;
}

double Similarity::Compute(const Facts& a, const Facts& b, bool equal, bool same_leaf) const {
  double both = 0;
  double either = 0;
  for (size_t i = 0, j = 0; i < a.concepts.size() || j < b.concepts.size();) {
    const uint32_t x = i < a.concepts.size() ? a.concepts[i].first : UINT32_MAX;
    const uint32_t y = j < b.concepts.size() ? b.concepts[j].first : UINT32_MAX;
    const double weight = weights_[std::min(x, y)];
    const int m = x <= y ? a.concepts[i++].second : 0;
    const int n = y <= x ? b.concepts[j++].second : 0;
    both += weight * std::min(m, n);
    either += weight * std::max(m, n);
  }
  double score = either > 0 ? both / either : 0;
  size_t common = 0;
  for (size_t i = 0, j = 0; i < a.pairs.size() && j < b.pairs.size();) {
    if (a.pairs[i] == b.pairs[j]) {
      ++common, ++i, ++j;
    } else if (a.pairs[i] < b.pairs[j]) {
      ++i;
    } else {
      ++j;
    }
  }
  if (common > 0) score += 0.15 * 2 * static_cast<double>(common) / static_cast<double>(a.pairs.size() + b.pairs.size());
  if (same_leaf) score += 0.1;
  if ((a.leaf == "weight" && b.leaf == "bias") || (a.leaf == "bias" && b.leaf == "weight")) score -= 0.5;
  if (equal) score += 1;
  const auto agreement = [](const Rank& x, const Rank& y) {
    const double apart = x.place < y.place ? static_cast<double>(y.place - x.place)
                                           : static_cast<double>(x.place - y.place);
    return 1 - apart / static_cast<double>(x.of - 1);
  };
  if (a.numbered != nullptr && b.numbered != nullptr) {
    if (a.numbered->of == b.numbered->of) score += 0.25 * agreement(*a.numbered, *b.numbered);
  } else if (a.numbered != nullptr && b.placed != nullptr && a.numbered->of == b.placed->of) {
    // Numbered on one side alone: the order of definition of the other is a weak sign.
    score += 0.03 * agreement(*a.numbered, *b.placed);
  }
  return score;
}

double Similarity::Of(const Family& a, const Family& b) const {
  const uint64_t pair = (uint64_t{index_.at(&a)} << 32) | index_.at(&b);
  const auto it = known_.find(pair);
  if (it != known_.end()) return it->second;
  const Facts& x = facts_.at(&a);
  const Facts& y = facts_.at(&b);
  const bool swapped = !x.checkpoint && y.checkpoint;
  const double score = Compute(swapped ? y : x, swapped ? x : y, a.text == b.text, a.leaf() == b.leaf());
  known_.emplace(pair, score);
  return score;
}

}  // namespace wcheck::suggest
