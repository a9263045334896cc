#!/usr/bin/env python3
"""Judges key lists as published checkpoints have them, with the bundled layouts.

    published.py WCHECK CASES.json FOLDER

A case has the families of its keys, its config, and what a person who knows the format says of it:
the worst severity, and which keys are missing, tied, quantised, constant, unexpected or come back
under another name; what a case does not list is none.
"""
import json
import os
import re
import subprocess
import sys

LISTS = ("missing", "tied", "quantised", "constants", "left_out", "unexpected", "drifted", "added")


def expand(family):
    """The keys of model.layers.{0...3,7}.weight."""
    hole = re.search(r"\{([0-9.,]*)\}", family)
    if hole is None:
        return [family]
    keys = []
    for part in hole.group(1).split(","):
        first, _, last = part.partition("...")
        for number in range(int(first), int(last or first) + 1):
            keys += expand(f"{family[:hole.start()]}{number}{family[hole.end():]}")
    return keys


def expand_all(families):
    keys = [key for family in families for key in expand(family)]
    assert len(keys) == len(set(keys)), "a key twice"
    return set(keys)


def judge(program, case, folder):
    os.makedirs(folder, exist_ok=True)
    keys = expand_all(case["keys"])
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as out:
        json.dump({"weight_map": {key: "model-00001-of-00002.safetensors" for key in keys}}, out)
    with open(os.path.join(folder, "config.json"), "w") as out:
        json.dump(case["config"], out)
    run = subprocess.run(
        [program, "--checkpoint", folder, "--format", "json", "--fail-on", "never"],
        capture_output=True, text=True, check=True)
    return len(keys), json.loads(run.stdout)


def faults_of(case, count, answer):
    summary, checkpoint = answer["summary"], answer["checkpoint"]
    worst = next((s for s in ("error", "warning", "note") if summary[s + "s"]), None)
    if worst != case["worst"]:
        yield f"is judged {worst}, expected {case['worst']}"
    if checkpoint["keys"] != count:
        yield f"has {count} keys, {checkpoint['keys']} were read"
    for name in LISTS:
        found = expand_all(family["keys"] for family in checkpoint[name])
        expected = expand_all(case.get(name, []))
        for key in sorted(found - expected)[:3]:
            yield f"{name} has {key}"
        for key in sorted(expected - found)[:3]:
            yield f"{name} lacks {key}"


def main():
    program, cases, folder = sys.argv[1:]
    failed = 0
    with open(cases) as text:
        for case in json.load(text):
            faults = list(faults_of(case, *judge(program, case, os.path.join(folder, case["name"]))))
            failed += bool(faults)
            print(case["name"] + ":", "; ".join(faults) or "as expected")
    sys.exit(failed != 0)


main()
