from _machine import OrderedDict, defaultdict
from . import abc


class Counter(dict):
    def __init__(self, iterable=None, **kwargs):
        if iterable is not None:
            self.update(iterable)
        if kwargs:
            self.update(kwargs)

    def __missing__(self, key):
        return 0

    def update(self, iterable=None, **kwargs):
        if hasattr(iterable, "items"):
            for key, count in iterable.items():
                self[key] = self[key] + count
        elif iterable is not None:
            for key in iterable:
                self[key] = self[key] + 1

    def most_common(self, n=None):
        pairs = sorted(self.items(), key=lambda pair: pair[1], reverse=True)
        return pairs if n is None else pairs[:n]


class deque(list):
    def __init__(self, iterable=(), maxlen=None):
        super().__init__(iterable)
        self.maxlen = maxlen
        self._drop(0)

    def _drop(self, index):
        while self.maxlen is not None and len(self) > self.maxlen:
            self.pop(index)

    def append(self, item):
        super().append(item)
        self._drop(0)

    def extend(self, items):
        super().extend(items)
        self._drop(0)

    def appendleft(self, item):
        self.insert(0, item)
        self._drop(-1)

    def popleft(self):
        return self.pop(0)

    def extendleft(self, items):
        for item in items:
            self.appendleft(item)


class ChainMap(dict):
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]
        for one in reversed(self.maps):
            super().update(one)


class UserDict(abc.MutableMapping):
    def __init__(self, dict=None, **kwargs):
        self.data = {}
        if dict is not None:
            self.update(dict)
        if kwargs:
            self.update(kwargs)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        if key in self.data:
            return self.data[key]
        if hasattr(self.__class__, "__missing__"):
            return self.__class__.__missing__(self, key)
        raise KeyError(key)

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data


class UserList(list):
    pass


def _make(cls, iterable):
    return cls(*iterable)


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    names = tuple(field_names)
    fallbacks = dict(zip(reversed(names), reversed(tuple(defaults or ()))))

    def __new__(cls, *args, **kwargs):
        values = list(args)
        if len(values) > len(names):
            raise TypeError(f"{typename}() takes {len(names)} arguments")
        for name in names[len(values) :]:
            if name in kwargs:
                values.append(kwargs.pop(name))
            elif name in fallbacks:
                values.append(fallbacks[name])
            else:
                raise TypeError(f"{typename}() misses the argument '{name}'")
        if kwargs:
            raise TypeError(f"{typename}() got an unexpected keyword argument")
        return tuple.__new__(cls, values)

    def field(index):
        return property(lambda self: tuple.__getitem__(self, index))

    space = {"__new__": __new__, "_fields": names, "_field_defaults": fallbacks, "__slots__": ()}
    for index, name in enumerate(names):
        space[name] = field(index)
    space["_asdict"] = lambda self: dict(zip(names, self))
    space["_replace"] = lambda self, **kwargs: type(self)(**{**dict(zip(names, self)), **kwargs})
    space["_make"] = classmethod(_make)
    return type(typename, (tuple,), space)
