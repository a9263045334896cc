// `wcheck suggest`: writes the entry that loads a checkpoint into a model, from two lists of names.
//
// Families, converters by shapes, an assignment of the rest, renamings that bring every name to its goal
// and back, and the engine's own word that all of it holds. What names and shapes do not decide is a
// question, what they never show is said, and what has no counterpart is left over: nothing is guessed
// in silence.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "suggest/verify.h"
#include "wcheck/layout.h"
#include "wcheck/result.h"

namespace wcheck::suggest {

struct Request {
  const Layout* model = nullptr;
  std::span<const LayoutFamily> checkpoint;
  bool shapes = true;  // of the checkpoint are known; without them, names alone tell what is converted
  // The engine that is in force, and those that the mapping is to work with as well.
  std::vector<const Engine*> engines;
  // Names that the user pairs: checkpoint's, model's. Numbers may be written as {}.
  std::vector<std::pair<std::string, std::string>> pairs;
  // Lines that are there already: what of them holds is kept.
  std::vector<Line> existing;
  // The answer to question n (from 1): 'A' or 'B'.
  std::vector<std::pair<size_t, char>> choices;
};

// Names that could as well be paired the other way.
struct Question {
  size_t number = 0;  // from 1
  std::string shape;  // of the first tensor that it is about; "" without shapes
  // Checkpoint's and model's names, as suggested and as the other choice has them. The name of a
  // module stands for all of its tensors. "" is no counterpart.
  std::vector<std::pair<std::string, std::string>> suggested;
  std::vector<std::pair<std::string, std::string>> other;
  std::vector<std::string> families;  // of the checkpoint, that it is about
};

struct LeftOver {
  std::string family;
  std::string shape;
  uint64_t keys = 0;
};

// What goes where, for readers and for tests.
struct AlignedFamily {
  std::vector<std::string> checkpoint;  // in the order of the parts
  std::vector<std::string> model;
  std::vector<Operation> operations;
  uint64_t keys = 0;
  double similarity = 0;  // of the names, if nothing is converted
};

struct EngineVerdict {
  const Engine* engine = nullptr;
  std::vector<Fault> faults;  // empty if the lines hold
};

struct Suggestion {
  std::string entry;  // the name of the root's entry
  std::vector<Line> lines;
  std::vector<Line> existing;  // those of the request
  bool edited = false;         // `lines` are an edit of them; otherwise they are written anew
  bool verified = false;  // under the engine in force
  std::vector<EngineVerdict> engines;
  uint64_t loaded = 0;  // keys of the checkpoint that are loaded, and saved under the same names
  uint64_t given = 0;   // keys of the checkpoint
  std::vector<Question> undecided;
  std::vector<std::string> not_visible;
  std::vector<LeftOver> no_place;     // of the checkpoint
  std::vector<LeftOver> nothing_for;  // of the model
  std::vector<AlignedFamily> aligned;

  bool decided() const { return undecided.empty() && no_place.empty() && nothing_for.empty(); }
};

// Errors: a pair names no family, or two that have not the same numbers; an answer to a question that is
// not asked. If no lines are verified, `lines` are those that come nearest, and `engines` says why not.
Result<Suggestion> Suggest(const Request& request);

}  // namespace wcheck::suggest
