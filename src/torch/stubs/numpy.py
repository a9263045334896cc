import math
from _machine import unknown

pi = math.pi
inf = math.inf
nan = math.nan
newaxis = None


class float64(float):
    def astype(self, kind):
        return kind(self)

    def item(self):
        return float(self)


class int64(int):
    def astype(self, kind):
        return kind(self)

    def item(self):
        return int(self)


float32 = floating = float16 = float64
int32 = int16 = int8 = uint8 = uint16 = uint32 = uint64 = integer = int64
bool_ = bool
number = (int, float)


class dtype:
    def __new__(cls, kind=None):
        return kind


class random:
    pass


class ndarray(list):
    @property
    def shape(self):
        inner = self[0].shape if self and isinstance(self[0], ndarray) else ()
        return (len(self), *inner)

    @property
    def size(self):
        return math.prod(self.shape)

    @property
    def ndim(self):
        return len(self.shape)

    def tolist(self):
        return [item.tolist() if isinstance(item, ndarray) else item for item in self]

    def astype(self, kind):
        return ndarray([item.astype(kind) if isinstance(item, ndarray) else kind(item) for item in self])

    def prod(self):
        return math.prod(self)

    def sum(self):
        return sum(self)

    def max(self):
        return max(self)

    def item(self):
        return self[0]

    def __hash__(self):
        return id(self)

    def _with(self, other, function):
        if isinstance(other, (list, tuple)):
            return ndarray([function(a, b) for a, b in zip(self, other)])
        return ndarray([function(a, other) for a in self])

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    __rmul__ = __mul__

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    __radd__ = __add__

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self._with(other, lambda a, b: b - a)

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b)

    def __floordiv__(self, other):
        return self._with(other, lambda a, b: a // b)

    def __pow__(self, other):
        return self._with(other, lambda a, b: a**b)

    def __rpow__(self, other):
        return self._with(other, lambda a, b: b**a)

    def __eq__(self, other):
        return self._with(other, lambda a, b: a == b)

    def __getitem__(self, index):
        if isinstance(index, tuple):
            return ndarray([row[index[1]] for row in list.__getitem__(self, index[0])])
        result = list.__getitem__(self, index)
        return ndarray(result) if isinstance(index, slice) else result


    def __setitem__(self, index, value):
        if not isinstance(index, tuple):
            list.__setitem__(self, index, value)
            return
        first, rest = index[0], index[1:]
        rest = rest[0] if len(rest) == 1 else rest
        if isinstance(first, slice):
            rows = list.__getitem__(self, first)
            many = isinstance(value, ndarray) and len(value) == len(rows)
            for i, row in enumerate(rows):
                row[rest] = value[i] if many else value
        else:
            list.__getitem__(self, first)[rest] = value


def array(value, *args, **kwargs):
    if isinstance(value, (list, tuple, range)):
        return ndarray([array(item) if isinstance(item, (list, tuple)) else item for item in value])
    return value


asarray = array


def _each(function):
    def apply(value, *args, **kwargs):
        if isinstance(value, (list, tuple)):
            return ndarray([apply(item) if isinstance(item, (list, tuple)) else function(item) for item in value])
        return float64(function(value))

    return apply


log2 = _each(math.log2)
log = _each(math.log)
log10 = _each(math.log10)
sqrt = _each(math.sqrt)
exp = _each(math.exp)
sin = _each(math.sin)
cos = _each(math.cos)
ceil = _each(math.ceil)
floor = _each(math.floor)
round = rint = _each(round)
abs = absolute = _each(abs)


def prod(value, *args, **kwargs):
    if isinstance(value, (int, float)):
        return value
    total = math.prod(value)
    return int64(total) if isinstance(total, int) else float64(total)


def sum(value, *args, **kwargs):
    total = 0
    for item in value:
        total = total + item
    return total


def mean(value, *args, **kwargs):
    return float64(sum(value) / len(value))


def cumsum(value, *args, **kwargs):
    result, total = [], 0
    for item in value:
        total = total + item
        result.append(total)
    return ndarray(result)


def linspace(start, stop, num=50, **kwargs):
    return ndarray([start + (stop - start) * i / max(num - 1, 1) for i in range(num)])


def arange(*args, **kwargs):
    if all(isinstance(arg, int) for arg in args):
        return ndarray(range(*args))
    start, stop, step = args if len(args) == 3 else (*args, 1) if len(args) == 2 else (0, args[0], 1)
    return ndarray([start + i * step for i in range(math.ceil((stop - start) / step))])


def argsort(value, axis=0, **kwargs):
    return ndarray(sorted(range(len(value)), key=lambda i: value[i]))


def power(a, b):
    return a**b


def full(shape, value, *args, **kwargs):
    if isinstance(shape, int):
        shape = (shape,)
    return ndarray([full(shape[1:], value) for _ in range(shape[0])]) if shape else value


def zeros(shape, *args, **kwargs):
    return full(shape, 0.0)


def ones(shape, *args, **kwargs):
    return full(shape, 1.0)


def _without_effect(name):
    """What it gives is not known, and what it is given stays as it is."""

    def apply(*args, **kwargs):
        return unknown(f"numpy.{name}")

    return apply


for _name in (
    "argmax argmin clip concatenate cross diff dot expand_dims eye flip hstack identity isin isnan matmul mean median "
    "meshgrid outer repeat reshape squeeze stack tile transpose unique vstack where zeros_like ones_like"
).split():
    globals().setdefault(_name, _without_effect(_name))

max = max
min = min
lcm = math.lcm


def __getattr__(name):
    return unknown(f"numpy.{name}")
