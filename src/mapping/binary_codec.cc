#include "mapping/binary_codec.h"

#include <array>
#include <utility>

#include "support/file.h"
#include "support/varint.h"

namespace wcheck {
namespace {

// The layout of the bytes. A list is its length and its items; a range is the distance of its
// beginning from that of the last range, and its length; an optional value has a bit in the flags.
//   registry:  version, release, aliases, entries
//   alias:     name, entry, range
//   entry:     name, range, transforms
//   transform: kind, flags, sources, targets, the prefixes that are there, operations, origin
//   operation: kind, flags, bits of the numbers that follow, these numbers, names
//   origin:    call, ranges of sources, ranges of targets, provenance (what, range)
constexpr uint64_t kVersion = 1;

// Flags of a transform: which prefixes are there.
constexpr uint64_t kHasAdd = 1;
constexpr uint64_t kHasRemove = 2;
constexpr uint64_t kHasModelPrefix = 4;
// Flags of an operation.
constexpr uint64_t kCheckDims = 1;
constexpr uint64_t kInverse = 2;
constexpr uint64_t kHasSubconfigKey = 4;
constexpr uint64_t kHasShardsAttribute = 8;

constexpr std::array<int64_t Operation::*, 6> kNumbers{
    &Operation::dim,         &Operation::dim0,      &Operation::dim1,
    &Operation::in_channels, &Operation::stack_dim, &Operation::concat_dim};

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
           (spec.model_prefix ? kHasModelPrefix : 0));
    Texts(spec.sources);
    Texts(spec.targets);
    for (const auto* prefix : {&spec.prefix_to_add, &spec.prefix_to_remove, &spec.model_prefix}) {
      if (*prefix) Text(**prefix);
    }
    Number(spec.operations.size());
    for (const Operation& operation : spec.operations) AddOperation(operation);
    Range(spec.origin->call);
    Ranges(spec.origin->sources);
    Ranges(spec.origin->targets);
    Number(spec.origin->provenance.size());
    for (const ProvenanceStep& step : spec.origin->provenance) {
      Text(step.what);
      Range(step.where);
    }
  }

  void AddOperation(const Operation& operation) {
    const Operation defaults;
    Number(static_cast<uint64_t>(operation.kind));
    Number((operation.check_dims ? kCheckDims : 0) | (operation.inverse ? kInverse : 0) |
           (operation.subconfig_key ? kHasSubconfigKey : 0) |
           (operation.num_shards_attribute ? kHasShardsAttribute : 0));
    uint64_t present = 0;
    for (size_t i = 0; i < kNumbers.size(); ++i) {
      if (operation.*kNumbers[i] != defaults.*kNumbers[i]) present |= uint64_t{1} << i;
    }
    Number(present);
    for (size_t i = 0; i < kNumbers.size(); ++i) {
      if (present >> i & 1) Number(ZigZag(operation.*kNumbers[i]));
    }
    for (int64_t size : operation.kernel_size) Number(ZigZag(size));
    if (operation.subconfig_key) Text(*operation.subconfig_key);
    Texts(operation.permute_layer_names);
    if (operation.num_shards_attribute) Text(*operation.num_shards_attribute);
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
    return reader_.ok() && reader_.at_end() && !registry->entries.empty();
  }

 private:
  // What cannot be text is damage: whatever prints it may count on UTF-8.
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
    spec->kind = AnyOf(TransformKind::kGroupWeightRename);
    const uint64_t flags = reader_.Next();
    spec->sources = Texts();
    spec->targets = Texts();
    if (flags & kHasAdd) spec->prefix_to_add = Text();
    if (flags & kHasRemove) spec->prefix_to_remove = Text();
    if (flags & kHasModelPrefix) spec->model_prefix = Text();
    spec->operations.resize(reader_.NextCount());
    for (Operation& operation : spec->operations) ReadOperation(&operation);
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

  void ReadOperation(Operation* operation) {
    operation->kind = AnyOf(static_cast<OperationKind>(kOperationKinds - 1));
    const uint64_t flags = reader_.Next();
    operation->check_dims = flags & kCheckDims;
    operation->inverse = flags & kInverse;
    const uint64_t present = reader_.Next();
    for (size_t i = 0; i < kNumbers.size(); ++i) {
      if (present >> i & 1) operation->*kNumbers[i] = UnZigZag(reader_.Next());
    }
    for (int64_t& size : operation->kernel_size) size = UnZigZag(reader_.Next());
    if (flags & kHasSubconfigKey) operation->subconfig_key = Text();
    operation->permute_layer_names = Texts();
    if (flags & kHasShardsAttribute) operation->num_shards_attribute = Text();
  }

  VarintReader reader_;
  const SourceFile& file_;
  uint64_t last_begin_ = 0;
};

}  // namespace

std::string EncodeRegistry(const Registry& registry) { return Encoder().Encode(registry); }

Result<Registry> DecodeRegistry(std::string_view bytes, std::shared_ptr<const SourceFile> text) {
  Registry registry;
  if (!Decoder(bytes, *text).Decode(&registry)) {
    return Error{{text->path(), 0, 0, ""}, "the binary form of the registry is damaged", ""};
  }
  registry.files.push_back(std::move(text));
  return registry;
}

}  // namespace wcheck
