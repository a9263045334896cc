# The first dialect: converters do the renaming too, without any operation, and the table is kept
# where globals() puts it.
from copy import deepcopy

from .core_model_loading import Chunk, Concatenate, Force16BytesAlignment, MergeModulelist, Transpose
from .core_model_loading import WeightConverter, WeightRenaming
from .utils import is_torch_available


if is_torch_available():
    import torch


def _build_checkpoint_conversion_mapping():
    mapping = {
        "routed": [
            WeightConverter(
                source_keys=[
                    "sparse_block.experts.*.w1.weight",
                    "sparse_block.experts.*.w3.weight",
                ],  # two keys, each with the list of its experts
                target_keys="mlp.experts.gate_up_proj",  # one tensor
                operations=[
                    MergeModulelist(
                        dim=0
                    ),  # a stack for each key
                    Concatenate(dim=1),
                ],  # in this order
            ),
            # WeightConverter(
            #     ["self_attn.q_proj", "self_attn.k_proj"],
            #     "self_attn.qk_proj",
            #     operations=[Concatenate(dim=0)],
            # ),
            WeightConverter("*.sparse_block.", "*.mlp."),
        ],
        "aligned": [
            WeightConverter(
                source_patterns="experts.gate_up_proj$",
                target_patterns="experts.gate_up_proj",
                operations=[Force16BytesAlignment()],
            ),
            WeightConverter(
                source_patterns=["experts.*.up_proj.weight"],
                target_patterns="experts.up_proj",
                operations=[MergeModulelist(dim=0), Transpose(1, 2), Force16BytesAlignment()],
            ),
        ],
        "split": [
            WeightConverter(
                source_keys=["gate.bias"],
                target_keys=[
                    "text_gate.bias",
                    "vision_gate.bias"
                ],
                operations=[Chunk(dim=0, chunks=2)]
            ),
        ],
        "legacy": [
            WeightConverter(source_keys="LayerNorm.gamma", target_keys="LayerNorm.weight"),
            WeightRenaming(source_keys="LayerNorm.beta", target_keys="LayerNorm.bias"),
        ],
    }
    if hasattr(torch.nn.utils.parametrizations, "weight_norm"):
        mapping["legacy"] += [
            WeightConverter(
                source_keys="weight_g",
                target_keys="parametrizations.weight.original0",
            ),
        ]
    else:
        mapping["legacy"] += [
            WeightConverter(
                source_keys="parametrizations.weight.original0",
                target_keys="weight_g",
            ),
        ]

    mapping["small_routed"] = mapping["routed"].copy()
    mapping["other_routed"] = mapping["routed"].copy()

    return mapping


_checkpoint_conversion_mapping_cache = None


def get_checkpoint_conversion_mapping(model_type):
    global _checkpoint_conversion_mapping_cache
    _checkpoint_conversion_mapping_cache = _build_checkpoint_conversion_mapping()
    globals()["_checkpoint_conversion_mapping"] = _checkpoint_conversion_mapping_cache
    return deepcopy(_checkpoint_conversion_mapping_cache.get(model_type, None))
