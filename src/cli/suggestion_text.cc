#include "cli/suggestion_text.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "report/transform_json.h"
#include "suggest/edit.h"
#include "support/printable.h"

namespace wcheck::cli {
namespace {

using suggest::AlignedFamily;
using suggest::LeftOver;
using suggest::Line;
using suggest::Question;
using suggest::Suggestion;

constexpr size_t kFaultsShown = 5;
constexpr size_t kFaultsWritten = 40;  // in JSON

// A text as a Python literal: raw if it has a backslash and nothing that a raw one cannot have.
std::string PythonLiteral(const std::string& text) {
  const bool plain = std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c < 0x7f && c != '"'; });
  if (plain && text.find('\\') == std::string::npos) return '"' + text + '"';
  if (plain && text.back() != '\\') return "r\"" + text + '"';
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\\' || c == '"') {
      out += '\\';
      out += c;
    } else {
      const std::string one(1, c);
      out += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? Printable(one) : one;
    }
  }
  return out + '"';
}

std::string PythonLiterals(const std::vector<std::string>& texts) {
  if (texts.size() == 1) return PythonLiteral(texts[0]);
  std::string out = "[";
  for (size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : ", ") + PythonLiteral(texts[i]);
  return out + ']';
}

std::string PythonTransform(const TransformSpec& transform) {
  if (transform.kind == TransformKind::kPrefixChange) {
    std::string fields;
    const auto field = [&](const char* name, const std::optional<std::string>& value) {
      if (value) fields += (fields.empty() ? "" : ", ") + std::string(name) + '=' + PythonLiteral(*value);
    };
    field("prefix_to_add", transform.prefix_to_add);
    field("prefix_to_remove", transform.prefix_to_remove);
    field("model_prefix", transform.model_prefix);
    return "PrefixChange(" + fields + ')';
  }
  std::string out = std::string(TransformKindName(transform.kind)) + '(' + PythonLiterals(transform.sources) + ", " +
                    PythonLiterals(transform.targets);
  if (transform.kind == TransformKind::kWeightConverter) {
    out += ", operations=[" + ShowOperations(transform.operations, ", ") + ']';
  }
  return out + ')';
}

std::string Keys(uint64_t count) { return std::to_string(count) + (count == 1 ? " key" : " keys"); }

// The scopes in the order of their lines, the root's first.
std::vector<std::string> ScopesOf(const Suggestion& suggestion) {
  std::vector<std::string> scopes{""};
  for (const std::vector<Line>* lines : {&suggestion.lines, &suggestion.existing}) {
    for (const Line& line : *lines) {
      if (std::ranges::find(scopes, line.scope) == scopes.end()) scopes.push_back(line.scope);
    }
  }
  return scopes;
}

std::string Entries(const Layout& model, const Suggestion& suggestion, const std::string& indent) {
  std::string out;
  std::set<std::string> written;
  for (const std::string& scope : ScopesOf(suggestion)) {
    const std::string name = suggest::EntryName(model, scope);
    if (!written.insert(name).second) continue;
    std::vector<std::pair<std::string, std::string>> lines;
    size_t width = 0;
    for (const Line& line : suggestion.lines) {
      if (suggest::EntryName(model, line.scope) != name) continue;
      lines.emplace_back(PythonTransform(line.transform) + ',', Keys(line.keys));
      if (lines.back().first.size() <= 80) width = std::max(width, lines.back().first.size());
    }
    if (lines.empty()) continue;
    out += indent + PythonLiteral(name) + ": [\n";
    for (const auto& [text, keys] : lines) {
      out += indent + "    " + text + std::string(text.size() < width ? width - text.size() : 0, ' ') + "  # " + keys + '\n';
    }
    out += indent + "],\n";
  }
  return out;
}

// What of the existing lines stays, goes and comes.
std::string EditText(const Layout& model, const Suggestion& suggestion) {
  std::string out;
  bool changed = false;
  for (const std::string& scope : ScopesOf(suggestion)) {
    const auto in_scope = [&](const std::vector<Line>& lines) {
      std::vector<Line> some;
      std::ranges::copy_if(lines, std::back_inserter(some), [&](const Line& line) { return line.scope == scope; });
      return some;
    };
    const std::vector<suggest::EditedLine> diff = suggest::DiffLines(in_scope(suggestion.existing), in_scope(suggestion.lines));
    if (diff.empty()) continue;
    out += "  " + PythonLiteral(suggest::EntryName(model, scope)) + ": [\n";
    for (const suggest::EditedLine& line : diff) {
      changed = changed || line.kind != suggest::EditedLine::Kind::kKept;
      out += std::string(1, static_cast<char>(line.kind)) + "     " + PythonTransform(line.line.transform) + ',';
      if (line.kind != suggest::EditedLine::Kind::kRemoved) out += "  # " + Keys(line.line.keys);
      out += '\n';
    }
    out += "  ],\n";
  }
  return changed ? out : "the mapping holds: nothing has to be changed\n";
}

