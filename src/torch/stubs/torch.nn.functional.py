from _machine import unknown
from _torch import *


def linear(input, weight, bias=None):
    return input.new_shape((*input.shape[:-1], weight.shape[0]))


def embedding(input, weight, *args, **kwargs):
    return weight.new_shape((*input.shape, weight.shape[1]))


def _same(input, *args, **kwargs):
    return input


relu6 = elu = selu = celu = leaky_relu = hardswish = hardsigmoid = hardtanh = mish = logsigmoid = _same
layer_norm = rms_norm = group_norm = batch_norm = instance_norm = dropout1d = dropout2d = softmin = _same
scaled_dot_product_attention = alpha_dropout = feature_dropout = _same


def glu(input, dim=-1):
    sizes = list(input.shape)
    sizes[dim] = sizes[dim] // 2
    return input.new_shape(tuple(sizes))


def one_hot(tensor, num_classes=-1):
    return tensor.new_shape((*tensor.shape, num_classes)).long()


def __getattr__(name):
    return unknown(f"torch.nn.functional.{name}")
