// Encodes and decodes a registry. Every number and offset is checked while decoding, so damaged
// bytes give an Error, not a wrong registry.
#include "mapping/binary_codec.h"

#include <algorithm>
#include <array>
#include <utility>

#include "mapping/operation_table.h"
#include "support/utf8.h"
#include "support/varint.h"

namespace wcheck {
namespace {

// The layout of the bytes. A list is its length and its items; a range is the distance of its
// beginning from that of the last range, and its length; an optional value has a bit in the flags.
//   registry:  version, release, aliases, entries, and names that a user registered, if there are
//              any
//   alias:     name, entry, range
//   entry:     name, range, transforms
//   transform: kind, flags, sources, targets, the prefixes and the offset that are there,
//              operations, origin
//   operation: its name, how many parameters follow, for each its name and value; those that are
//              not there have their default
//   origin:    call, ranges of sources, ranges of targets, provenance (what, range)
constexpr uint64_t kVersion = 2;

// Flags of a transform: which prefixes are given, and whether an offset is.
constexpr uint64_t kHasAdd = 1;
constexpr uint64_t kHasRemove = 2;
constexpr uint64_t kHasModelPrefix = 4;
constexpr uint64_t kHasOffset = 8;
constexpr uint64_t kForceCpu = 16;

// Appends to `out` as the decoder reads it.
class OperationEncoder {
 public:
  OperationEncoder(const Operation& operation, std::string* out)
      : operation_(operation), out_(out) {}

  void Encode() {
    const OperationInfo& info = InfoOf(operation_.kind);
    AppendBytes(out_, info.name);
    const auto given = [&](const OperationParameter& p) { return !IsDefault(operation_, p); };
    AppendVarint(out_, static_cast<uint64_t>(std::ranges::count_if(info.parameters, given)));
    for (const OperationParameter& parameter : info.parameters) {
      if (!given(parameter)) continue;
      AppendBytes(out_, parameter.name);
      std::visit([&](auto field) { Value(field); }, parameter.field);
    }
  }

 private:
  void Value(int64_t Operation::*field) { AppendVarint(out_, ZigZag(operation_.*field)); }
  void Value(bool Operation::*field) { AppendVarint(out_, operation_.*field ? 1 : 0); }
  void Value(std::optional<std::string> Operation::*field) {
    AppendBytes(out_, *(operation_.*field));
  }
  void Value(std::vector<std::string> Operation::*field) {
    AppendVarint(out_, (operation_.*field).size());
    for (const std::string& text : operation_.*field) AppendBytes(out_, text);
  }
  void Value(std::array<int64_t, 3> Operation::*field) {
    for (const int64_t size : operation_.*field) AppendVarint(out_, ZigZag(size));
  }
  void Value(PartCount) {}

  const Operation& operation_;
  std::string* out_;
};

class Encoder {
 public:
  std::string Encode(const Registry& registry) {
    Number(kVersion);
    Text(registry.release);
    Number(registry.aliases.size());
    for (const Alias& alias : registry.aliases) {
      Text(alias.name);
      Text(alias.entry);
      Range(alias.where);
    }
    Number(registry.entries.size());
    for (const auto& [name, entry] : registry.entries) {
      Text(name);
      Range(entry.where);
      Number(entry.transforms.size());
      for (const TransformSpec& spec : entry.transforms) Transform(spec);
    }
    if (registry.user_registered.empty()) return std::move(out_);
    Number(registry.user_registered.size());
    for (const std::string& name : registry.user_registered) Text(name);
    return std::move(out_);
  }

 private:
  void Number(uint64_t value) { AppendVarint(&out_, value); }
  void Text(std::string_view text) { AppendBytes(&out_, text); }
  void Texts(const std::vector<std::string>& texts) {
    Number(texts.size());
    for (const std::string& text : texts) Text(text);
  }
  void Range(const SourceRange& range) {
    Number(ZigZag(int64_t{range.begin} - last_begin_));
    Number(range.end - range.begin);
    last_begin_ = range.begin;
  }
  void Ranges(const std::vector<SourceRange>& ranges) {
    Number(ranges.size());
    for (const SourceRange& range : ranges) Range(range);
  }

  void Transform(const TransformSpec& spec) {
    Number(static_cast<uint64_t>(spec.kind));
    Number((spec.prefix_to_add ? kHasAdd : 0) | (spec.prefix_to_remove ? kHasRemove : 0) |
           (spec.model_prefix ? kHasModelPrefix : 0) | (spec.offset != 0 ? kHasOffset : 0) |
           (spec.force_cpu ? kForceCpu : 0));
    Texts(spec.sources);
    Texts(spec.targets);
    for (const auto* prefix : {&spec.prefix_to_add, &spec.prefix_to_remove, &spec.model_prefix}) {
      if (*prefix) Text(**prefix);
    }
    if (spec.offset != 0) Number(ZigZag(spec.offset));
    Number(spec.operations.size());
    for (const Operation& operation : spec.operations) EncodeOperation(operation, &out_);
    Range(spec.origin->call);
    Ranges(spec.origin->sources);
    Ranges(spec.origin->targets);
    Number(spec.origin->provenance.size());
    for (const ProvenanceStep& step : spec.origin->provenance) {
      Text(step.what);
      Range(step.where);
    }
  }

  std::string out_;
  int64_t last_begin_ = 0;
};

class Decoder {
 public:
  Decoder(std::string_view bytes, const SourceFile& file) : reader_(bytes), file_(file) {}

