"""The mapping of the examples: what a page supposes that its reader has."""
from .core_model_loading import PrefixChange, WeightRenaming


def _build_checkpoint_conversion_mapping():
    mapping = {
        "LlavaModel": [
            WeightRenaming(r"^language_model.model", r"language_model"),
            WeightRenaming(r"^language_model.lm_head", r"lm_head"),
        ],
        "llava": [PrefixChange(prefix_to_remove="model")],
        "legacy": [WeightRenaming("LayerNorm.gamma", "LayerNorm.weight")],
    }
    return mapping
