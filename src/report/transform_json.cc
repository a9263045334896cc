#include "report/transform_json.h"

#include <llvm/Support/JSON.h>

#include "mapping/operation_table.h"
#include "report/json_text.h"

namespace wcheck {
namespace {

void WriteStrings(std::string_view name, const std::vector<std::string>& strings,
                  llvm::json::OStream* out) {
  out->attributeArray(JsonName(name), [&] {
    for (const std::string& s : strings) out->value(s);
  });
}

void WriteOperation(const Operation& operation, const Engine& engine, llvm::json::OStream* out) {
  out->attribute("op", JsonName(OperationName(operation.kind)));
  for (const OperationParameter& parameter : InfoOf(operation.kind).parameters) {
    const llvm::StringRef name = JsonName(parameter.name);
    if (std::holds_alternative<PartCount>(parameter.field)) continue;
    if (!IsIn(parameter.since, "", engine)) continue;
    if (!HasValue(operation, parameter)) {
      out->attribute(name, nullptr);
      continue;
    }
    std::visit(FieldVisitor{[&](auto Operation::*field) { out->attribute(name, operation.*field); },
                            [&](std::optional<std::string> Operation::*field) {
                              out->attribute(name, *(operation.*field));
                            },
                            [&](std::vector<std::string> Operation::*field) {
                              WriteStrings(parameter.name, operation.*field, out);
                            },
                            [&](std::array<int64_t, 3> Operation::*field) {
                              out->attributeArray(name, [&] {
                                for (const int64_t size : operation.*field) out->value(size);
                              });
                            },
                            [](PartCount) {}},
               parameter.field);
  }
}

}  // namespace

void WriteTransformAttributes(const TransformSpec& transform, const Engine& engine,
                              llvm::json::OStream* out) {
  out->attribute("type", JsonName(TransformKindName(transform.kind)));
  if (transform.kind == TransformKind::kPrefixChange) {
    auto prefix = [&](llvm::StringRef name, const std::optional<std::string>& value) {
      if (value && !value->empty()) out->attribute(name, *value);
    };
    prefix("prefix_to_add", transform.prefix_to_add);
    prefix("prefix_to_remove", transform.prefix_to_remove);
    prefix("model_prefix", transform.model_prefix);
    return;
  }
  WriteStrings("source", transform.sources, out);
  WriteStrings("target", transform.targets, out);
  if (transform.offset != 0) out->attribute("offset", transform.offset);
  if (transform.force_cpu) out->attribute("force_cpu", true);
  if (transform.kind != TransformKind::kWeightConverter) return;
  out->attributeArray("operations", [&] {
    for (const Operation& operation : transform.operations) {
      out->object([&] { WriteOperation(operation, engine, out); });
    }
  });
}

}  // namespace wcheck
