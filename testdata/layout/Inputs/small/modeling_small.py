from torch import nn

from ...modeling_utils import PreTrainedModel
from .configuration_small import SmallConfig, SmallTextConfig, SmallVisionConfig


class SmallPreTrainedModel(PreTrainedModel):
    config: SmallConfig
    base_model_prefix = "model"


class SmallTextModel(SmallPreTrainedModel):
    """Shares the configuration of the whole model, and says which part of it is its own."""

    def __init__(self, config: SmallTextConfig):
        super().__init__(config)
        self.layers = nn.ModuleList(nn.Linear(config.hidden_size, size) for size in config.pattern)
        self.post_init()


class SmallVisionModel(SmallPreTrainedModel):
    """Only its name says which part of the configuration is its own."""

    def __init__(self, config):
        super().__init__(config)
        self.patches = nn.Embedding(config.patches, 2)
        self.post_init()


class SmallModel(SmallPreTrainedModel):
    def __init__(self, config: SmallConfig):
        super().__init__(config)
        self.text = SmallTextModel(config.text_config)
        self.vision = SmallVisionModel(config.vision_config)
        self.post_init()


class SmallWithoutTests(SmallPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.no_such_size, 4)


class SmallBlock(SmallPreTrainedModel):
    """A part of a model: no configuration builds it alone."""

    def __init__(self, config, index):
        super().__init__(config)
        self.proj = nn.Linear(4, index)


__all__ = ["SmallBlock", "SmallModel", "SmallTextModel", "SmallVisionModel", "SmallWithoutTests"]
