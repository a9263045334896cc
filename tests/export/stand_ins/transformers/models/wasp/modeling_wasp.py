from torch import Tensor
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.models.bee.modeling_bee import BeeModel  # noqa: F401: not of this module


class WaspConfig(PreTrainedConfig):
    model_type = "wasp"


class WaspModel(PreTrainedModel):
    config_class = WaspConfig

    def __init__(self, config):
        super().__init__(config)
        raise ImportError("\nWaspModel requires the sting library but it was not found.\n")


class EncoderDecoderConfig(PreTrainedConfig):
    model_type = "encoder-decoder"


class EncoderDecoderModel(PreTrainedModel):
    """Cannot be built by default, and is in the exporter's table."""

    config_class = EncoderDecoderConfig

    def __init__(self, config):
        super().__init__(config)
        parts = [config.encoder["model_type"], config.decoder["model_type"]]
        assert parts == ["bert", "bert-generation"], parts
        self.tensors["both.weight"] = Tensor(2)


class BeeForHoney(PreTrainedModel):
    """A second class of this name."""

    config_class = WaspConfig
