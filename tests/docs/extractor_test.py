import unittest

from commands import Command, commands


class ExtractorTest(unittest.TestCase):
    def test_finds_commands_in_indented_blocks_beside_output(self):
        page = "Text.\n\n    wcheck --model A  # why\n    A[0] is wrong\n\nwcheck in a sentence\n    wcheck too\n"
        self.assertEqual(commands(page), [Command(3, "wcheck --model A  # why")])

    def test_finds_every_line_of_a_shell_block(self):
        page = "```sh\n# a comment\nfoo --bar\n\n$ baz\n```\n"
        self.assertEqual(commands(page), [Command(3, "foo --bar"), Command(5, "baz")])

    def test_finds_commands_of_a_workflow(self):
        page = "~~~yaml\njobs:\n  steps:\n    - run: ./bootstrap build\n      run: |\n        wcheck a.py\n~~~\n"
        self.assertEqual(commands(page), [Command(4, "./bootstrap build"), Command(6, "wcheck a.py")])

    def test_joins_lines_that_go_on(self):
        page = "    wcheck pack --registry a \\\n      --layouts b \\\n      -o c\n    wcheck\n"
        self.assertEqual(commands(page), [Command(1, "wcheck pack --registry a --layouts b -o c"), Command(4, "wcheck")])

    def test_knows_a_command_behind_an_assignment(self):
        self.assertEqual(commands("    A=1 B=2 tools/lint build\n    A=1 foo\n"), [Command(1, "A=1 B=2 tools/lint build")])

    def test_messages_are_no_commands(self):
        self.assertEqual(commands("    wcheck: error: no\n"), [])

    def test_a_fence_ends_with_its_own_marks(self):
        self.assertEqual(commands("````\n```\nwcheck a\n````\nwcheck b\n"), [Command(3, "wcheck a")])


if __name__ == "__main__":
    unittest.main()
