#!/usr/bin/env python3
"""The renames of all bundled classes, as a plain loop over Python's `re` does them.

usage: rename_loop.py SIMULATED.jsonl LAYOUTS.jsonl

SIMULATED is what `wcheck simulate` prints: the collected transforms of each class are taken from it,
nothing else. For each class, every key goes through all patterns of the load, in order, and, with
sources and targets swapped, through those of the save. Scopes are respected; what the engine does
besides (state, collisions, operations, the prefix step) is left out. Prints the number of renames,
that is, of keys that were sent through a plan, and the seconds that the loop alone took.
"""
import json
import re
import sys
import time


def compiled(sources, targets):
    """A transform as the engine compiles it, roughly: one alternation, and its first target."""
    target = re.sub(r"\(\?.+?\)?\)", "", targets[0].removeprefix("^").removesuffix("$"))
    target = target.replace(r"\.", ".")
    if group := re.search(r"\(.+?\)", target):
        target = target.replace(group.group(), r"\1", 1)
    branches = (re.sub(r"\.\*\.", r"\\..*\\.", s.replace(r"\1", group.group() if group else r"(.+)"))
                for s in sources)
    return re.compile("|".join(f"(?P<g{i}>{b})" for i, b in enumerate(branches))), target


def rename(key, plan):
    for pattern, target, scope in plan:
        prefix, rest = "", key
        if scope:
            if not key.startswith(scope):
                continue
            prefix, rest = scope, key[len(scope):]
        if match := pattern.search(rest):
            groups = match.groups()
            new = target.replace(r"\1", next((g for g in groups[1:] if g is not None), ""))
            key = prefix + rest.replace(match.group(), new, 1)
    return key


def patterns(transform):
    """Its sources and targets. A PrefixChange is short for one of each."""
    if transform["type"] != "PrefixChange":
        return transform["source"], transform["target"]
    head = transform["model_prefix"] + r"\." if transform.get("model_prefix") else ""
    if prefix := transform.get("prefix_to_add"):
        return [rf"^{head}(?:(?!{prefix}\.))(.+)$"], [rf"{head}{prefix}\.\1"]
    return [rf"^{head}{transform['prefix_to_remove']}\.(.+)$"], [rf"{head}\1"]


def plans(mapping, legacy):
    """What a load and a fresh save try; a save knows no PrefixChange and no legacy."""
    load, save = [], []
    for index, transform in enumerate(mapping):
        sources, targets = patterns(transform)
        scope = transform.get("scope_prefix")
        scope = scope + "." if scope else ""
        load.append((*compiled(sources, targets), scope))
        if transform["type"] == "PrefixChange" or index >= len(mapping) - legacy:
            continue
        try:
            save.append((*compiled(targets, sources), scope))
        except re.error:
            pass  # a reverse that the engine would process further; it is one pattern of many
    return load, save[::-1]


def main():
    simulated, layouts = sys.argv[1:]
    mappings = {}
    with open(simulated, encoding="utf-8") as lines:
        for line in lines:
            answer = json.loads(line)
            mappings[answer["class"]] = answer["mapping"]
    # The legacy transforms close every plan, and are all that most have.
    legacy = min(map(len, mappings.values()))
    work = []
    with open(layouts, encoding="utf-8") as lines:
        for line in lines:
            layout = json.loads(line)
            work.append((list(layout["keys"]), mappings[layout["class"]]))
    start = time.perf_counter()
    renames = 0
    for keys, mapping in work:
        for plan in plans(mapping, legacy):
            for key in keys:
                rename(key, plan)
            renames += len(keys)
    print(json.dumps({"renames": renames, "seconds": time.perf_counter() - start}))


main()
