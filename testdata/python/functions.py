# Functions: nesting, closures, defaults, star arguments, returns, globals, decorators, generators.
from functools import lru_cache

from .core_model_loading import Chunk, MergeModulelist, WeightConverter, WeightRenaming

_counter = 0


def renames(*pairs, prefix="", suffix: str = "", **extra) -> list[WeightRenaming]:
    """A docstring."""
    made = [WeightRenaming(prefix + a + suffix, prefix + b + suffix) for a, b in pairs]
    made += [WeightRenaming(k, v) for k, v in extra.items()]
    return made


def experts(source, target="mlp.experts", /, *, dim=0):
    return WeightConverter(f"{source}.*.weight", target, operations=[MergeModulelist(dim=dim)])


@lru_cache(maxsize=None)
def qkv(name):
    if not name:
        return None
    elif name == "bias":
        return [WeightConverter("qkv.bias", ["q.bias", "k.bias", "v.bias"], [Chunk(0)])]
    for part in ("weight", "scale"):
        if part == name:
            return [WeightConverter(f"qkv.{part}", [f"{n}.{part}" for n in "qkv"], [Chunk(0)])]
    return []


def count():
    global _counter
    _counter += 1
    return _counter


def numbered(n):
    for i in range(n):
        yield WeightRenaming(f"n.{i}", f"m.{i}")
    yield from [WeightRenaming("last", "last")]


def factorial(n):
    return 1 if n <= 1 else n * factorial(n - 1)


def make_adder(tag):
    made = 0

    def add(mapping, key, *transforms):
        nonlocal made
        made += 1
        mapping.setdefault(key, []).extend(transforms)
        mapping[key].append(WeightRenaming(f"{tag}.{made}", "x"))

    return add


def defaults(item, into=[]):
    into.append(item)
    return into


def _build_checkpoint_conversion_mapping(verbose: bool = False):
    def local(a, b="default"):
        return WeightRenaming(a, b)

    mapping = {
        "renames": renames(("a", "b"), ("c", "d"), prefix="p."),
        "extra": renames(x="y", z="w"),
        "star": renames(*[("s", "t"), ("u", "v")], **{"suffix": ".weight"}),
        "experts": [experts("w1"), experts("w2", "other", dim=1)],
        "weight": qkv("weight"),
        "bias": qkv("bias"),
        "none": qkv("nothing"),
        "local": [local("a"), local(b="x", a="y")],
        "lambda": [(lambda n, m="z": WeightRenaming(n, m))("l")],
        "generator": list(numbered(2)),
        "factorial": [WeightRenaming(str(factorial(5)), "x")],
    }
    add = make_adder("tag")
    add(mapping, "added", local("1"))
    add(mapping, "added")
    add(mapping, "renames")
    first = defaults(local("d1"))
    second = defaults(local("d2"))
    mapping["defaults"] = first if first is second else []
    mapping["count"] = [WeightRenaming(str(count()), str(count()))]

    class Helper:
        pass

    def mutate(entries):
        entries["mutated"] = entries["local"][:1]

    mutate(mapping)
    return mapping