std::string Arrow(const std::pair<std::string, std::string>& pair) {
  const std::string c = pair.first.empty() ? "nothing" : Printable(pair.first);
  const std::string m = pair.second.empty() ? "nothing" : Printable(pair.second);
  return c + " -> " + m;
}

std::string Arrows(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string out;
  for (size_t i = 0; i < pairs.size(); ++i) out += (i == 0 ? "" : "    ") + Arrow(pairs[i]);
  return out;
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string out;
  for (size_t i = 0; i < texts.size(); ++i) out += (i == 0 ? "" : ", ") + Printable(texts[i]);
  return out;
}

std::string VerdictText(const Suggestion& suggestion) {
  std::string holds, fails;
  for (const suggest::EngineVerdict& verdict : suggestion.engines) {
    if (verdict.faults.empty()) {
      holds += (holds.empty() ? "" : ", ") + std::string(verdict.engine->name);
      continue;
    }
    fails += "does not hold under engine " + std::string(verdict.engine->name) + ":\n";
    for (size_t i = 0; i < std::min(kFaultsShown, verdict.faults.size()); ++i) {
      const suggest::Fault& fault = verdict.faults[i];
      fails += "    " + (fault.key.empty() ? "" : Printable(fault.key) + ' ') + Printable(fault.what) + '\n';
    }
    if (verdict.faults.size() > kFaultsShown) fails += "    and more\n";
  }
  std::string out;
  if (!holds.empty()) {
    const std::string loaded = std::to_string(suggestion.loaded);
    out += (suggestion.verified ? "verified: " : "holds, but not under the engine in force: ") + loaded + " of " + Keys(suggestion.given) +
           " load, and are saved under the same names (engine" +
           (holds.find(',') == std::string::npos ? " " : "s ") + holds + ")\n";
  } else {
    out += "nothing verifies: the lines above are those that come nearest\n";
  }
  return out + fails;
}

std::string AlignedTable(const Suggestion& suggestion) {
  std::string out;
  for (const AlignedFamily& family : suggestion.aligned) {
    out += "    " + Joined(family.checkpoint) + " -> " + Joined(family.model) + "  # " + Keys(family.keys);
    if (!family.operations.empty()) {
      out += ", converted: " + ShowOperations(family.operations, ", ");
    } else {
      char score[32];
      std::snprintf(score, sizeof score, "%.2f", family.similarity);
      out += family.checkpoint == family.model ? ", the same name" : ", names alike by " + std::string(score);
    }
    out += '\n';
  }
  return out;
}

std::string LeftOverText(const char* what, const std::vector<LeftOver>& families) {
  std::string out;
  for (const LeftOver& left : families) {
    out += what + (' ' + Printable(left.family)) + (left.shape.empty() ? "" : ' ' + left.shape);
    if (left.keys > 1) out += " (" + Keys(left.keys) + ")";
    out += '\n';
  }
  return out;
}

void WritePairs(llvm::json::OStream* json, llvm::StringRef name, const std::vector<std::pair<std::string, std::string>>& pairs) {
  json->attributeArray(name, [&] {
    for (const auto& [c, m] : pairs) json->value(llvm::json::Array{c, m});
  });
}

void WriteTexts(llvm::json::OStream* json, llvm::StringRef name, const std::vector<std::string>& texts) {
  json->attributeArray(name, [&] {
    for (const std::string& text : texts) json->value(text);
  });
}

void WriteLeft(llvm::json::OStream* json, llvm::StringRef name, const std::vector<LeftOver>& families) {
  json->attributeArray(name, [&] {
    for (const LeftOver& left : families) {
      json->value(llvm::json::Object{{"family", left.family}, {"shape", left.shape}, {"keys", static_cast<int64_t>(left.keys)}});
    }
  });
}

}  // namespace

std::string SuggestionText(const Layout& model, const Suggestion& suggestion, bool explain) {
  std::string out = suggestion.existing.empty() ? Entries(model, suggestion, "") : EditText(model, suggestion);
  if (out.empty() && suggestion.verified) out = "no line is needed: every name is the model's\n";
  out += VerdictText(suggestion);
  if (explain || !suggestion.verified) out += "\nwhat goes where:\n" + AlignedTable(suggestion);
  for (const Question& question : suggestion.undecided) {
    const std::string n = std::to_string(question.number);
    out += "\nUNDECIDED " + n + ": the names do not tell" + (question.shape.empty() ? "" : ", and all have the shape " + question.shape) + '\n';
    out += "    A (above)  " + Arrows(question.suggested) + '\n';
    out += "    B          " + Arrows(question.other) + '\n';
    out += "    to choose B: --choose " + n + "=B; to keep A: --choose " + n + "=A\n";
  }
  if (!suggestion.not_visible.empty()) {
    out += "\nNOT VISIBLE in names and shapes (compare one tensor, or ask who published the file):\n";
    for (const std::string& text : suggestion.not_visible) out += "    - " + Printable(text) + '\n';
  }
  const std::string left = LeftOverText("NO PLACE for", suggestion.no_place) + LeftOverText("NOTHING FOR", suggestion.nothing_for);
  if (!left.empty()) out += '\n' + left;
  return out;
}

