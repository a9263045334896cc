"""tools/new_check, on a copy of what it writes to: new_check_test.py SOURCE."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv.pop(1))
WRITTEN = ("src/checks/table.cc", "docs/checks/README.md")


class NewCheck(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)
        for name in ("tools/new_check", *WRITTEN):
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / name, path)
        (self.root / "testdata/checks").mkdir(parents=True)

    def run_tool(self, *arguments):
        return subprocess.run([self.root / "tools/new_check", *arguments], capture_output=True, text=True)

    def rows(self):
        """(name, family) of the rows of the table, in order."""
        return re.findall(r'\.info\s*=\s*\{"([^"]+)",\s*"([^"]+)"', (self.root / WRITTEN[0]).read_text())

    def listed(self):
        """The cells of the rows of README.md, in order."""
        return [[cell.strip() for cell in line.strip("|").split("|")]
                for line in (self.root / WRITTEN[1]).read_text().splitlines() if line.startswith("| [")]

    def test_the_check_is_the_last_of_its_family(self):
        for number, family in enumerate(dict.fromkeys(family for _, family in self.rows())):
            with self.subTest(family):
                name = "some-new-" + "abcdefghijklmnop"[number]
                before = self.rows()
                done = self.run_tool(name, family.replace(" ", "-"), "--severity", "note")
                self.assertEqual(done.returncode, 0, done.stderr)
                after = self.rows()
                self.assertEqual([row for row in after if row[0] != name], before)
                self.assertEqual([row for row in after if row[1] == family][-1], (name, family))
                self.assertEqual([cells[0].split("]")[0][1:] for cells in self.listed()], [row[0] for row in after])
                self.assertEqual(len({len(cells) for cells in self.listed()}), 1)

    def test_the_row_calls_the_function_of_the_new_file(self):
        self.assertEqual(self.run_tool("some-new", "reach").returncode, 0)
        table = (self.root / WRITTEN[0]).read_text()
        self.assertIn("\nnamespace some_new { ClassFunction Check; }\n", table)
        self.assertIn(".on_class = some_new::Check},\n", table)
        self.assertIn("namespace wcheck::some_new {", (self.root / "src/checks/some_new.cc").read_text())
        self.assertTrue((self.root / "docs/checks/some-new.md").read_text().startswith("# some-new\n"))
        self.assertIn("CASE: ", (self.root / "testdata/checks/some-new.test").read_text())

    def test_what_is_wrong_changes_nothing(self):
        texts = [(self.root / name).read_text() for name in WRITTEN]
        for arguments, says in ((("lost-key", "reach"), "already"), (("some-new", "nowhere"), "no family"),
                                (("Some_New", "reach"), "no name of a check")):
            done = self.run_tool(*arguments)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn(says, done.stderr)
        self.assertEqual([(self.root / name).read_text() for name in WRITTEN], texts)


if __name__ == "__main__":
    unittest.main()
