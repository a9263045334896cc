#!/usr/bin/env python3
"""Writes the input of a benchmark.

usage: make_input.py layout FAMILIES MEMBERS > layout.jsonl
       make_input.py python REGISTRY.json > conversion_mapping.py
       make_input.py experts|names KEYS FOLDER

`layout`: one model with FAMILIES key patterns of MEMBERS keys each (layers times experts), every one of
which its plan renames.
`python`: a registry as the source that a person would write, one call a transform.
`experts`, `names`: a checkpoint of KEYS keys in four shards, with holes for data: layers of Mixtral's
experts, or names that differ in their letters.
"""
import itertools
import json
import math
import os
import string
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


def expert_names(count):
    for i in range(count):
        layer, expert, weight = i // 1536, i // 3 % 512, i % 3 + 1
        yield f"model.layers.{layer}.block_sparse_moe.experts.{expert}.w{weight}.weight"


def letter_names(count):
    letters = string.ascii_lowercase
    for word in itertools.islice(itertools.product(letters, repeat=5), count):
        yield f"model.{''.join(word)}.weight"


def shard(names, path):
    size = 2 * 4 * 4
    header = json.dumps({name: {"dtype": "BF16", "shape": [4, 4], "data_offsets": [i * size, (i + 1) * size]}
                         for i, name in enumerate(names)}, separators=(",", ":")).encode()
    with open(path, "wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + len(names) * size)


def checkpoint(names, folder):
    os.makedirs(folder)
    each = -(-len(names) // 4)
    for i in range(4):
        shard(names[i * each:(i + 1) * each], f"{folder}/model-0000{i + 1}-of-00004.safetensors")


if sys.argv[1] == "layout":
    layout(int(sys.argv[2]), int(sys.argv[3]))
elif sys.argv[1] in ("experts", "names"):
    make = expert_names if sys.argv[1] == "experts" else letter_names
    checkpoint(list(make(int(sys.argv[2]))), sys.argv[3])
else:
    python(sys.argv[2])
