// One function per operation: checks the inputs as the engine does, in its order, and computes
// names and shapes. Errors carry the engine's own messages.
#include "engine/operations.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace wcheck {
namespace {

using Kind = EngineError::Kind;
using Tensors = std::vector<NamedTensors>;

int64_t NumberOfElements(std::span<const int64_t> shape) {
  return std::accumulate(shape.begin(), shape.end(), int64_t{1},
                         [](int64_t a, int64_t b) { return a * b; });
}

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

// A dict keeps the position of a repeated name, with the new value.
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
// same for all of them, so the last one remains.
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
  OperationRunner(const Transform& converter, const Engine& engine, std::string_view layer_name,
                  const ModelFacts& model)
      : engine_(engine),
        sources_(converter.sources),
        targets_(converter.targets),
        layer_name_(layer_name),
        model_(model) {}

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

  bool NoParameter(std::string_view key) {
    return Fail(Kind::kAttributeError, "the model has no parameter `" + std::string(key) + "`");
  }

  // An attribute of the model's text configuration; `unknown` for a layout that says nothing of it.
  std::optional<int64_t> Config(std::string_view name, int64_t unknown) {
    if (model_.config.empty()) return unknown;
    for (const auto& [attribute, value] : model_.config) {
      if (attribute == name) return value;
    }
    Fail(Kind::kAttributeError, "the configuration has no attribute '" + std::string(name) + "'");
    return std::nullopt;
  }

  // str.replace("*", str(i)).
  static std::string WithIndex(std::string_view name, int64_t i) {
    std::string out;
    for (const char c : name) {
      if (c == '*') {
        out += std::to_string(i);
      } else {
        out += c;
      }
    }
    return out;
  }

  bool Undefined() { return Fail(Kind::kValueError, "Undefined Operation encountered!"); }

  // Converts a dimension to count from the front. `rank` may be one more than the tensor's, for a
  // stack.
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

  // docs/semantics.md#op-chunk. torch.chunk may give fewer parts than asked for; what that means
  // depends on the release.
  bool Chunk(const Operation& op, Tensors* tensors) {
    using Raises = EngineRules::ChunkRaises;
    if (NameCount(*tensors) > 1) return Undefined();
    std::vector<std::string> targets = targets_;
    if (op.num_shards_attribute) {
      if (targets.size() > 1) return Undefined();
      // Of an unknown number, one is assumed (docs/python-registry.md).
      const std::optional<int64_t> shards = Config(*op.num_shards_attribute, 1);
      if (!shards) return false;
      targets.clear();
      for (int64_t i = 0; i < *shards; ++i) targets.push_back(WithIndex(targets_[0], i));
    }
    std::vector<Shape> chunks;
    if (!ChunkShape(tensors->front().runs.front().shape, targets.size(), op.dim, &chunks)) {
      return false;
    }
    const bool one_target = targets.size() == 1 && engine_.chunk_raises != Raises::kNever;
    const bool too_few = chunks.size() < targets.size() &&
                         engine_.chunk_raises == Raises::kForOneTargetOrTooFewParts;
    if (one_target || too_few) {
      return Fail(Kind::kValueError, "Failed to convert " + std::string(layer_name_));
    }
    Tensors out;
    for (size_t i = 0; i < chunks.size() && i < targets.size(); ++i) {
      Put(&out, Single(targets[i], chunks[i]));
    }
    *tensors = std::move(out);
    return true;
  }

  // One piece a target, of the size of that target's parameter.
  bool Split(const Operation& op, Tensors* tensors) {
    if (NameCount(*tensors) > 1) return Undefined();
    const Shape& shape = tensors->front().runs.front().shape;
    Tensors out;
    int64_t sum = 0;
    size_t d = 0;
    if (shape.empty()) {
      return Fail(Kind::kRuntimeError, "split expects at least a 1-dimensional tensor");
    }
    if (!Wrap(op.dim, shape.size(), &d)) return false;
    for (const std::string& target : targets_) {
      std::string key(layer_name_);
      for (size_t at = 0; !targets_[0].empty() && (at = key.find(targets_[0], at)) != key.npos;
           at += target.size()) {
        key.replace(at, targets_[0].size(), target);
      }
      const Shape* parameter = model_.shape(key);
      if (parameter == nullptr) return NoParameter(key);
      size_t of_parameter = 0;
      if (parameter->empty()) return Fail(Kind::kIndexError, "tuple index out of range");
      if (!Wrap(op.dim, parameter->size(), &of_parameter)) return false;
      Shape piece = shape;
      piece[d] = (*parameter)[of_parameter];
      sum += piece[d];
      Put(&out, Single(target, std::move(piece)));
    }
    if (sum != shape[d]) {
      return Fail(Kind::kRuntimeError, "split_with_sizes expects split_sizes to sum exactly to " +
                                           std::to_string(shape[d]) +
                                           " (input tensor's size at dimension " +
                                           std::to_string(op.dim) + ")");
    }
    *tensors = std::move(out);
    return true;
  }

