# Assignment, augmented assignment, copies and aliasing: Python's value semantics.
from copy import copy, deepcopy

from .core_model_loading import Chunk, WeightConverter, WeightRenaming


SHARED_TARGETS = ["^start.(a|b)", r"end\.$"]


def _build_checkpoint_conversion_mapping():
    mapping = {
        "base": [WeightRenaming("a", "b"), WeightRenaming("c", "d")],
        "legacy": [WeightRenaming("LayerNorm.gamma", "LayerNorm.weight")],
    }
    mapping["alias"] = mapping["base"]
    mapping["copy"] = mapping["base"].copy()
    mapping["deep"] = deepcopy(mapping["base"])
    mapping["shallow"] = copy(mapping["base"])
    mapping["listed"] = list(mapping["base"])
    mapping["sliced"] = mapping["base"][:]
    # In place: seen under both names, but not in the copies.
    mapping["base"] += [WeightRenaming("e", "f")]
    mapping["base"].append(WeightRenaming("g", "h"))
    # A new list: the old name keeps the old one.
    mapping["rebound"] = mapping["base"]
    mapping["rebound"] = mapping["rebound"] + [WeightRenaming("i", "j")]

    mapping["ops"] = mapping["legacy"].copy()
    mapping["ops"].extend([WeightRenaming("k", "l"), WeightRenaming("m", "n")])
    mapping["ops"].insert(0, WeightRenaming("first", "first"))
    mapping["ops"].insert(-1, WeightRenaming("before last", "x"))
    mapping["ops"].pop()
    mapping["ops"].pop(0)
    mapping["reversed"] = mapping["ops"][::-1]
    mapping["negative"] = [mapping["base"][-1], mapping["base"][-2]]
    mapping["some"] = mapping["base"][1:-1]
    mapping["stepped"] = mapping["base"][::2]
    mapping["replaced"] = mapping["base"].copy()
    mapping["replaced"][0] = WeightRenaming("zero", "0")
    mapping["replaced"][1:3] = [WeightRenaming("one and two", "12")]
    del mapping["replaced"][-1]
    mapping["repeated"] = [WeightRenaming("r", "s")] * 3
    mapping["starred"] = [*mapping["legacy"], WeightRenaming("t", "u"), *mapping["copy"]]
    mapping["removed"] = mapping["base"].copy()
    mapping["removed"].remove(mapping["base"][0])
    mapping["removed"].reverse()

    extra = {"from_update": [WeightRenaming("v", "w")], "legacy_two": mapping["legacy"]}
    mapping.update(extra)
    mapping.update(keyword=[WeightRenaming("kw", "kw")])
    mapping |= {"from_or": [WeightRenaming("x", "y")]}
    mapping = {**mapping, "from_splat": [WeightRenaming("1", "2")]}
    merged = {"left": [WeightRenaming("l", "l")]} | {"left": [WeightRenaming("r", "r")]}
    mapping.update(merged)
    mapping.setdefault("left", []).append(WeightRenaming("after", "after"))
    mapping.setdefault("fresh", []).append(WeightRenaming("fresh", "fresh"))
    mapping["legacy"] += [WeightRenaming("both", "names")]
    mapping["gone"] = [WeightRenaming("gone", "gone")]
    del mapping["gone"]
    mapping["moved"] = mapping.pop("keyword")
    assert mapping.pop("nothing", None) is None
    mapping["got"] = mapping.get("base") or mapping.get("legacy")
    mapping["absent"] = mapping.get("nothing", mapping["legacy"])

    # Construction edits the very list it is given: the second transform sees what the first left.
    mapping["edited"] = [
        WeightRenaming(["x", "y"], SHARED_TARGETS),
        WeightRenaming(["x", "y"], SHARED_TARGETS),
    ]
    first, *rest = mapping["base"]
    (a, b), c = (first, rest[0]), rest[-1]
    mapping["unpacked"] = [c, b, a]
    x = y = [WeightRenaming("chained", "assignment")]
    x += [WeightRenaming("seen by", "both")]
    mapping["x"], mapping["y"] = x, y
    ops = [Chunk(dim=0)]
    mapping["operations"] = [WeightConverter("a", ["b", "c"], operations=ops)]
    ops += [Chunk(dim=1)]
    mapping["operations"][0].operations.append(Chunk(dim=2))
    return mapping
