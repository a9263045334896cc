"""Answers what Python's own `re` says, for the parity tests.

Reads JSON lines {"pattern": str, "texts": [str, ...]} on stdin and writes one JSON line for each
(without "texts" those of the line before are meant):
  {"error": message, "position": int or null}                 if the pattern does not compile
  {"groups": int, "names": {name: int}, "matches": [...]}     otherwise
with, for each text that matches, its index and the spans of the groups 0, 1, ... as [begin, end] in
bytes of UTF-8 ([-1, -1] for a group that took no part). The first line written is the version, [major, minor].
"""

import json
import re
import sys
import warnings


def byte_spans(match, text):
    spans = [match.span(group) for group in range(match.re.groups + 1)]
    if text.isascii():
        return spans
    return [
        tuple(-1 if at < 0 else len(text[:at].encode()) for at in span) for span in spans
    ]


def answer(pattern, texts):
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        return {"error": error.msg, "position": error.pos}
    except (ValueError, OverflowError, RecursionError) as error:
        return {"error": str(error), "position": None}
    matches = []
    for index, text in enumerate(texts):
        if match := compiled.search(text):
            matches.append([index, byte_spans(match, text)])
    return {"groups": compiled.groups, "names": dict(compiled.groupindex), "matches": matches}


def main():
    warnings.simplefilter("ignore")
    print(json.dumps(sys.version_info[:2]))
    texts = []
    for line in sys.stdin:
        question = json.loads(line)
        texts = question.get("texts", texts)
        print(json.dumps(answer(question["pattern"], texts)))


if __name__ == "__main__":
    main()