  // torch.cat on shapes. The checks come in torch's order, because the first failing one decides
  // the message.
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
    // In the order of the sources, whatever the order of collection was
    // (docs/semantics.md#op-concatenate).
    std::vector<TensorRun> runs;
    std::vector<bool> taken(tensors->size(), false);
    for (const std::string& source : sources_) {
      bool found = false;
      for (size_t i = 0; i < tensors->size() && !found; ++i) {
        const NamedTensors& t = (*tensors)[i];
        if (t.indexed || t.name != source) continue;
        if (taken[i] && engine_.concatenate_takes_once) continue;
        found = true;
        taken[i] = true;
        runs.insert(runs.end(), t.runs.begin(), t.runs.end());
      }
      if (!found && !engine_.concatenate_skips_absent) {
        return Fail(Kind::kKeyError, "'" + source + "'");
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
      NamedTensors merged = t;
      if (!t.single) {
        Shape shape;
        if (!Stack(t.runs, op.dim, &shape)) return false;
        merged = Single(t.name, std::move(shape));
      } else if (!engine_.merge_passes_tensor) {
        return Fail(
            Kind::kTypeError,
            "stack(): argument 'tensors' (position 1) must be tuple of Tensors, not Tensor");
      }
      if (one) merged = Single(targets_[0], merged.runs[0].shape);
      Put(&out, std::move(merged));
    }
    *tensors = std::move(out);
    return true;
  }

  // docs/semantics.md#op-split-modulelist.
  bool SplitModulelist(const Operation& op, Tensors* tensors) {
    bool one = NameCount(*tensors) == 1;
    Tensors out;
    for (const NamedTensors& t : *tensors) {
      const Shape& shape = t.runs.front().shape;
      size_t d = 0;
      if (shape.empty()) {
        return Fail(Kind::kIndexError, "Dimension specified as " + std::to_string(op.dim) +
                                           " but tensor has no dimensions");
      }
      if (!Wrap(op.dim, shape.size(), &d)) return false;
      if (one && targets_.size() != 1) return Undefined();
      if (shape[d] == 0) {
        return Fail(Kind::kRuntimeError, "chunk expects `chunks` to be greater than 0");
      }
      Shape part;
      for (size_t i = 0; i < shape.size(); ++i) {
        if (i != d && (shape[i] != 1 || !engine_.split_squeezes_all)) part.push_back(shape[i]);
      }
      if (t.indexed) {
        // Its names have no `*` any more: of the parts of each the last one stays.
        NamedTensors last = t;
        last.runs.assign(1, {std::move(part), 1});
        Put(&out, std::move(last));
      } else {
        PutNumbered(&out, one ? targets_[0] : t.name, 0, static_cast<uint64_t>(shape[d]),
                    std::move(part));
      }
    }
    *tensors = std::move(out);
    return true;
  }

  bool OneInput(const Tensors& tensors) { return NameCount(tensors) == 1 || Undefined(); }

  // Operations on one tensor, the first of its list. The result is named after the target, or after
  // the source where a later operation of the chain has several targets to make of it.
  template <typename F>
  bool OneTensor(Tensors* tensors, F&& f) {
    if (!OneInput(*tensors)) return false;
    if (targets_.size() > 1 && sources_.size() > 1) return Undefined();
    if (targets_.empty()) return Fail(Kind::kIndexError, "list index out of range");
    Shape shape = tensors->front().runs.front().shape;
    if (!f(&shape)) return false;
    tensors->assign(1, Single(targets_.size() == 1 ? targets_[0] : sources_[0], std::move(shape)));
    return true;
  }

  bool KeepShape(const Operation&, Tensors* tensors) {
    return OneTensor(tensors, [](Shape*) { return true; });
  }

