// Builds json::Value from nlohmann's SAX events. nlohmann does not report where a token begins. A
// TrackingIterator records how far the lexer has read, which gives the end of each token; its start
// is the first byte after the separators that follow the token before.
#include <algorithm>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "support/file.h"
#include "support/json.h"
#include "support/json_syntax.h"
#include "support/limits.h"
#include "support/tracking_iterator.h"
#include "support/utf8.h"

namespace wcheck::json {
namespace {

// The handler of nlohmann's SAX interface that builds a Value.
class Builder {
 public:
  using number_integer_t = int64_t;
  using number_unsigned_t = uint64_t;
  using number_float_t = double;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  Builder(const SourceFile& file, uint32_t first_line)
      : file_(file),
        first_line_(first_line),
        begin_(file.text().data()),
        end_(begin_ + file.text().size()),
        reached_(begin_),
        done_(begin_) {
    if (file.text().starts_with("\xEF\xBB\xBF")) done_ += 3;  // a byte order mark is skipped
  }

  TrackingIterator first() { return {begin_, &reached_}; }
  TrackingIterator last() { return {end_, &reached_}; }
  Value& root() { return root_; }
  Error& error() { return error_; }
  // The end of the value and the white space after it: nlohmann takes a NUL byte for the end.
  size_t rest() const {
    const char* at = done_;
    while (at != end_ && IsBlank(*at)) ++at;
    return static_cast<size_t>(at - begin_);
  }
  Place At(size_t offset) const {
    const auto at = static_cast<uint32_t>(offset);
    return SourceRange{&file_, at, at}.place();
  }

  bool null() {
    Next(Value::Kind::kNull);
    return CheckCount();
  }
  bool boolean(bool value) {
    Next(Value::Kind::kBool).boolean = value;
    return CheckCount();
  }
  bool number_integer(int64_t value) {
    Next(Value::Kind::kInteger, EndOfNumber()).integer = value;
    return CheckCount();
  }
  bool number_unsigned(uint64_t value) {
    if (value <= static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) {
      return number_integer(static_cast<int64_t>(value));
    }
    return number_float(static_cast<double>(value), "");
  }
  bool number_float(double value, const std::string&) {
    Next(Value::Kind::kFloat, EndOfNumber()).number = value;
    return CheckCount();
  }
  bool string(std::string& value) {
    Next(Value::Kind::kString).string.assign(value);
    return CheckCount();
  }
  bool binary(binary_t&) { return false; }  // JSON text has none
  bool start_object(size_t) { return Open(Value::Kind::kObject); }
  bool start_array(size_t) { return Open(Value::Kind::kArray); }
  bool key(std::string& name) {
    const SourceRange where = TokenRange(reached_);
    auto& members = open_.back()->members;
    if (members.empty() && values_ < kManyValues) members.reserve(kUsualMembers);
    members.push_back({name, {}});
    members.back().value.name_where = where;
    return true;
  }
  bool end_object() { return CheckDuplicates(*open_.back()) && Close(); }
  bool end_array() { return Close(); }
  bool parse_error(size_t position, const std::string&,
                   const nlohmann::json::exception& exception) {
    std::string message = SyntaxMessage(exception.what());
    size_t offset = std::min(position == 0 ? 0 : position - 1, file_.text().size());
    // `position` is after the last byte that was read. For a token of several bytes the first one
    // is the better place, but in a string the bad byte itself has to be shown.
    if (message.find("unexpected '") == std::string::npos &&
        message.find("end of input;") == std::string::npos &&
        message.find("invalid string") == std::string::npos) {
      offset = static_cast<size_t>(SkipSeparators(done_, reached_) - begin_);
    }
    if (offset < file_.text().size() && file_.text()[offset] == '\0') {
      message = "not valid JSON: unexpected NUL byte";
    }
    error_ = {At(offset), std::move(message), ""};
    return false;
  }

 private:
  static constexpr size_t kUsualMembers = 4;  // per object; avoids growing in small steps
  static constexpr size_t kManyValues = 100'000;  // beyond which room is not given away

  bool CheckCount() {
    if (values_ <= kMaxJsonValues) return true;
    error_ = {At(static_cast<size_t>(done_ - begin_)),
              "more than " + std::to_string(kMaxJsonValues) + " values",
              "docs/limits.md lists the limits"};
    return false;
  }

  static bool IsBlank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  static const char* SkipSeparators(const char* at, const char* end) {
    while (at != end && (IsBlank(*at) || *at == ',' || *at == ':')) ++at;
    return at;
  }

  // From the first byte after the last token (and the separators) to `token_end`.
  SourceRange TokenRange(const char* token_end) {
    const char* at = SkipSeparators(done_, token_end);
    done_ = token_end;
    return {&file_, static_cast<uint32_t>(at - begin_), static_cast<uint32_t>(token_end - begin_)};
  }

  // The lexer has read one byte after the number, unless the text ends there.
  const char* EndOfNumber() const {
    const char last = reached_[-1];
    const bool of_number = (last >= '0' && last <= '9') || last == '.' || last == '-' ||
                           last == '+' || last == 'e' || last == 'E';
    return of_number ? reached_ : reached_ - 1;
  }

  Value& Next(Value::Kind kind) { return Next(kind, reached_); }
  Value& Next(Value::Kind kind, const char* token_end) {
    ++values_;
    Value* value = &root_;
    if (!open_.empty()) {
      Value* parent = open_.back();
      value = parent->is_array() ? &parent->items.emplace_back() : &parent->members.back().value;
    }
    value->kind = kind;
    value->where = TokenRange(token_end);
    return *value;
  }

