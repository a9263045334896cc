class _Numbers(type):
    def __instancecheck__(cls, instance):
        return isinstance(instance, cls._types)


class Number(metaclass=_Numbers):
    _types = (int, float)


class Real(Number):
    _types = (int, float)


class Integral(Real):
    _types = (int,)
