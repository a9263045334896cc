"""Registries and layouts whose names try to break out of whatever they are written into.

`python3 inputs.py FOLDER` writes them; write_all(folder) does it for another test.
"""
import json
import pathlib
import re
import sys

NAMES = [
    "<script>window.ran=1</script>",
    "</script><script>window.ran=1</script>",
    "</style></title><script>window.ran=1</script>",
    "\"><img src=x onerror=window.ran=1>",
    "' onmouseover='window.ran=1",
    "javascript:window.ran=1",
    "<!--", "-->", "]]>", "<![CDATA[", "&lt;b&gt;&amp;", "&#x3c;script&#x3e;",
    "{{title}}", "{{{style}}}", "{{#rows}}", "${x}", "`x`", "``` x", "|a|b|", "*a*_b_[c](d)", "# a",
    "%s%n%0A", "::error::x", "##[error]x", "a,b:c",
    "a\nb", "a\r\n::error ::x", "a\tb", "a\\nb", "\\", "\"", "'", "\x1b[31mred", "\x07", "\x7f",
    "\u202egnp.exe", "\u2066a\u2069", "\u200b", "\u2028", "\ufeff", "\u00e9\u6f22\u5b57\U0001f41d",
    "x -> y; } digraph {", "\\N\\G\\l\\r", "{a|b}", "]; evil [", "/*", "//", "<<b>x</b>>", "a:b:c",
    "{0...3}", "{i}", "../../x", ".", "..", "a..b", "-o", "--help",
    "q" * 10000, "<script>" * 1250,
]


def file_name(name):
    """The name as far as a file can have it."""
    return re.sub(r"[/\0]", "_", name).encode()[:180].decode(errors="ignore") or "_"


def case(name):
    """A registry and a layout in which `name` is entry, class, module, key and pattern."""
    transforms = [
        {"type": "WeightRenaming", "source": [re.escape(name) + r"\.old"], "target": ["fine"]},
        {"type": "WeightRenaming", "source": ["^plain"], "target": ["made"]},
        {"type": "WeightRenaming", "source": [r"^twice\.a"], "target": ["twice.b"]},
        # Never matches, and names things.
        {"type": "PrefixChange", "prefix_to_remove": name},
    ]
    one = [[2], "float32"]
    # Not every name can be part of a key: a renaming is built of each key, and not each is a pattern.
    keys = {"made.0.weight": one, "fine.weight": one, "twice.b": one, "k." + name + ".w": one}
    layout = {
        "class": name, "model_type": name, "base_model_prefix": "model",
        "modules": [{"path": "", "class": name, "model_type": name},
                    {"path": "k", "class": name + "Sub", "model_type": name + "sub"}],
        "keys": keys, "tied": {}, "declared_tied": None,
    }
    registry = {"transformers": name, "aliases": {name + "2": name, "dangling": name},
                "entries": {name: transforms, name + "Sub": transforms[:1], "unreached": transforms}}
    return registry, layout


def write_all(folder):
    """Writes every case twice, with its hostile key and tame.

    Returns for each name two pairs of paths, of a registry and of layouts.
    """
    cases = []
    for number, name in enumerate(NAMES):
        pairs = []
        for variant in ("key", "tame"):
            registry, layout = case(name)
            if variant == "tame":
                layout["keys"] = {key: value for key, value in layout["keys"].items() if not key.startswith("k.")}
                registry["aliases"] = {}
                for entry in registry["entries"].values():
                    # Some names are no patterns, or have no reverse; these stay.
                    entry[:] = entry[1:3]
            where = pathlib.Path(folder) / f"{number}-{variant}"
            where.mkdir(parents=True, exist_ok=True)
            registry_path = where / (file_name(name) + ".json")
            registry_path.write_text(json.dumps(registry, indent=1))
            layouts_path = where / (file_name(name) + ".jsonl")
            layouts_path.write_text(json.dumps(layout) + "\n")
            pairs.append((registry_path, layouts_path))
        cases.append(pairs)
    return cases


if __name__ == "__main__":
    for variants in write_all(sys.argv[1]):
        print(json.dumps([[str(path) for path in pair] for pair in variants]))
