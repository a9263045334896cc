#include "wcheck/operation.h"

#include <utility>

#include "mapping/operation_table.h"

namespace wcheck {
namespace {

constexpr OperationInfo kTable[] = {
#define WCHECK_OPERATION(kind, shapes, ...) {__VA_ARGS__},
#include "wcheck/operations.def"
};

template <typename T>
std::string ShowList(const T& items) {
  std::string out = "[";
  for (const auto& item : items) {
    if (out.size() > 1) out += ", ";
    if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      out += '\'' + item + '\'';
    } else {
      out += std::to_string(item);
    }
  }
  return out + ']';
}

std::string ShowValue(const Operation& operation, const OperationParameter& parameter) {
  return std::visit(
      FieldVisitor{
          [&](int64_t Operation::*field) { return std::to_string(operation.*field); },
          [&](bool Operation::*field) { return std::string(operation.*field ? "True" : "False"); },
          [&](std::optional<std::string> Operation::*field) {
            return '\'' + (operation.*field).value_or("") + '\'';
          },
          [&](std::vector<std::string> Operation::*field) { return ShowList(operation.*field); },
          [&](std::array<int64_t, 3> Operation::*field) { return ShowList(operation.*field); },
          [](PartCount) { return std::string(); }},
      parameter.field);
}

}  // namespace

std::span<const OperationInfo> OperationTable() { return kTable; }

const OperationInfo& InfoOf(OperationKind kind) { return kTable[static_cast<size_t>(kind)]; }

bool HasValue(const Operation& operation, const OperationParameter& parameter) {
  return std::visit(
      FieldVisitor{
          [](int64_t Operation::*) { return true; }, [](bool Operation::*) { return true; },
          [](std::array<int64_t, 3> Operation::*) { return true; },
          [&](std::optional<std::string> Operation::*field) {
            return (operation.*field).has_value();
          },
          [&](std::vector<std::string> Operation::*field) { return !(operation.*field).empty(); },
          [](PartCount) { return false; }},
      parameter.field);
}

bool IsDefault(const Operation& operation, const OperationParameter& parameter) {
  if (const auto* number = std::get_if<int64_t Operation::*>(&parameter.field)) {
    return !parameter.required && operation.*(*number) == parameter.otherwise;
  }
  if (const auto* flag = std::get_if<bool Operation::*>(&parameter.field)) {
    return operation.*(*flag) == (parameter.otherwise != 0);
  }
  return !HasValue(operation, parameter);
}

namespace {

void SetDefault(const OperationParameter& parameter, Operation* operation) {
  std::visit(FieldVisitor{[&](int64_t Operation::*field) {
                            operation->*field = parameter.otherwise;
                          },
                          [&](bool Operation::*field) {
                            operation->*field = parameter.otherwise != 0;
                          },
                          [&](std::optional<std::string> Operation::*field) {
                            (operation->*field).reset();
                          },
                          [&](std::vector<std::string> Operation::*field) {
                            (operation->*field).clear();
                          },
                          [](std::array<int64_t, 3> Operation::*) {}, [](PartCount) {}},
             parameter.field);
}

}  // namespace

Operation MakeOperation(OperationKind kind) {
  Operation operation;
  operation.kind = kind;
  for (const OperationParameter& parameter : InfoOf(kind).parameters) {
    SetDefault(parameter, &operation);
  }
  return operation;
}

bool IsIn(std::string_view since, std::string_view until, const Engine& engine) {
  // What every release has needs no reading.
  const bool begun = since == "5.0" || ParseVersion(since) <= engine.classes_of;
  return begun && (until.empty() || engine.classes_of < ParseVersion(until));
}

std::vector<Operation> KnownTo(const Engine& engine, std::vector<Operation> operations) {
  for (Operation& operation : operations) {
    for (const OperationParameter& parameter : InfoOf(operation.kind).parameters) {
      if (!IsIn(parameter.since, "", engine)) SetDefault(parameter, &operation);
    }
  }
  return operations;
}

std::string_view OperationName(OperationKind kind) { return InfoOf(kind).name; }

std::optional<OperationKind> ParseOperationName(std::string_view name) {
  for (const OperationInfo& info : kTable) {
    if (info.name == name) return static_cast<OperationKind>(&info - kTable);
  }
  return std::nullopt;
}

Operation ReverseOperation(const Operation& operation) {
  const OperationInfo& info = InfoOf(operation.kind);
  Operation reverse = operation;
  reverse.kind = info.inverse;
  switch (info.inverse_changes) {
    case InverseChanges::kNothing:
      break;
    case InverseChanges::kSwapsDims:
      std::swap(reverse.dim0, reverse.dim1);
      break;
    case InverseChanges::kNegatesInverse:
      reverse.inverse = !operation.inverse;
      break;
  }
  return reverse;
}

std::string ShowOperation(const Operation& operation) {
  std::string parameters;
  for (const OperationParameter& parameter : InfoOf(operation.kind).parameters) {
    const bool number = std::holds_alternative<int64_t Operation::*>(parameter.field);
    if (!number && IsDefault(operation, parameter)) continue;
    if (!parameters.empty()) parameters += ", ";
    parameters.append(parameter.name).append("=").append(ShowValue(operation, parameter));
  }
  return std::string(OperationName(operation.kind)) + '(' + parameters + ')';
}

std::string ShowOperations(const std::vector<Operation>& operations, std::string_view separator) {
  std::string out;
  for (const Operation& operation : operations) {
    if (!out.empty()) out += separator;
    out += ShowOperation(operation);
  }
  return out;
}

}  // namespace wcheck
