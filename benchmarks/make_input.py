#!/usr/bin/env python3
"""Writes the input of a benchmark.

usage: make_input.py layout FAMILIES MEMBERS > layout.jsonl
       make_input.py python REGISTRY.json > conversion_mapping.py

`layout`: one model with FAMILIES key patterns of MEMBERS keys each (layers times experts), every one of
which its plan renames.
`python`: a registry as the source that a person would write, one call a transform.
"""
import json
import math
import sys


def layout(families, members):
    layers = max(n for n in range(1, math.isqrt(members) + 1) if members % n == 0)
    experts = members // layers
    keys = {}
    for layer in range(layers):
        for expert in range(experts):
            for family in range(families):
                # Families by twenty stand in one block, as in a model.
                key = f"language_model.block{family // 20}.layers.{layer}.mlp.experts.{expert}.w{family % 20}.weight"
                keys[key] = [[64, 32 + family % 7], "bfloat16"]
    print(json.dumps({
        "class": "BenchmarkModel", "model_type": "llava", "base_model_prefix": "model",
        "modules": [{"path": "", "class": "BenchmarkModel", "model_type": "llava"}],
        "keys": keys, "tied": {}, "declared_tied": None}))


def call(transform):
    kinds = {"source": "source_patterns", "target": "target_patterns", "prefix_to_add": "prefix_to_add",
             "prefix_to_remove": "prefix_to_remove", "model_prefix": "model_prefix"}
    arguments = [f"{name}={transform[field]!r}" for field, name in kinds.items()
                 if transform.get(field) is not None]
    if operations := transform.get("operations"):
        written = [f"{o['op']}({', '.join(f'{k}={v!r}' for k, v in o.items() if k != 'op')})"
                   for o in operations]
        arguments.append(f"operations=[{', '.join(written)}]")
    return f"{transform['type']}({', '.join(arguments)})"


def python(path):
    with open(path, encoding="utf-8") as file:
        registry = json.load(file)
    print("def _build_checkpoint_conversion_mapping():\n    mapping = {")
    for name, transforms in registry["entries"].items():
        if name in registry["aliases"]:
            continue
        print(f"        {name!r}: [")
        for transform in transforms:
            print(f"            {call(transform)},")
        print("        ],")
    print("    }\n    return mapping")


if sys.argv[1] == "layout":
    layout(int(sys.argv[2]), int(sys.argv[3]))
else:
    python(sys.argv[2])
