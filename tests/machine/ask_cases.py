"""Runs the functions case_* of a program: "name<TAB>repr of what it returns", one a line."""

import runpy
import sys

for name, value in runpy.run_path(sys.argv[1]).items():
    if name.startswith("case_"):
        print(f"{name}\t{value()!r}")
