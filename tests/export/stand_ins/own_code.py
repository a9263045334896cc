"""A user's own model, and the mapping that it registers."""
from torch import Tensor
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.conversion_mapping import WeightRenaming, register_checkpoint_conversion_mapping


class OwnConfig(PreTrainedConfig):
    model_type = "own"
    size = 3


class OwnModel(PreTrainedModel):
    config_class = OwnConfig

    def __init__(self, config):
        super().__init__(config)
        self.tensors["w"] = Tensor(config.size)


register_checkpoint_conversion_mapping("own", [WeightRenaming("a", "b")])
