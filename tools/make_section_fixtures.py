#!/usr/bin/env python3
"""Makes the layouts of fixtures/sections: tools/make_section_fixtures.py CORPUS

exported.jsonl: what a checkpoint of each model has. It is taken from the matching class of the
reference data (layouts, or what the engine saves) and shrunk to the config: the first layers and
experts, and small sizes in place of the class's own. Where no class matches as a whole, a model is
put together from those that do.

internal.jsonl: the parameters of each model, from the lists of leaves that were written by hand:
their names, with the shapes that the leaf's kind gives. Nothing here asks wcheck.
"""

import json
import lzma
import pathlib
import re
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "sections"
CLASSES = {
    "LlamaForCausalLM": {32000: 64, 4096: 16, 11008: 24},
    "MistralForCausalLM": {32000: 64, 4096: 16, 14336: 24, 1024: 8},
    "Qwen2ForCausalLM": {151936: 64, 4096: 16, 22016: 24},
    "MixtralForCausalLM": {32000: 64, 4096: 16, 14336: 24, 1024: 8, 8: 2},
    "BambaForCausalLM": {128000: 64, 4096: 16, 14336: 24, 128: 2, 8704: 24, 17024: 42, 8192: 16},
    "PixtralVisionModel": {1024: 8, 4096: 24, 16: 2},
    "Gemma3ForCausalLM": {262208: 64, 2304: 16, 2048: 16, 1024: 8, 256: 8, 9216: 24},
}
LAYERS = 3
EXPERTS = 2


def read(path):
    with lzma.open(path, "rt") as lines:
        for line in lines:
            yield json.loads(line)


def checkpoints(corpus):
    """Class -> key -> shape, as it is saved."""
    found = {}
    for layout in read(corpus / "layouts-5.16.jsonl.xz"):
        if layout["class"] in CLASSES:
            found[layout["class"]] = {key: shape for key, (shape, _) in layout["keys"].items()}
    for truth in read(corpus / "truth-5.16.jsonl.xz"):
        if truth["class"] in CLASSES and truth.get("checkpoint"):
            found[truth["class"]] = truth["checkpoint"]
    return found


def shrunk(keys, sizes):
    small = {}
    for key, shape in keys.items():
        layer = re.search(r"layers\.(\d+)\.", key)
        expert = re.search(r"experts\.(\d+)\.", key)
        if layer and int(layer[1]) >= LAYERS or expert and int(expert[1]) >= EXPERTS:
            continue
        small[key] = [sizes.get(size, size) for size in shape]
    return small


def layers(keys, chosen):
    """The keys of some layers and those outside of layers."""
    out = {}
    for key, shape in keys.items():
        layer = re.search(r"layers\.(\d+)\.", key)
        if not layer or int(layer[1]) in chosen:
            out[key] = shape
    return out


def renamed(keys, pattern, replacement):
    return {re.sub(pattern, replacement, key): shape for key, shape in keys.items()}


def exported(corpus):
    small = {name: shrunk(keys, CLASSES[name]) for name, keys in checkpoints(corpus).items()}
    two = {name: layers(keys, {0, 1}) for name, keys in small.items()}
    models = {}
    for name in ("LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM", "MixtralForCausalLM"):
        models[name] = models[name + "-tied"] = two[name]

    # One layer of Llama, the same block twice more as prediction heads, and a norm for each.
    llama = small["LlamaForCausalLM"]
    mtp = renamed(layers(llama, {0}), r"^model\.norm\.", "model.mtp_norms.0.")
    for head in (0, 1):
        block = {k: s for k, s in llama.items() if ".layers.0." in k}
        mtp.update(renamed(block, r"layers\.0", f"mtp_heads.{head}"))
        mtp[f"model.mtp_norms.{head + 1}.weight"] = llama["model.norm.weight"]
    models["MTPLlamaForCausalLM"] = mtp

    # Bamba, with the attention of Mistral in layer 1.
    bamba = small["BambaForCausalLM"]
    mistral = small["MistralForCausalLM"]
    attention = {k: s for k, s in mistral.items() if ".layers.1.self_attn." in k}
    hybrid = {k: s for k, s in bamba.items() if ".layers.1.mamba." not in k}
    models["HybridForCausalLM"] = {**hybrid, **attention}

    # Two layers of Mistral; in the second one the attention is one of two mixers.
    stochastic = renamed(two["MistralForCausalLM"], r"\.layers\.", ".decoder.blocks.")
    stochastic = renamed(stochastic, r"blocks\.0\.self_attn", "blocks.0.mixer.self_attn")
    stochastic = renamed(stochastic, r"blocks\.1\.self_attn", "blocks.1.mixer.mixers.attention")
    mamba = {k: s for k, s in bamba.items() if ".layers.1.mamba." in k}
    stochastic.update(renamed(mamba, r"layers\.1\.mamba", "decoder.blocks.1.mixer.mixers.ssm"))
    models["StochasticMixerForCausalLM"] = stochastic

    # Pixtral's tower, Mistral, and the projector between them.
    vision = {"vision_tower." + k: s for k, s in two["PixtralVisionModel"].items()}
    vision.update({"language_model." + k: s for k, s in two["MistralForCausalLM"].items()})
    for layer, inside in ((1, 8), (2, 16)):
        vision[f"multi_modal_projector.linear_{layer}.weight"] = [16, inside]
        vision[f"multi_modal_projector.linear_{layer}.bias"] = [16]
    models["VisionLanguageModel"] = vision

    # Gemma 3, where the values of the second layer are its keys.
    gemma = two["Gemma3ForCausalLM"]
    models["GemmaLikeForCausalLM"] = {k: s for k, s in gemma.items() if ".1.self_attn.v_proj." not in k}
    return models


def tied(name):
    return name.endswith("-tied") or name == "GemmaLikeForCausalLM"


def internal(name, keys):
    """The parameters of a model, from its list of leaves."""
    out = {}
    for line in (FOLDER / "leaves" / f"{name}.txt").read_text().splitlines():
        left, right = line.split(" = ")
        kind, inside = re.fullmatch(r"(?:(\w+)\()?(.*?)\)?", right).groups()
        shapes = [keys[key] for key in inside.split(", ")]
        if kind is None:
            out.update(zip(left.split(", "), shapes, strict=True))
            continue
        first = shapes[0]
        if kind == "PatchEmbedding":
            shape = [first[0], first[1] * first[2] * first[3]]
        elif kind == "TransposeSplit" and len(first) == 2:
            shape = [sum(s[1] for s in shapes), first[0]]
        else:
            shape = [sum(s[0] for s in shapes), *first[1:]]
        out[left] = shape
    return out


def layout(name, keys, ties):
    return json.dumps({
        "class": name,
        "model_type": "",
        "base_model_prefix": "",
        "modules": [{"path": "", "class": name, "model_type": ""}],
        "keys": {key: [shape, "float32"] for key, shape in keys.items()},
        "tied": ties,
    })


def main():
    models = exported(pathlib.Path(sys.argv[1]))
    with open(FOLDER / "exported.jsonl", "w") as out:
        for name, keys in models.items():
            ties = {"lm_head.weight": "model.embed_tokens.weight"} if tied(name) else {}
            print(layout(name, keys, ties), file=out)
    with open(FOLDER / "internal.jsonl", "w") as out:
        for name, keys in models.items():
            print(layout(name, internal(name, keys), {}), file=out)


if __name__ == "__main__":
    main()
