"""A small model with the names of docs/adding-a-model.md, for its commands."""
from ...configuration_utils import PreTrainedConfig


class RadioConfig(PreTrainedConfig):
    model_type = "radio"

    def __init__(self, hidden_size=4, **kwargs):
        self.hidden_size = hidden_size
        super().__init__(**kwargs)


__all__ = ["RadioConfig"]
