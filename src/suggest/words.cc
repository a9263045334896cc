#include "suggest/words.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "suggest/family.h"

namespace wcheck::suggest {
namespace {

struct Phrase {
  std::vector<std::string> words;
  std::vector<std::string> meaning;
};

std::vector<std::string> SplitAtSpaces(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const size_t space = std::min(text.find(' '), text.size());
    out.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return out;
}

// The phrases, by their first word: nearly every word begins none. `order` keeps that of the table.
const std::vector<Phrase>& Phrases() {
  static const std::vector<Phrase> phrases = {
#define WCHECK_PHRASE(words, meaning, example) {SplitAtSpaces(words), SplitAtSpaces(meaning)},
#define WCHECK_WORD(word, meaning, example)
#include "suggest/synonyms.def"
  };
  return phrases;
}

const std::unordered_map<std::string, std::string>& SingleWords() {
  static const std::unordered_map<std::string, std::string> words = {
#define WCHECK_PHRASE(words, meaning, example)
#define WCHECK_WORD(word, meaning, example) {word, meaning},
#include "suggest/synonyms.def"
  };
  return words;
}

bool Upper(char c) { return c >= 'A' && c <= 'Z'; }
bool LowerCase(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

void AppendWords(std::string_view part, std::vector<std::string>* out) {
  for (size_t i = 0; i < part.size();) {
    size_t end = i;
    if (IsDigit(part[i])) {
      while (end < part.size() && IsDigit(part[end])) ++end;
    } else if (Upper(part[i])) {
      while (end < part.size() && Upper(part[end])) ++end;
      if (end < part.size() && LowerCase(part[end])) {
        // The last capital begins the next word; alone, it begins this one.
        if (end - i > 1) {
          --end;
        } else {
          while (end < part.size() && LowerCase(part[end])) ++end;
        }
      }
    } else if (LowerCase(part[i])) {
      while (end < part.size() && LowerCase(part[end])) ++end;
    } else {
      ++i;
      continue;
    }
    std::string word(part.substr(i, end - i));
    std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    out->push_back(std::move(word));
    i = end;
  }
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> out;
  bool first = true;
  for (const std::string& part : SplitAtDots(text)) {
    if (!first) out.emplace_back(".");
    first = false;
    if (part == kNumber) {
      out.emplace_back("#");
    } else {
      AppendWords(part, &out);
    }
  }
  return out;
}

std::vector<std::string> MeaningsOf(std::vector<std::string> words) {
  words.insert(words.begin(), "^");
  words.emplace_back("$");
  for (const Phrase& phrase : Phrases()) {
    for (auto at = words.begin();;) {
      at = std::search(at, words.end(), phrase.words.begin(), phrase.words.end());
      if (at == words.end()) break;
      const ptrdiff_t index = at - words.begin();
      at = words.erase(at, at + static_cast<ptrdiff_t>(phrase.words.size()));
      words.insert(at, phrase.meaning.begin(), phrase.meaning.end());
      at = words.begin() + index + static_cast<ptrdiff_t>(phrase.meaning.size());
    }
  }
  std::vector<std::string> out;
  for (std::string& word : words) {
    if (word == "." || word == "#" || word == "^" || word == "$") continue;
    const auto known = SingleWords().find(word);
    out.push_back(known == SingleWords().end() ? std::move(word) : known->second);
  }
  return out;
}

std::string ConceptOf(std::string_view part) {
  std::string word(part);
  std::ranges::transform(word, word.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto known = SingleWords().find(word);
  return known == SingleWords().end() ? word : known->second;
}

}  // namespace wcheck::suggest
