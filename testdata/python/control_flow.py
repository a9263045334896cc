# Guards, try, with, match, loops, aliases and module-level registration: the library's own shape.
from __future__ import annotations

import importlib.util
import sys
from copy import deepcopy

from .core_model_loading import PrefixChange, WeightConverter, WeightRenaming
from .utils import is_torch_available, logging

try:
    import packaging
except ImportError:
    packaging = None

if is_torch_available():
    import torch

logger = logging.get_logger(__name__)

_MODEL_TO_CONVERSION_PATTERN = {
    # comment
    "beta": "alpha",
    "gamma": "alpha",
    "own": "alpha",  # has an entry of its own
    "Delta": "AlphaModel",
}
_MODEL_TO_CONVERSION_PATTERN["late"] = "alpha"
SKIP = {"beta_skip", "gamma_skip"}
EXTRA = ["beta_skip", "e1", "e2"]


def _build_checkpoint_conversion_mapping():
    mapping = {
        "alpha": [WeightRenaming("a", "b")],
        "AlphaModel": [PrefixChange(prefix_to_add="model")],
        "own": [WeightRenaming("own", "own")],
        "legacy": [WeightRenaming("LayerNorm.gamma", "LayerNorm.weight")],
    }
    if is_torch_available() and hasattr(torch.nn.utils.parametrizations, "weight_norm"):
        mapping["legacy"] += [WeightRenaming(".weight_g$", ".original0")]
    else:
        mapping["legacy"] += [WeightRenaming(".original0", ".weight_g")]
    if not hasattr(torch, "nn"):
        mapping["never"] = []
    if importlib.util.find_spec("torch") is not None:
        mapping["found"] = [WeightRenaming("found", "found")]
    if sys.version_info >= (3, 8):
        mapping["version"] = [WeightRenaming("v", "v")]

    for name in EXTRA:
        if name in SKIP:
            continue
        mapping[name] = mapping["alpha"].copy()
        if name == "e1":
            logger.warning(f"{name} is here")
            mapping[name] += [WeightRenaming("e1", "e1")]
    else:
        mapping["for_else"] = [WeightRenaming("else", "else")]

    for name in ("x", "y", "z"):
        if name == "y":
            break
    else:
        mapping["not_here"] = []
    mapping["broke_at"] = [WeightRenaming(name, name)]

    try:
        mapping["caught"] = mapping["missing"].copy()
    except (KeyError, TypeError) as error:
        mapping["caught"] = [WeightRenaming("caught", "KeyError")]
    finally:
        mapping["finally"] = [WeightRenaming("f", "f")]
    try:
        value = int("12")
    except ValueError:
        value = 0
    else:
        mapping["try_else"] = [WeightRenaming(str(value), "x")]
    try:
        try:
            int("no number")
        except KeyError:
            mapping["wrong_handler"] = []
    except Exception:
        mapping["outer"] = [WeightRenaming("outer", "outer")]

    def choose(kind):
        match kind:
            case "a" | "b":
                return "letter"
            case 1:
                return "one"
            case other if other is None:
                return "none"
            case _:
                return "other"

    mapping["match"] = [WeightRenaming(choose("b"), choose(1)), WeightRenaming(choose(None), choose("z"))]
    pending = ["p1", "p2"]
    while pending:
        mapping[pending.pop()] = [WeightRenaming(str(len(pending)), "x")]

    for model_type, base_pattern in _MODEL_TO_CONVERSION_PATTERN.items():
        if model_type in mapping:
            continue
        mapping[model_type] = mapping[base_pattern].copy()
    return mapping


_checkpoint_conversion_mapping_cache = None


def get_checkpoint_conversion_mapping(model_type):
    global _checkpoint_conversion_mapping_cache
    if _checkpoint_conversion_mapping_cache is None:
        _checkpoint_conversion_mapping_cache = _build_checkpoint_conversion_mapping()
    return deepcopy(_checkpoint_conversion_mapping_cache.get(model_type))


def register_checkpoint_conversion_mapping(
    model_type: str, mapping: list[WeightConverter | WeightRenaming], overwrite: bool = False
) -> None:
    global _checkpoint_conversion_mapping_cache
    if _checkpoint_conversion_mapping_cache is None:
        _checkpoint_conversion_mapping_cache = _build_checkpoint_conversion_mapping()
    if model_type in _checkpoint_conversion_mapping_cache and not overwrite:
        raise ValueError(f"Model type {model_type} already exists in the checkpoint conversion mapping.")
    _checkpoint_conversion_mapping_cache[model_type] = mapping


register_checkpoint_conversion_mapping("registered", [WeightRenaming("r", "r")])
register_checkpoint_conversion_mapping("gamma", [WeightRenaming("over", "written")], overwrite=True)
register_checkpoint_conversion_mapping(
    "from_other", get_checkpoint_conversion_mapping("alpha") + [WeightRenaming("more", "more")]
)
try:
    register_checkpoint_conversion_mapping("alpha", [])
except ValueError as error:
    pass
