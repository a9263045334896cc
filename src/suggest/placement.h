// Where renaming ends and a converter begins.
//
// What a converter takes must be text that no renaming touches, or a save would not find it again. So
// renamings turn what its sources have in common at their beginning into what its targets have in
// common, and the converter does the rest.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suggest/assignment.h"
#include "suggest/converters.h"
#include "suggest/rewrite.h"

namespace wcheck::suggest {

// How much of the names the converters take.
enum class Cut : char { kCheapest, kAlike, kLeast, kMost };
inline constexpr Cut kCuts[] = {Cut::kCheapest, Cut::kAlike, Cut::kLeast, Cut::kMost};

struct PlacedGroup {
  const ConverterGroup* group;
  std::vector<std::vector<std::string>> sources;  // what the converter takes of each source
  std::vector<std::vector<std::string>> targets;  // and gives, for each target
  std::vector<std::string> prefix;                // what stands before both, after the renamings
};

// Nothing if some group cannot be written as one converter.
std::optional<std::vector<PlacedGroup>> Place(const std::vector<ConverterGroup>& groups, Cut cut);

// What the renamings have to do.
std::vector<Rewrite> RewritesOf(const std::vector<Pairing>& pairs, const std::vector<PlacedGroup>& groups);

struct ConverterText {
  std::vector<std::string> sources;
  std::vector<std::string> targets;
  std::vector<Operation> operations;
  std::string scope;  // the path of the sub-model whose entry it belongs to; "" for the root's
};

// The converters. A text that would match other keys is made longer to the left, or goes to the entry of
// the sub-model, of those at `modules`, that has all of its targets.
std::vector<ConverterText> WriteConverters(const std::vector<Pairing>& pairs, const std::vector<PlacedGroup>& groups,
                                           const std::vector<std::string>& modules);

// The same with one converter for all the leaves (`weight`, `bias`) of a module.
std::vector<ConverterText> JoinLeaves(const std::vector<ConverterText>& converters);

// The text of a family, or of some parts of a name, with stand-ins for the numbers.
std::string WithStandIns(const std::vector<std::string>& tokens);

}  // namespace wcheck::suggest
