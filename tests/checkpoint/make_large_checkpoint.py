#!/usr/bin/env python3
"""Writes a checkpoint of many keys for measuring: headers only, the data is a hole in the file.

    make_large_checkpoint.py FOLDER [KEYS] [SHARDS] [LAYOUT]

LAYOUT is `moe` (layers of experts, as large checkpoints are) or `flat` (every name is another one,
which no family holds). With one shard the file is model.safetensors; a header may have 100 MB, so
that many long names need several.
"""
import json
import os
import struct
import sys


def moe(count):
    experts = 768
    for i in range(count):
        rest, part = divmod(i, 3)
        layer, expert = divmod(rest, experts)
        yield f"model.layers.{layer}.block_sparse_moe.experts.{expert}.w{part + 1}.weight"


def flat(count):
    for i in range(count):
        yield f"model.p{i:x}.weight"


def main():
    folder = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    shards = int(sys.argv[3]) if len(sys.argv) > 3 else 10
    names = list((flat if sys.argv[4:] == ["flat"] else moe)(count))
    os.makedirs(folder, exist_ok=True)
    weight_map = {}
    for shard in range(shards):
        file = f"model-{shard + 1:05}-of-{shards:05}.safetensors" if shards > 1 else "model.safetensors"
        header = {}
        for i, name in enumerate(names[shard * count // shards:(shard + 1) * count // shards]):
            header[name] = {"dtype": "BF16", "shape": [4, 4], "data_offsets": [32 * i, 32 * i + 32]}
            weight_map[name] = file
        text = json.dumps(header, separators=(",", ":")).encode()
        with open(os.path.join(folder, file), "wb") as out:
            out.write(struct.pack("<Q", len(text)) + text)
            out.truncate(8 + len(text) + 32 * len(header))
    if shards > 1:
        with open(os.path.join(folder, "model.safetensors.index.json"), "w") as out:
            json.dump({"metadata": {}, "weight_map": weight_map}, out, indent=2)


main()
