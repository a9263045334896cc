import inspect
import re

import torch
from torch import nn

from .configuration_utils import PreTrainedConfig


class PreTrainedModel(nn.Module):
    config_class = None
    base_model_prefix = ""
    _tied_weights_keys = None

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        annotation = inspect.get_annotations(cls).get("config")
        if annotation is not None:
            cls.config_class = annotation

    def __init__(self, config: PreTrainedConfig):
        super().__init__()
        if not isinstance(config, PreTrainedConfig):
            raise TypeError(f"{type(self).__name__} needs a configuration, not {config!r}")
        self.config = config

    def post_init(self):
        self.all_tied_weights_keys = {}
        if self._tied_weights_keys and self.config.tie_word_embeddings:
            for target, source in self._tied_weights_keys.items():
                if re.search(r"\.weight$", target):
                    parent, _, name = target.rpartition(".")
                    setattr(self.get_submodule(parent), name, self.get_parameter(source))
                    self.all_tied_weights_keys[target] = source
