"""compare.py TRUTH SIMULATED [--cases]: fails unless a simulation says what the engine said.

Both are files of one JSON object a line. Every class of TRUTH must be in SIMULATED, or, with --cases
(where the answer is the member `truth` of each line), be on the same line of it. Every member must be
equal, but for the order of `missing` and `unexpected`, which are sets, and for the texts of errors, of
which only the presence counts. Where the reference could not save (no `checkpoint`, and either no
`checkpoint_error` or one that begins with AttributeError, which is an artefact of its stand-ins), it
says nothing of what follows from a save.
"""

import json
import lzma
import sys


def lines(path):
    with (lzma.open if path.endswith(".xz") else open)(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


AFTER_SAVING = {"checkpoint", "checkpoint_error", "resave"}
# What the answers of the development snapshots do not have.
NEWER = {"load_failures", "stray", "mismatched", "unset", "carry_error", "save_again", "save_again_error"}


def differences(truth, ours):
    members = set(truth) | (set(ours) - NEWER)
    error = truth.get("checkpoint_error", "AttributeError")
    if "checkpoint" not in truth and error.startswith("AttributeError"):
        members -= AFTER_SAVING
    for member in sorted(members):
        if (member in truth) != (member in ours):
            yield f"{member} is {'missing' if member in truth else 'too much'}"
        elif member.endswith("_error") or member == "rejected":
            continue
        elif member in ("missing", "unexpected"):
            if sorted(truth[member]) != sorted(ours[member]):
                yield f"{member}: {first_difference(truth[member], ours[member])}"
        elif truth[member] != ours[member]:
            yield f"{member}: {first_difference(truth[member], ours[member])}"


def first_difference(truth, ours):
    if isinstance(truth, dict):
        for key in sorted(set(truth) | set(ours)):
            if truth.get(key) != ours.get(key):
                return f"{key!r}: {truth.get(key)!r} expected, {ours.get(key)!r} found"
    return f"{truth!r:.300} expected, {ours!r:.300} found"


def main():
    truth_path, ours_path = sys.argv[1:3]
    if "--cases" in sys.argv:
        truths = [(number, line["truth"]) for number, line in enumerate(lines(truth_path), 1)]
        ours = dict(enumerate(lines(ours_path), 1))
        if len(truths) != len(ours):
            sys.exit(f"{len(truths)} cases, {len(ours)} answers")
    else:
        truths = ((line["class"], line) for line in lines(truth_path))
        ours = {line["class"]: line for line in lines(ours_path)}
    compared = failed = 0
    for name, truth in truths:
        compared += 1
        found = list(differences(truth, ours[name])) if name in ours else ["is not there"]
        failed += bool(found)
        if failed <= 20:
            for text in found:
                print(f"{name}: {text}")
    print(f"{compared} compared, {failed} differ")
    sys.exit(failed != 0 or compared == 0)


main()
