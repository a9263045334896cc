// What names and shapes do not decide, and what they never show.
#pragma once

#include <string>
#include <vector>

#include "suggest/suggest.h"

namespace wcheck::suggest {

// The questions that doubts ask, each once, in the order of the checkpoint's families.
std::vector<Question> AskQuestions(const Assignment& assignment, const Conversions& conversions, const Tables& tables,
                                   bool shapes);

// Exchanges the partners that the other choice of a question exchanges. False if they cannot be.
bool ChooseOther(const Question& question, const std::vector<const Family*>& model, Assignment* assignment);

// What has to be asked of a tensor, or of who published the file.
std::vector<std::string> NotVisible(const Goal& goal, const Similarity& similarity, const Tables& tables);

std::string ShapeOfFamily(const Family& family, const Tables& tables);

}  // namespace wcheck::suggest
