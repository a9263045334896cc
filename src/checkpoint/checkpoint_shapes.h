// Shapes of a checkpoint against those of a layout, and shapes for a checkpoint that tells none.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "checkpoint/checkpoint.h"

namespace wcheck {

// Families made from others, with what they own.
struct MadeFamilies {
  std::vector<LayoutFamily> families;
  std::shared_ptr<const void> storage;
};

// Gives each family the shape of the saved tensor of the same name pattern, or of the same but for
// the base model's prefix. A pattern that is saved with several shapes is cut along them; one that
// is not saved at all keeps an empty shape.
MadeFamilies BorrowShapes(const std::vector<LayoutFamily>& checkpoint,
                          const std::vector<LayoutFamily>& saved,
                          std::string_view base_model_prefix);

// Compares what was loaded with the layout: fills `sizes` and `shapes`.
void CompareShapes(const Layout& layout, const std::vector<LayoutFamily>& loaded,
                   std::vector<SizeRelation>* sizes, std::vector<ShapeDifference>* shapes);

// The layout's families, each with the shape that was loaded into it.
MadeFamilies WithLoadedShapes(const Layout& layout, const std::vector<ShapeDifference>& shapes);

}  // namespace wcheck
