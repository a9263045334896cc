"""Collects the regexes of real registries, and real keys to search with them.

    registry_patterns.py CORPUS [--patterns N] [--keys N]

CORPUS is a folder with registry-V.json, layouts-V.jsonl.xz and truth-V.jsonl.xz. Writes
{"patterns": [...], "keys": [...]} to stdout: every different regex that the transforms of all the
registries compile, forward and reversed, and one key of each shape (keys that differ by digits
only are one shape). With --patterns or --keys, N of them, evenly spaced.

data/registry_patterns.json was made with --patterns 300 --keys 400.
"""

import argparse
import json
import lzma
import pathlib
import re


def alternation(sources):
    """The regex of a transform: each source a named group g0, g1, ..."""
    escaped = [source.replace(".*.", r"\..*\.") for source in sources]
    return "|".join(f"(?P<g{i}>{source})" for i, source in enumerate(escaped))


def processed_target(target):
    """(the target as it is spliced into keys, the text of its captured group or None)"""
    target = target.removeprefix("^").removesuffix("$")
    target = re.sub(r"\(\?.+?\)?\)", "", target).replace(r"\.", ".")
    group = re.search(r"\(.+?\)", target)
    return target, group.group(0) if group else None


def construct(sources, targets):
    groups = [processed_target(target)[1] for target in targets]
    group = next((group for group in groups if group), None)
    processed = []
    for i, source in enumerate(sources):
        if r"\1" in source and group:
            source = source.replace(r"\1", group, 1)
        if len(sources) == len(targets):
            if targets[i].startswith("^") and not source.startswith("^"):
                source = "^" + source
            if targets[i].endswith("$") and not source.endswith("$"):
                source += "$"
        processed.append(source)
    return alternation(processed)


def prefix_change(transform, reverse):
    add, remove = transform.get("prefix_to_add"), transform.get("prefix_to_remove")
    if reverse:
        add, remove = remove, add
    model = transform.get("model_prefix")
    head = f"{model}\\." if model else ""
    if add:
        return [rf"^{head}(?:(?!{add}\.))(.+)$"], [rf"{head}{add}\.\1"]
    return [rf"^{head}{remove}\.(.+)$"], [rf"{head}\1"]


def regexes(transform):
    if transform["type"] == "PrefixChange":
        for reverse in (False, True):
            yield construct(*prefix_change(transform, reverse))
    else:
        yield construct(transform["source"], transform["target"])
        yield construct(transform["target"], transform["source"])


def collect_patterns(corpus):
    found = {}
    for path in sorted(corpus.glob("registry-*.json")):
        registry = json.loads(path.read_text())
        for transforms in registry["entries"].values():
            for transform in transforms:
                found.update(dict.fromkeys(regexes(transform)))
    return list(found)


def collect_keys(corpus):
    shapes = {}
    # Model keys of every release, and the checkpoint keys of the newest.
    layouts = sorted(corpus.glob("layouts-*.jsonl.xz"))
    truths = sorted(corpus.glob("truth-*.jsonl.xz"), key=lambda path: path.stat().st_size)
    for path in layouts + truths[-1:]:
        field = "keys" if path.name.startswith("layouts") else "checkpoint"
        with lzma.open(path, "rt") as lines:
            for line in lines:
                for key in json.loads(line).get(field) or ():
                    shapes.setdefault(re.sub(r"\d+", "0", key), key)
    return sorted(shapes.values())


def spaced(items, count):
    if count is None or count >= len(items):
        return items
    return [items[i * len(items) // count] for i in range(count)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--patterns", type=int)
    parser.add_argument("--keys", type=int)
    arguments = parser.parse_args()
    data = {
        "patterns": spaced(collect_patterns(arguments.corpus), arguments.patterns),
        "keys": spaced(collect_keys(arguments.corpus), arguments.keys),
    }
    print(json.dumps(data, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