  bool Transpose(const Operation& op, Tensors* tensors) {
    return OneTensor(tensors, [&](Shape* shape) { return TransposeShape(op, shape); });
  }

  bool TransposeShape(const Operation& op, Shape* shape) {
    if (op.check_dims) {
      const Shape* expected = model_.shape(layer_name_);
      if (expected == nullptr) return NoParameter(layer_name_);
      if (*expected == *shape) return true;
    }
    size_t a = 0;
    size_t b = 0;
    if (!Wrap(op.dim0, shape->size(), &a) || !Wrap(op.dim1, shape->size(), &b)) return false;
    if (!shape->empty()) std::swap((*shape)[a], (*shape)[b]);
    return true;
  }

  // The first input alone, whatever their number, named after the first target.
  bool Interleave(const Operation& op, Tensors* tensors) {
    if (targets_.empty()) return Fail(Kind::kIndexError, "list index out of range");
    const Shape& shape = tensors->front().runs.front().shape;
    const auto rank = static_cast<int64_t>(shape.size());
    if (op.dim < -rank || op.dim >= rank) {
      return Fail(Kind::kIndexError, "list index out of range");
    }
    // shape[dim:dim + 1] = [n // 2, 2], in which -1 means an empty slice before the last size.
    const int64_t size = shape[static_cast<size_t>(op.dim < 0 ? op.dim + rank : op.dim)];
    const int64_t replaced = op.dim == -1 ? 1 : size;
    if (size / 2 * 2 != replaced && NumberOfElements(shape) != 0) {
      return Fail(Kind::kRuntimeError, "shape " + ShowShape(shape) +
                                           " is invalid for a dimension that is cut into pairs");
    }
    tensors->assign(1, Single(targets_[0], shape));
    return true;
  }

  // docs/semantics.md#op-permute. Rows are reordered, so shapes stay; what differs between releases
  // is what is accepted and how results are named.
  bool PermuteRope(const Operation& op, Tensors* tensors) {
    using Permute = EngineRules::Permute;
    const bool renames = engine_.permute == Permute::kRenames;
    const bool fails =
        engine_.permute == Permute::kNoReverse || engine_.permute == Permute::kRaises;
    const bool several_of_both = targets_.size() != 1 && sources_.size() != 1;
    Tensors out;
    for (const NamedTensors& t : *tensors) {
      if (fails) return Fail(Kind::kAttributeError, "the config has no attribute 'getattr'");
      if (op.permute_layer_names.empty() && !renames) {
        return Fail(Kind::kTypeError, "'NoneType' object is not iterable");
      }
      if (renames && (several_of_both || targets_.empty())) return Undefined();
      NamedTensors kept = t;
      const bool permuted =
          op.permute_layer_names.empty() ||
          std::ranges::any_of(op.permute_layer_names, [&](const std::string& name) {
            return t.name.find(name) != std::string::npos;
          });
      if (permuted) {
        if (!t.single && t.tensor_count() != 1) {
          return Fail(Kind::kValueError, "PermuteForRope expects a single tensor per key.");
        }
        if (!FitsRope(t.runs.front().shape)) return false;
        kept.single = true;
      }
      if (renames && targets_.size() == 1 && sources_.size() == 1) {
        kept.name = targets_[0];
        kept.indexed = false;
      }
      Put(&out, std::move(kept));
    }
    *tensors = std::move(out);
    return true;
  }

  // Matrices and vectors are cut into heads and halves. A layout does not tell the number of heads:
  // one is assumed.
  bool FitsRope(const Shape& shape) {
    if (shape.empty()) return Fail(Kind::kIndexError, "tuple index out of range");
    if (shape.size() <= 2 && shape[0] % 2 != 0 && NumberOfElements(shape) != 0) {
      return Fail(Kind::kRuntimeError,
                  "shape " + ShowShape(shape) + " is invalid for an even number of rows");
    }
    return true;
  }

  // Whether the two Vision operations run PermuteForRope and Concatenate or Chunk.
  bool VisionRunsOperations() const {
    return engine_.permute != EngineRules::Permute::kNoReverse &&
           engine_.permute != EngineRules::Permute::kRaises;
  }

  // Whether a name is one of those that the two Vision operations permute.
  static bool Names(const Operation& op, std::string_view key) {
    return std::ranges::any_of(op.permute_layer_names, [&](const std::string& name) {
      return key.find(name) != std::string_view::npos;
    });
  }

