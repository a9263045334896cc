#include "engine/operations.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace wcheck {
namespace {

using Kind = EngineError::Kind;
using Tensors = std::vector<NamedTensors>;

uint64_t NameCount(const Tensors& tensors) {
  uint64_t n = 0;
  for (const NamedTensors& t : tensors) n += t.indexed ? t.count : 1;
  return n;
}

NamedTensors Single(std::string name, Shape shape) {
  NamedTensors out;
  out.name = std::move(name);
  out.runs.push_back({std::move(shape), 1});
  out.single = true;
  return out;
}

// A dict keeps the place of a name that comes again, and the new value.
void Put(Tensors* tensors, NamedTensors value) {
  for (NamedTensors& t : *tensors) {
    if (t.name == value.name && t.indexed == value.indexed && t.first == value.first) {
      t = std::move(value);
      return;
    }
  }
  tensors->push_back(std::move(value));
}

// Puts `count` tensors of one shape under `name`, numbered from `first`. A name without `*` is the
// same for all of them, so that the last one stays.
void PutNumbered(Tensors* tensors, const std::string& name, uint64_t first, uint64_t count,
                 Shape shape) {
  if (count == 0) return;
  NamedTensors out = Single(name, std::move(shape));
  if (name.find('*') != std::string::npos) {
    out.indexed = true;
    out.first = first;
    out.count = count;
  }
  Put(tensors, std::move(out));
}

class OperationRunner {
 public:
  OperationRunner(const Transform& converter, const Profile& profile, std::string_view layer_name,
                  const ModelShape& model)
      : profile_(profile),
        sources_(converter.sources),
        targets_(converter.targets),
        layer_name_(layer_name),
        model_shape_(model) {}

  // Calls the function that the row of the operation names, with the same arguments.
  bool Run(const Operation& op, Tensors* tensors) {
    switch (op.kind) {
#define WCHECK_OPERATION(kind, shapes, ...) \
  case OperationKind::kind:                 \
    return shapes(op, tensors);
#include "wcheck/operations.def"
    }
    return true;
  }

  EngineError error() && { return std::move(error_); }

 private:
  bool Fail(Kind kind, std::string message) {
    error_ = {kind, std::move(message), "", -1};
    return false;
  }

  bool Undefined() { return Fail(Kind::kValueError, "Undefined Operation encountered!"); }

  // Makes a dimension count from the front. `rank` may be one more than the tensor's, for a stack.
  bool Wrap(int64_t dim, size_t rank, size_t* out) {
    // A scalar still has the dimensions 0 and -1, for most operations.
    auto n = static_cast<int64_t>(std::max<size_t>(rank, 1));
    if (dim < -n || dim >= n) {
      return Fail(Kind::kIndexError, "Dimension out of range (expected to be in range of [" +
                                         std::to_string(-n) + ", " + std::to_string(n - 1) +
                                         "], but got " + std::to_string(dim) + ")");
    }
    *out = static_cast<size_t>(dim < 0 ? dim + n : dim);
    return true;
  }

  // torch.chunk: pieces of ceil(size / count), the last one smaller, and fewer if they run out.
  bool ChunkShape(const Shape& shape, uint64_t count, int64_t dim, std::vector<Shape>* out) {
    if (shape.empty())
      return Fail(Kind::kRuntimeError, "chunk expects at least a 1-dimensional tensor");
    if (count == 0) return Fail(Kind::kRuntimeError, "chunk expects `chunks` to be greater than 0");
    size_t d = 0;
    if (!Wrap(dim, shape.size(), &d)) return false;
    int64_t size = shape[d];
    int64_t piece = (size + static_cast<int64_t>(count) - 1) / static_cast<int64_t>(count);
    if (piece == 0) {
      out->assign(count, shape);
      return true;
    }
    for (int64_t at = 0; at < size; at += piece) {
      out->push_back(shape);
      out->back()[d] = std::min(piece, size - at);
    }
    return true;
  }

  bool Chunk(const Operation& op, Tensors* tensors) {
    if (op.num_shards_attribute) return ChunkIntoShards(op.dim, tensors);
    std::vector<Shape> chunks;
    if (!ChunkShape(tensors->front().runs.front().shape, targets_.size(), op.dim, &chunks))
      return false;
    bool short_of_parts = chunks.size() < targets_.size() && profile_.chunk_must_fill_targets;
    if (NameCount(*tensors) > 1 || targets_.size() == 1 || short_of_parts) {
      return Fail(Kind::kValueError, "Failed to convert " + std::string(layer_name_));
    }
    Tensors out;
    for (size_t i = 0; i < chunks.size(); ++i) Put(&out, Single(targets_[i], chunks[i]));
    *tensors = std::move(out);
    return true;
  }

