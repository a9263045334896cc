from _machine import unknown
from _torch import Parameter
from torch import empty_like
from . import parametrizations, parametrize


def _norm_shape(shape, dim):
    if dim is None or dim == -1:
        return ()
    return tuple(size if i == dim % len(shape) else 1 for i, size in enumerate(shape))


def weight_norm(module, name="weight", dim=0):
    weight = module._parameters.pop(name)
    module.register_parameter(name + "_g", Parameter(weight.new_shape(_norm_shape(weight.shape, dim))))
    module.register_parameter(name + "_v", Parameter(empty_like(weight)))
    setattr(module, name, empty_like(weight))
    return module


def remove_weight_norm(module, name="weight"):
    weight = module._parameters.pop(name + "_v")
    del module._parameters[name + "_g"]
    if name in module.__dict__:
        del module.__dict__[name]
    module.register_parameter(name, Parameter(weight))
    return module


def skip_init(cls, *args, **kwargs):
    return cls(*args, **kwargs)


def parameters_to_vector(parameters):
    return unknown("torch.nn.utils.parameters_to_vector")


def __getattr__(name):
    return unknown(f"torch.nn.utils.{name}")
