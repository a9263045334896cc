# The names that the file used before 5.0: source_keys and target_keys.
from .core_model_loading import Concatenate, MergeModulelist, WeightConverter, WeightRenaming
from .utils import is_torch_available

if is_torch_available():
    import torch


def _build_checkpoint_conversion_mapping():
    mapping = {
        "mixtral": [
            WeightConverter(
                source_keys=["block_sparse_moe.experts.*.w1.weight", "block_sparse_moe.experts.*.w3.weight"],
                target_keys="mlp.experts.gate_up_proj",
                operations=[MergeModulelist(dim=0), Concatenate(dim=1)],
            ),
        ],
        "legacy": [WeightRenaming(source_keys="LayerNorm.gamma", target_keys="LayerNorm.weight")],
    }
    if hasattr(torch.nn.utils.parametrizations, "weight_norm"):
        mapping["legacy"] += [WeightRenaming(source_keys="weight_g", target_keys="original0")]
    mapping["phimoe"] = mapping["mixtral"].copy()
    return mapping
