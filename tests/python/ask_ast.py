#!/usr/bin/env python3
"""What CPython's own `ast` makes of Python files: the independent answer that ast_test.cc asks for.

For each source that is named on standard input, a line with its path, a line with the number of lines
that follow, and these: one for each node that has a place, as "BEGIN END TYPE" in bytes, sorted. In an
f-string CPython 3.11 has no places worth the name, so that what is inside of one is "- - TYPE".

With --errors each line of standard input is a JSON string, a source that is no Python, and each answer a
JSON list of line, column (1-based, in bytes) and message; null if CPython takes it.

With --library N the sources are N files of the standard library, evenly over their sorted paths, and their
paths are all that is written.

usage: ask_ast.py [--errors | --library N]
"""
import ast
import json
import pathlib
import sys
import sysconfig
import warnings


class Places:
    """Byte offsets of the places of one source."""

    def __init__(self, source):
        self.starts = [0]
        for line in source.split(b"\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def of(self, node):
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )


def nodes(tree, places):
    """(begin, end, type) of every node; (-1, -1, type) of those within f-strings."""
    found = []
    waiting = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        if hasattr(node, "lineno"):
            begin, end = (-1, -1) if inside else places.of(node)
            found.append((begin, end, type(node).__name__))
        if isinstance(node, ast.JoinedStr):
            formats = [node]
            while formats:
                for value in formats.pop().values:
                    if isinstance(value, ast.FormattedValue):
                        waiting.append((value.value, True))
                        if value.format_spec is not None:
                            formats.append(value.format_spec)
            continue
        waiting.extend((child, inside) for child in ast.iter_child_nodes(node))
    return sorted(found)


def answer(path):
    source = pathlib.Path(path).read_bytes()
    found = nodes(ast.parse(source), Places(source))
    print(path)
    print(len(found))
    for begin, end, name in found:
        print(f"{begin} {end} {name}" if begin >= 0 else f"- - {name}")


def is_plain(path):
    """UTF-8 with Unix line ends, and valid."""
    source = path.read_bytes()
    try:
        source.decode()
        ast.parse(source)
    except (UnicodeDecodeError, SyntaxError, ValueError):
        return False
    return b"\r" not in source and not source.startswith(b"\xef\xbb\xbf") and b"coding: latin" not in source


def library(count):
    root = pathlib.Path(sysconfig.get_paths()["stdlib"])
    paths = sorted(p for p in root.rglob("*.py") if not {"site-packages", "dist-packages"} & set(p.parts))
    step = max(1, len(paths) // count)
    for path in [p for p in paths[::step] if is_plain(p)][:count]:
        print(path)


def error(source):
    try:
        compile(source, "broken.py", "exec")
    except SyntaxError as problem:
        lines = source.split("\n")
        line = lines[problem.lineno - 1] if problem.lineno <= len(lines) else ""
        column = len(line[: problem.offset - 1].encode()) + 1 + max(0, problem.offset - 1 - len(line))
        return [problem.lineno, column, problem.msg]
    except (ValueError, RecursionError, MemoryError, OverflowError) as problem:
        return [0, 0, str(problem)]
    return None


def main(arguments):
    warnings.simplefilter("ignore")
    if arguments[:1] == ["--library"]:
        library(int(arguments[1]))
    elif arguments == ["--errors"]:
        for line in sys.stdin:
            print(json.dumps(error(json.loads(line))))
    else:
        for line in sys.stdin:
            answer(line.rstrip("\n"))


if __name__ == "__main__":
    main(sys.argv[1:])
