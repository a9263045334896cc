from _machine import unknown
import _torch
from _torch import *

__version__ = "2.13.0"

from . import autograd, backends, compiler, cuda, distributed, distributions, fft, jit, library, linalg, nn, onnx
from . import overrides, special, utils, version, _dynamo

pi = 3.141592653589793
e = 2.718281828459045
inf = float("inf")
nan = float("nan")
newaxis = None
strided = "strided"
contiguous_format = 0
channels_last = 1
channels_last_3d = 3
preserve_format = 2
legacy_contiguous_format = 0


class device:
    def __init__(self, type="cpu", index=None):
        text = type.type if isinstance(type, device) else str(type)
        self.type = text.partition(":")[0]
        number = text.partition(":")[2]
        self.index = int(number) if number else index

    def __enter__(self):
        self.outer = _torch.default_device()
        _torch.set_default_device(self.type)
        return self

    def __exit__(self, *args):
        _torch.set_default_device(self.outer)
        return False

    def __call__(self, function):
        return function

    def __eq__(self, other):
        return isinstance(other, device) and self.type == other.type

    def __hash__(self):
        return hash(self.type)

    def __str__(self):
        return self.type

    def __repr__(self):
        return f"device(type='{self.type}')"

    def __deepcopy__(self, memo):
        return self


def get_default_device():
    return device(_torch.default_device())


class _Context:
    def __init__(self, *args, **kwargs):
        pass

    def __new__(cls, *args, **kwargs):
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        return object.__new__(cls)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __call__(self, function):
        return function


class no_grad(_Context):
    pass


class enable_grad(_Context):
    pass


class inference_mode(_Context):
    pass


class set_grad_enabled(_Context):
    pass


class autocast(_Context):
    pass


class _Typed(type):
    def __call__(cls, *args, **kwargs):
        if len(args) == 1 and isinstance(args[0], (list, tuple)):
            return tensor(args[0], dtype=cls._dtype, device="cpu")
        return empty(*args, dtype=cls._dtype, device="cpu")

    def __instancecheck__(cls, instance):
        return isinstance(instance, Tensor) and instance.dtype == cls._dtype


class FloatTensor(metaclass=_Typed):
    _dtype = float32


class DoubleTensor(metaclass=_Typed):
    _dtype = float64


class HalfTensor(metaclass=_Typed):
    _dtype = float16


class BFloat16Tensor(metaclass=_Typed):
    _dtype = bfloat16


class LongTensor(metaclass=_Typed):
    _dtype = int64


class IntTensor(metaclass=_Typed):
    _dtype = int32


class BoolTensor(metaclass=_Typed):
    _dtype = bool


class ByteTensor(metaclass=_Typed):
    _dtype = uint8


class Generator:
    def __init__(self, device="cpu"):
        pass

    def manual_seed(self, seed):
        return self


# Largest and smallest numbers are a matter of the dtype.
class finfo:
    def __init__(self, dtype=None):
        dtype = _torch.get_default_dtype() if dtype is None else dtype
        limits = {
            "torch.float16": (65504.0, 0.0009765625, 6.103515625e-05, 16),
            "torch.bfloat16": (3.3895313892515355e38, 0.0078125, 1.1754943508222875e-38, 16),
            "torch.float64": (1.7976931348623157e308, 2.220446049250313e-16, 2.2250738585072014e-308, 64),
        }
        self.max, self.eps, self.tiny, self.bits = limits.get(
            str(dtype), (3.4028234663852886e38, 1.1920928955078125e-07, 1.1754943508222875e-38, 32)
        )
        self.min = -self.max
        self.smallest_normal = self.tiny
        self.dtype = str(dtype).partition(".")[2]


class iinfo:
    def __init__(self, dtype):
        limits = {
            "torch.int8": (-128, 127),
            "torch.uint8": (0, 255),
            "torch.int16": (-32768, 32767),
            "torch.int32": (-2147483648, 2147483647),
        }
        self.min, self.max = limits.get(str(dtype), (unknown("iinfo.min"), 9223372036854775807))


class SymInt:
    pass


class SymFloat:
    pass


class SymBool:
    pass


class memory_format:
    pass


class Stream:
    pass


class _NoDevice:
    def is_available(self):
        return False

    def device_count(self):
        return 0

    def current_accelerator(self, *args):
        return None


mps = xpu = accelerator = _NoDevice()


def is_grad_enabled():
    return True


def is_inference_mode_enabled():
    return False


def is_autocast_enabled(*args):
    return False


def get_autocast_dtype(*args):
    return float32


get_autocast_gpu_dtype = get_autocast_cpu_dtype = get_autocast_dtype


def manual_seed(seed):
    return None


def compile(model=None, **kwargs):
    return model if model is not None else (lambda function: function)


def normal(*args, size=None, **kwargs):
    if size is not None:
        return randn(size)
    for arg in args:
        if isinstance(arg, Tensor):
            return empty_like(arg)
    return unknown("torch.normal")


def set_printoptions(**kwargs):
    pass


def is_storage(obj):
    return False


def broadcast_shapes(*shapes):
    size = max(len(shape) for shape in shapes)
    result = [1] * size
    for shape in shapes:
        for i in range(1, len(shape) + 1):
            if shape[-i] != 1:
                result[-i] = shape[-i]
    return Size(result)


# Backends that only other builds of PyTorch have.
_absent = ("npu", "mlu", "musa", "hpu", "sdaa", "neuron", "maia", "_jit_internal", "spyre", "tpu", "qaic")


def __getattr__(name):
    if name in _absent:
        raise AttributeError(f"module 'torch' has no attribute '{name}'")
    return unknown(f"torch.{name}")
