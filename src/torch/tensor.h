// Tensors by shape: no data, but for small CPU tensors whose values follow from the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "python/machine/machine.h"

namespace wcheck::torch {

using machine::Arguments;
using machine::Class;
using machine::Machine;
using machine::Object;
using machine::Str;
using machine::Value;

// A dimension that is not known.
inline constexpr int64_t kUnknownSize = -1;

struct DtypeRow {
  std::string_view name;
  bool floating;
  bool complex;
  int rank;  // for promotion
  int bytes;
};

struct Dtype : Object {
  const DtypeRow* row = nullptr;
};

struct Tensor : Object {
  Dtype* dtype = nullptr;
  Str* device = nullptr;
  bool requires_grad = false;
  bool shape_known = true;  // otherwise not even the number of dimensions is
  bool persistent = true;   // of a Buffer
  uint32_t rank = 0;
  int64_t* sizes = nullptr;
  double* values = nullptr;  // null: not known; row-major

  std::span<const int64_t> shape() const { return {sizes, rank}; }
};

// The kinds of Form::kForeign.
enum ForeignKind : uint16_t { kModuleKind = 1, kTensorKind, kDtypeKind };

struct ModuleObject : Object {
  // Null before Module.__init__.
  machine::Dict* parameters = nullptr;
  machine::Dict* buffers = nullptr;
  machine::Dict* modules = nullptr;
  machine::Set* non_persistent = nullptr;
  bool partial = false;              // an unknown stopped its construction
  machine::Unknown* why = nullptr;   // which
};

// What one Machine knows of PyTorch.
struct Torch {
  Class* tensor = nullptr;
  Class* parameter = nullptr;
  Class* buffer = nullptr;
  Class* dtype = nullptr;
  Class* module = nullptr;
  Class* size = nullptr;
  std::vector<Dtype*> dtypes;
  Dtype* default_dtype = nullptr;
  Str* default_device = nullptr;
  // Saved by Machine::save_state, since the last class began.
  std::vector<std::pair<Str*, Dtype*>> states;
  uint64_t modules_made = 0;
  uint64_t max_modules = machine::kMaxModules;
  bool doubtful = false;  // something happened whose effect on the model is not known
  std::string doubt;
};

// Adds the modules torch, torch.nn, … and the native classes. `torch` outlives the machine.
void SetUpTorch(Machine& m, Torch* torch);
Torch& TorchOf(Machine& m);

bool IsTensor(Machine& m, const Value& value);
bool IsModule(Machine& m, const Value& value);
Dtype* FindDtype(Machine& m, std::string_view name);
Tensor* NewTensor(Machine& m, std::span<const int64_t> shape, Dtype* dtype, Str* device);

// Parts of SetUpTorch.
void SetUpTensors(Machine& m, Torch* torch, machine::Module* module);
void SetUpNativeModule(Machine& m, Torch* torch, machine::Module* module);

}  // namespace wcheck::torch