  bool Open(Value::Kind kind) {
    // Only the innermost open value grows, so pointers to the outer ones stay valid.
    open_.push_back(&Next(kind));
    if (open_.size() <= kMaxDepth) return CheckCount();
    error_ = {open_.back()->where.place(),
              "nested more than " + std::to_string(kMaxDepth) + " deep", ""};
    return false;
  }

  bool Close() {
    open_.back()->where.end = static_cast<uint32_t>(reached_ - begin_);
    done_ = reached_;
    open_.pop_back();
    return true;
  }

  // Refuses duplicate names. Most objects have a few members, where comparing all pairs is fastest;
  // a layout's "keys" may have a million, which needs a hash table.
  bool CheckDuplicates(const Value& object) {
    const auto& members = object.members;
    // An open-addressing table of member indices + 1; objects with few members are compared
    // directly.
    constexpr size_t kFew = 8;
    size_t slots = 1;
    while (members.size() > kFew && slots < members.size() * 2) slots *= 2;
    table_.assign(slots, 0);
    for (size_t i = 0; i < members.size(); ++i) {
      size_t first = members.size();
      if (members.size() <= kFew) {
        for (first = 0; first < i && members[first].name != members[i].name;) ++first;
        if (first == i) continue;
      } else {
        size_t slot = std::hash<std::string_view>{}(members[i].name) & (slots - 1);
        while (table_[slot] != 0 && members[table_[slot] - 1].name != members[i].name) {
          slot = (slot + 1) & (slots - 1);
        }
        if (table_[slot] == 0) {
          table_[slot] = static_cast<uint32_t>(i + 1);
          continue;
        }
        first = table_[slot] - 1;
      }
      Duplicate(members[first], members[i]);
      return false;
    }
    return true;
  }

  void Duplicate(const Member& first, const Member& second) {
    const SourceRange& at = first.value.name_where;
    const SourceFile::LineColumn place = file_.At(at.begin);
    error_ = {second.value.name_where.place(),
              "duplicate key \"" + second.name + "\"; first defined at line " +
                  std::to_string(place.line + first_line_ - 1) + ", column " +
                  std::to_string(place.column),
              "remove or rename one of the two"};
  }

  const SourceFile& file_;
  const uint32_t first_line_;
  const char* const begin_;
  const char* const end_;
  const char* reached_;  // after the last byte of the last token
  const char* done_;     // after the last byte of the token before it
  Value root_;
  size_t values_ = 0;
  std::vector<Value*> open_;  // the lists and objects not yet closed, outermost first
  std::vector<uint32_t> table_;
  Error error_;
};

// Stops at the first member of the outermost object with this name.
class Peeker {
 public:
  using number_integer_t = int64_t;
  using number_unsigned_t = uint64_t;
  using number_float_t = double;
  using string_t = std::string;
  using binary_t = nlohmann::json::binary_t;

  explicit Peeker(std::string_view name) : name_(name) {}

  bool null() { return Other(); }
  bool boolean(bool) { return Other(); }
  bool number_integer(int64_t) { return Other(); }
  bool number_unsigned(uint64_t) { return Other(); }
  bool number_float(double, const std::string&) { return Other(); }
  bool string(std::string& value) {
    if (!here_) return Other();
    found = value;
    return false;
  }
  bool binary(binary_t&) { return false; }
  bool start_object(size_t) { return (depth_ == 0 || Other()) && ++depth_ <= kMaxDepth; }
  bool start_array(size_t) { return depth_ != 0 && Other() && ++depth_ <= kMaxDepth; }
  bool key(std::string& name) {
    here_ = depth_ == 1 && name == name_;
    return true;
  }
  bool end_object() { return --depth_ > 0; }
  bool end_array() { return --depth_ > 0; }
  bool parse_error(size_t, const std::string&, const nlohmann::json::exception&) { return false; }

  std::optional<std::string> found;

 private:
  bool Other() { return depth_ > 0 && !here_; }

  std::string_view name_;
  int depth_ = 0;
  bool here_ = false;  // the next value is the wanted one
};

}  // namespace

Result<Value> Parse(const SourceFile& file, uint32_t first_line) {
  const std::string& text = file.text();
  auto shifted = [&](Error error) {
    if (error.place.line != 0) error.place.line += first_line - 1;
    return error;
  };
  if (text.size() >= std::numeric_limits<uint32_t>::max()) {
    return Error{{file.path(), 0, 0, ""}, "a JSON text of 4 GiB or more is not supported", ""};
  }
  if (Status utf8 = CheckUtf8(text, file.path()); !utf8) return shifted(utf8.error());
  Builder builder(file, first_line);
  if (!nlohmann::json::sax_parse(builder.first(), builder.last(), &builder)) {
    return shifted(std::move(builder.error()));
  }
  if (builder.rest() != text.size()) {
    return shifted({builder.At(builder.rest()),
                    "not valid JSON: unexpected NUL byte; expected end of input", ""});
  }
  return std::move(builder.root());
}

std::optional<std::string> PeekString(std::string_view text, std::string_view name) {
  Peeker peeker(name);
  nlohmann::json::sax_parse(text.begin(), text.end(), &peeker);
  return std::move(peeker.found);
}

}  // namespace wcheck::json
