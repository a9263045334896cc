# Comprehensions, generator expressions, attribute access on transforms, built-in functions.
from itertools import chain, product
import itertools

from .core_model_loading import (
    Chunk,
    Concatenate,
    MergeModulelist,
    PrefixChange,
    WeightConverter,
    WeightRenaming,
)


def _build_checkpoint_conversion_mapping():
    mapping = {
        "base": [
            WeightRenaming(r"^model\.(\d+)\.", r"layers.\1."),
            WeightRenaming("attention.query", "q_proj"),
            WeightConverter(["w1", "w3"], "gate_up", operations=[MergeModulelist(dim=0), Concatenate(dim=1)]),
            PrefixChange(prefix_to_remove="model"),
            PrefixChange(prefix_to_add="text", model_prefix="model"),
        ],
        "named": [WeightRenaming(f"{n}_proj", f"self_attn.{n}_proj") for n in ("q", "k", "v")],
        "nested": [WeightRenaming(f"{a}.{b}", f"{b}.{a}") for a in "ab" for b in range(2) if a != "b" or b],
    }
    mapping["prefixed"] = [
        WeightRenaming(t.source_patterns[0].replace("attention", "attn"), t.target_patterns[0])
        for t in mapping["base"]
        if isinstance(t, WeightRenaming) and not isinstance(t, PrefixChange)
    ]
    mapping["processed"] = [
        WeightRenaming([f"x.{p}" for p in t.source_patterns], [f"y.{p}" for p in t.target_patterns])
        for t in mapping["base"]
        if not isinstance(t, (WeightConverter,)) and hasattr(t, "prefix_to_add") is False
    ]
    odd = [
        WeightRenaming(r"x\1y\1", r"^(?<!a\.)b\.(c|d)(?=e)$"),
        WeightRenaming(["p", r"\1"], ["(?:q)(r(s)t)u", "v(?P<n>w)(r(s)"]),
        WeightRenaming("^s$", "(?!)x)y()z(?"),
    ]
    mapping["odd"] = [
        WeightRenaming("|".join(t.source_patterns).replace("\\", "/"), "|".join(t.target_patterns).replace("\\", "/"))
        for t in odd
    ]
    mapping["same"] = [t for t in mapping["base"] if "query" not in t.source_patterns[0]]
    mapping["converters"] = [
        WeightConverter(
            source_patterns=[s.replace("w", "expert.w") for s in t.source_patterns],
            target_patterns=t.target_patterns,
            operations=t.operations,
        )
        for t in mapping["base"]
        if type(t) is WeightConverter or type(t).__name__ == "WeightConverter"
    ]
    prefix = mapping["base"][-1]
    mapping["attributes"] = [
        WeightRenaming(f"{prefix.prefix_to_add}-{prefix.prefix_to_remove}", prefix.model_prefix),
        WeightRenaming(prefix.source_patterns, prefix.target_patterns),
        WeightRenaming(prefix.source_patterns[0], str(len(prefix.target_patterns))),
    ]
    mapping |= {f"made_{i}": [WeightRenaming(name, name.upper())] for i, name in enumerate(["a", "b"], start=1)}
    table = {"query": "q", "key": "k", "value": "v"}
    mapping["items"] = [WeightRenaming(f"attention.{k}", f"{v}_proj") for k, v in table.items() if k != "key"]
    mapping["zipped"] = [
        WeightRenaming(a, b) for a, b in zip(["norm1", "norm2", "extra"], ["pre_norm", "post_norm"])
    ]
    mapping["sorted"] = [WeightRenaming(k, table[k]) for k in sorted(table)]
    mapping["sorted_key"] = [WeightRenaming(k, k) for k in sorted(table, key=lambda k: (-len(k), k), reverse=True)]
    mapping["enumerated"] = [WeightRenaming(f"{i}.{k}", f"{v}.{i}") for i, (k, v) in enumerate(table.items())]
    mapping["mapped"] = list(map(lambda n: WeightRenaming(n, n + "_"), filter(lambda n: n != "b", ["a", "b", "c"])))
    mapping["reversed"] = list(reversed(mapping["mapped"]))
    mapping["chained"] = [*chain(mapping["mapped"], mapping["zipped"][:1])]
    mapping["flattened"] = list(itertools.chain.from_iterable([mapping["mapped"], mapping["sorted"][-1:]]))
    mapping["product"] = [WeightRenaming(f"{a}{b}", "x") for a, b in product("xy", (1, 2))]
    mapping["range"] = [WeightRenaming(f"l.{i}", f"m.{i}") for i in range(4, -1, -2)]
    mapping["dedup"] = [WeightRenaming(k, k) for k in sorted({"b", "a", "b"})]
    mapping["dedup_order"] = [WeightRenaming(k, k) for k in dict.fromkeys(["b", "a", "b"])]
    if any(t.source_patterns[0] == "attention.query" for t in mapping["base"]):
        mapping["any"] = [WeightRenaming("any", "any")]
    if all(isinstance(t, WeightRenaming) for t in mapping["base"]):
        mapping["not all"] = []
    if any((found := t) for t in mapping["base"] if isinstance(t, PrefixChange)):
        mapping["walrus"] = [found]
    if (count := len(mapping["base"])) > 3 and 1 < count <= 5:
        mapping["count"] = [WeightRenaming(f"{count}", "x")] if count % 2 else []
    mapping["first"] = [next(t for t in mapping["base"] if isinstance(t, WeightConverter))]
    mapping["default"] = [next((t for t in mapping["base"] if t is None), mapping["base"][0])]
    gen = (n for n in "abc")
    mapping["consumed"] = [WeightRenaming(next(gen), next(gen))] + [WeightRenaming(n, n) for n in gen]
    mapping["minmax"] = [WeightRenaming(min("b", "a"), max(["x", "z", "y"], key=lambda s: s)), WeightRenaming(str(sum([1, 2, 3])), str(abs(-4)))]
    mapping["getattr"] = [WeightRenaming(getattr(prefix, "prefix_to_add"), getattr(prefix, "nothing", "default"))]
    mapping["ternary"] = [WeightRenaming("yes" if "base" in mapping else "no", "x" if not table else "y")]
    total = 0
    i = 0
    while True:
        i += 1
        if i == 3:
            continue
        if i > 5:
            break
        total += i
    else:
        total = -1
    mapping["while"] = [WeightRenaming(str(total), str(i // 2 ** 1 - 7 % 4))]
    return mapping
