# How the file looks in 2026: entries by class name, derived entries, an alias table, and the
# functions that the library asks.
from __future__ import annotations

from collections import defaultdict
from copy import deepcopy
from typing import TYPE_CHECKING

from .core_model_loading import (
    Chunk,
    Concatenate,
    GroupWeightRename,
    Interleave,
    MergeModulelist,
    PermuteForRope,
    PrefixChange,
    Transpose,
    VisionFuseAndPermuteForRope,
    VisionUnfuseAndPermuteForRope,
    WeightConverter,
    WeightRenaming,
    WeightTransform,
)


if TYPE_CHECKING:
    from .modeling_utils import PreTrainedModel
    from .quantizers import HfQuantizer


_MODEL_TO_CONVERSION_PATTERN = {
    # by model_type
    "wide_moe": "base_moe",
    "base_moe": "base_moe",  # its own name: ignored
    # by class
    "WideTextModel": "BaseTextModel",
    "tower_b": "tower_a",
}


def _build_checkpoint_conversion_mapping():
    mapping = {
        "base_moe": [
            WeightConverter(
                source_patterns=["mlp.experts.*.gate_proj.weight", "mlp.experts.*.up_proj.weight"],
                target_patterns="mlp.experts.gate_up_proj",
                operations=[MergeModulelist(dim=0), Concatenate(dim=1)],
            ),
        ],
        "tower_a": [
            GroupWeightRename(
                source_patterns=[r"blocks.(\d+).norm0", r"blocks.(\d+).norm1"],
                target_patterns=[r"blocks.\1.norm1", r"blocks.\1.norm2"],
            ),
            WeightConverter(
                source_patterns=[r"wqkv"],
                target_patterns=[r"attn.q_proj", r"attn.k_proj", r"attn.v_proj"],
                operations=[
                    Chunk(dim=0),
                    PermuteForRope(subconfig_key="vision_config", permute_layer_names=["q_proj", "k_proj"]),
                ],
            ),
            WeightConverter(
                "qkv_a", ["q_a", "k_a", "v_a"], [VisionUnfuseAndPermuteForRope(0, ["q_a", "k_a"])]
            ),
            WeightConverter(
                ["q_b", "k_b"],
                "qk_b",
                operations=[VisionFuseAndPermuteForRope(permute_layer_names=["q_b"])],
            ),
            WeightConverter("q_c", "q_d", [PermuteForRope("text_config", ["q_c"], True)]),
            WeightConverter(
                source_patterns="w13", target_patterns=["gate", "up"], operations=[Interleave(dim=1), Chunk(dim=1)]
            ),
            WeightConverter("down", "down", operations=[Transpose(1, 2, check_dims=True)]),
        ],
        "BaseTextModel": [PrefixChange(prefix_to_remove="text_model")],
        "depth": [
            WeightRenaming(
                r"depth_head\.projections\.(\d+)\.", r"neck.layers.\1.projection."
            ),
            WeightRenaming(r"depth_head\.project", "decoder.project"),
        ],
        "esm_like": [WeightRenaming("encoder.*.inv_freq", "rotary.inv_freq")],
        "legacy": [
            WeightRenaming(
                source_patterns="LayerNorm.gamma",
                target_patterns="LayerNorm.weight",
            ),
        ],
    }

    mapping["normals"] = [
        WeightRenaming(renaming.source_patterns[0].replace("depth", "normals"), renaming.target_patterns[0])
        for renaming in mapping["depth"]
    ]

    # A copy of what the table held at this point.
    mapping["esm_like"] += mapping["legacy"].copy()
    mapping["legacy"] += [WeightRenaming(source_patterns=".weight_g$", target_patterns=".original0")]

    mapping["mixed"] = mapping["BaseTextModel"].copy() + [
        WeightRenaming("encoder.bias", "shared_bias"),
    ]
    mapping["tower_a"] += mapping["base_moe"].copy()

    mapping["sharded"] = mapping["base_moe"].copy()
    mapping["sharded"] += [
        WeightConverter(
            source_patterns="table.shard_*.weight",
            target_patterns="table.weight",
            operations=[Concatenate(dim=0, num_shards_attribute="table_parts")],
            # too big for any device
            force_cpu=True,
        ),
    ]

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


USER_REGISTERED_MAPPINGS = set()


def register_checkpoint_conversion_mapping(
    model_type_or_class_name: str,
    mapping: list[WeightConverter | WeightRenaming],
    overwrite: bool = False,
) -> None:
    global _checkpoint_conversion_mapping_cache
    if _checkpoint_conversion_mapping_cache is None:
        _checkpoint_conversion_mapping_cache = _build_checkpoint_conversion_mapping()
    if model_type_or_class_name in _checkpoint_conversion_mapping_cache and not overwrite:
        raise ValueError(
            f"Conversion mapping for '{model_type_or_class_name}' already exists. Pass overwrite=True to replace it."
        )
    _checkpoint_conversion_mapping_cache[model_type_or_class_name] = mapping
    # What the user added.
    USER_REGISTERED_MAPPINGS.add(model_type_or_class_name)


def extract_weight_conversions_for_model(model: PreTrainedModel, model_prefix: str) -> list[WeightTransform] | None:
    if (conversions := get_checkpoint_conversion_mapping(type(model).__name__)) is None:
        conversions = get_checkpoint_conversion_mapping(model.config.model_type)
    if conversions is not None and model_prefix != "":
        for i, conversion in enumerate(conversions):
            if isinstance(conversion, PrefixChange):
                conversions[i] = conversion.with_submodel_prefix(model_prefix)
    return conversions


def get_model_conversion_mapping(
    model: PreTrainedModel,
    key_mapping: dict[str, str] | None = None,
    hf_quantizer: HfQuantizer | None = None,
    add_legacy: bool = True,
) -> list[WeightTransform]:
    from .modeling_utils import PreTrainedModel

    weight_conversions = []
    if key_mapping is not None:
        weight_conversions = [WeightRenaming(source_patterns=k, target_patterns=v) for k, v in key_mapping.items()]
    seen_identifiers: defaultdict[str, list[str]] = defaultdict(list)
    for module_name, submodule in model.named_modules():
        if not isinstance(submodule, PreTrainedModel):
            continue
        class_name = type(submodule).__name__
        if any(seen == "" or module_name.startswith(seen + ".") for seen in seen_identifiers[class_name]):
            continue
        conversions = extract_weight_conversions_for_model(submodule, module_name)
        is_root_model = module_name == ""
        if not is_root_model:
            scope_prefix = module_name.removeprefix(model.base_model_prefix).removeprefix(".")
            for transform in conversions:
                transform.scope_prefix = scope_prefix
        weight_conversions.extend(conversions)
        seen_identifiers[class_name].append(module_name)
    if add_legacy:
        weight_conversions.extend(get_checkpoint_conversion_mapping("legacy"))
    return weight_conversions
