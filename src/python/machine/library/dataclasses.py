from _machine import annotations_of, deepcopy, is_unknown


class _Missing:
    def __repr__(self):
        return "MISSING"


class FrozenInstanceError(AttributeError):
    pass


MISSING = _Missing()
KW_ONLY = _Missing()


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only
        self._field_type = "field"


def field(*, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, kw_only=MISSING):
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


class InitVar:
    def __class_getitem__(cls, item):
        return InitVar()


def _is_class_var(annotation):
    if isinstance(annotation, str):
        return annotation.startswith(("ClassVar", "typing.ClassVar", "t.ClassVar"))
    if is_unknown(annotation):
        return False
    return getattr(annotation, "_special", None) == "ClassVar"


def _own_fields(cls, kw_only):
    result = []
    for name, annotation in annotations_of(cls).items():
        if _is_class_var(annotation) or annotation is KW_ONLY:
            continue
        default = cls.__dict__.get(name, MISSING)
        if isinstance(default, Field):
            one = default
            if one.default is not MISSING:
                setattr(cls, name, one.default)
            elif name in cls.__dict__:
                delattr(cls, name)
        else:
            one = Field(default, MISSING, True, True, None, True, None, MISSING)
        one.name = name
        one.type = annotation
        if one.kw_only is MISSING:
            one.kw_only = kw_only
        result.append(one)
    return result


def _init(self, *args, **kwargs):
    cls = type(self)
    fields_of = cls.__dataclass_fields__
    given = dict(kwargs)
    positional = [f for f in fields_of.values() if f.init and not f.kw_only]
    if len(args) > len(positional):
        raise TypeError(f"{cls.__name__}.__init__() takes {len(positional)} positional arguments but {len(args)} were given")
    for f, value in zip(positional, args):
        if f.name in given:
            raise TypeError(f"{cls.__name__}.__init__() got multiple values for argument '{f.name}'")
        given[f.name] = value
    for f in fields_of.values():
        if f.init and f.name in given:
            value = given.pop(f.name)
        elif f.default is not MISSING:
            value = f.default
        elif f.default_factory is not MISSING:
            value = f.default_factory()
        elif f.init:
            raise TypeError(f"{cls.__name__}.__init__() missing 1 required argument: '{f.name}'")
        else:
            continue
        if cls.__dataclass_params__.get("frozen"):
            object.__setattr__(self, f.name, value)
        else:
            setattr(self, f.name, value)
    if given:
        raise TypeError(f"{cls.__name__}.__init__() got an unexpected keyword argument '{next(iter(given))}'")
    post = getattr(self, "__post_init__", None)
    if post is not None:
        post()


def _repr(self):
    parts = [f"{f.name}={getattr(self, f.name)!r}" for f in self.__dataclass_fields__.values() if f.repr]
    return f"{type(self).__qualname__}({', '.join(parts)})"


def _eq(self, other):
    if type(other) is not type(self):
        return NotImplemented
    for name in self.__dataclass_fields__:
        if getattr(self, name) != getattr(other, name):
            return False
    return True


def _hash(self):
    return hash(tuple(getattr(self, name) for name in self.__dataclass_fields__))


def _frozen_setattr(self, name, value):
    raise FrozenInstanceError(f"cannot assign to field '{name}'")


def dataclass(cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False):
    def wrap(cls):
        all_fields = {}
        for base in reversed(cls.__mro__[1:]):
            for name, one in base.__dict__.get("__dataclass_fields__", {}).items():
                all_fields[name] = one
        for one in _own_fields(cls, kw_only):
            all_fields[one.name] = one
        cls.__dataclass_fields__ = all_fields
        cls.__dataclass_params__ = {"frozen": frozen, "kw_only": kw_only}
        own = cls.__dict__
        if init and "__init__" not in own:
            cls.__init__ = _new_init()
            cls.__init__._dataclass = cls
        if repr and "__repr__" not in own:
            cls.__repr__ = _repr
        if eq and "__eq__" not in own:
            cls.__eq__ = _eq
            if (frozen or unsafe_hash) and "__hash__" not in own:
                cls.__hash__ = _hash
        if frozen:
            cls.__setattr__ = _frozen_setattr
        return cls

    return wrap if cls is None else wrap(cls)


def _new_init():
    def __init__(self, *args, **kwargs):
        _init(self, *args, **kwargs)

    return __init__


def fields(class_or_instance):
    found = getattr(class_or_instance, "__dataclass_fields__", None)
    if found is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(found.values())


def is_dataclass(obj):
    cls = obj if isinstance(obj, type) else type(obj)
    return hasattr(cls, "__dataclass_fields__")


def _as(value, make):
    if is_dataclass(value) and not isinstance(value, type):
        return make([(f.name, _as(getattr(value, f.name), make)) for f in fields(value)])
    if isinstance(value, (list, tuple)):
        return type(value)([_as(item, make) for item in value])
    if isinstance(value, dict):
        return type(value)({key: _as(item, make) for key, item in value.items()})
    return deepcopy(value)


def asdict(obj, *, dict_factory=dict):
    return _as(obj, dict_factory)


def astuple(obj, *, tuple_factory=tuple):
    return tuple_factory(_as(getattr(obj, f.name), dict) for f in fields(obj))


def replace(obj, /, **changes):
    values = {f.name: getattr(obj, f.name) for f in fields(obj) if f.init}
    values.update(changes)
    return type(obj)(**values)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, **kwargs):
    space = dict(namespace or {})
    annotations = {}
    for one in fields:
        if isinstance(one, str):
            annotations[one] = None
        else:
            annotations[one[0]] = one[1]
            if len(one) > 2:
                space[one[0]] = one[2]
    space["__annotations__"] = annotations
    return dataclass(type(cls_name, tuple(bases), space), **kwargs)
