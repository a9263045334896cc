// f"{x}", "…".format(…) and "…" % …
#include <charconv>

#include "python/format_spec.h"
#include "python/interpreter.h"

namespace wcheck::python {

bool Interpreter::FormatValue(const Value& value, std::string_view conversion,
                              std::string_view spec_text, const Node& node, std::string* out,
                              Value* failure) {
  if (value.opaque()) {
    *failure = value;
    return false;
  }
  auto unsupported = [&] {
    Opaque* part = UnknownPart(value);
    *failure =
        part != nullptr
            ? OpaqueValue(part, node)
            : Unsupported("a value of type " + TypeName(value) + " cannot be formatted here", node);
    return false;
  };
  std::string shown;
  bool is_text = value.Is(Type::kStr) || !conversion.empty();
  if (conversion == "r" || conversion == "a") {
    if (!Show(value, /*repr=*/true, node, &shown)) return unsupported();
  } else if (is_text || spec_text.empty()) {
    if (!Show(value, /*repr=*/false, node, &shown)) return unsupported();
  }
  if (spec_text.empty()) {
    *out += shown;
    return Charge(shown.size(), node);
  }
  FormatSpec spec;
  bool ok = ParseFormatSpec(spec_text, &spec);
  if (ok && is_text) {
    ok = FormatText(spec, shown, out);
  } else if (ok && value.IsInteger()) {
    ok = FormatInteger(spec, value.integer, out);
  } else if (ok && value.Is(Type::kFloat)) {
    ok = FormatFloat(spec, value.number, out);
  } else {
    ok = false;
  }
  if (ok) return Charge(out->size(), node);
  *failure = Raise("ValueError",
                   "Invalid format specifier '" + std::string(spec_text) +
                       "' for object of type '" + TypeName(value) + "'",
                   node);
  return false;
}

// "{} {0} {name} {0.attr[key]!r:>10}".format(…)
Value Interpreter::StrFormat(const std::string& format, const Arguments& arguments,
                             const Node& node) {
  std::string out;
  size_t automatic = 0;
  auto bad = [&](std::string message) { return Raise("ValueError", std::move(message), node); };
  for (size_t at = 0; at < format.size();) {
    char c = format[at];
    if ((c == '{' || c == '}') && at + 1 < format.size() && format[at + 1] == c) {
      out += c;
      at += 2;
      continue;
    }
    if (c == '}') return bad("Single '}' encountered in format string");
    if (c != '{') {
      out += c;
      ++at;
      continue;
    }
    size_t end = format.find('}', at);
    size_t nested = format.find('{', at + 1);
    if (end == std::string::npos) return bad("Single '{' encountered in format string");
    if (nested < end) return Unsupported("a nested replacement field cannot be evaluated", node);
    std::string_view field = std::string_view(format).substr(at + 1, end - at - 1);
    at = end + 1;
    std::string_view spec;
    std::string_view conversion;
    if (size_t colon = field.find(':'); colon != std::string_view::npos) {
      spec = field.substr(colon + 1);
      field = field.substr(0, colon);
    }
    if (size_t mark = field.find('!'); mark != std::string_view::npos) {
      conversion = field.substr(mark + 1);
      field = field.substr(0, mark);
    }
    size_t first = field.find_first_of(".[");
    std::string_view name = field.substr(0, first);
    std::string_view rest = first == std::string_view::npos ? "" : field.substr(first);
    Value value;
    bool numeric = name.find_first_not_of("0123456789") == std::string_view::npos;
    if (numeric) {
      size_t index = automatic;
      if (name.empty()) {
        ++automatic;
      } else if (std::from_chars(name.data(), name.data() + name.size(), index).ec != std::errc()) {
        return bad("Too many decimal digits in format string");
      }
      if (index >= arguments.positional.size()) {
        if (arguments.unknown != nullptr) return OpaqueValue(arguments.unknown, node);
        return Raise("IndexError",
                     "Replacement index " + std::to_string(index) +
                         " out of range for positional args tuple",
                     node);
      }
      value = arguments.positional[index];
    } else {
      bool found = false;
      if (!Work(arguments.keywords.size(), node)) return Value::None();
      for (const auto& [keyword, given] : arguments.keywords) {
        if (keyword != name) continue;
        value = given;
        found = true;
      }
      if (!found && arguments.unknown != nullptr) return OpaqueValue(arguments.unknown, node);
      if (!found) return Raise("KeyError", "'" + std::string(name) + "'", node);
    }
    while (!rest.empty()) {
      bool attribute = rest[0] == '.';
      size_t stop = attribute ? rest.find_first_of(".[", 1) : rest.find(']');
      if (!attribute && stop == std::string_view::npos)
        return bad("expected '}' before end of string");
      std::string_view step = rest.substr(1, stop == std::string_view::npos ? stop : stop - 1);
      rest = stop == std::string_view::npos ? "" : rest.substr(attribute ? stop : stop + 1);
      if (attribute) {
        value = GetAttribute(value, step, node);
      } else {
        int64_t number = 0;
        auto [last, error] = std::from_chars(step.data(), step.data() + step.size(), number);
        bool is_number = error == std::errc() && last == step.data() + step.size();
        value =
            Index(value, is_number ? Value::Int(number) : NewStr(std::string(step), node), node);
      }
    }
    Value failure;
    if (!FormatValue(value, conversion, spec, node, &out, &failure)) return failure;
  }
  return NewStr(std::move(out), node);
}

Value Interpreter::PercentFormat(const Value& format, const Value& arguments, const Node& node) {
  std::string out;
  const std::string& text = format.text();
  std::vector<Value> values;
  if (arguments.Is(Type::kTuple)) {
    values = arguments.AsList()->items;
  } else {
    values.push_back(arguments);
  }
  size_t next = 0;
  bool by_name = false;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      out += text[at++];
      continue;
    }
    ++at;
    if (at < text.size() && text[at] == '%') {
      out += '%';
      ++at;
      continue;
    }
    Value value;
    if (at < text.size() && text[at] == '(') {
      size_t close = text.find(')', at);
      if (close == std::string::npos) return Raise("ValueError", "incomplete format key", node);
      if (!arguments.Is(Type::kDict)) {
        if (arguments.opaque()) return arguments;
        return Raise("TypeError", "format requires a mapping", node);
      }
      value = Index(arguments, NewStr(text.substr(at + 1, close - at - 1), node), node);
      by_name = true;
      at = close + 1;
    } else {
      if (next >= values.size()) {
        return Raise("TypeError", "not enough arguments for format string", node);
      }
      value = values[next++];
    }
    FormatSpec spec;
    spec.align = '>';
    bool zero = false;
    for (; at < text.size() && std::string_view("-+ 0#").find(text[at]) != std::string_view::npos;
         ++at) {
      if (text[at] == '-') spec.align = '<';
      if (text[at] == '+' || (text[at] == ' ' && spec.sign != '+')) spec.sign = text[at];
      if (text[at] == '#') spec.alternate = true;
      if (text[at] == '0') zero = true;
    }
    std::string width;
    while (at < text.size() && ((text[at] >= '0' && text[at] <= '9') || text[at] == '.')) {
      width += text[at++];
    }
    FormatSpec sizes;
    if (at >= text.size()) return Raise("ValueError", "incomplete format", node);
    if (!ParseFormatSpec(width, &sizes)) {
      return Unsupported("this format cannot be evaluated", node);
    }
    spec.width = sizes.width;
    spec.precision = sizes.precision;
    char type = text[at++];
    if (value.opaque()) return value;
    if (zero && spec.align == '>' && value.IsNumber()) {
      spec.align = '=';
      spec.fill = "0";
    }
    bool ok = false;
    if (type == 's' || type == 'r') {
      std::string shown;
      spec.sign = '-';
      ok = Show(value, type == 'r', node, &shown);
      ok = ok && FormatText(spec, shown, &out);
    } else if ((type == 'd' || type == 'i' || type == 'x' || type == 'X' || type == 'o') &&
               value.IsInteger()) {
      spec.type = type == 'i' ? 'd' : type;
      ok = FormatInteger(spec, value.integer, &out);
    } else if (std::string_view("fFeEgG").find(type) != std::string_view::npos &&
               value.IsNumber()) {
      spec.type = type;
      ok = FormatFloat(spec, value.AsDouble(), &out);
    } else if (type == 'd' || type == 'i') {
      return Raise("TypeError", "%d format: a real number is required, not " + TypeName(value),
                   node);
    }
    if (!ok) return Unsupported("this format cannot be evaluated", node);
    if (!Charge(out.size(), node)) return Value::None();
  }
  if (next < values.size() && !by_name && !arguments.Is(Type::kDict)) {
    return Raise("TypeError", "not all arguments converted during string formatting", node);
  }
  return NewStr(std::move(out), node);
}

}  // namespace wcheck::python
