// Families that have to be converted: what of a checkpoint is stacked, joined, cut or turned to become
// what of a model, by their shapes and names.
#pragma once

#include <optional>
#include <vector>

#include "suggest/family.h"
#include "suggest/similarity.h"
#include "wcheck/operation.h"

namespace wcheck::suggest {

struct ConverterGroup {
  std::vector<const Family*> sources;  // in the order of the parts
  std::vector<const Family*> targets;
  std::vector<Operation> operations;
  // The number of the sources (or of the targets) that a list runs over.
  std::optional<size_t> source_list;
  std::optional<size_t> target_list;
  bool order_by_convention = false;  // nothing but convention or definition orders the parts
};

// Another group with nearly the same score.
struct GroupDoubt {
  size_t group;  // index into Conversions::groups
  ConverterGroup other;
};

struct Conversions {
  std::vector<ConverterGroup> groups;
  std::vector<const Family*> checkpoint;  // the families that are in no group
  std::vector<const Family*> model;
  std::vector<GroupDoubt> doubts;
};

// Without `shapes`, names alone tell: lists of experts, and tensors whose name is that of their parts.
//
// Looks for the groups of families whose signature the other side lacks, and of the other leaves of a
// module that is converted. The families of `taken` take no part.
Conversions FindConversions(const std::vector<Family>& checkpoint, const std::vector<Family>& model,
                            const Similarity& similarity, const Tables& tables,
                            const std::vector<const Family*>& taken, bool shapes);

}  // namespace wcheck::suggest
