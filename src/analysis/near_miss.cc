#include "analysis/near_miss.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include <llvm/ADT/StringRef.h>

#include "analysis/subject.h"
#include "families/boxes.h"

namespace wcheck {
namespace {

// Names longer than this are compared no further.
constexpr size_t kMaxParts = 32;
constexpr size_t kMaxPartBytes = 64;

// A part of a name: a word, a number, or what may be either (a reference to a group).
struct NamePartText {
  enum class Kind : uint8_t { kWord, kNumber, kAny };
  Kind kind = Kind::kWord;
  std::string_view word;
};

// The name that a pattern stands for.
struct WrittenName {
  std::vector<NamePartText> parts;
  bool from_start = false;  // begins at the beginning of a key
  bool dot_before = false;  // the first part is whole
  bool dot_behind = false;  // the last part is whole
};

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// A part that stands for a number, at the start of `rest`; its length, or 0.
size_t NumberLength(std::string_view rest) {
  for (const std::string_view written :
       {R"((\d+))", R"([0-9]+)", R"(([0-9]+))", R"(\d+)", R"(\d)", "*"}) {
    if (rest.starts_with(written)) return written.size();
  }
  return 0;
}

std::optional<WrittenName> NameIn(std::string_view pattern) {
  WrittenName name;
  if (pattern.starts_with('^')) {
    name.from_start = true;
    pattern.remove_prefix(1);
  }
  if (pattern.ends_with('$')) {
    name.dot_behind = true;
    pattern.remove_suffix(1);
  }
  const auto dot = [&]() -> size_t {
    return pattern.starts_with("\\.") ? 2 : (pattern.starts_with('.') ? 1 : 0);
  };
  if (const size_t length = dot()) {
    name.dot_before = true;
    pattern.remove_prefix(length);
  }
  while (!pattern.empty()) {
    size_t length = 0;
    while (length < pattern.size() && IsWordCharacter(pattern[length])) ++length;
    NamePartText part{NamePartText::Kind::kWord, pattern.substr(0, length)};
    if (length != 0 &&
        std::ranges::all_of(part.word, [](char c) { return c >= '0' && c <= '9'; })) {
      part.kind = NamePartText::Kind::kNumber;
    } else if (length == 0 && pattern.size() > 1 && pattern[0] == '\\' && pattern[1] >= '1' &&
               pattern[1] <= '9') {
      part.kind = NamePartText::Kind::kAny;
      length = 2;
    } else if (length == 0) {
      part.kind = NamePartText::Kind::kNumber;
      length = NumberLength(pattern);
    }
    if (length == 0 || length > kMaxPartBytes || name.parts.size() == kMaxParts) {
      return std::nullopt;
    }
    name.parts.push_back(part);
    pattern.remove_prefix(length);
    if (pattern.empty()) return name;
    const size_t separator = dot();
    if (separator == 0) return std::nullopt;
    pattern.remove_prefix(separator);
    if (pattern.empty()) name.dot_behind = true;
  }
  return name.parts.empty() ? std::nullopt : std::optional(name);
}

std::vector<std::string_view> PartsOf(std::string_view pattern) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = pattern.find('.');
    parts.push_back(pattern.substr(0, end));
    if (end == std::string_view::npos) return parts;
    pattern.remove_prefix(end + 1);
  }
}

bool IsNumberPart(std::string_view part) { return part.size() == 1 && part.front() == kHole; }

constexpr size_t kFar = SIZE_MAX;
// What a missing or additional part counts, against one letter of a part.
constexpr size_t kPartCost = 3;

// How far a part of a key is from what is written: a third of a word may differ.
size_t PartDistance(const NamePartText& written, std::string_view part) {
  switch (written.kind) {
    case NamePartText::Kind::kAny:
      return 0;
    case NamePartText::Kind::kNumber:
      return IsNumberPart(part) ? 0 : kFar;
    case NamePartText::Kind::kWord:
      break;
  }
  if (IsNumberPart(part)) return kFar;
  if (written.word == part) return 0;
  const size_t shorter = std::min(written.word.size(), part.size());
  const size_t longer = std::max(written.word.size(), part.size());
  const size_t limit = std::min<size_t>(longer / 3, 3);
  if (longer - shorter > limit || limit == 0 || part.size() > kMaxPartBytes) return kFar;
  const size_t distance = llvm::StringRef(written.word)
                              .edit_distance(llvm::StringRef(part), /*AllowReplacements=*/true,
                                             static_cast<unsigned>(limit));
  return distance > limit ? kFar : distance;
}

