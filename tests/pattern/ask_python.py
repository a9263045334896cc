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


def possessive_repeats_go_wrong():
    """Whether this Python keeps what a possessive repeat had read before it failed, as 3.11 did before
    3.11.5 (Debian bookworm has 3.11.2)."""
    try:
        return re.search(r"(?:A(?:|b)\.c)?+", "A.x").end() != 0
    except re.error:
        return False  # a Python that does not know them refuses them


def as_atomic_groups(tree):
    """Turns every possessive repeat X?+ in a parsed pattern into (?>X?), which means the same; says
    whether there was one."""
    found = False
    for index, (op, argument) in enumerate(tree.data):
        inner = argument if isinstance(argument, (tuple, list)) else [argument]
        for part in inner:
            parts = part if isinstance(part, list) else [part]
            for sub in parts:
                if isinstance(sub, re._parser.SubPattern):
                    found |= as_atomic_groups(sub)
        if op is re._constants.POSSESSIVE_REPEAT:
            repeat = re._parser.SubPattern(tree.state, [(re._constants.MAX_REPEAT, argument)])
            tree.data[index] = (re._constants.ATOMIC_GROUP, repeat)
            found = True
    return found


def compile_pattern(pattern, mend=possessive_repeats_go_wrong()):
    compiled = re.compile(pattern)
    if mend:
        tree = re._parser.parse(pattern)
        if as_atomic_groups(tree):
            return re._compiler.compile(tree)
    return compiled


def answer(pattern, texts):
    try:
        compiled = compile_pattern(pattern)
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
