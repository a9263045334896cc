_dict_view = type({}.keys())


class _Of(type):
    """A class that other classes belong to by what they can do."""

    def __instancecheck__(cls, instance):
        if type.__instancecheck__(cls, instance):
            return True
        types = cls.__dict__.get("_types")
        if types is not None and isinstance(instance, types):
            return True
        check = cls.__dict__.get("_check")
        if check is not None:
            return check(instance)
        methods = cls.__dict__.get("_methods")
        if methods:
            return all(hasattr(type(instance), name) for name in methods)
        return False

    def __subclasscheck__(cls, subclass):
        if type.__subclasscheck__(cls, subclass):
            return True
        types = cls.__dict__.get("_types")
        if types is not None and issubclass(subclass, types):
            return True
        methods = cls.__dict__.get("_methods")
        return bool(methods) and all(hasattr(subclass, name) for name in methods)

    def register(cls, subclass):
        cls._types = cls.__dict__.get("_types", ()) + (subclass,)
        return subclass


class Hashable(metaclass=_Of):
    _types = (str, int, float, tuple, frozenset, type, type(None))


class Callable(metaclass=_Of):
    def __class_getitem__(cls, item):
        return cls

    # Every class has __call__, that of its own class.
    _check = callable
    _types = (type(lambda: 0), type, type(len))


class Iterable(metaclass=_Of):
    _types = (str, list, tuple, dict, set, frozenset, range, _dict_view)
    _methods = ("__iter__",)


class Iterator(Iterable):
    _methods = ("__next__", "__iter__")


class Generator(Iterator):
    _types = (type((x for x in ())),)
    _methods = ()


class Sized(metaclass=_Of):
    _types = (str, list, tuple, dict, set, frozenset, range, _dict_view)
    _methods = ("__len__",)


class Container(metaclass=_Of):
    _types = (str, list, tuple, dict, set, frozenset, range, _dict_view)
    _methods = ("__contains__",)


class Collection(Sized, Iterable, Container):
    _types = (str, list, tuple, dict, set, frozenset, range, _dict_view)
    _methods = ("__len__", "__iter__", "__contains__")


class Sequence(Collection):
    _types = (str, list, tuple, range)
    _methods = ()

    def __iter__(self):
        for i in range(len(self)):
            yield self[i]

    def __contains__(self, value):
        for item in self:
            if item == value:
                return True
        return False


class MutableSequence(Sequence):
    _types = (list,)
    _methods = ()


class Set(Collection):
    _types = (set, frozenset)
    _methods = ()


class MutableSet(Set):
    _types = (set,)
    _methods = ()


class Mapping(Collection):
    _types = (dict,)
    _methods = ()

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        return list(self)

    def items(self):
        return [(key, self[key]) for key in self]

    def values(self):
        return [self[key] for key in self]

    def __eq__(self, other):
        return dict(self.items()) == dict(other.items())


class MutableMapping(Mapping):
    _types = (dict,)
    _methods = ()
    _missing = object()

    def pop(self, key, default=_missing):
        try:
            value = self[key]
        except KeyError:
            if default is MutableMapping._missing:
                raise
            return default
        del self[key]
        return value

    def update(self, other=(), /, **kwargs):
        if hasattr(other, "keys"):
            for key in other.keys():
                self[key] = other[key]
        else:
            for key, value in other:
                self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def setdefault(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            self[key] = default
        return default

    def clear(self):
        for key in list(self):
            del self[key]


class KeysView(metaclass=_Of):
    _types = (_dict_view,)


class ValuesView(metaclass=_Of):
    _types = (_dict_view,)


class ItemsView(metaclass=_Of):
    _types = (_dict_view,)


class Awaitable(metaclass=_Of):
    _methods = ("__await__",)


class Coroutine(Awaitable):
    pass


class AsyncIterator(metaclass=_Of):
    _methods = ("__anext__",)


class AsyncIterable(metaclass=_Of):
    _methods = ("__aiter__",)


class AsyncGenerator(AsyncIterator):
    pass


class Buffer(metaclass=_Of):
    pass


class ByteString(metaclass=_Of):
    pass
