from .core_model_loading import Chunk, WeightConverter, WeightRenaming


def _build_checkpoint_conversion_mapping():
    return {
        "radio": [
            WeightRenaming("radio_model.model.blocks", "encoder.layer"),
            WeightConverter(
                source_patterns="attn.qkv",
                target_patterns=["attention.attention.query", "attention.attention.key", "attention.attention.value"],
                operations=[Chunk(dim=0)],
            ),
        ],
    }