class NearestSearch {
 public:
  NearestSearch(const WrittenName& name, std::span<const std::string_view> words)
      : name_(name), words_(words), distances_(name.parts.size() * words.size(), kUnknown) {}

  // One name, by the indices of its parts in the words.
  void Look(std::span<const uint32_t> parts, uint64_t keys) {
    const size_t written = name_.parts.size();
    const size_t last = name_.from_start ? 0 : parts.size() - 1;
    for (size_t begin = 0; begin <= last; ++begin) {
      // As many parts as are written, one fewer, or one more.
      for (size_t count = std::max<size_t>(written, 2) - 1; count <= written + 1; ++count) {
        if (begin + count > parts.size()) break;
        const std::span<const uint32_t> window = parts.subspan(begin, count);
        const size_t cost = Distance(window);
        if (cost == kFar || cost > best_) continue;
        if (cost < best_) found_.clear();
        best_ = cost;
        found_[NameOf(window)] += keys;
      }
    }
  }

  // If one name is nearer than all others, and is not what is written.
  std::optional<NearMiss> Nearest() const {
    if (best_ == 0 || found_.size() != 1) return std::nullopt;
    return NearMiss{found_.begin()->first, found_.begin()->second};
  }

 private:
  // PartDistance of a written part and a word, computed once.
  size_t PartFrom(size_t written, uint32_t word) {
    uint8_t& known = distances_[written * words_.size() + word];
    if (known == kUnknown) {
      const size_t distance = PartDistance(name_.parts[written], words_[word]);
      known = distance == kFar ? kFarByte : static_cast<uint8_t>(distance);
    }
    return known == kFarByte ? kFar : known;
  }

  size_t Distance(std::span<const uint32_t> window) {
    const size_t written = name_.parts.size();
    if (window.size() == written) {
      size_t cost = 0;
      size_t different = 0;
      for (size_t i = 0; i < window.size(); ++i) {
        const size_t part = PartFrom(i, window[i]);
        if (part == kFar) return kFar;
        cost += part;
        different += part != 0 ? 1 : 0;
      }
      // One part of a few, or two of many.
      return different > std::max<size_t>(1, written / 3) ? kFar : cost;
    }
    // The same parts but for one, and enough of them to tell.
    const bool more = window.size() > written;
    const size_t longer = std::max(window.size(), written);
    if (longer < 3 || Words() < 2) return kFar;
    // At the ends of a name that may stand anywhere, a part more or less is no difference.
    const size_t ends = name_.from_start ? 0 : 1;
    if (ends == 1 && PartFrom(0, window.front()) != 0) return kFar;
    for (size_t skipped = ends; skipped + 1 < longer; ++skipped) {
      bool same = true;
      for (size_t i = 0; i + 1 < longer && same; ++i) {
        const size_t behind = i < skipped ? i : i + 1;
        same = PartFrom(more ? i : behind, window[more ? behind : i]) == 0;
      }
      if (same) return kPartCost;
    }
    return kFar;
  }

  size_t Words() const {
    return static_cast<size_t>(std::ranges::count_if(name_.parts, [](const NamePartText& part) {
      return part.kind == NamePartText::Kind::kWord;
    }));
  }

  std::string NameOf(std::span<const uint32_t> window) const {
    std::string text = name_.dot_before ? "." : "";
    for (size_t i = 0; i < window.size(); ++i) {
      if (i != 0) text += '.';
      text += IsNumberPart(words_[window[i]]) ? "*" : std::string(words_[window[i]]);
    }
    return text;
  }

  static constexpr uint8_t kUnknown = UINT8_MAX;
  static constexpr uint8_t kFarByte = UINT8_MAX - 1;

  const WrittenName& name_;
  const std::span<const std::string_view> words_;
  std::vector<uint8_t> distances_;  // of each written part to each word
  size_t best_ = 2 * kPartCost;
  std::map<std::string, uint64_t> found_;  // the nearest so far, and how many keys have them
};

