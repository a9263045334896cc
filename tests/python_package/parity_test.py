#!/usr/bin/env python3
"""parity_test.py: load_names and save_names of 200 classes, compared with `wcheck map --expand`, and,
where WCHECK_CORPUS names the reference data, with what the library's own engine answered."""
import collections
import concurrent.futures
import json
import lzma
import os
import pathlib
import sys

import wcheck
from wcheck._program import run

RELEASE = "5.24"
CLASSES = 200


def table(name, direction):
    """What `wcheck map` says: the names that go in, each with those that come out."""
    into, out = ("checkpoint", "model") if direction == "load" else ("model", "checkpoint")
    lines = run(["map", "--bundled=" + RELEASE, "--model=" + name, "--expand", "--direction=" + direction]).split("\n")
    columns = lines[0].split("\t")
    pairs = collections.defaultdict(set)
    for line in lines[1:-1]:
        row = dict(zip(columns, line.split("\t")))
        if row[into]:
            pairs[row[into]].add(row[out] if row["status"] != "unexpected" else None)
    return {name: tuple(sorted(x for x in names if x)) for name, names in pairs.items()}


def faults(name, truth):
    mapping = wcheck.Mapping.of("transformers==" + RELEASE, model=name)
    for direction, ask in (("load", mapping.load_names), ("save", mapping.save_names)):
        try:
            wanted = table(name, direction)
        except wcheck.Error:
            continue  # the engine raises; `wcheck map` has no table, either
        got = ask(wanted)
        if list(got) != list(wanted):
            yield f"{name}: {direction}: the names do not come back in their order"
        for key, names in wanted.items():
            if tuple(sorted(got[key])) != names:
                yield f"{name}: {direction}: {key}: {got[key]} instead of {names}"
        if truth is None:
            continue
        if direction == "save":
            if set().union(*got.values()) != set(truth["checkpoint"]):
                yield f"{name}: saved are {set().union(*got.values()) ^ set(truth['checkpoint'])} more or less than by the engine"
            continue
        unexpected = set(truth["unexpected"])
        for key in truth["checkpoint"]:
            renamed = truth["load"].get(key, [key])[0]
            if key in unexpected:
                if got[key]:
                    yield f"{name}: {key} is unexpected to the engine, not loaded into {got[key]}"
            elif renamed not in got[key]:
                yield f"{name}: {key} is loaded into {renamed} by the engine, not into {got[key]}"


def main():
    truths = {}
    corpus = os.environ.get("WCHECK_CORPUS")
    if corpus:
        with lzma.open(pathlib.Path(corpus) / "truth-5.24.0.jsonl.xz", "rt", encoding="utf-8") as lines:
            for line in lines:
                truth = json.loads(line)
                # Those with a mapping of their own first of all.
                if "checkpoint" in truth and "load" in truth and len(truth["mapping"]) > 4:
                    truths[truth["class"]] = truth
        names = sorted(truths)
    else:
        print("WCHECK_CORPUS is not set: only compared with `wcheck map`")
        rows = run(["map", "--bundled=" + RELEASE, "--model=*ForCausalLM"]).split("\n")
        names = sorted({row.split("\t")[0] for row in rows[1:-1]})
    names = names[::max(1, len(names) // CLASSES)][:CLASSES]
    assert corpus is None or len(names) == CLASSES, len(names)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda name: list(faults(name, truths.get(name))), names):
            for fault in found[:3]:
                print(fault)
            failed += bool(found)
    print(f"{len(names)} classes compared, {failed} differ")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
