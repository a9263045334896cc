from _machine import GenericAlias, UnionType, annotations_of
import collections
from collections import abc

TYPE_CHECKING = False


class _Alias(GenericAlias):
    pass


class _Special:
    """A name that means something only to type checkers; with what it was given kept."""

    def __init__(self, name, args=(), origin=None):
        self._special = name
        self.__args__ = args
        self.__origin__ = origin if origin is not None else self

    def __getitem__(self, item):
        args = item if isinstance(item, tuple) else (item,)
        if self._special == "Optional":
            return UnionType((args[0], type(None)))
        if self._special == "Union":
            flat = []
            for arg in args:
                flat.extend(arg.__args__ if isinstance(arg, UnionType) else (type(None) if arg is None else arg,))
            return flat[0] if len(flat) == 1 else UnionType(tuple(flat))
        return _Special(self._special, args, self)

    def __call__(self, *args, **kwargs):
        return args[0] if args else None

    def __or__(self, other):
        return UnionType((self,) + (other.__args__ if isinstance(other, UnionType) else (type(None) if other is None else other,)))

    def __ror__(self, other):
        return UnionType((other.__args__ if isinstance(other, UnionType) else (type(None) if other is None else other,)) + (self,))

    def __repr__(self):
        return f"typing.{self._special}"

    def __eq__(self, other):
        return isinstance(other, _Special) and self._special == other._special and self.__args__ == other.__args__

    def __hash__(self):
        return hash(self._special)

    def __mro_entries__(self, bases):
        return ()

    def __deepcopy__(self, memo):
        return self

    def __instancecheck__(self, instance):
        raise TypeError(f"typing.{self._special} cannot be used with isinstance()")


Any = _Special("Any")
Optional = _Special("Optional")
Union = _Special("Union")
Literal = _Special("Literal")
ClassVar = _Special("ClassVar")
Final = _Special("Final")
Annotated = _Special("Annotated")
NoReturn = _Special("NoReturn")
Never = _Special("Never")
Self = _Special("Self")
Required = _Special("Required")
NotRequired = _Special("NotRequired")
Unpack = _Special("Unpack")
Concatenate = _Special("Concatenate")
TypeGuard = _Special("TypeGuard")
TypeAlias = _Special("TypeAlias")
LiteralString = _Special("LiteralString")
AnyStr = _Special("AnyStr")

List = list
Dict = dict
Tuple = tuple
Set = set
FrozenSet = frozenset
Type = type
Text = str
DefaultDict = collections.defaultdict
OrderedDict = collections.OrderedDict
Counter = collections.Counter
Deque = collections.deque
Callable = abc.Callable
Iterable = abc.Iterable
Iterator = abc.Iterator
Generator = abc.Generator
Sequence = abc.Sequence
MutableSequence = abc.MutableSequence
Mapping = abc.Mapping
MutableMapping = abc.MutableMapping
Collection = abc.Collection
Container = abc.Container
Hashable = abc.Hashable
Sized = abc.Sized
Awaitable = abc.Awaitable
Coroutine = abc.Coroutine
AsyncIterator = abc.AsyncIterator
AsyncGenerator = abc.AsyncGenerator
AsyncIterable = abc.AsyncIterable
KeysView = abc.KeysView
ValuesView = abc.ValuesView
ItemsView = abc.ItemsView
Pattern = _Special("Pattern")
Match = _Special("Match")
IO = _Special("IO")
TextIO = _Special("TextIO")
BinaryIO = _Special("BinaryIO")


class Generic:
    def __class_getitem__(cls, item):
        return GenericAlias(cls, item if isinstance(item, tuple) else (item,))


class Protocol(Generic):
    pass


class _TypedDictMeta(type):
    def __call__(cls, *args, **kwargs):
        return dict(*args, **kwargs)


class TypedDict(metaclass=_TypedDictMeta):
    def __init_subclass__(cls, total=True, **kwargs):
        pass


class TypeVar:
    def __init__(self, name, *constraints, bound=None, **kwargs):
        self.__name__ = name
        self.__bound__ = bound
        self.__constraints__ = constraints

    def __or__(self, other):
        return UnionType((self, other))

    def __ror__(self, other):
        return UnionType((other, self))

    def __call__(self, *args):
        return args[0] if args else None


class ParamSpec(TypeVar):
    @property
    def args(self):
        return self

    @property
    def kwargs(self):
        return self


class TypeVarTuple(TypeVar):
    pass


class ForwardRef:
    def __init__(self, text, **kwargs):
        self.__forward_arg__ = text


class _NamedTupleMeta(type):
    def __new__(meta, name, bases, space):
        if not bases:
            return super().__new__(meta, name, bases, space)
        cls = super().__new__(meta, name, (), dict(space))
        names = list(annotations_of(cls))
        made = collections.namedtuple(name, names, defaults=[space[n] for n in names if n in space])
        for key, value in space.items():
            if key not in names and key not in ("__new__", "__init__", "__classcell__", "__annotate__"):
                setattr(made, key, value)
        return made


class NamedTuple(metaclass=_NamedTupleMeta):
    def __new__(cls, name, fields):
        return collections.namedtuple(name, [f[0] for f in fields])


def NewType(name, base):
    return base


def cast(kind, value):
    return value


def overload(function):
    return function


def final(function):
    return function


def no_type_check(function):
    return function


def runtime_checkable(cls):
    return cls


def override(function):
    return function


def assert_never(value):
    raise AssertionError(value)


def dataclass_transform(**kwargs):
    return lambda cls: cls


def deprecated(*args, **kwargs):
    return lambda cls: cls


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    result = {}
    if isinstance(obj, type):
        for cls in reversed(obj.__mro__):
            result.update(annotations_of(cls, True))
        return result
    return dict(getattr(obj, "__annotations__", {}))


def get_origin(kind):
    if isinstance(kind, UnionType):
        return Union
    if isinstance(kind, _Special):
        return kind.__origin__ if kind.__origin__ is not kind else None
    if isinstance(kind, GenericAlias):
        return kind.__origin__
    return None


def get_args(kind):
    if isinstance(kind, (UnionType, GenericAlias)):
        return kind.__args__
    if isinstance(kind, _Special):
        return kind.__args__
    return ()


def is_typeddict(kind):
    return isinstance(kind, _TypedDictMeta)
