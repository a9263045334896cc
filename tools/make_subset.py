#!/usr/bin/env python3
"""Choose the part of the reference corpus that the project carries for its own tests.

usage: make_subset.py CORPUS OUTPUT [--release 5.16]

Reads registry-V.json, layouts-V.jsonl.xz, truth-V.jsonl.xz and generated-V.jsonl.xz from CORPUS and
writes files of the same names to OUTPUT: the whole registry, a few dozen classes that have an answer
of the engine, and every tenth generated case. The choice depends on the input alone:

1. the classes of MUST, which stand for known difficulties;
2. then, again and again, the class that shows the most that no chosen class shows yet, per byte:
   registry entries, kinds of transform and operation, scopes, aliases, ties, sub-models.
"""
import argparse
import json
import lzma
import os
import shutil
import sys

MUST = [
    "DetrForSegmentation",             # renamings that change its checkpoint's own names on a resave
    "ConditionalDetrForSegmentation",
    "LlavaModel",                      # a scoped PrefixChange; a loaded model saves other names
    "MixtralForCausalLM",              # merged and concatenated experts
    "Qwen2VLModel",                    # an unscoped PrefixChange; nothing is used
    "PixioBackbone",                   # on a reload its names swap
    "RfDetrModel",                     # 26 transforms on one model; 1:n converters
    "RfDetrForInstanceSegmentation",   # the same and more, scoped two deep
    "Kimi_K25Model",                   # GroupWeightRename, PermuteForRope, 45,729 checkpoint keys
]
CLASSES = 100             # how many to choose
LARGEST = 2_500_000       # bytes of truth beyond which a class is too large, unless it is in MUST
GENERATED_STEP = 10


def lines(path):
    with lzma.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def features(layout, truth, registry):
    """What a class has to show, as a set of comparable things."""
    found = set()
    for module in layout["modules"]:
        depth = "root" if module["path"] == "" else "sub-model"
        for kind in ("class", "model_type"):
            name = module[kind]
            if name in registry["entries"]:
                found.add(("entry", name))
                found.add(("lookup", kind, depth))
            if name in registry["aliases"]:
                found.add(("alias", registry["aliases"][name]))
    used = set(truth.get("load_used", []))
    for index, transform in enumerate(truth["mapping"]):
        kind = transform["type"]
        scoped = "scope_prefix" in transform
        operations = tuple(op["op"] for op in transform.get("operations", []))
        found.add(("kind", kind, scoped, index in used))
        found.add(("operations", operations, index in used))
        found.add(("counts", kind, len(transform.get("source", [])), len(transform.get("target", []))))
    for part in ("save_fresh", "save_loaded", "load", "reload", "resave", "missing", "unexpected"):
        found.add((part, bool(truth.get(part))))
    found.update(("error", part) for part in truth if part.endswith("_error"))
    found.add(("tied", bool(layout["tied"]), type(layout.get("declared_tied")).__name__))
    found.add(("base_model_prefix", layout["base_model_prefix"] == ""))
    found.update(("dtype", dtype, len(shape)) for shape, dtype in layout["keys"].values())
    return found


def choose(layouts, truths, registry):
    shows = {}
    cost = {}
    for name, truth_line in truths.items():
        shows[name] = features(json.loads(layouts[name]), json.loads(truth_line), registry)
        cost[name] = len(truth_line) + len(layouts[name])
    absent = [name for name in MUST if name not in shows]
    if absent:
        sys.exit(f"make_subset.py: no truth for {', '.join(absent)}")
    chosen = list(MUST)
    seen = set().union(*(shows[name] for name in MUST))
    rest = sorted(n for n in shows if n not in MUST and len(truths[n]) <= LARGEST)
    while len(chosen) < CLASSES and rest:
        best = max(rest, key=lambda n: (len(shows[n] - seen) / (cost[n] + 20_000), -cost[n], n))
        rest.remove(best)
        chosen.append(best)
        seen |= shows[best]
    return set(chosen)


def write(path, texts):
    data = "".join(text + "\n" for text in texts).encode("utf-8")
    with open(path, "wb") as file:
        file.write(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
    print(f"{path}: {len(texts)} lines, {len(data)} bytes, {os.path.getsize(path)} packed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("corpus")
    parser.add_argument("output")
    parser.add_argument("--release", default="5.16")
    args = parser.parse_args()

    def name(stem, folder):
        return os.path.join(folder, stem.replace("V", args.release))

    os.makedirs(args.output, exist_ok=True)
    shutil.copyfile(name("registry-V.json", args.corpus), name("registry-V.json", args.output))
    with open(name("registry-V.json", args.corpus), encoding="utf-8") as file:
        registry = json.load(file)
    layouts = {json.loads(l)["class"]: l for l in lines(name("layouts-V.jsonl.xz", args.corpus))}
    truths = {json.loads(l)["class"]: l for l in lines(name("truth-V.jsonl.xz", args.corpus))}
    chosen = choose(layouts, truths, registry)
    for stem, source in (("layouts-V.jsonl.xz", layouts), ("truth-V.jsonl.xz", truths)):
        write(name(stem, args.output), [source[c] for c in source if c in chosen])
    generated = list(lines(name("generated-V.jsonl.xz", args.corpus)))
    write(name("generated-V.jsonl.xz", args.output), generated[::GENERATED_STEP])


if __name__ == "__main__":
    main()
