from torch import Tensor
from transformers import PreTrainedConfig, PreTrainedModel


class BeeConfig(PreTrainedConfig):
    model_type = "bee"
    size = 4
    tie_word_embeddings = True


class BeePreTrainedModel(PreTrainedModel):
    config_class = BeeConfig
    base_model_prefix = "model"


class BeeModel(BeePreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.tensors["embed.weight"] = Tensor(10, config.size)
        self.tensors["steps"] = Tensor(dtype="int64")


class BeeForHoney(BeePreTrainedModel):
    _tied_weights_keys = {"head.weight": "model.embed.weight", "gone.weight": "model.embed.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.children["model"] = BeeModel(config)
        self.tensors["head.weight"] = Tensor(10, config.size)
        if config.tie_word_embeddings:
            self.tensors["head.weight"] = self.children["model"].tensors["embed.weight"]
        self.all_tied_weights_keys = dict(self._tied_weights_keys)


class Helper:
    """No model."""
