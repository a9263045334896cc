from collections.abc import Callable

import torch
from torch import nn

from ...modeling_utils import PreTrainedModel
from .configuration_tiny import TinyConfig


class TinyLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.attn = nn.MultiheadAttention(config.width, 2)
        self.mlp = nn.Sequential(nn.Linear(config.width, 4 * config.width), nn.GELU(), nn.Linear(4 * config.width, config.width, bias=False))
        self.norm = nn.BatchNorm1d(config.width)
        self.register_buffer("scale", torch.arange(config.width) / 2, persistent=False)


def attach(functions):
    """As the library attaches its kernels: one function, or a list of them."""
    if isinstance(functions, Callable):
        functions = [functions]

    def decorator(cls):
        cls.attached = [function.__name__ for function in functions]
        return cls

    return decorator


@attach(torch.relu)
@attach([torch.relu, len])
class TinyPreTrainedModel(PreTrainedModel):
    config: TinyConfig
    base_model_prefix = "model"


class TinyModel(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(TinyLayer(config) for _ in range(config.num_hidden_layers))
        self.post_init()


class TinyForCausalLM(TinyPreTrainedModel):
    _tied_weights_keys = {"lm_head.weight": "model.embed.weight"}

    def __init__(self, config):
        super().__init__(config)
        self.model = TinyModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()


class TinyByValue(TinyPreTrainedModel):
    """Chooses a size by the value of a tensor, which nobody knows without running PyTorch."""

    def __init__(self, config):
        super().__init__(config)
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.head = TinyChooser(config)
        self.post_init()


class TinyChooser(nn.Module):
    def __init__(self, config):
        super().__init__()
        rates = torch.rand(4, device="cpu")
        if rates.argmax().item() > 1:
            self.wide = nn.Linear(config.hidden_size, 64)
        else:
            self.narrow = nn.Linear(config.hidden_size, 4)


class TinyWithoutEnd(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList(nn.Identity() for _ in range(10**9))
        self.post_init()


class TinyInItself(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.inner = TinyInItself(config)


class TinyBroken(TinyPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.proj = nn.Linear(config.no_such_size, 4)


__all__ = ["TinyModel", "TinyForCausalLM", "TinyByValue"]
