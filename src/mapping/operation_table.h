// The table of operations (wcheck/operations.def), as data. Readers, writers and texts loop over
// the parameters of a row; none of them names an operation.
#pragma once

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "wcheck/operation.h"
#include "wcheck/release.h"

namespace wcheck {

// The number of parts that a tensor is cut into, which the first releases of the library were given
// and later ones take from the number of targets. A Python registry may still give it, if it is
// that number; there is nothing to keep.
struct PartCount {};

// One parameter of a constructor.
struct OperationParameter {
  using Field =
      std::variant<int64_t Operation::*, bool Operation::*, std::optional<std::string> Operation::*,
                   std::vector<std::string> Operation::*, std::array<int64_t, 3> Operation::*,
                   PartCount>;
  std::string_view name;
  Field field;
  // The default of a number or a flag. That of anything else is nothing.
  int64_t otherwise = 0;
  bool required = false;
  // The first release whose constructor has it.
  std::string_view since = "5.0";
};

// The parameters of one constructor, in its order.
class ParameterList {
 public:
  constexpr ParameterList() = default;
  constexpr ParameterList(std::initializer_list<OperationParameter> list) : size_(list.size()) {
    std::copy(list.begin(), list.end(), items_.begin());
  }
  constexpr const OperationParameter* begin() const { return items_.data(); }
  constexpr const OperationParameter* end() const { return items_.data() + size_; }
  constexpr size_t size() const { return size_; }

 private:
  std::array<OperationParameter, 4> items_{};
  size_t size_ = 0;
};

// How the parameters of the inverse differ from those of the operation.
enum class InverseChanges : uint8_t { kNothing, kSwapsDims, kNegatesInverse };

// A row. Each member is documented for who adds one.
struct OperationInfo {
  std::string_view name;  // of the class
  ParameterList parameters;
  // The operation that undoes it.
  OperationKind inverse;
  InverseChanges inverse_changes = InverseChanges::kNothing;
  // The first release that has the class, and the first that has it no more ("": all later ones
  // do).
  std::string_view since = "5.0";
  std::string_view until = "";
  // A converter with it may have several sources and several targets: `supports_many_to_many`.
  bool many_to_many = false;
  // Does the same to a tensor of any rank, as long as its `dim`, if it has one, is 0.
  bool any_rank = false;
};

// All rows; the row of a kind is at its number.
std::span<const OperationInfo> OperationTable();
const OperationInfo& InfoOf(OperationKind kind);

// Whether the release of an engine is one from `since` on and before `until`, as in the rows.
bool IsIn(std::string_view since, std::string_view until, const Engine& engine);
// The operations without the parameters that the engine's release does not have: these have their
// defaults.
std::vector<Operation> KnownTo(const Engine& engine, std::vector<Operation> operations);

// False for a parameter that is nothing: a text that is absent, an empty list. Writers leave it
// out.
bool HasValue(const Operation& operation, const OperationParameter& parameter);
// True if the constructor would give the same value.
bool IsDefault(const Operation& operation, const OperationParameter& parameter);

// For std::visit over a Field: one lambda for each type.
template <typename... F>
struct FieldVisitor : F... {
  using F::operator()...;
};
template <typename... F>
FieldVisitor(F...) -> FieldVisitor<F...>;

}  // namespace wcheck