// The difference of two names, if the parts that differ stand together and the last part is the
// same.
std::optional<PathDifference> Difference(std::string_view wanted, std::string_view have) {
  const std::vector<std::string_view> a = PartsOf(have);
  const std::vector<std::string_view> b = PartsOf(wanted);
  size_t front = 0;
  while (front < a.size() && front < b.size() && a[front] == b[front]) ++front;
  size_t back = 0;
  while (back < a.size() - front && back < b.size() - front &&
         a[a.size() - 1 - back] == b[b.size() - 1 - back]) {
    ++back;
  }
  if (back == 0 || (front == a.size() && front == b.size())) return std::nullopt;
  const auto joined =
      [&](const std::vector<std::string_view>& parts) -> std::optional<std::string> {
    std::string text;
    for (size_t i = front; i < parts.size() - back; ++i) {
      if (IsNumberPart(parts[i])) return std::nullopt;
      text += (text.empty() ? "" : ".") + std::string(parts[i]);
    }
    return text;
  };
  const std::optional<std::string> from = joined(a);
  const std::optional<std::string> to = joined(b);
  if (!from || !to) return std::nullopt;
  return PathDifference{*from, *to, front == 0};
}

// Only names with the same last part are compared.
std::string_view EndOf(std::string_view pattern) {
  return pattern.substr(pattern.rfind('.') + 1);  // npos + 1 is 0
}

// So many names of one end are compared, at most; real models have some hundreds.
constexpr size_t kMaxOfOneEnd = 500;

}  // namespace

NameTable::NameTable(std::span<const LayoutFamily> families) {
  std::unordered_map<std::string_view, uint32_t> index;
  for (const LayoutFamily& family : families) {
    const std::vector<std::string_view> parts = PartsOf(family.pattern);
    if (parts.size() > kMaxParts) continue;
    entries_.push_back({static_cast<uint32_t>(parts_.size()), static_cast<uint32_t>(parts.size()),
                        family.size()});
    for (const std::string_view part : parts) {
      const auto [known, added] = index.emplace(part, static_cast<uint32_t>(words_.size()));
      if (added) words_.push_back(part);
      parts_.push_back(known->second);
    }
  }
}

std::optional<NearMiss> NameTable::Nearest(std::string_view pattern) const {
  const std::optional<WrittenName> name = NameIn(pattern);
  if (!name) return std::nullopt;
  NearestSearch search(*name, words_);
  for (const Entry& entry : entries_) {
    search.Look(std::span(parts_).subspan(entry.begin, entry.count), entry.keys);
  }
  return search.Nearest();
}

std::optional<NearMiss> NearestName(std::string_view pattern,
                                    std::span<const LayoutFamily> families) {
  return NameTable(families).Nearest(pattern);
}

std::optional<SharedDifference> NearestPaths(std::span<const NamedFamily> wanted,
                                             std::span<const NamedFamily> have) {
  std::unordered_map<std::string_view, std::vector<const NamedFamily*>> by_end;
  for (const NamedFamily& family : have) {
    std::vector<const NamedFamily*>& same = by_end[EndOf(family.pattern)];
    if (same.size() < kMaxOfOneEnd) same.push_back(&family);
  }
  std::map<PathDifference, uint64_t> keys;
  for (const NamedFamily& family : wanted) {
    const auto same = by_end.find(EndOf(family.pattern));
    if (same == by_end.end()) continue;
    std::map<PathDifference, uint64_t> here;  // the same keys count once
    for (const NamedFamily* other : same->second) {
      if (other->numbers.size() != family.numbers.size() ||
          !BoxesIntersect(other->numbers, family.numbers)) {
        continue;
      }
      const std::optional<PathDifference> difference = Difference(family.pattern, other->pattern);
      if (!difference) continue;
      uint64_t& count = here[*difference];
      count = std::max(count, BoxSize(IntersectBoxes(other->numbers, family.numbers)));
    }
    for (const auto& [difference, count] : here) keys[difference] += count;
  }
  std::optional<SharedDifference> best;
  for (const auto& [difference, count] : keys) {
    if (!best || count > best->keys) best = SharedDifference{difference, count};
  }
  return best;
}

std::string HowToFill(const SharedDifference& shared) {
  const PathDifference& d = shared.difference;
  std::string how;
  if (d.to.empty()) {
    how = "taking `" + d.from + ".` " + (d.front ? "off the front of" : "out of");
  } else if (d.from.empty()) {
    how = "putting `" + d.to + ".` " + (d.front ? "in front of" : "into");
  } else {
    how = "writing `" + d.to + "` for `" + d.from + "` in";
  }
  return how + " their names would fill " + CountKeys(shared.keys) + " of the model";
}

std::string DidYouMean(const NearMiss& near) {
  return "did you mean `" + near.name + "` (" + std::to_string(near.keys) +
         (near.keys == 1 ? " key)?" : " keys)?");
}

}  // namespace wcheck
