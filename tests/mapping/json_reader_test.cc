#include "mapping/json/json_reader.h"

#include <sstream>

#include <gtest/gtest.h>

#include "schema.h"
#include "test_files.h"

namespace wcheck {
namespace {

using testing::ProjectFile;
using testing::Slurp;

Result<Registry> Read(const std::string& text) {
  return ReadJsonRegistry(std::make_shared<SourceFile>("r.json", text));
}

std::string_view TextAt(const SourceRange& where) {
  return std::string_view(where.file->text()).substr(where.begin, where.end - where.begin);
}

TEST(JsonRegistryTest, AgreesWithItsSchema) {
  testing::CheckSamples(Slurp(ProjectFile("docs/registry.schema.json")),
                        Slurp(ProjectFile("tests/mapping/samples.json")),
                        [](const json::Value& value) {
                          Result<Registry> registry = ReadJsonRegistry(nullptr, value);
                          return registry.ok() ? std::string() : registry.error().ToString();
                        });
}

TEST(JsonRegistryTest, TheSchemaAcceptsTheCorpus) {
  const SourceFile schema("schema", Slurp(ProjectFile("docs/registry.schema.json")));
  const SourceFile file("r", Slurp(testing::CorpusFolder() + "/registry-5.16.json"));
  const Result<json::Value> schema_root = json::Parse(schema);
  const Result<json::Value> registry = json::Parse(file);
  ASSERT_TRUE(schema_root.ok() && registry.ok());
  EXPECT_TRUE(testing::Schema(*schema_root).Accepts(*registry));
}

// Everything in the registry, one line per transform, compared with Python's reading of it.
std::string Show(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& text : list) out += '<' + text + '>';
  return out;
}

std::string Show(const std::optional<std::string>& text) { return text ? '<' + *text + '>' : "-"; }

std::string Show(const Registry& registry) {
  std::ostringstream out;
  out << registry.release << '\n';
  for (const Alias& alias : registry.aliases) out << alias.name << " = " << alias.entry << '\n';
  for (const auto& [name, entry] : registry.entries) {
    EXPECT_EQ(name, entry.name);
    EXPECT_FALSE(entry.incomplete);
    for (const TransformSpec& spec : entry.transforms) {
      out << name << ' ' << TransformKindName(spec.kind) << ' ' << Show(spec.sources) << ' '
          << Show(spec.targets) << ' ' << Show(spec.prefix_to_add) << ' '
          << Show(spec.prefix_to_remove) << ' ' << Show(spec.model_prefix);
      for (const Operation& op : spec.operations) {
        out << ' ' << OperationName(op.kind) << ' ' << op.dim << ' ' << op.dim0 << ' ' << op.dim1
            << ' ' << op.check_dims << ' ' << op.inverse << ' ' << op.in_channels << ' '
            << op.kernel_size[0] << ' ' << op.stack_dim << ' ' << op.concat_dim << ' '
            << Show(op.subconfig_key) << ' ' << Show(op.permute_layer_names);
      }
      out << '\n';
    }
  }
  return out.str();
}

TEST(JsonRegistryTest, ReadsTheCorpusAsPythonDoes) {
  const std::string text = Slurp(testing::CorpusFolder() + "/registry-5.16.json");
  Result<Registry> registry = Read(text);
  ASSERT_TRUE(registry.ok()) << registry.error().ToString();
  EXPECT_GT(registry->entries.size(), 100u);
  EXPECT_EQ(Show(*registry), testing::AskPython(R"(
import json, sys
registry = json.load(sys.stdin)
some = lambda x: '-' if x is None else f'<{x}>'
many = lambda x: ''.join(map(some, x))
print(registry['transformers'])
for name, entry in registry['aliases'].items(): print(name, '=', entry)
for name in sorted(registry['entries']):
    for t in registry['entries'][name]:
        line = [name, t['type'], many(t.get('source', [])), many(t.get('target', []))]
        line += [some(t.get(k)) for k in ('prefix_to_add', 'prefix_to_remove', 'model_prefix')]
        for o in t.get('operations', []):
            line += [o['op'], o.get('dim', 0), o.get('dim0', 0), o.get('dim1', 1),
                     int(o.get('check_dims', False)), int(o.get('inverse', False)),
                     o.get('in_channels', 0), o.get('kernel_size', [0])[0], o.get('stack_dim', 0),
                     o.get('concat_dim', 1), some(o.get('subconfig_key')),
                     many(o.get('permute_layer_names', []))]
        print(*line)
)",
                                                text));
}

