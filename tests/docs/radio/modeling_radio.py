from torch import nn

from ...modeling_utils import PreTrainedModel
from .configuration_radio import RadioConfig


class RadioPreTrainedModel(PreTrainedModel):
    config: RadioConfig


class RadioSelfAttention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.query = nn.Linear(config.hidden_size, config.hidden_size)
        self.key = nn.Linear(config.hidden_size, config.hidden_size)
        self.value = nn.Linear(config.hidden_size, config.hidden_size)


class RadioLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attention = nn.ModuleDict({"attention": RadioSelfAttention(config)})


class RadioModel(RadioPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(RadioLayer(config) for _ in range(2))})
        self.post_init()


__all__ = ["RadioModel"]
