from _machine import unknown
from _torch import Module, Parameter
from torch import empty_like
import torch.nn as nn


class _WeightNorm(Module):
    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim


class ParametrizationList(nn.ModuleList):
    pass


def weight_norm(module, name="weight", dim=0):
    from torch.nn.utils import _norm_shape

    weight = module._parameters.pop(name)
    if "parametrizations" not in module._modules:
        module.parametrizations = nn.ModuleDict()
    one = ParametrizationList([_WeightNorm(dim)])
    module.parametrizations[name] = one
    one.original0 = Parameter(weight.new_shape(_norm_shape(weight.shape, dim)))
    one.original1 = Parameter(empty_like(weight))
    cls = type(module)
    if not cls.__name__.startswith("Parametrized"):
        cls = type("Parametrized" + cls.__name__, (cls,), {"__module__": cls.__module__})
        module.__class__ = cls
    setattr(cls, name, property(lambda self: empty_like(self.parametrizations[name].original1)))
    return module


def __getattr__(name):
    return unknown(f"torch.nn.utils.parametrizations.{name}")