  // One tensor into as many shards as the model's config says, which a layout does not tell: one is
  // assumed (docs/python-registry.md). Each shard's number goes into the `*` of the target.
  bool ChunkIntoShards(int64_t dim, Tensors* tensors) {
    std::vector<Shape> shards;
    if (!ChunkShape(tensors->front().runs.front().shape, 1, dim, &shards)) return false;
    if (NameCount(*tensors) > 1 || targets_.size() != 1) {
      return Fail(Kind::kValueError, "Failed to convert " + std::string(layer_name_));
    }
    Tensors out;
    PutNumbered(&out, targets_[0], 0, 1, std::move(shards[0]));
    *tensors = std::move(out);
    return true;
  }

  bool Cat(const std::vector<TensorRun>& runs, int64_t dim, Shape* out) {
    if (runs.empty()) return Fail(Kind::kRuntimeError, "expected a non-empty list of Tensors");
    *out = runs.front().shape;
    if (out->empty()) {
      return Fail(Kind::kRuntimeError, "zero-dimensional tensor cannot be concatenated");
    }
    size_t d = 0;
    if (!Wrap(dim, out->size(), &d)) return false;
    (*out)[d] = 0;
    for (const TensorRun& run : runs) {
      if (run.shape.size() != out->size()) {
        return Fail(Kind::kRuntimeError, "Tensors must have same number of dimensions: got " +
                                             std::to_string(out->size()) + " and " +
                                             std::to_string(run.shape.size()));
      }
      bool fits = true;
      for (size_t i = 0; i < out->size() && fits; ++i) fits = i == d || run.shape[i] == (*out)[i];
      if (!fits) {
        return Fail(Kind::kRuntimeError,
                    "Sizes of tensors must match except in dimension " + std::to_string(d) + ": " +
                        ShowShape(runs.front().shape) + " and " + ShowShape(run.shape));
      }
      (*out)[d] += run.shape[d] * static_cast<int64_t>(run.count);
    }
    return true;
  }

  bool Stack(const std::vector<TensorRun>& runs, int64_t dim, Shape* out) {
    if (runs.empty()) return Fail(Kind::kRuntimeError, "stack expects a non-empty TensorList");
    *out = runs.front().shape;
    size_t d = 0;
    if (!Wrap(dim, out->size() + 1, &d)) return false;
    uint64_t count = 0;
    for (const TensorRun& run : runs) {
      if (run.shape != *out) {
        return Fail(Kind::kRuntimeError, "stack expects each tensor to be equal size, but got " +
                                             ShowShape(*out) + " and " + ShowShape(run.shape));
      }
      count += run.count;
    }
    out->insert(out->begin() + static_cast<std::ptrdiff_t>(d), static_cast<int64_t>(count));
    return true;
  }

  bool Concatenate(const Operation& op, Tensors* tensors) {
    if (targets_.size() > 1) return Undefined();
    // In the order of the sources, whatever the order of collection was.
    std::vector<TensorRun> runs;
    std::vector<bool> taken(tensors->size(), false);
    for (const std::string& source : sources_) {
      for (size_t i = 0; i < tensors->size(); ++i) {
        const NamedTensors& t = (*tensors)[i];
        if (taken[i] || t.indexed || t.name != source) continue;
        taken[i] = true;
        runs.insert(runs.end(), t.runs.begin(), t.runs.end());
      }
    }
    Shape shape;
    if (!Cat(runs, op.dim, &shape)) return false;
    tensors->assign(1, Single(targets_[0], std::move(shape)));
    return true;
  }

  bool MergeModulelist(const Operation& op, Tensors* tensors) {
    bool one = NameCount(*tensors) == 1;
    Tensors out;
    for (const NamedTensors& t : *tensors) {
      if (one && targets_.size() != 1) return Undefined();
      if (t.single) {
        return Fail(
            Kind::kTypeError,
            "stack(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor");
      }
      Shape shape;
      if (!Stack(t.runs, op.dim, &shape)) return false;
      Put(&out, Single(one ? targets_[0] : t.name, std::move(shape)));
    }
    *tensors = std::move(out);
    return true;
  }