  bool VisionFuseAndPermute(const Operation& op, Tensors* tensors) {
    if (VisionRunsOperations()) return PermuteRope(op, tensors) && Concatenate(op, tensors);
    if (targets_.size() > 1) return Undefined();
    std::vector<TensorRun> all;
    for (const std::string& source : sources_) {
      const auto t = std::ranges::find_if(
          *tensors, [&](const NamedTensors& x) { return !x.indexed && x.name == source; });
      if (t == tensors->end()) return Fail(Kind::kKeyError, "'" + source + "'");
      const Shape& shape = t->runs.front().shape;
      if (Names(op, source) && shape.size() == 2 && !FitsRope(shape)) return false;
      all.push_back({shape, 1});
    }
    Shape shape;
    if (!Cat(all, op.dim, &shape)) return false;
    tensors->assign(1, Single(targets_[0], std::move(shape)));
    return true;
  }

  bool VisionUnfuseAndPermute(const Operation& op, Tensors* tensors) {
    if (VisionRunsOperations()) return Chunk(op, tensors) && PermuteRope(op, tensors);
    if (NameCount(*tensors) > 1 || targets_.size() == 1) return Undefined();
    std::vector<Shape> chunks;
    if (!ChunkShape(tensors->front().runs.front().shape, targets_.size(), op.dim, &chunks)) {
      return false;
    }
    Tensors out;
    for (size_t i = 0; i < chunks.size() && i < targets_.size(); ++i) {
      if (Names(op, targets_[i]) && !FitsRope(chunks[i])) return false;
      Put(&out, Single(targets_[i], chunks[i]));
    }
    *tensors = std::move(out);
    return true;
  }

  bool Conv3dToLinear(const Operation&, Tensors* tensors) {
    return OneTensor(tensors, [&](Shape* shape) { return FlattenKernel(shape); });
  }

  bool FlattenKernel(Shape* shape) {
    if (shape->size() == 2) return true;
    if (shape->size() != 5) {
      return Fail(Kind::kValueError, "Conv3dToLinear expects a 5D or 2D tensor, got " +
                                         std::to_string(shape->size()) + "D");
    }
    *shape = {shape->front(), NumberOfElements(std::span(*shape).subspan(1))};
    return true;
  }

  bool LinearToConv3d(const Operation& op, Tensors* tensors) {
    return OneTensor(tensors, [&](Shape* shape) { return RestoreKernel(op, shape); });
  }

  bool RestoreKernel(const Operation& op, Shape* shape) {
    if (shape->empty()) return Fail(Kind::kIndexError, "tuple index out of range");
    Shape target{shape->front(), op.in_channels, op.kernel_size[0], op.kernel_size[1],
                 op.kernel_size[2]};
    if (NumberOfElements(*shape) != NumberOfElements(target)) {
      return Fail(Kind::kValueError, "Cannot reshape tensor with shape " + ShowShape(*shape) +
                                         " into " + ShowShape(target));
    }
    *shape = std::move(target);
    return true;
  }

  // Keeps the first `unpadded_vocab_size` rows, or adds rows up to `vocab_size`.
  bool Inkling2UnpadVocab(const Operation& op, Tensors* tensors) {
    if (targets_.empty()) return Fail(Kind::kIndexError, "list index out of range");
    Shape shape = tensors->front().runs.front().shape;
    if (shape.empty()) return Fail(Kind::kIndexError, "tuple index out of range");
    // Without a configuration, the padding is taken to be none.
    const std::optional<int64_t> rows =
        Config(op.inverse ? "vocab_size" : "unpadded_vocab_size", shape[0]);
    if (!rows) return false;
    if (op.inverse && *rows < shape[0]) {
      return Fail(Kind::kRuntimeError, "Trying to create tensor with negative dimension " +
                                           std::to_string(*rows - shape[0]));
    }
    if (!op.inverse && model_.shape(layer_name_) == nullptr) return NoParameter(layer_name_);
    shape[0] = op.inverse ? *rows : std::min(shape[0], *rows);
    tensors->assign(1, Single(targets_[0], std::move(shape)));
    return true;
  }

