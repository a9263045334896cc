#include "python/value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "python/limits.h"
#include "python/native.h"
#include "python/unicode.h"

namespace wcheck::python {

void AddTaint(Taint* taint, Opaque* opaque) {
  if (taint->size() >= kMaxTaint) return;
  if (std::find(taint->begin(), taint->end(), opaque) == taint->end()) taint->push_back(opaque);
}

DictItem* Dict::Find(const std::string& hash) {
  auto found = index.find(hash);
  return found == index.end() ? nullptr : &items[found->second];
}

void Dict::Set(const std::string& hash, const Value& key, const Value& value) {
  if (DictItem* item = Find(hash)) {
    item->key.begin = key.begin;
    item->key.end = key.end;
    item->value = value;
    return;
  }
  if (items.size() > 64 && items.size() > 2 * index.size()) {
    std::erase_if(items, [](const DictItem& item) { return !item.live; });
    for (auto& [unused, position] : index) position = 0;
    for (uint32_t i = 0; i < items.size(); ++i) {
      std::string rehash;
      HashKey(items[i].key, &rehash);
      index[rehash] = i;
    }
  }
  index.emplace(hash, static_cast<uint32_t>(items.size()));
  items.push_back({key, value, true});
}

bool Dict::Erase(const std::string& hash) {
  auto found = index.find(hash);
  if (found == index.end()) return false;
  items[found->second].live = false;
  index.erase(found);
  // What is taken from the end again and again must not be looked for past its predecessors.
  while (!items.empty() && !items.back().live) items.pop_back();
  return true;
}

std::string TypeName(const Value& value) {
  switch (value.type) {
    case Type::kOpaque:
      return "unknown";
    case Type::kNone:
      return "NoneType";
    case Type::kBool:
      return "bool";
    case Type::kInt:
      return "int";
    case Type::kFloat:
      return "float";
    case Type::kStr:
      return "str";
    case Type::kList:
      return "list";
    case Type::kTuple:
      return "tuple";
    case Type::kDict:
      return "dict";
    case Type::kSet:
      return "set";
    case Type::kView: {
      View::Of of = value.AsView()->of;
      return of == View::Of::kKeys     ? "dict_keys"
             : of == View::Of::kValues ? "dict_values"
                                       : "dict_items";
    }
    case Type::kIterator:
      return value.AsIterator()->generator != nullptr ? "generator" : "iterator";
    case Type::kFunction:
      return "function";
    case Type::kBuiltin:
    case Type::kMethod:
      return "builtin_function_or_method";
    case Type::kNativeClass:
    case Type::kExceptionClass:
      return "type";
    case Type::kNative:
      return std::string(value.AsNative()->type()->name());
  }
  return "unknown";
}

Opaque* UnknownPart(const Value& value) {
  const Taint* taint = nullptr;
  switch (value.type) {
    case Type::kOpaque:
      return value.AsOpaque();
    case Type::kList:
    case Type::kTuple:
      taint = &value.AsList()->taint;
      break;
    case Type::kDict:
    case Type::kSet:
      taint = &value.AsDict()->taint;
      break;
    case Type::kView:
      taint = &value.AsView()->dict->taint;
      break;
    case Type::kNative:
      taint = value.AsNative()->taint();
      break;
    case Type::kIterator:
      return value.AsIterator()->unknown;
    default:
      return nullptr;
  }
  return taint == nullptr || taint->empty() ? nullptr : taint->front();
}

bool HashKey(const Value& value, std::string* key, int depth) {
  switch (value.type) {
    case Type::kNone:
      *key += 'N';
      return true;
    case Type::kBool:
    case Type::kInt:
      *key += 'i' + std::to_string(value.integer) + ';';
      return true;
    case Type::kFloat:
      // 1.0 == 1, and their hashes are equal.
      if (std::trunc(value.number) == value.number && std::fabs(value.number) < 9e18) {
        *key += 'i' + std::to_string(static_cast<int64_t>(value.number)) + ';';
      } else {
        *key += 'f' + FloatRepr(value.number) + ';';
      }
      return true;
    case Type::kStr:
      *key += 's' + std::to_string(value.text().size()) + ':' + value.text();
      return true;
    case Type::kTuple: {
      const List& list = *value.AsList();
      if (!list.taint.empty() || depth > kMaxTupleKeyDepth) return false;
      *key += '(';
      for (const Value& item : list.items) {
        if (!HashKey(item, key, depth + 1) || key->size() > kMaxTupleKeyBytes) return false;
      }
      *key += ')';
      return true;
    }
    case Type::kFunction:
    case Type::kNativeClass:
    case Type::kNative:
      *key += 'o' + std::to_string(reinterpret_cast<uintptr_t>(value.object)) + ';';
      return true;
    case Type::kBuiltin:
      *key += 'b' + std::to_string(value.integer) + ';';
      return true;
    default:
      return false;
  }
}

Truth TruthOf(const Value& value) {
  auto of = [](bool b) { return b ? Truth::kTrue : Truth::kFalse; };
  switch (value.type) {
    case Type::kOpaque:
      return Truth::kUnknown;
    case Type::kNone:
      return Truth::kFalse;
    case Type::kBool:
    case Type::kInt:
      return of(value.integer != 0);
    case Type::kFloat:
      return of(value.number != 0);
    case Type::kStr:
      return of(!value.text().empty());
    case Type::kList:
    case Type::kTuple: {
      const List& list = *value.AsList();
      return list.items.empty() && !list.taint.empty() ? Truth::kUnknown : of(!list.items.empty());
    }
    case Type::kDict:
    case Type::kSet: {
      const Dict& dict = *value.AsDict();
      return dict.size() == 0 && !dict.taint.empty() ? Truth::kUnknown : of(dict.size() != 0);
    }
    case Type::kView:
      return of(value.AsView()->dict->size() != 0);
    default:
      return Truth::kTrue;
  }
}

namespace {

bool Spend(uint64_t* budget, uint64_t work) {
  *budget -= std::min(*budget, work);
  return *budget > 0;
}

Truth EqualLists(const List& a, const List& b, uint64_t* budget, int depth) {
  if (!a.taint.empty() || !b.taint.empty()) return Truth::kUnknown;
  if (a.items.size() != b.items.size()) return Truth::kFalse;
  for (size_t i = 0; i < a.items.size(); ++i) {
    Truth same = Equal(a.items[i], b.items[i], budget, depth + 1);
    if (same != Truth::kTrue) return same;
  }
  return Truth::kTrue;
}

Truth EqualDicts(Dict& a, Dict& b, uint64_t* budget, int depth) {
  if (!a.taint.empty() || !b.taint.empty()) return Truth::kUnknown;
  if (a.size() != b.size()) return Truth::kFalse;
  for (const auto& [hash, position] : a.index) {
    if (!Spend(budget, WorkOf(hash.size()))) return Truth::kUnknown;
    DictItem* other = b.Find(hash);
    if (other == nullptr) return Truth::kFalse;
    Truth same = Equal(a.items[position].value, other->value, budget, depth + 1);
    if (same != Truth::kTrue) return same;
  }
  return Truth::kTrue;
}

}  // namespace

Truth Equal(const Value& a, const Value& b, uint64_t* budget, int depth) {
  if (!Spend(budget, 1)) return Truth::kUnknown;
  auto of = [](bool same) { return same ? Truth::kTrue : Truth::kFalse; };
  if (a.opaque() || b.opaque() || depth > 100) {
    return a.opaque() && b.opaque() && a.object == b.object ? Truth::kTrue : Truth::kUnknown;
  }
  if (a.IsNumber() && b.IsNumber()) {
    if (a.IsInteger() && b.IsInteger()) return of(a.integer == b.integer);
    return of(a.AsDouble() == b.AsDouble());
  }
  if (a.type != b.type) return Truth::kFalse;
  switch (a.type) {
    case Type::kNone:
      return Truth::kTrue;
    case Type::kStr:
      if (a.text().size() != b.text().size()) return Truth::kFalse;
      if (!Spend(budget, WorkOf(a.text().size()))) return Truth::kUnknown;
      return of(a.text() == b.text());
    case Type::kList:
    case Type::kTuple:
      return a.object == b.object ? Truth::kTrue : EqualLists(*a.AsList(), *b.AsList(), budget, depth);
    case Type::kDict:
    case Type::kSet:
      return a.object == b.object ? Truth::kTrue : EqualDicts(*a.AsDict(), *b.AsDict(), budget, depth);
    case Type::kBuiltin:
      return of(a.integer == b.integer);
    case Type::kMethod:
      return Truth::kUnknown;
    default:
      return of(a.object == b.object);
  }
}

std::string FloatRepr(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  // The shortest digits that read back as the value, then Python's choice of layout.
  char buffer[64];
  auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string text(buffer, end);
  std::string sign;
  if (text[0] == '-') {
    sign = "-";
    text.erase(0, 1);
  }
  size_t e = text.find('e');
  int exponent = std::atoi(text.c_str() + e + 1);
  std::string digits = text.substr(0, e);
  std::erase(digits, '.');
  if (exponent < -4 || exponent >= 16) {
    std::string out = sign + digits.substr(0, 1);
    if (digits.size() > 1) out += '.' + digits.substr(1);
    char tail[16];
    std::snprintf(tail, sizeof tail, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
    return out + tail;
  }
  if (exponent < 0)
    return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  size_t whole = static_cast<size_t>(exponent) + 1;
  if (digits.size() < whole) digits.append(whole - digits.size(), '0');
  std::string fraction = digits.substr(whole);
  return sign + digits.substr(0, whole) + '.' + (fraction.empty() ? "0" : fraction);
}

bool ToStr(const Value& value, std::string* out) {
  if (value.Is(Type::kStr)) {
    *out += value.text();
    return true;
  }
  return ToRepr(value, out);
}

namespace {

void StrRepr(const std::string& text, std::string* out) {
  char quote =
      text.find('\'') != std::string::npos && text.find('"') == std::string::npos ? '"' : '\'';
  *out += quote;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (c == '\n') {
      *out += "\\n";
    } else if (c == '\r') {
      *out += "\\r";
    } else if (c == '\t') {
      *out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02x", byte);
      *out += hex;
    } else {
      *out += c;
    }
  }
  *out += quote;
}

bool ItemsRepr(const std::vector<Value>& items, std::string* out, int depth) {
  bool first = true;
  for (const Value& item : items) {
    if (!first) *out += ", ";
    first = false;
    if (!ToRepr(item, out, depth + 1)) return false;
  }
  return true;
}

}  // namespace

bool ToRepr(const Value& value, std::string* out, int depth) {
  if (depth > 50 || out->size() > kMaxReprBytes) return false;
  switch (value.type) {
    case Type::kNone:
      *out += "None";
      return true;
    case Type::kBool:
      *out += value.integer != 0 ? "True" : "False";
      return true;
    case Type::kInt:
      *out += std::to_string(value.integer);
      return true;
    case Type::kFloat:
      *out += FloatRepr(value.number);
      return true;
    case Type::kStr:
      StrRepr(value.text(), out);
      return out->size() <= kMaxReprBytes;
    case Type::kList:
      if (!value.AsList()->taint.empty()) return false;
      *out += '[';
      if (!ItemsRepr(value.AsList()->items, out, depth)) return false;
      *out += ']';
      return true;
    case Type::kTuple:
      *out += '(';
      if (!ItemsRepr(value.AsList()->items, out, depth)) return false;
      *out += value.AsList()->items.size() == 1 ? ",)" : ")";
      return true;
    case Type::kDict: {
      if (!value.AsDict()->taint.empty()) return false;
      *out += '{';
      bool first = true;
      for (const DictItem& item : value.AsDict()->items) {
        if (!item.live) continue;
        if (!first) *out += ", ";
        first = false;
        if (!ToRepr(item.key, out, depth + 1)) return false;
        *out += ": ";
        if (!ToRepr(item.value, out, depth + 1)) return false;
      }
      *out += '}';
      return true;
    }
    default:
      return false;
  }
}

}  // namespace wcheck::python
