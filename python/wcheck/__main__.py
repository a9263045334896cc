"""python -m wcheck: the wcheck program; python -m wcheck export: the exporter of layouts."""
from __future__ import annotations

import os
import runpy
import sys

from ._program import Error, replace_by_program


def _main() -> int:
    if sys.argv[1:2] == ["export"]:
        # A program of its own, which imports the libraries that it describes.
        sys.argv[:2] = ["python -m wcheck export"]
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "export.py")
        runpy.run_path(path, run_name="__main__")
        return 0
    try:
        return replace_by_program(sys.argv[1:])
    except Error as error:
        print(f"wcheck: error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(_main())
