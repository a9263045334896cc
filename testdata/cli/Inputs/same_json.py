"""Succeeds if two JSON files hold the same value."""

import json
import sys

first, second = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
if first != second:
    sys.exit(f"{sys.argv[1]} and {sys.argv[2]} differ")
