// Works in steps. First arrivals are grouped by the key that they are collected under, in natural
// order; then each group of buckets with the same numbers runs through its converter once, for all
// buckets; then produced names are spliced into the bucket's key. Buckets are processed one by one
// only if the result depends on their numbers.
#include "engine/conversion.h"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "families/boxes.h"
#include "families/family_cells.h"

#include "engine/key_order.h"

namespace wcheck {
namespace {

// The part of a trace that reaches some keys: which keys are collected under which.
struct Arrival {
  uint32_t trace;
  Name name;  // collected under
};

constexpr uint32_t kNoTrace = UINT32_MAX;

// An output, before it is known whether something else has the same name.
struct Tensor {
  LayoutFamily family;        // views into Storage, or into the input
  uint32_t trace = kNoTrace;  // of a plain renaming
  std::string first_key;      // of a renaming of one key: this key
  size_t production = 0;      // of a product: which production made it
  // Of a product: the first of what was collected, and the numbers of the keys collected under;
  // and, for each number of its name, which of these it is.
  const Arrival* first = nullptr;
  std::span<const IndexSet> buckets = {};
  std::vector<NamePart> parts = {};
};

// Storage for the views of Conversion::tensors, apart from the input families.
struct Storage {
  std::deque<std::string> patterns;
  std::deque<IndexBox> boxes;
  std::deque<Shape> shapes;
  std::shared_ptr<const void> boxes_of_pass;

