"""usage: semantics_test.py SOURCE-DIR

Holds docs/semantics.md against the project: every rule names tests that exist, every link and every
citation of a rule or section in the code leads to one, and so does every column of the table of releases,
which names its rules in brackets: "// [scope] …". Every operation has its rule, too.
"""
import glob
import json
import os
import re
import sys

SOURCE = sys.argv[1]
PAGE = "docs/semantics.md"
RELEASES = "include/wcheck/release.h"
OPERATIONS = "include/wcheck/operations.def"
EXAMPLES = "testdata/engines/examples.jsonl"

RULE = re.compile(r"^### (?P<name>[a-z0-9-]+)$")
LAST_LINE = re.compile(r"^Releases: (?P<releases>.+?)\. Tests: (?P<tests>.+)\.$", re.MULTILINE)
# A test of GoogleTest, a file below testdata/, or an example that was put to the engines.
TEST = re.compile(r"(?P<example>example )?`(?P<name>[^`]+)`")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
CITATION = re.compile(r"semantics\.md#([a-z0-9-]+)")
COLUMN = re.compile(r"^  \w+ (\w+) = [^;]+;$")
BRACKETS = re.compile(r"^  // \[([a-z0-9, -]+)\]")


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def files(*patterns):
    for pattern in patterns:
        for path in sorted(glob.glob(os.path.join(SOURCE, pattern), recursive=True)):
            if os.path.isfile(path):
                yield os.path.relpath(path, SOURCE)


def rules(page):
    """The text of each rule, by its name."""
    found = {}
    name = None
    for line in page.splitlines():
        match = RULE.match(line)
        if match:
            name = match["name"]
            found[name] = ""
        elif line.startswith("#"):
            name = None
        elif name is not None:
            found[name] += line + "\n"
    return found


def google_tests():
    found = set()
    for name in files("tests/**/*.cc"):
        found |= set(map(".".join, re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", read(name), re.MULTILINE)))
    return found


def examples():
    """The names of the examples that were put to the engines."""
    return {json.loads(line)["name"] for line in read(EXAMPLES).splitlines()}


def faults():
    page = read(PAGE)
    found = rules(page)
    if not found:
        yield f"{PAGE}: has no rules"
    tests, known_examples = google_tests(), examples()
    for name, text in found.items():
        lines = LAST_LINE.findall(text)
        if len(lines) != 1:
            yield f"{PAGE}#{name}: needs one line `Releases: … Tests: ….`, has {len(lines)}"
            continue
        named = list(TEST.finditer(lines[0][1]))
        if not named:
            yield f"{PAGE}#{name}: names no test"
        for test in named:
            if test["example"]:
                exists = test["name"] in known_examples
            elif "/" in test["name"]:
                exists = os.path.exists(os.path.join(SOURCE, test["name"]))
            else:
                exists = test["name"] in tests
            if not exists:
                yield f"{PAGE}#{name}: there is no test {test['name']}"
    anchors = set(found) | {title.lower().replace(" ", "-") for title in SECTION.findall(page)}
    for link in re.findall(r"\]\(#([^)]+)\)", page):
        if link not in anchors:
            yield f"{PAGE}: there is no rule {link} to link to"
    for name in files("src/**/*", "include/**/*", "tests/**/*.cc", "docs/**/*.md", "tools/*"):
        for rule in CITATION.findall(read(name)):
            if rule not in anchors:
                yield f"{name}: cites {PAGE}#{rule}, which is neither a rule nor a section"
    operations = re.findall(r'^    \.name = "(\w+)"', read(OPERATIONS), re.MULTILINE)
    if not operations:
        yield f"{OPERATIONS}: has no operations that this test can read"
    for operation in operations:
        if not any(operation in text for text in found.values()):
            yield f"{PAGE}: no rule is about the operation {operation}"
    yield from columns(found)


def columns(found):
    """What is wrong with the columns of the table of releases: the members of EngineRules."""
    text = read(RELEASES)
    begin = text.index("struct EngineRules {")
    named = None
    count = 0
    for line in text[begin:text.index("\n};", begin)].splitlines():
        brackets = BRACKETS.match(line)
        column = COLUMN.match(line)
        if brackets:
            named = re.split(r",\s*", brackets[1])
            for rule in named:
                if rule not in found:
                    yield f"{RELEASES}: names [{rule}], which is no rule of {PAGE}"
        elif column:
            count += 1
            if named is None:
                yield f"{RELEASES}: the column {column[1]} names no rule of {PAGE}"
            named = None
    if count == 0:
        yield f"{RELEASES}: has no columns that this test can read"


def main():
    found = list(faults())
    print("\n".join(found) or "every rule has its tests")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
