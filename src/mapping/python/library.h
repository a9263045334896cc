// The classes of the library, as the native classes of the evaluator: the transforms and the
// operations that a registry file makes. Names are known from whatever module they are imported.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wcheck/registry.h"

#include "mapping/operation_table.h"
#include "python/interpreter.h"
#include "python/native.h"

namespace wcheck::python {

// The names by which the library builds its registry (docs/python-registry.md).
inline constexpr std::string_view kBuilderName = "_build_checkpoint_conversion_mapping";
// How a user's file changes the registry of a release (docs/extensions.md).
inline constexpr std::string_view kRegisterName = "register_checkpoint_conversion_mapping";
inline constexpr std::string_view kGetName = "get_checkpoint_conversion_mapping";
inline constexpr std::string_view kAliasTable = "_MODEL_TO_CONVERSION_PATTERN";
// The base classes, which are known for isinstance() only.
inline constexpr std::string_view kOperationBase = "ConversionOps";
inline constexpr std::string_view kTransformBase = "WeightTransform";

// A transform as the engine's constructor leaves it. `sources` and `targets` are the very lists
// that were passed (a str becomes a new list), edited in place by the construction, as in the
// engine; the originals are copies made before.
class TransformObject : public NativeObject {
 public:
  NativeClass* type() const override { return cls; }
  Value GetAttribute(Interpreter* python, const Value& self, std::string_view name,
                     const Node& node) override;
  std::optional<bool> HasAttribute(std::string_view name) const override;
  void SetAttribute(Interpreter* python, const Value& self, std::string_view name,
                    const Value& value, const Node& node) override;
  NativeObject* Copy(Heap* heap) const override;
  void CopyParts(const std::function<Value(const Value&)>& copy) override;
  Taint* taint() override { return &unknowns; }
  bool KeepsSteps() const override { return true; }

  NativeClass* cls = nullptr;
  TransformKind kind = TransformKind::kWeightRenaming;
  List* sources = nullptr;
  List* targets = nullptr;
  List* original_sources = nullptr;
  List* original_targets = nullptr;
  Value operations;     // kWeightConverter: normally a list
  Value prefix_to_add;  // kPrefixChange
  Value prefix_to_remove;
  Value model_prefix;
  int64_t offset = 0;      // kInkling2IndexOffsetWeightRename
  bool force_cpu = false;  // kWeightConverter
  SourceRange call;
  Taint unknowns;
};

class OperationObject : public NativeObject {
 public:
  NativeClass* type() const override { return cls; }
  Value GetAttribute(Interpreter* python, const Value& self, std::string_view name,
                     const Node& node) override;
  void SetAttribute(Interpreter* python, const Value& self, std::string_view name,
                    const Value& value, const Node& node) override;
  NativeObject* Copy(Heap* heap) const override;

  NativeClass* cls = nullptr;
  OperationKind kind = OperationKind::kChunk;
  std::vector<std::pair<std::string, Value>> attributes;  // in the order of the constructor
};

// Null if the value is none.
TransformObject* AsTransform(const Value& value);
OperationObject* AsOperation(const Value& value);

// What get_checkpoint_conversion_mapping gives for a name: the release's entry of that name.
class ReleaseEntry : public NativeObject {
 public:
  NativeClass* type() const override { return cls; }
  Value GetAttribute(Interpreter* python, const Value& self, std::string_view name,
                     const Node& node) override;
  void SetAttribute(Interpreter* python, const Value& self, std::string_view name,
                    const Value& value, const Node& node) override;
  NativeObject* Copy(Heap* heap) const override;

  NativeClass* cls = nullptr;
  std::string name;
};
// Null if the value is none.
ReleaseEntry* AsReleaseEntry(const Value& value);

// A call of register_checkpoint_conversion_mapping, or a class attribute.
struct Registration {
  Value name;
  Value mapping;
  bool overwrite = false;
  bool attribute = false;
};

class Library : public Client {
 public:
  Library();

  std::optional<Value> Find(std::string_view name) override;
  bool IsBuilder(std::string_view function) const override { return function == kBuilderName; }
  bool WantsClassAttribute(std::string_view name) const override;
  void ClassAttribute(const Value& class_name, const Value& value) override;
  // What the file registers, in the order of the calls.
  const std::vector<Registration>& registrations() const { return registrations_; }
  // The table of aliases of the release that the file extends: it has only what the file adds.
  const Dict& aliases() const { return aliases_; }
  std::string_view ModuleName() const override { return "conversion_mapping"; }
  std::string_view Alternative() const override { return "give wcheck the registry as JSON"; }

 private:
  std::vector<std::unique_ptr<NativeClass>> classes_;
  std::vector<Registration> registrations_;
  Dict aliases_;
  Opaque release_aliases_;
};

}  // namespace wcheck::python
