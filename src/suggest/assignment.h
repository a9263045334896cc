// Which family of a checkpoint is which of a model, where no tensor has to be converted.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "suggest/converters.h"
#include "suggest/family.h"
#include "suggest/similarity.h"

namespace wcheck::suggest {

struct Pairing {
  const Family* checkpoint;
  const Family* model;
  bool given = false;  // by the user: nothing else is considered
};

// Something that names and shapes do not decide: `pair` could as well be the rival's.
struct Doubt {
  Pairing pair;
  // The other pair, with which this one would change partners. One half is null if the rival is a
  // family that stays without a partner.
  const Family* other_checkpoint = nullptr;
  const Family* other_model = nullptr;
  // What would be exchanged: the same last parts that both pairs have in common are left out.
  size_t levels = 0;
};

struct Assignment {
  std::vector<Pairing> pairs;  // in the order of the checkpoint's families
  std::vector<const Family*> left_checkpoint;
  std::vector<const Family*> left_model;
  std::vector<Doubt> doubts;
};

// The best pairs by `similarity` and by the pairs of their neighbours: an assignment inside each
// signature, then votes. Equal choices are decided by order of definition. `given` pairs stand.
Assignment Assign(const std::vector<const Family*>& checkpoint, const std::vector<const Family*>& model,
                  const Similarity& similarity, const std::vector<ConverterGroup>& groups,
                  const std::vector<Pairing>& given);

// The column of each row of a cost matrix with no more rows than columns, at the least cost in sum.
// Equal choices are decided for the first row, and the first column.
std::vector<size_t> LeastCost(const std::vector<std::vector<double>>& cost);

}  // namespace wcheck::suggest