TEST(JsonRegistryTest, KnowsWhereEverythingWasWritten) {
  Result<Registry> registry = Read(Slurp(testing::CorpusFolder() + "/registry-5.16.json"));
  ASSERT_TRUE(registry.ok());
  ASSERT_EQ(registry->files.size(), 1u);
  for (const auto& [name, entry] : registry->entries) {
    EXPECT_EQ(TextAt(entry.where), '"' + name + '"');
    for (const TransformSpec& spec : entry.transforms) {
      ASSERT_NE(spec.origin, nullptr);
      EXPECT_EQ(spec.origin->call.file, registry->files[0].get());
      const SourceFile call("call", std::string(TextAt(spec.origin->call)));
      Result<json::Value> object = json::Parse(call);
      ASSERT_TRUE(object.ok()) << call.text();
      EXPECT_EQ(object->Find("type")->string, TransformKindName(spec.kind));
      ASSERT_EQ(spec.origin->sources.size(), spec.sources.size());
      ASSERT_EQ(spec.origin->targets.size(), spec.targets.size());
      for (size_t i = 0; i < spec.sources.size(); ++i) {
        const SourceFile pattern("p", std::string(TextAt(spec.origin->sources[i])));
        EXPECT_EQ(json::Parse(pattern)->string, spec.sources[i]);
      }
      for (size_t i = 0; i < spec.targets.size(); ++i) {
        const SourceFile pattern("p", std::string(TextAt(spec.origin->targets[i])));
        EXPECT_EQ(json::Parse(pattern)->string, spec.targets[i]);
      }
    }
  }
}

TEST(JsonRegistryTest, CopiesAliasesWithTheirProvenance) {
  Result<Registry> registry = Read(R"({
    "aliases": {"b": "a", "c": "b", "own": "a"},
    "entries": {"a": [{"type": "PrefixChange", "prefix_to_add": "m"}],
                "own": []}})");
  ASSERT_TRUE(registry.ok()) << registry.error().ToString();
  EXPECT_EQ(registry->aliases.size(), 3u);
  EXPECT_EQ(registry->entries.size(), 4u);
  EXPECT_TRUE(registry->Find("own")->transforms.empty()) << "an entry of its own goes first";
  EXPECT_EQ(registry->Find("d"), nullptr);
  const TransformSpec& original = registry->Find("a")->transforms.at(0);
  const Entry& copy = *registry->Find("c");
  EXPECT_EQ(TextAt(copy.where), "\"c\"");
  EXPECT_TRUE(SameTransform(copy.transforms.at(0), original));
  EXPECT_TRUE(original.origin->provenance.empty());
  const Origin& origin = *copy.transforms[0].origin;
  EXPECT_EQ(TextAt(origin.call), TextAt(original.origin->call));
  ASSERT_EQ(origin.provenance.size(), 2u);
  EXPECT_EQ(origin.provenance[0].what, "alias of 'a'");
  EXPECT_EQ(TextAt(origin.provenance[0].where), "\"b\"");
  EXPECT_EQ(origin.provenance[1].what, "alias of 'b'");
  EXPECT_EQ(TextAt(origin.provenance[1].where), "\"c\"");
}

TEST(JsonRegistryTest, ErrorsHaveAPlace) {
  EXPECT_EQ(Read("{\"entries\": {\n  \"a\": [{\"type\": \"WeightRenaming\",\n \"source\": 3}]}}")
                .error()
                .ToString(),
            "r.json:3:12: error: expected a list as \"source\", found an integer");
  EXPECT_EQ(Read("{\"aliases\": {\"b\": \"c\"},\n\"entries\": {\"a\": []}}").error().ToString(),
            "r.json:1:19: error: alias \"b\" names \"c\", but there is no such entry\n"
            "  name an entry of this registry, or remove the alias");
}

TEST(JsonRegistryTest, RefusesWhatIsNoJson) {
  for (const std::string& text :
       {std::string(), std::string("{\"entries\": {\"a\": ["), std::string("{\"entries\": {}} x"),
        std::string("{\"entries\": {\"a\": [], \"a\": []}}"),
        std::string("{\"entries\": {\"\xFF\": []}}")}) {
    Result<Registry> registry = Read(text);
    ASSERT_FALSE(registry.ok()) << text;
    EXPECT_EQ(registry.error().place.file, "r.json");
    EXPECT_GT(registry.error().place.line, 0u);
  }
}

TEST(JsonRegistryTest, RefusesEveryTruncation) {
  const std::string text = Slurp(ProjectFile("fixtures/subset/registry-5.16.json"));
  const size_t end = text.find_last_of('}');
  for (size_t size = 0; size <= end; size += 997) {
    EXPECT_FALSE(Read(text.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(Read(text.substr(0, end)).ok());
}

}  // namespace
}  // namespace wcheck
