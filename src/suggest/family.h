// The names of one side, cut into families: what a suggestion works on.
//
// A family here is a list of dotted parts, some of them numbers, with the numbers that occur in them.
// Unlike a LayoutFamily it has all members with these parts, whatever their shapes, and a number may
// be a name: `mlp.0` and `mlp.2` are then two families.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/operations.h"
#include "wcheck/layout.h"

namespace wcheck::suggest {

// The part that stands for a number in Family::tokens and Family::text.
inline constexpr std::string_view kNumber = "{}";

using Numbers = std::vector<uint32_t>;

struct Family {
  std::vector<std::string> tokens;  // dotted parts; kNumber for a number
  std::string text;                 // the tokens, joined
  std::vector<Numbers> members;     // the numbers of each key, ascending
  std::vector<uint32_t> shapes;     // of each member, as Tables knows it
  uint32_t member_set = 0;          // equal for families with equal members
  uint32_t signature = 0;           // equal for families with equal members and shapes
  double position = 0;              // in the order of definition

  size_t holes() const;
  std::string Key(const Numbers& member) const;
  // The tokens but for the last `levels`, joined.
  std::string Module(size_t levels = 1) const;
  const std::string& leaf() const { return tokens.back(); }
};

std::vector<std::string> SplitAtDots(std::string_view text);
std::string JoinWithDots(std::span<const std::string> tokens);

// Gives equal shapes, member lists and signatures of both sides equal numbers.
class Tables {
 public:
  // Fills `member_set` and `signature` of a family whose other members are set. Sorts the members.
  void Number(Family* family);
  uint32_t NumberOf(const Shape& shape);
  const Shape& ShapeAt(const Family& family, size_t member) const {
    return *shapes_[family.shapes[member]];
  }

 private:
  std::map<Shape, uint32_t> shape_numbers_;
  std::vector<const Shape*> shapes_;
  std::map<std::vector<Numbers>, uint32_t> member_sets_;
  std::map<std::pair<uint32_t, std::vector<uint32_t>>, uint32_t> signatures_;
};

// The families of one side, in order of definition. Without `shapes` all have the same shape.
std::vector<Family> CutFamilies(std::span<const LayoutFamily> families, bool shapes, Tables* tables);

// The members of a family by their numbers without the one at `hole`, each with the indices of the
// members that it stands for.
std::map<Numbers, std::vector<size_t>> WithoutHole(const Family& family, size_t hole);

// Splits families of either side at numbers that are names (`mlp.0`, `mlp.2`), where the other side has
// what comes of it. Numbers of layers and of experts are never names, nor are those over which the other
// side has a stack.
void SplitNumberedNames(std::vector<Family>* checkpoint, std::vector<Family>* model, Tables* tables);

}  // namespace wcheck::suggest
