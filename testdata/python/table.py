# A table and nothing else: two dicts, one shared list, no builder.
from .core_model_loading import WeightRenaming

_COMMON = [WeightRenaming("norm.gamma", "norm.weight")]

FIRST = {"one": _COMMON, "two": _COMMON + [WeightRenaming("x", "y")]}
SECOND = {"three": [WeightRenaming("p", "q")], "four": []}
FIRST["one"] += [WeightRenaming("late", "later")]
NUMBERS = {"not": 1, "a": 2, "registry": 3}