  // [2n, …] and [2n, …] become [n, 4, …]; the inverse cuts them apart.
  bool Inkling2MergeQueries(const Operation& op, Tensors* tensors) {
    if (op.inverse) {
      const Shape& merged = tensors->front().runs.front().shape;
      if (merged.size() < 2 || merged[1] < 4) {
        return Fail(Kind::kIndexError, "index 3 is out of bounds for dimension 1");
      }
      if (targets_.size() < 2) return Fail(Kind::kIndexError, "list index out of range");
      Shape part{merged[0] * 2};
      part.insert(part.end(), merged.begin() + 2, merged.end());
      Tensors out;
      Put(&out, Single(targets_[0], part));
      Put(&out, Single(targets_[1], std::move(part)));
      *tensors = std::move(out);
      return true;
    }
    if (sources_.size() != 2) {
      return Fail(Kind::kValueError,
                  "two sources are needed, not " + std::to_string(sources_.size()));
    }
    std::vector<TensorRun> halves;
    for (const std::string& source : sources_) {
      const auto t = std::ranges::find_if(
          *tensors, [&](const NamedTensors& x) { return !x.indexed && x.name == source; });
      if (t == tensors->end()) return Fail(Kind::kKeyError, "'" + source + "'");
      Shape shape = t->runs.front().shape;
      if (shape.empty() || shape[0] % 2 != 0) {
        return Fail(Kind::kRuntimeError,
                    "unflatten: pairs of rows are needed, but the shape is " + ShowShape(shape));
      }
      shape[0] /= 2;
      shape.insert(shape.begin() + 1, 2);
      halves.push_back({std::move(shape), 1});
    }
    if (targets_.empty()) return Fail(Kind::kIndexError, "list index out of range");
    Shape shape;
    if (!Cat(halves, 1, &shape)) return false;
    tensors->assign(1, Single(targets_[0], std::move(shape)));
    return true;
  }

  // A weight of experts [experts, rows, columns], its scales a block, and, for four-bit values, two
  // factors; or one tensor, which needs nothing.
  bool Inkling2Dequantize(const Operation&, Tensors* tensors) {
    if (targets_.empty()) return Fail(Kind::kIndexError, "list index out of range");
    if (NameCount(*tensors) == 1) {
      Shape shape = tensors->front().runs.front().shape;
      tensors->assign(1, Single(targets_[0], std::move(shape)));
      return true;
    }
    constexpr size_t kParts = 4;
    if (sources_.size() != kParts) {
      return Fail(Kind::kValueError,
                  "four sources are needed, not " + std::to_string(sources_.size()));
    }
    std::array<const Shape*, kParts> parts{};
    for (size_t i = 0; i < kParts; ++i) {
      for (const NamedTensors& t : *tensors) {
        if (!t.indexed && t.name == sources_[i]) parts[i] = &t.runs.front().shape;
      }
    }
    const auto [weight, scale, amax, denominator] = parts;
    if (weight == nullptr || scale == nullptr || (amax != nullptr && denominator == nullptr)) {
      return Fail(Kind::kAttributeError, "'NoneType' object has no attribute 'shape'");
    }
    if (weight->size() < 3) return Fail(Kind::kIndexError, "tuple index out of range");
    Shape shape{(*weight)[0], (*weight)[1], (*weight)[2] * (amax != nullptr ? 2 : 1)};
    const int64_t block = amax != nullptr ? 16 : 32;
    if (NumberOfElements(*scale) * block != NumberOfElements(shape)) {
      return Fail(Kind::kRuntimeError, "shape " + ShowShape(*scale) + " of the scales is invalid " +
                                           "for a weight of shape " + ShowShape(*weight));
    }
    tensors->assign(1, Single(targets_[0], std::move(shape)));
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

  // docs/semantics.md#op-ernie.
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

  // docs/semantics.md#op-ernie. The expert number runs on from one source to the next.
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

  const Engine& engine_;
  const std::vector<std::string>& sources_;
  const std::vector<std::string>& targets_;
  std::string_view layer_name_;
  const ModelFacts& model_;
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
    const Transform& converter, const Engine& engine, std::vector<NamedTensors> collected,
    std::string_view layer_name, const ModelFacts& model) {
  OperationRunner runner(converter, engine, layer_name, model);
  for (const Operation& op : converter.operations) {
    if (collected.empty()) {
      return EngineError{EngineError::Kind::kValueError, "no tensor is left to convert", "", -1};
    }
    if (!runner.Run(op, &collected)) return std::move(runner).error();
  }
  return collected;
}

}  // namespace wcheck
