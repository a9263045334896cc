#!/usr/bin/env python3
"""Writes src/checkpoint/module_kinds.def from the modeling files of a transformers package.

usage: make_module_kinds.py PACKAGE/transformers > src/checkpoint/module_kinds.def

For every `self.NAME = …` of a model's classes, the classes that are called on the right are followed to
torch.nn.Linear, torch.nn.Embedding or Conv1D; a class with a parameter `weight` of its own is another
kind. Names that are always torch.nn.Linear are left out.
"""
import ast
import collections
import os
import sys

KINDS = {"E": "kEmbedding", "C": "kConv1D", "S": "kLinearSubclass", "P": "kOther", "L": "kLinear"}
BASES = {"nn.Linear": "L", "torch.nn.Linear": "L", "nn.Embedding": "E", "torch.nn.Embedding": "E", "Conv1D": "C"}


def read(models):
    """The classes, as (folder, name) -> (bases, has a parameter `weight`); and (folder, name, callee) of
    every assignment to an attribute."""
    classes, uses = {}, []
    for folder in sorted(os.listdir(models)):
        path = os.path.join(models, folder)
        if not os.path.isdir(path):
            continue
        for file in sorted(os.listdir(path)):
            if not file.startswith("modeling_") or not file.endswith(".py"):
                continue
            with open(os.path.join(path, file)) as text:
                tree = ast.parse(text.read())
            for owner in tree.body:
                if isinstance(owner, ast.ClassDef):
                    read_class(folder, owner, classes, uses)
    return classes, uses


def read_class(folder, owner, classes, uses):
    own_weight = False
    for node in ast.walk(owner):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target = node.targets[0]
        if not (isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == "self"):
            continue
        calls = [ast.unparse(call.func) for call in ast.walk(node.value) if isinstance(call, ast.Call)]
        own_weight |= target.attr == "weight" and any("Parameter" in call for call in calls)
        uses += [(folder, target.attr, call) for call in calls]
    classes[folder, owner.name] = ([ast.unparse(base) for base in owner.bases], own_weight)


def kind_of(classes, folder, name, depth=0):
    if name in BASES:
        return BASES[name]
    if depth > 6 or (folder, name) not in classes:
        return None
    bases, own_weight = classes[folder, name]
    for base in bases:
        kind = kind_of(classes, folder, base, depth + 1)
        if kind:
            return "S" if kind == "L" else kind
    return "P" if own_weight and "Norm" not in name else None


def rows(classes, uses):
    found = collections.defaultdict(lambda: collections.defaultdict(set))
    for folder, name, callee in uses:
        kind = kind_of(classes, folder, callee)
        if kind:
            found[name][kind].add(folder)
    for name, kinds in found.items():
        linear = kinds.get("L", set())
        others = {kind: folders for kind, folders in kinds.items() if kind != "L"}
        count = sum(len(folders) for folders in others.values())
        if not others:
            continue
        if count > len(linear) and ("S" not in others or "P" in others):
            # Most often one kind; the folders with another are named.
            most = max((kind for kind in others if kind != "S"), key=lambda kind: len(others[kind]))
            yield name, "", KINDS[most]
            for kind, folders in kinds.items():
                if kind != most:
                    yield from ((name, folder, KINDS[kind]) for folder in folders)
        else:
            for kind, folders in others.items():
                yield from ((name, folder, KINDS[kind]) for folder in folders - linear)


def main():
    classes, uses = read(os.path.join(sys.argv[1], "models"))
    print("""// What kinds of modules the two-dimensional weights of the library's models belong to, where it is not
// torch.nn.Linear: the name of the module's attribute, the folder of the model ("": every folder), the
// kind. Written by tools/make_module_kinds.py from the modeling files of transformers 5.24.0.
//
//   WCHECK_MODULE(name, folder, kind)
""")
    for name, folder, kind in sorted(set(rows(classes, uses))):
        print(f'WCHECK_MODULE("{name}", "{folder}", {kind})')
    print("\n#undef WCHECK_MODULE")


if __name__ == "__main__":
    main()
