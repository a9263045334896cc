"""Judges quantised checkpoints and compares the result with what the real quantisers say.

usage: quantised.py WCHECK CASES

A case has config.json, model.safetensors, layout.jsonl and expect.json. Of each, the missing keys must be
exactly those of transformers 5.24; a load that raises, misses keys or finds other shapes is an error; a
file of which everything is loaded gives neither an error nor a warning.
"""
import json
import os
import re
import subprocess
import sys

RANGES = re.compile(r"\{([\d, .…]+)\}")


def members(family):
    """The keys of a family as wcheck writes it: "layers.{0…3, 7}.norm"."""
    found = RANGES.search(family)
    if not found:
        return [family]
    keys = []
    for part in found.group(1).split(","):
        first, _, last = part.strip().replace("...", "…").partition("…")
        for number in range(int(first), int(last or first) + 1):
            keys += members(family[: found.start()] + str(number) + family[found.end():])
    return keys


def faults(wcheck, folder):
    with open(os.path.join(folder, "expect.json")) as file:
        expected = json.load(file)["releases"]["5.24"]
    run = subprocess.run(
        [wcheck, "check", "--checkpoint", folder, "--layouts", os.path.join(folder, "layout.jsonl"),
         "--engine", "5.24", "--format", "json", "--all"],
        capture_output=True, text=True)
    if run.returncode not in (0, 1):
        return [f"exit status {run.returncode}: {run.stderr.strip()}"]
    report = json.loads(run.stdout)
    found = []
    missing = sorted(k for family in report["checkpoint"]["missing"] for k in members(family["keys"]))
    if missing != sorted(expected["missing"]):
        found.append(f"missing is {missing}, expected {sorted(expected['missing'])}")
    severities = {finding["severity"] for finding in report["findings"]}
    bad = expected["error"] or expected["missing"] or expected["mismatched"]
    if bad and "error" not in severities:
        found.append("no error")
    if not bad and not expected["unexpected"] and severities - {"note"}:
        found.append(f"{sorted(severities)} for a sound file")
    if not bad and expected["unexpected"] and not severities - {"note"}:
        found.append("keys that go nowhere are not told")
    shapes = [key["key"] for finding in report["findings"] if finding["check"] == "checkpoint-shape"
              for of_class in finding["classes"] for key in of_class["keys"]]
    shaped = sorted(k for family in shapes for k in members(family))
    if not set(expected["mismatched"]) <= set(shaped):
        found.append(f"other shapes are {shaped}, expected {sorted(expected['mismatched'])}")
    return found


def main():
    wcheck, cases = sys.argv[1:]
    right = 0
    names = sorted(os.listdir(cases))
    for name in names:
        found = faults(wcheck, os.path.join(cases, name))
        for fault in found:
            print(f"{name}: {fault}")
        right += not found
    print(f"{right} of {len(names)} as expected")


if __name__ == "__main__":
    main()