  std::string_view Keep(std::string pattern) { return patterns.emplace_back(std::move(pattern)); }
  std::span<const IndexSet> Keep(IndexBox box) { return boxes.emplace_back(std::move(box)); }
};

// The special characters of regular expressions, except the dot.
constexpr std::array<bool, 256> kRegexText = [] {
  std::array<bool, 256> table{};
  for (char c : std::string_view("^$\\()[]{}*+?|")) table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool HasRegexText(std::string_view key) {
  return std::any_of(key.begin(), key.end(),
                     [](char c) { return kRegexText[static_cast<unsigned char>(c)]; });
}

class Converter {
 public:
  Converter(const Pass& pass, const Plan& plan, const PassOrder& order, const Engine& engine,
            const KeySet& model)
      : pass_(pass), plan_(plan), order_(order), engine_(engine), model_(model) {
    for (const PassTransform& t : order.transforms) {
      if (!t.transform->is_converter()) continue;
      // Of two converters with the same source text, the later one collects.
      for (const std::string& source : t.transform->sources) by_source_[source] = t;
    }
    storage_->boxes_of_pass = pass.boxes;
  }

  Conversion Run() && {
    GroupArrivals();
    tensors_.reserve(groups_.size());
    for (const ArrivalGroup& group : groups_) {
      if (group.alone != kNoTrace) {
        CarryUnchanged(group.alone);
      } else {
        CollectUnder(group.pattern, group.arrivals);
      }
      if (out_.error) return std::move(out_);
    }
    if (pass_.direction == Direction::kSave && !engine_.collects_under_final_name())
      RenameProducts();
    EmitTensors();
    return std::move(out_);
  }

 private:
  bool saving() const { return pass_.direction == Direction::kSave; }

  // --- step 1: which keys are collected under which ---------------------------------------------

  // All arrivals at the keys of one pattern.
  struct ArrivalGroup {
    std::string pattern;
    std::vector<Arrival> arrivals;
    uint32_t alone = kNoTrace;  // or just this trace, which keeps its own name
  };

  // In the order of the first arrival. Most keys keep their names, and nothing else reaches them:
  // they need no group.
  void GroupArrivals() {
    std::unordered_set<std::string_view> disturbed;  // patterns that other keys reach
    std::vector<std::pair<uint32_t, Name>> moved;
    for (uint32_t t = 0; t < pass_.traces.size(); ++t) {
      const Trace& trace = pass_.traces[t];
      if (!saving() && !trace.in_model) continue;
      if (trace.claim >= 0 || trace.changed()) moved.emplace_back(t, CollectedUnder(trace));
    }
    for (const auto& [t, name] : moved) disturbed.insert(name.pattern);
    auto next_moved = moved.begin();
    std::unordered_map<std::string_view, size_t> index;
    groups_.reserve(pass_.traces.size());
    for (uint32_t t = 0; t < pass_.traces.size(); ++t) {
      const Trace& trace = pass_.traces[t];
      if (!saving() && !trace.in_model) continue;
      bool moves = next_moved != moved.end() && next_moved->first == t;
      std::string_view pattern = moves ? std::string_view(next_moved->second.pattern)
                                       : pass_.families[trace.family].pattern;
      auto met = moves ? disturbed.begin() : disturbed.find(pattern);
      if (met == disturbed.end()) {
        groups_.emplace_back().alone = t;
        continue;
      }
      if (!moves) pattern = *met;  // a text with a stable address
      auto [group, is_new] = index.try_emplace(pattern, groups_.size());
      if (is_new) groups_.emplace_back().pattern = pattern;
      groups_[group->second].arrivals.push_back(
          {t, moves ? next_moved->second : pass_.NameOf(trace)});
      if (moves) ++next_moved;
    }
  }

  Name CollectedUnder(const Trace& trace) const {
    if (trace.claim < 0 || !saving() || engine_.collects_under_final_name()) {
      return pass_.NameOf(trace);
    }
    // The older engines collect under the key as the converter left it
    // (docs/semantics.md#save-order).
    std::optional<Name> name = NameAt(trace, trace.steps[static_cast<size_t>(trace.claim)].after);
    return name ? *std::move(name) : pass_.NameOf(trace);
  }

  // --- step 2: what happens at each key
  // ------------------------------------------------------------

  void CollectUnder(const std::string& pattern, const std::vector<Arrival>& arrivals) {
    if (arrivals.size() == 1) {
      const Trace& trace = pass_.traces[arrivals[0].trace];
      if (trace.claim < 0 && arrivals[0].name.Injective(trace.members)) {
        CarryPlain(arrivals[0], arrivals[0].name.Numbers(trace.members));
        return;
      }
    }
    std::vector<IndexBox> boxes;
    boxes.reserve(arrivals.size());
    for (const Arrival& a : arrivals) boxes.push_back(NumbersOf(a));
    for (OverlayCell& cell : Overlay(boxes)) {
      std::vector<const Arrival*> here;
      for (uint32_t i : cell.covering) here.push_back(&arrivals[i]);
      CollectCell(pattern, std::move(cell.box), std::move(here));
      if (out_.error) return;
    }
  }

  IndexBox NumbersOf(const Arrival& a) const {
    return a.name.Numbers(pass_.traces[a.trace].members);
  }

  // Everything that arrives at the keys of one box. The first arrival in natural order decides
  // whether the key is carried or converted, and by which converter; if that could differ within
  // the box, its keys are processed one by one.
  void CollectCell(const std::string& pattern, IndexBox box, std::vector<const Arrival*> here) {
    bool claimed = false;
    bool unclaimed = false;
    const Transform* converter = nullptr;
    bool one_converter = true;
    for (const Arrival* a : here) {
      const Trace& trace = pass_.traces[a->trace];
      if (trace.claim < 0) {
        unclaimed = true;
        continue;
      }
      claimed = true;
      const Transform* c = ConverterOf(trace).transform;
      one_converter &= converter == nullptr || converter == c;
      converter = c;
    }
    // If the order of single keys may matter, process single keys.
    bool order_decides = (claimed && unclaimed) || !one_converter ||
                         (unclaimed && here.size() > 1) ||
                         (claimed && LooksAtModelShapes(*converter) && !ShapesAgree(pattern, box));
    if (order_decides && BoxSize(box) > 1) {
      for (IndexBox& member : CutIntoMembers(box)) CollectCell(pattern, std::move(member), here);
      return;
    }
    std::stable_sort(here.begin(), here.end(), [&](const Arrival* a, const Arrival* b) {
      return KeyLess(FirstKey(*a, box), FirstKey(*b, box), engine_);
    });
    if (pass_.traces[here[0]->trace].claim < 0) {
      CarryFirst(pattern, std::move(box), here);
    } else {
      RunConverter(pattern, std::move(box), here);
    }
  }

  const PassTransform& ConverterOf(const Trace& trace) const {
    const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
    for (const PassTransform& t : order_.transforms) {
      if (t.index != step.transform) continue;
      return by_source_.at(t.transform->sources[step.source]);
    }
    return order_.transforms.front();  // unreachable: a claim's transform is in the order
  }

  static bool LooksAtModelShapes(const Transform& converter) {
    return std::ranges::any_of(converter.operations, [](const Operation& op) {
      return op.check_dims || op.kind == OperationKind::kSplit;
    });
  }

  // All keys of the box have the same shape in the model, or none is in it.
  bool ShapesAgree(const std::string& pattern, const IndexBox& box) const {
    for (uint32_t f : model_.FamiliesOf(pattern)) {
      std::span<const IndexSet> held = model_.families()[f].numbers;
      if (BoxContains(held, box)) return true;
      if (BoxesIntersect(held, box)) return false;
    }
    return true;
  }

  // The first key, in natural order, that an arrival brings to the smallest key of a box.
  std::string FirstKey(const Arrival& a, const IndexBox& box) const {
    const Trace& trace = pass_.traces[a.trace];
    std::vector<uint32_t> member = SmallestMember(trace.members);
    for (size_t i = 0; i < a.name.parts.size(); ++i) {
      uint32_t n = a.name.parts[i].number;
      if (n != NamePart::kConstant) member[n] = box[i].min();
    }
    return JoinNumbers(pass_.families[trace.family].pattern, member);
  }

  // How many keys of an arrival reach each key of a box.
  uint64_t CountPerKey(const Arrival& a) const {
    const Trace& trace = pass_.traces[a.trace];
    uint64_t count = 1;
    for (uint32_t n = 0; n < trace.members.size(); ++n) {
      bool kept = std::any_of(a.name.parts.begin(), a.name.parts.end(),
                              [n](const NamePart& part) { return part.number == n; });
      if (!kept) count *= trace.members[n].size();
    }
    return count;
  }

  // --- step 3: plain renamings
  // ---------------------------------------------------------------------

  void CarryFirst(const std::string& pattern, IndexBox box,
                  const std::vector<const Arrival*>& here) {
    bool collide = CountPerKey(*here[0]) > 1;
    for (const Arrival* a : here) collide |= a != here[0] && pass_.traces[a->trace].claim < 0;
    if (collide) {
      Overwrite overwrite{pattern, box, {}};
      for (const Arrival* a : here) {
        if (pass_.traces[a->trace].claim < 0) overwrite.traces.push_back(a->trace);
      }
      out_.overwrites.push_back(std::move(overwrite));
    }
    CarryPlain(*here[0], std::move(box));
  }

  // One unclaimed family to its new names. The new name goes through target processing once more,
  // inside a renaming whose source is the key itself.
  void CarryPlain(const Arrival& a, IndexBox box) {
    const LayoutFamily& family = pass_.families[pass_.traces[a.trace].family];
    if (HasRegexText(a.name.pattern) || HasRegexText(family.pattern)) {
      for (IndexBox& member : CutIntoMembers(box)) {
        CarryProcessed(a, member);
        if (out_.error) return;
      }
      return;
    }
    Add(a.trace, storage_->Keep(a.name.pattern), storage_->Keep(std::move(box)));
  }

  // A family under its own name, which nothing else reaches.
  void CarryUnchanged(uint32_t t) {
    const Trace& trace = pass_.traces[t];
    const LayoutFamily& family = pass_.families[trace.family];
    if (HasRegexText(family.pattern)) {
      CarryPlain({t, pass_.NameOf(trace)}, IndexBox(trace.members.begin(), trace.members.end()));
    } else {
      Add(t, family.pattern, trace.members);
    }
  }

  void CarryProcessed(const Arrival& a, const IndexBox& box) {
    std::string key = FirstKey(a, box);
    TransformSpec spec;
    spec.sources = {key};
    spec.targets = {JoinNumbers(a.name.pattern, SmallestMember(box))};
    auto renaming = Transform::Construct(spec, engine_);
    if (auto* error = std::get_if<EngineError>(&renaming)) {
      out_.error = *error;
    } else if (const auto& t = std::get<Transform>(renaming); t.sources[0] != key) {
      // The anchor of the new name moved to the source, under which nothing was collected.
      out_.error = {EngineError::Kind::kKeyError, "'" + t.sources[0] + "'", t.sources[0], -1};
    } else {
      SplitKey split = SplitNumbers(t.targets[0]);
      IndexBox numbers;
      for (uint32_t value : split.numbers) numbers.emplace_back(value, value);
      Add(a.trace, storage_->Keep(std::move(split.pattern)), storage_->Keep(std::move(numbers)));
      tensors_.back().first_key = key;
      return;
    }
    out_.error_key = key;
  }

  // --- step 4: converters
  // ----------------------------------------------------------------------------

  // Runs the operations once for all buckets of a box: they differ only in their numbers, and
  // operations do not look at those.
  void RunConverter(const std::string& pattern, IndexBox box,
                    const std::vector<const Arrival*>& here) {
    const PassTransform& run = ConverterOf(pass_.traces[here[0]->trace]);
    Production production;
    production.transform = run.index;
    production.converter = run.transform;
    production.pattern = pattern;
    production.numbers = box;

    std::vector<NamedTensors> collected;
    for (const Arrival* a : here) {
      const Trace& trace = pass_.traces[a->trace];
      const LayoutFamily& family = pass_.families[trace.family];
      std::string source = trace.claim < 0 ? FirstKey(*a, box) : ClaimedSource(trace);
      uint64_t count = CountPerKey(*a);
      production.inputs.push_back({a->trace, source, count});
      auto list = std::find_if(collected.begin(), collected.end(),
                               [&](const NamedTensors& t) { return t.name == source; });
      if (list == collected.end()) {
        collected.push_back({std::move(source), {}, false, 0, 0});
        list = std::prev(collected.end());
      }
      list->runs.push_back({Shape(family.shape.begin(), family.shape.end()), count});
    }

    std::vector<uint32_t> smallest = SmallestMember(box);
    std::string layer_name = JoinNumbers(pattern, smallest);
    Shape shape_of_model;
    ModelFacts model;
    model.config = plan_.config;
    model.shape = [&](std::string_view key) -> const Shape* {
      const LayoutFamily* family = model_.Find(key);
      if (family == nullptr) return nullptr;
      shape_of_model.assign(family->shape.begin(), family->shape.end());
      return &shape_of_model;
    };
    auto result = RunOperations(*run.transform, engine_, std::move(collected), layer_name, model);
    if (auto* error = std::get_if<EngineError>(&result)) {
      production.error = *error;
      production.error_key = layer_name;
      if (saving()) {
        out_.error = *error;
        out_.error_key = layer_name;
        out_.error_transform = run.index;
      }
    } else {
      std::string_view dtype = pass_.families[pass_.traces[here[0]->trace].family].dtype;
      NameProducts(std::get<std::vector<NamedTensors>>(result), here[0], dtype, &production);
    }
    out_.productions.push_back(std::move(production));
  }

  std::string ClaimedSource(const Trace& trace) const {
    const TraceStep& step = trace.steps[static_cast<size_t>(trace.claim)];
    for (const PassTransform& t : order_.transforms) {
      if (t.index == step.transform) return t.transform->sources[step.source];
    }
    return {};
  }

  // Splices the produced names into the key collected under (docs/semantics.md#produced-names).
  void NameProducts(const std::vector<NamedTensors>& products, const Arrival* first_arrival,
                    std::string_view dtype, Production* production) {
    std::vector<uint32_t> smallest = SmallestMember(production->numbers);
    // A single bucket is processed literally: nothing can depend on other numbers.
    SymbolicKey full = BoxSize(production->numbers) == 1
                           ? SymbolicKey::Concrete(JoinNumbers(production->pattern, smallest))
                           : SymbolicKey::Of(production->pattern, smallest);
    const bool any = engine_.wildcard == EngineRules::Wildcard::kStarDot;
    const std::string_view wildcard = any ? "*." : ".*.";
    const std::string_view index = any ? "0." : ".0.";
    for (size_t at = 0; (at = full.text.find(wildcard, at)) != std::string::npos;) {
      full.Replace(at, wildcard.size(), SymbolicKey::Concrete(index));
      at += wildcard.size();
    }
    size_t prefix = 0;
    size_t suffix = full.text.size();
    bool found = false;
    bool known = true;
    auto try_name = [&](std::string_view name) {
      SymbolicKey text = full;
      text.Append(name);
      Occurrence first = FirstOccurrence(text, 0, full.text.size(), text.text.size());
      known &= first.known;
      if (first.at + name.size() > full.text.size()) return false;
      prefix = first.at;
      suffix = first.at + name.size();
      return true;
    };
    for (const NamedTensors& product : products) {
      uint64_t count = product.indexed ? product.count : 1;
      for (uint64_t i = 0; i < count && !found; ++i) {
        found = try_name(NameOfProduct(product, i));
      }
    }
    if (!known) {
      // The result depends on the numbers where the names are inserted: one bucket at a time.
      IndexBox all = production->numbers;
      for (IndexBox& member : CutIntoMembers(all)) {
        production->numbers = std::move(member);
        NameProducts(products, first_arrival, dtype, production);
      }
      production->numbers = std::move(all);
      return;
    }
    production->bare_names |= !found;
    for (const NamedTensors& product : products) {
      AddProduct(product, full, found, prefix, suffix, first_arrival, dtype, production);
    }
  }

  static std::string NameOfProduct(const NamedTensors& product, uint64_t i) {
    if (!product.indexed) return product.name;
    std::string out;
    for (char c : product.name) {
      if (c == '*') {
        out += std::to_string(product.first + i);
      } else {
        out += c;
      }
    }
    return out;
  }

  // Adds a product's names: a family over the bucket's numbers, and over the index in place of `*`.
  void AddProduct(const NamedTensors& product, const SymbolicKey& full, bool found, size_t prefix,
                  size_t suffix, const Arrival* first_arrival, std::string_view dtype,
                  Production* production) {
    IndexBox members = production->numbers;
    auto index_tag = static_cast<char>(members.size() + 1);
    std::vector<uint32_t> smallest = SmallestMember(members);
    SymbolicKey name;
    if (found) name.Append(full, 0, prefix);
    if (product.indexed) {
      std::string digits = std::to_string(product.first);
      for (char c : product.name) {
        if (c == '*') {
          name.text += digits;
          name.tags.append(digits.size(), index_tag);
        } else {
          name.Append(std::string_view(&c, 1));
        }
      }
      members.emplace_back(static_cast<uint32_t>(product.first),
                           static_cast<uint32_t>(product.first + product.count - 1));
      smallest.push_back(static_cast<uint32_t>(product.first));
    } else {
      name.Append(product.name);
    }
    if (found) name.Append(full, suffix, full.text.size());

    Name result;
    const Shape& shape = product.runs.front().shape;
    if (ToName(name, smallest, &result) && result.IsProduct()) {
      IndexBox numbers = result.Numbers(members);
      AddOutput(std::move(result), std::move(numbers), production->numbers, shape, first_arrival,
                dtype, production);
      return;
    }
    // A number is glued to other text, or occurs twice: name by name.
    ForEachMember(members, [&](std::span<const uint32_t> member) {
      SplitKey split = SplitNumbers(WithNumbers(name, smallest, member));
      IndexBox numbers;
      Name one{std::move(split.pattern), {}};
      for (uint32_t value : split.numbers) {
        numbers.emplace_back(value, value);
        one.parts.push_back({NamePart::kConstant, value});
      }
      IndexBox bucket;
      for (size_t i = 0; i < production->numbers.size(); ++i) {
        bucket.emplace_back(member[i], member[i]);
      }
      AddOutput(std::move(one), std::move(numbers), bucket, shape, first_arrival, dtype,
                production);
    });
  }

  // The text of another member: each complete tagged number is replaced by the member's.
  static std::string WithNumbers(const SymbolicKey& key, std::span<const uint32_t> from,
                                 std::span<const uint32_t> to) {
    std::string out;
    for (size_t i = 0; i < key.text.size();) {
      if (!key.tagged(i)) {
        out += key.text[i++];
        continue;
      }
      auto n = static_cast<size_t>(static_cast<unsigned char>(key.tags[i]) - 1);
      out += std::to_string(to[n]);
      i += std::to_string(from[n]).size();
    }
    return out;
  }

  void AddOutput(Name name, IndexBox numbers, IndexBox buckets, const Shape& shape,
                 const Arrival* first_arrival, std::string_view dtype, Production* production) {
    production->outputs.push_back({name.pattern, numbers, shape});
    LayoutFamily family{storage_->Keep(std::move(name.pattern)), storage_->Keep(std::move(numbers)),
                        storage_->shapes.emplace_back(shape), dtype};
    product_tensors_.push_back({family,
                                kNoTrace,
                                {},
                                out_.productions.size(),
                                first_arrival,
                                storage_->Keep(std::move(buckets)),
                                std::move(name.parts)});
  }

  // --- step 5: what comes out
  // --------------------------------------------------------------------------

  // Some keys of a trace, under a new name.
  void Add(uint32_t trace, std::string_view pattern, std::span<const IndexSet> numbers) {
    const LayoutFamily& family = pass_.families[pass_.traces[trace].family];
    tensors_.push_back({{pattern, numbers, family.shape, family.dtype}, trace, {}});
  }

  // In the older engines each produced name goes through the reversed renamings
  // (docs/semantics.md#save-order).
  void RenameProducts() {
    std::vector<LayoutFamily> families;
    families.reserve(product_tensors_.size());
    for (const Tensor& t : product_tensors_) families.push_back(t.family);
    Pass renamed = RunRenamings(plan_, order_, engine_, pass_, families);
    if (renamed.error) {
      out_.error = renamed.error;
      out_.error_key = renamed.error_key;
      out_.error_transform = renamed.error_transform;
      return;
    }
    for (Production& p : out_.productions) p.outputs.clear();
    std::vector<Tensor> after;
    for (const Trace& trace : renamed.traces) {
      const Tensor& t = product_tensors_[trace.family];
      Name name = renamed.NameOf(trace);
      IndexBox numbers = name.Numbers(trace.members);
      out_.productions[t.production].outputs.push_back(
          {name.pattern, numbers, Shape(t.family.shape.begin(), t.family.shape.end())});
      LayoutFamily family{storage_->Keep(std::move(name.pattern)),
                          storage_->Keep(std::move(numbers)), t.family.shape, t.family.dtype};
      // Its numbers are those of the name before, which are those of the key collected under.
      std::vector<NamePart> parts = std::move(name.parts);
      for (NamePart& part : parts) {
        if (part.number != NamePart::kConstant) part = t.parts[part.number];
      }
      after.push_back({family, kNoTrace, {}, t.production, t.first, t.buckets, std::move(parts)});
    }
    product_tensors_ = std::move(after);
  }

  void EmitTensors() {
    if (out_.error) return;
    out_.storage = storage_;
    std::vector<LayoutFamily>& out = out_.tensors;
    out.reserve(tensors_.size() + product_tensors_.size());
    if (product_tensors_.empty()) {
      // Collisions of plain renamings have been resolved during collection.
      bool collected_apart = std::none_of(tensors_.begin(), tensors_.end(),
                                          [](const Tensor& t) { return !t.first_key.empty(); });
      if (collected_apart) {
        for (const Tensor& tensor : tensors_) out.push_back(tensor.family);
        return;
      }
    }
    std::move(product_tensors_.begin(), product_tensors_.end(), std::back_inserter(tensors_));
    std::unordered_map<std::string_view, std::vector<uint32_t>> by_pattern;
    by_pattern.reserve(tensors_.size());
    for (uint32_t i = 0; i < tensors_.size(); ++i) {
      by_pattern[tensors_[i].family.pattern].push_back(i);
    }
    for (uint32_t i = 0; i < tensors_.size(); ++i) {
      const std::vector<uint32_t>& same = by_pattern[tensors_[i].family.pattern];
      if (same.front() != i) continue;
      if (same.size() == 1) {
        out.push_back(tensors_[i].family);
        continue;
      }
      std::vector<IndexBox> boxes;
      for (uint32_t t : same) {
        std::span<const IndexSet> numbers = tensors_[t].family.numbers;
        boxes.emplace_back(numbers.begin(), numbers.end());
      }
      for (OverlayCell& cell : Overlay(boxes)) {
        EmitCell(same, std::move(cell), &out);
      }
    }
  }

  // Names that the tensors `same[c]` for c in cell.covering have. A name that is written twice
  // keeps what was written last.
  void EmitCell(const std::vector<uint32_t>& same, OverlayCell cell,
                std::vector<LayoutFamily>* out) {
    const LayoutFamily& first = tensors_[same[cell.covering[0]]].family;
    const bool alike = std::ranges::all_of(cell.covering, [&](uint32_t c) {
      const LayoutFamily& other = tensors_[same[c]].family;
      return std::ranges::equal(other.shape, first.shape) && other.dtype == first.dtype;
    });
    if (!alike && BoxSize(cell.box) > 1) {
      for (IndexBox& member : CutIntoMembers(cell.box)) {
        EmitCell(same, {std::move(member), cell.covering}, out);
      }
      return;
    }
    uint32_t last = same[cell.covering[0]];
    if (!alike) {
      const std::vector<uint32_t> member = SmallestMember(cell.box);
      std::string last_key;
      for (uint32_t c : cell.covering) {
        std::string key = LastKeyOf(tensors_[same[c]], member);
        if (c != cell.covering[0] && KeyLess(key, last_key, engine_)) continue;
        last = same[c];
        last_key = std::move(key);
      }
    }
    LayoutFamily family = tensors_[last].family;
    family.numbers = storage_->Keep(std::move(cell.box));
    out->push_back(family);
  }

  // Of the keys collected under that give a tensor this name, the last one; and of what was
  // collected under that, the first key, at which it has its turn.
  std::string LastKeyOf(const Tensor& tensor, std::span<const uint32_t> name) const {
    if (!tensor.first_key.empty()) return tensor.first_key;
    if (tensor.first == nullptr) {
      // A family under its own name, or renamed number by number.
      const Trace& trace = pass_.traces[tensor.trace];
      std::vector<uint32_t> member = SmallestMember(trace.members);
      for (size_t i = 0; i < name.size(); ++i) {
        if (!trace.changed()) {
          member[i] = name[i];
        } else if (trace.renamed->parts[i].number != NamePart::kConstant) {
          member[trace.renamed->parts[i].number] = name[i];
        }
      }
      return JoinNumbers(pass_.families[trace.family].pattern, member);
    }
    IndexBox bucket;
    for (const IndexSet& set : tensor.buckets) bucket.emplace_back(set.max(), set.max());
    for (size_t i = 0; i < name.size(); ++i) {
      const uint32_t number = tensor.parts[i].number;
      if (number < bucket.size()) bucket[number] = IndexSet(name[i], name[i]);
    }
    return FirstKey(*tensor.first, bucket);
  }

  const Pass& pass_;
  const Plan& plan_;
  const PassOrder& order_;
  const Engine& engine_;
  const KeySet& model_;
  std::unordered_map<std::string_view, PassTransform> by_source_;
  std::vector<ArrivalGroup> groups_;
  std::vector<Tensor> tensors_;
  std::vector<Tensor> product_tensors_;
  std::shared_ptr<Storage> storage_ = std::make_shared<Storage>();
  Conversion out_;
};

}  // namespace

Conversion Convert(const Pass& pass, const Plan& plan, const PassOrder& order, const Engine& engine,
                   const KeySet& model) {
  return Converter(pass, plan, order, engine, model).Run();
}

}  // namespace wcheck
