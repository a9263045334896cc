def attrgetter(name):
    def get(obj):
        for part in name.split("."):
            obj = getattr(obj, part)
        return obj

    return get


def itemgetter(*items):
    if len(items) == 1:
        return lambda obj: obj[items[0]]
    return lambda obj: tuple(obj[item] for item in items)


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def gt(a, b):
    return a > b


def ge(a, b):
    return a >= b


def getitem(a, b):
    return a[b]


def setitem(a, b, c):
    a[b] = c


def contains(a, b):
    return b in a


def or_(a, b):
    return a | b


def and_(a, b):
    return a & b


def not_(a):
    return not a


def is_(a, b):
    return a is b


def index(a):
    return a.__index__()


__add__, __sub__, __mul__, __truediv__, __floordiv__, __mod__ = add, sub, mul, truediv, floordiv, mod
__eq__, __ne__, __lt__, __le__, __gt__, __ge__ = eq, ne, lt, le, gt, ge
__getitem__, __contains__, __or__, __and__, __not__ = getitem, contains, or_, and_, not_