  bool Decode(Registry* registry) {
    if (reader_.Next() != kVersion) return false;
    registry->release = Text();
    registry->aliases.resize(reader_.NextCount());
    for (Alias& alias : registry->aliases) {
      alias.name = Text();
      alias.entry = Text();
      alias.where = Range();
    }
    for (uint64_t left = reader_.NextCount(); left > 0 && reader_.ok(); --left) {
      Entry entry;
      entry.name = Text();
      entry.where = Range();
      entry.transforms.resize(reader_.NextCount());
      for (TransformSpec& spec : entry.transforms) Transform(&spec);
      std::string name = entry.name;
      registry->entries.emplace_hint(registry->entries.end(), std::move(name), std::move(entry));
    }
    if (reader_.ok() && !reader_.at_end()) {
      uint64_t left = reader_.NextCount();
      if (left == 0) return false;
      for (; left > 0 && reader_.ok(); --left) {
        registry->user_registered.insert(Text());
      }
    }
    return reader_.ok() && reader_.at_end() && !registry->entries.empty();
  }

 private:
  // Bytes that cannot be text are damage: code that prints them relies on UTF-8.
  std::string Text() {
    const std::string_view text = reader_.NextBytes();
    if (!CheckUtf8(text, file_.path())) reader_.Fail();
    return std::string(text);
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts(reader_.NextCount());
    for (std::string& text : texts) text = Text();
    return texts;
  }
  SourceRange Range() {
    last_begin_ += static_cast<uint64_t>(UnZigZag(reader_.Next()));
    const uint64_t length = reader_.Next();
    const uint64_t size = file_.text().size();
    if (last_begin_ > size || length > size - last_begin_) reader_.Fail();
    return {&file_, static_cast<uint32_t>(last_begin_),
            static_cast<uint32_t>(last_begin_ + length)};
  }
  std::vector<SourceRange> Ranges() {
    std::vector<SourceRange> ranges(reader_.NextCount());
    for (SourceRange& range : ranges) range = Range();
    return ranges;
  }
  template <typename Kind>
  Kind AnyOf(Kind last) {
    const uint64_t kind = reader_.Next();
    if (kind <= static_cast<uint64_t>(last)) return static_cast<Kind>(kind);
    reader_.Fail();
    return Kind{};
  }

  void Transform(TransformSpec* spec) {
    spec->kind = AnyOf(static_cast<TransformKind>(kTransformKinds - 1));
    const uint64_t flags = reader_.Next();
    spec->sources = Texts();
    spec->targets = Texts();
    if (flags & kHasAdd) spec->prefix_to_add = Text();
    if (flags & kHasRemove) spec->prefix_to_remove = Text();
    if (flags & kHasModelPrefix) spec->model_prefix = Text();
    if (flags & kHasOffset) spec->offset = UnZigZag(reader_.Next());
    spec->force_cpu = flags & kForceCpu;
    spec->operations.resize(reader_.NextCount());
    for (Operation& operation : spec->operations) operation = ReadOperation();
    auto origin = std::make_shared<Origin>();
    origin->call = Range();
    origin->sources = Ranges();
    origin->targets = Ranges();
    origin->provenance.resize(reader_.NextCount());
    for (ProvenanceStep& step : origin->provenance) {
      step.what = Text();
      step.where = Range();
    }
    spec->origin = std::move(origin);
  }

  Operation ReadOperation() {
    const std::optional<OperationKind> kind = ParseOperationName(reader_.NextBytes());
    if (!kind) {
      reader_.Fail();
      return {};
    }
    Operation operation = MakeOperation(*kind);
    const OperationInfo& info = InfoOf(*kind);
    for (uint64_t left = reader_.NextCount(); left > 0 && reader_.ok(); --left) {
      const std::string_view name = reader_.NextBytes();
      const auto* parameter = std::ranges::find(info.parameters, name, &OperationParameter::name);
      if (parameter == info.parameters.end()) {
        reader_.Fail();
        break;
      }
      std::visit([&](auto field) { Value(field, &operation); }, parameter->field);
    }
    return operation;
  }

  void Value(int64_t Operation::*field, Operation* operation) {
    operation->*field = UnZigZag(reader_.Next());
  }
  void Value(bool Operation::*field, Operation* operation) {
    operation->*field = reader_.Next() != 0;
  }
  void Value(std::optional<std::string> Operation::*field, Operation* operation) {
    operation->*field = Text();
  }
  void Value(std::vector<std::string> Operation::*field, Operation* operation) {
    operation->*field = Texts();
  }
  void Value(std::array<int64_t, 3> Operation::*field, Operation* operation) {
    for (int64_t& size : operation->*field) size = UnZigZag(reader_.Next());
  }
  void Value(PartCount, Operation*) { reader_.Fail(); }

  VarintReader reader_;
  const SourceFile& file_;
  uint64_t last_begin_ = 0;
};

}  // namespace

void EncodeOperation(const Operation& operation, std::string* out) {
  OperationEncoder(operation, out).Encode();
}

std::string EncodeRegistry(const Registry& registry) { return Encoder().Encode(registry); }

bool IsReadableRegistry(std::string_view bytes) { return VarintReader(bytes).Next() == kVersion; }

Result<Registry> DecodeRegistry(std::string_view bytes, std::shared_ptr<const SourceFile> text) {
  Registry registry;
  if (!Decoder(bytes, *text).Decode(&registry)) {
    return Error{{text->path(), 0, 0, ""}, "the binary form of the registry is damaged", ""};
  }
  registry.files.push_back(std::move(text));
  return registry;
}

}  // namespace wcheck