std::string SuggestionPython(const Layout& model, const Suggestion& suggestion) {
  std::set<std::string> operations;
  std::set<std::string> classes;
  for (const Line& line : suggestion.lines) {
    classes.emplace(TransformKindName(line.transform.kind));
    for (const Operation& operation : line.transform.operations) operations.emplace(OperationName(operation.kind));
  }
  operations.merge(classes);
  std::string out;
  if (!operations.empty()) {
    out += "from transformers.core_model_loading import ";
    for (const std::string& name : operations) out += (name == *operations.begin() ? "" : ", ") + name;
    out += "\n\n";
  }
  return out + "mapping = {\n" + Entries(model, suggestion, "    ") + "}\n";
}

std::string SuggestionJson(const Layout& model, const Suggestion& suggestion) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  llvm::json::OStream json(stream, 2);
  const Engine& engine = *suggestion.engines[0].engine;
  json.object([&] {
    json.attribute("class", model.class_name);
    json.attribute("entry", suggestion.entry);
    json.attribute("verified", suggestion.verified);
    json.attribute("decided", suggestion.decided());
    if (!suggestion.existing.empty()) {
      json.attribute("edited", suggestion.edited);
      json.attributeArray("edit", [&] {
        for (const suggest::EditedLine& line : suggest::DiffLines(suggestion.existing, suggestion.lines)) {
          json.object([&] {
            json.attribute("change", std::string(1, static_cast<char>(line.kind)));
            json.attribute("entry", suggest::EntryName(model, line.line.scope));
            json.attribute("line", PythonTransform(line.line.transform));
          });
        }
      });
    }
    json.attributeObject("entries", [&] {
      std::set<std::string> written;
      for (const std::string& scope : ScopesOf(suggestion)) {
        const std::string name = suggest::EntryName(model, scope);
        if (!written.insert(name).second) continue;
        json.attributeArray(name, [&] {
          for (const Line& line : suggestion.lines) {
            if (suggest::EntryName(model, line.scope) != name) continue;
            json.object([&] {
              WriteTransformAttributes(line.transform, engine, &json);
              json.attribute("keys", static_cast<int64_t>(line.keys));
            });
          }
        });
      }
    });
    json.attribute("loaded", static_cast<int64_t>(suggestion.loaded));
    json.attribute("given", static_cast<int64_t>(suggestion.given));
    json.attributeArray("engines", [&] {
      for (const suggest::EngineVerdict& verdict : suggestion.engines) {
        json.object([&] {
          json.attribute("engine", llvm::StringRef(verdict.engine->name));
          json.attribute("holds", verdict.faults.empty());
          json.attributeArray("faults", [&] {
            for (size_t i = 0; i < std::min(kFaultsWritten, verdict.faults.size()); ++i) {
              const suggest::Fault& fault = verdict.faults[i];
              json.value(llvm::json::Object{{"key", fault.key}, {"what", fault.what}});
            }
          });
        });
      }
    });
    json.attributeArray("undecided", [&] {
      for (const Question& question : suggestion.undecided) {
        json.object([&] {
          json.attribute("number", static_cast<int64_t>(question.number));
          json.attribute("shape", question.shape);
          WritePairs(&json, "A", question.suggested);
          WritePairs(&json, "B", question.other);
          WriteTexts(&json, "families", question.families);
        });
      }
    });
    WriteTexts(&json, "not_visible", suggestion.not_visible);
    WriteLeft(&json, "no_place", suggestion.no_place);
    WriteLeft(&json, "nothing_for", suggestion.nothing_for);
    json.attributeArray("aligned", [&] {
      for (const AlignedFamily& family : suggestion.aligned) {
        json.object([&] {
          WriteTexts(&json, "checkpoint", family.checkpoint);
          WriteTexts(&json, "model", family.model);
          json.attribute("operations", ShowOperations(family.operations, ", "));
          json.attribute("keys", static_cast<int64_t>(family.keys));
        });
      }
    });
  });
  stream << '\n';
  return Escaped(stream.str(), Medium::kJson);
}

}  // namespace wcheck::cli
