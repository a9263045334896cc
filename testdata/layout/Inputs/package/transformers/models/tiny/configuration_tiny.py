from ...configuration_utils import PreTrainedConfig


class TinyConfig(PreTrainedConfig):
    model_type = "tiny"
    attribute_map = {"width": "hidden_size"}

    def __init__(self, hidden_size=8, num_hidden_layers=2, vocab_size=16, **kwargs):
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.vocab_size = vocab_size
        super().__init__(**kwargs)


__all__ = ["TinyConfig"]