  bool SplitModulelist(const Operation& op, Tensors* tensors) {
    const int64_t dim = op.dim;
    bool one = NameCount(*tensors) == 1;
    Tensors out;
    for (const NamedTensors& t : *tensors) {
      const Shape& shape = t.runs.front().shape;
      size_t d = 0;
      if (shape.empty()) {
        return Fail(Kind::kIndexError, "Dimension specified as " + std::to_string(dim) +
                                           " but tensor has no dimensions");
      }
      if (!Wrap(dim, shape.size(), &d)) return false;
      if (one && targets_.size() != 1) return Undefined();
      if (shape[d] == 0) {
        return Fail(Kind::kRuntimeError, "chunk expects `chunks` to be greater than 0");
      }
      Shape part;
      for (size_t i = 0; i < shape.size(); ++i) {
        // Every size-1 dimension goes, not only the one that was split.
        if (i != d && shape[i] != 1) part.push_back(shape[i]);
      }
      PutNumbered(&out, one ? targets_[0] : t.name, 0, static_cast<uint64_t>(shape[d]),
                  std::move(part));
    }
    *tensors = std::move(out);
    return true;
  }

  bool OneInput(const Tensors& tensors) { return NameCount(tensors) == 1 || Undefined(); }

  // Operations on single tensors: the first of each list. The result of one input is named after
  // the target, or after the source where a later operation of the chain has several targets to
  // make of it; of several inputs each keeps its name.
  template <typename F>
  bool EachTensor(Tensors* tensors, F&& f) {
    bool one = NameCount(*tensors) == 1;
    if (one && targets_.empty()) return Fail(Kind::kIndexError, "list index out of range");
    if (one && targets_.size() > 1 && sources_.size() > 1) return Undefined();
    Tensors out;
    for (const NamedTensors& t : *tensors) {
      NamedTensors result = t;
      result.runs.assign(1, {t.runs.front().shape, 1});
      result.single = true;
      if (!f(&result.runs[0].shape)) return false;
      if (one) {
        result = Single(targets_.size() == 1 ? targets_[0] : sources_[0],
                        std::move(result.runs[0].shape));
      }
      Put(&out, std::move(result));
    }
    *tensors = std::move(out);
    return true;
  }

  bool KeepShapes(const Operation&, Tensors* tensors) {
    return EachTensor(tensors, [](Shape*) { return true; });
  }

  bool Transpose(const Operation& op, Tensors* tensors) {
    if (profile_.transpose_takes_one_input && !OneInput(*tensors)) return false;
    return EachTensor(tensors, [&](Shape* shape) { return TransposeShape(op, shape); });
  }

  bool TransposeShape(const Operation& op, Shape* shape) {
    if (op.check_dims) {
      const Shape* expected = model_shape_(layer_name_);
      if (expected == nullptr) {
        return Fail(Kind::kAttributeError,
                    "the model has no parameter `" + std::string(layer_name_) + "`");
      }
      if (*expected == *shape) return true;
    }
    size_t a = 0;
    size_t b = 0;
    if (!Wrap(op.dim0, shape->size(), &a) || !Wrap(op.dim1, shape->size(), &b)) return false;
    if (!shape->empty()) std::swap((*shape)[a], (*shape)[b]);
    return true;
  }

  bool Interleave(const Operation& op, Tensors* tensors) {
    return EachTensor(tensors, [&](Shape* shape) { return IsEven(op.dim, *shape); });
  }

  bool IsEven(int64_t dim, const Shape& shape) {
    size_t d = 0;
    if (shape.empty() || !Wrap(dim, shape.size(), &d)) {
      return Fail(Kind::kIndexError, "Dimension out of range (got " + std::to_string(dim) +
                                         " for a tensor of shape " + ShowShape(shape) + ")");
    }
    if (shape[d] % 2 != 0) {
      return Fail(Kind::kRuntimeError, "an even dimension " + std::to_string(dim) +
                                           " is needed, but the shape is " + ShowShape(shape));
    }
    return true;
  }

  bool Conv3dToLinear(const Operation&, Tensors* tensors) {
    return OneInput(*tensors) &&
           EachTensor(tensors, [&](Shape* shape) { return FlattenKernel(shape); });
  }

  bool FlattenKernel(Shape* shape) {
    if (shape->size() == 2) return true;
    if (shape->size() != 5) {
      return Fail(Kind::kValueError, "Conv3dToLinear expects a 5D or 2D tensor, got " +
                                         std::to_string(shape->size()) + "D");
    }
    int64_t rest = std::accumulate(shape->begin() + 1, shape->end(), int64_t{1},
                                   [](int64_t a, int64_t b) { return a * b; });
    *shape = {shape->front(), rest};
    return true;
  }

  bool LinearToConv3d(const Operation& op, Tensors* tensors) {
    return OneInput(*tensors) &&
           EachTensor(tensors, [&](Shape* shape) { return RestoreKernel(op, shape); });
  }

