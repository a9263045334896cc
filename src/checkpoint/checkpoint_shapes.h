// Compares the shapes of a checkpoint with those of a layout, and infers shapes for a checkpoint
// without any.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace wcheck {

// Families derived from others, with their storage.
struct MadeFamilies {
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;
};

// Gives each family the shape of the saved tensor with the same name pattern, or the same up to the
// base model's prefix. A pattern that is saved with several shapes is cut accordingly; one that is
// not saved at all keeps an empty shape.
MadeFamilies BorrowShapes(const std::vector<LayoutFamily>& checkpoint,
                          const std::vector<LayoutFamily>& saved,
                          std::string_view base_model_prefix);

// Compares what was loaded with the layout: fills `sizes` and `shapes`.
void CompareShapes(const Layout& layout, const std::vector<LayoutFamily>& loaded,
                   std::vector<SizeRelation>* sizes, std::vector<ShapeDifference>* shapes);

// The layout's families, each with the shape that was loaded into it.
MadeFamilies WithLoadedShapes(const Layout& layout, const std::vector<ShapeDifference>& shapes);

}  // namespace wcheck
