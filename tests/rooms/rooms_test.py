"""Holds the sources to the table of rooms in docs/architecture.md: a room includes only itself and
rooms above it, public headers include only public headers, and each of them compiles alone.

Usage: rooms_test.py SOURCE_FOLDER FOLDER_WITH_GENERATED_HEADERS CXX_COMPILER
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GENERATED = SOURCE / "build" / "include"
COMPILER = "c++"

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.M)
# "| `support` | `result.h`, `source_file.h` | …": the room and its public headers.
ROW = re.compile(r"^\| ((?:`[a-z]+`(?:, )?)+) \|([^|]*)\|", re.M)
# Not written by hand (docs/adding-an-operation.md says how this one is included).
TEXTUAL = "operations.def"


def rooms_of(page):
    """(rooms in order, public header -> room) of the table in the page."""
    table = page[page.index("| room |") :]
    table = table[: table.index("\n\n")]
    rooms, headers = [], {}
    for match in ROW.finditer(table):
        names = re.findall(r"`([a-z]+)`", match[1])
        rooms += names
        for header in re.findall(r"`([a-z_]+\.(?:h|def))`", match[2]):
            headers[header] = names[0]
    return rooms, headers


def includes(path):
    return INCLUDE.findall(path.read_text(encoding="utf-8"))


def faults_in(source, rooms, headers):
    """What breaks the rules in a source tree, one sentence each."""
    rank = {room: i for i, room in enumerate(rooms)}
    faults = []

    def room_of_include(name):
        head, _, rest = name.partition("/")
        if head == "wcheck":
            # version.h is generated; it belongs to no room.
            return None if rest == "version.h" else headers.get(rest, f"unknown header {rest}")
        return head if rest else None

    files = [(path, path.relative_to(source / "src").parts[0]) for path in sorted((source / "src").rglob("*.[ch]*"))]
    files = [(path, room) for path, room in files if path.suffix in (".h", ".cc")]
    public = sorted((source / "include" / "wcheck").glob("*.*"))
    files += [(path, headers.get(path.name.removesuffix(".in"), "")) for path in public if path.name != "version.h.in"]
    for path, room in files:
        where = path.relative_to(source)
        if room not in rank:
            faults.append(f"{where}: the table has no room for it")
            continue
        for quote, name in includes(path):
            if quote == "<":
                continue
            if path in public and not name.startswith("wcheck/"):
                faults.append(f"{where}: a public header includes {name}")
            target = room_of_include(name)
            if target is None:
                continue
            if target not in rank:
                faults.append(f"{where}: includes {name}, which is in no room of the table")
            elif rank[target] > rank[room]:
                faults.append(f"{where}: includes {name}, of a room below {room}")
    return faults


class RoomsTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.rooms, self.headers = rooms_of((SOURCE / "docs/architecture.md").read_text(encoding="utf-8"))

    def test_the_table_has_every_room_and_every_public_header(self):
        folders = {path.name for path in (SOURCE / "src").iterdir() if path.is_dir()}
        self.assertEqual(set(self.rooms), folders)
        public = {path.name for path in (SOURCE / "include/wcheck").iterdir()} - {"version.h.in"}
        self.assertEqual(set(self.headers), public)
        self.assertLessEqual(len(public - {TEXTUAL}), 16)

    def test_includes_go_only_upwards_in_the_table(self):
        self.assertEqual(faults_in(SOURCE, self.rooms, self.headers), [])

    def test_every_public_header_compiles_alone(self):
        for header in sorted(set(self.headers) - {TEXTUAL}):
            with self.subTest(header), tempfile.TemporaryDirectory() as folder:
                source = pathlib.Path(folder) / "alone.cc"
                source.write_text(f"#include <wcheck/{header}>\n#include <wcheck/{header}>\n")
                run = subprocess.run(
                    [COMPILER, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
                     "-Wno-unused-parameter", "-I", SOURCE / "include", "-I", GENERATED, source],
                    capture_output=True, text=True)
                self.assertEqual(run.returncode, 0, run.stderr)

    def test_pages_about_the_rooms_name_files_that_exist(self):
        path = re.compile(r"`((?:src|include|tests|cmake|docs)/[a-z_/.-]+\.[a-z]+)`")
        for page in ("architecture.md", "adding-a-dialect.md", "adding-an-operation.md"):
            for name in path.findall((SOURCE / "docs" / page).read_text(encoding="utf-8")):
                self.assertTrue((SOURCE / name).exists(), f"{page}: there is no {name}")

    def test_breaks_of_the_rules_are_found(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)

            def put(path, text):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)

            put("include/wcheck/a.h", '#include <map>\n#include "low/inner.h"\n')
            put("src/low/x.cc", '#include "high/y.h"\n#include "wcheck/b.h"\n#include "low/inner.h"\n')
            put("src/high/y.h", '#include "low/inner.h"\n#include "wcheck/a.h"\n')
            put("src/other/z.h", "")
            self.assertEqual(
                faults_in(root, ["low", "high"], {"a.h": "low", "b.h": "high"}),
                ["src/low/x.cc: includes high/y.h, of a room below low",
                 "src/low/x.cc: includes wcheck/b.h, of a room below low",
                 "src/other/z.h: the table has no room for it",
                 "include/wcheck/a.h: a public header includes low/inner.h"])


if __name__ == "__main__":
    if len(sys.argv) > 3:
        SOURCE, GENERATED, COMPILER = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
        del sys.argv[1:4]
    unittest.main()