  bool RestoreKernel(const Operation& op, Shape* shape) {
    if (shape->empty()) return Fail(Kind::kIndexError, "tuple index out of range");
    Shape target{shape->front(), op.in_channels, op.kernel_size[0], op.kernel_size[1],
                 op.kernel_size[2]};
    auto numel = [](const Shape& s) {
      return std::accumulate(s.begin(), s.end(), int64_t{1},
                             [](int64_t a, int64_t b) { return a * b; });
    };
    if (numel(*shape) != numel(target)) {
      return Fail(Kind::kValueError, "Cannot reshape tensor with shape " + ShowShape(*shape) +
                                         " into " + ShowShape(target));
    }
    *shape = std::move(target);
    return true;
  }

  // The list of a source, or an error if nothing was collected for it.
  const NamedTensors* Expected(const Tensors& tensors, const std::string& source) {
    for (const NamedTensors& t : tensors) {
      if (!t.indexed && t.name == source) return &t;
    }
    Fail(Kind::kValueError,
         "Expected pattern " + source + " in collected tensors, but nothing was collected for it");
    return nullptr;
  }

  bool ErnieFuseAndSplit(const Operation& op, Tensors* tensors) {
    std::vector<std::vector<TensorRun>> fused(targets_.size());
    for (const std::string& source : sources_) {
      const NamedTensors* t = Expected(*tensors, source);
      if (t == nullptr) return false;
      uint64_t length = t->tensor_count();
      uint64_t run_length = (length + targets_.size() - 1) / targets_.size();
      std::vector<Shape> list;
      for (const TensorRun& run : t->runs) list.insert(list.end(), run.count, run.shape);
      for (size_t j = 0; j < targets_.size(); ++j) {
        std::vector<TensorRun> part;
        for (uint64_t i = j * run_length; i < std::min((j + 1) * run_length, length); ++i) {
          part.push_back({list[i], 1});
        }
        Shape stacked;
        if (!Stack(part, op.stack_dim, &stacked)) return false;
        fused[j].push_back({std::move(stacked), 1});
      }
    }
    Tensors out;
    for (size_t j = 0; j < targets_.size(); ++j) {
      Shape shape;
      if (!Cat(fused[j], op.concat_dim, &shape)) return false;
      Put(&out, Single(targets_[j], std::move(shape)));
    }
    *tensors = std::move(out);
    return true;
  }

  bool ErnieSplitAndDecouple(const Operation& op, Tensors* tensors) {
    std::vector<std::vector<Shape>> split;
    for (const std::string& source : sources_) {
      const NamedTensors* t = Expected(*tensors, source);
      if (t == nullptr) return false;
      split.emplace_back();
      if (!ChunkShape(t->runs.front().shape, targets_.size(), op.concat_dim, &split.back())) {
        return false;
      }
    }
    Tensors out;
    for (size_t j = 0; j < targets_.size(); ++j) {
      uint64_t next = 0;
      for (const std::vector<Shape>& parts : split) {
        if (j >= parts.size()) return Fail(Kind::kIndexError, "tuple index out of range");
        Shape part = parts[j];
        size_t d = 0;
        if (!Wrap(op.stack_dim, part.size(), &d)) return false;
        auto count = static_cast<uint64_t>(part[d]);
        part.erase(part.begin() + static_cast<std::ptrdiff_t>(d));
        PutNumbered(&out, targets_[j], next, count, std::move(part));
        next += count;
      }
    }
    *tensors = std::move(out);
    return true;
  }

  const Profile& profile_;
  const std::vector<std::string>& sources_;
  const std::vector<std::string>& targets_;
  std::string_view layer_name_;
  const ModelShape& model_shape_;
  EngineError error_;
};

}  // namespace

std::string ShowShape(std::span<const int64_t> shape) {
  std::string out = "[";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i != 0) out += ", ";
    out += std::to_string(shape[i]);
  }
  return out + "]";
}

uint64_t NamedTensors::tensor_count() const {
  uint64_t n = 0;
  for (const TensorRun& run : runs) n += run.count;
  return n;
}

std::variant<std::vector<NamedTensors>, EngineError> RunOperations(
    const Transform& converter, const Profile& profile, std::vector<NamedTensors> collected,
    std::string_view layer_name, const ModelShape& model_shape) {
  OperationRunner runner(converter, profile, layer_name, model_shape);
  for (const Operation& op : converter.operations) {
    if (collected.empty()) {
      return EngineError{EngineError::Kind::kValueError, "no tensor is left to convert", "", -1};
    }
    if (!runner.Run(op, &collected)) return std::move(runner).error();
  }
  return collected;
}

}  // namespace wcheck
