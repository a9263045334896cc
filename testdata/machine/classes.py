"""Classes: orders of resolution, descriptors, metaclasses and the hooks of a class statement."""

import abc
import dataclasses
import enum
import functools
import inspect


class A:
    def who(self):
        return ["A"]


class B(A):
    def who(self):
        return ["B", *super().who()]


class C(A):
    def who(self):
        return ["C", *super().who()]


class D(B, C):
    def who(self):
        return ["D", *super().who()]


def case_order_of_resolution():
    return D().who(), [cls.__name__ for cls in D.__mro__]


def case_inconsistent_order():
    try:
        type("E", (A, D), {})
    except TypeError as error:
        return type(error).__name__


class Registered:
    names = []

    def __init_subclass__(cls, tag=None, **kwargs):
        super().__init_subclass__(**kwargs)
        Registered.names.append((cls.__name__, tag))


class First(Registered, tag=1):
    pass


class Second(Registered):
    pass


def case_init_subclass():
    return Registered.names


class Named:
    def __set_name__(self, owner, name):
        self.name = f"{owner.__name__}.{name}"

    def __get__(self, instance, owner=None):
        return self if instance is None else self.name

    def __set__(self, instance, value):
        instance.__dict__["kept"] = value * 2


class Holder:
    field = Named()


def case_descriptors():
    holder = Holder()
    holder.field = 4
    return holder.field, holder.kept, Holder.field.name, vars(holder)


class Meta(type):
    def __new__(meta, name, bases, space, **keywords):
        space["made_by"] = "Meta"
        return super().__new__(meta, name, bases, space)

    def __call__(cls, *args):
        made = super().__call__(*args)
        made.called = args
        return made

    def __getattr__(cls, name):
        return f"{cls.__name__} has no {name}"

    @property
    def shout(cls):
        return cls.__name__.upper()


class Made(metaclass=Meta):
    def __init__(self, *args):
        self.args = args


def case_metaclass():
    return Made.made_by, Made(1, 2).called, Made.missing, Made.shout, type(Made).__name__


class Attributes:
    def __init__(self):
        object.__setattr__(self, "log", [])
        self.x = 1

    def __setattr__(self, name, value):
        self.log.append(name)
        super().__setattr__(name, value)

    def __getattr__(self, name):
        if name.startswith("auto_"):
            return name[5:]
        raise AttributeError(name)

    def __delattr__(self, name):
        self.log.append("-" + name)
        super().__delattr__(name)


def case_attribute_hooks():
    one = Attributes()
    del one.x
    return one.log, one.auto_y, hasattr(one, "z"), getattr(one, "z", 5), hasattr(one, "x")


class Everything:
    def __getattribute__(self, name):
        return ("asked", name)


def case_getattribute():
    return Everything().anything


class Computed:
    count = 0

    def __init__(self, width):
        self._width = width

    @property
    def width(self):
        return self._width

    @width.setter
    def width(self, value):
        self._width = value + 1

    @classmethod
    def make(cls, width=3):
        cls.count += 1
        return cls(width)

    @staticmethod
    def twice(x):
        return 2 * x

    @functools.cached_property
    def dear(self):
        Computed.count += 10
        return self._width


def case_properties():
    one = Computed.make()
    one.width = 7
    return one.width, one.dear, one.dear, Computed.count, Computed.twice(4), one.twice(5)


class Number:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        return Number(self.value + (other.value if isinstance(other, Number) else other))

    def __radd__(self, other):
        return Number(other + self.value + 100)

    def __iadd__(self, other):
        self.value += other
        return self

    def __eq__(self, other):
        return isinstance(other, Number) and self.value == other.value

    def __lt__(self, other):
        return self.value < other.value

    def __hash__(self):
        return hash(self.value)

    def __len__(self):
        return self.value

    def __getitem__(self, key):
        return key

    def __contains__(self, key):
        return key == self.value

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __iter__(self):
        return iter(range(self.value))

    def __repr__(self):
        return f"Number({self.value})"

    def __format__(self, how):
        return f"<{how}:{self.value}>"

    def __enter__(self):
        return self.value

    def __exit__(self, kind, error, trace):
        return kind is not None


def case_operators():
    n = Number(2)
    m = n
    m += 5
    with Number(9) as nine:
        raise ValueError("swallowed")
    return (
        n + 1, 1 + n, n is m, n == Number(7), n < Number(8), {Number(1): "x"}[Number(1)], len(Number(3)), n[1, ...],
        7 in n, n(1, a=2), list(Number(3)), f"{n:wide} {n!r}", nine, bool(Number(0)), sorted([Number(3), Number(1)]),
    )


@dataclasses.dataclass
class Point:
    x: int
    y: int = 2
    tags: list = dataclasses.field(default_factory=list)
    total: int = dataclasses.field(init=False, default=0)

    def __post_init__(self):
        self.total = self.x + self.y


@dataclasses.dataclass(kw_only=True)
class Point3(Point):
    z: float = 0.5


def case_dataclasses():
    one = Point(1)
    return (
        one, Point(1) == one, Point3(1, z=2.0).total, dataclasses.asdict(Point3(x=3)), [f.name for f in dataclasses.fields(Point3)],
        dataclasses.replace(one, y=5), dataclasses.is_dataclass(one), list(inspect.signature(Point.__init__).parameters),
        list(inspect.signature(Point3).parameters),
    )


class Colour(enum.Enum):
    RED = 1
    BLUE = "b"


class Level(str, enum.Enum):
    LOW = "low"


def case_enums():
    return Colour.RED.name, Colour("b").name, [c.value for c in Colour], Level.LOW == "low", Colour["RED"] is Colour.RED


class Abstract(abc.ABC):
    @abc.abstractmethod
    def go(self):
        ...


class Concrete(Abstract):
    def go(self):
        return "gone"


def case_abstract():
    return Concrete().go(), isinstance(Concrete(), Abstract)


class Slotted:
    __slots__ = ("a",)

    def __new__(cls, value):
        made = super().__new__(cls)
        made.a = value
        return made


def case_new():
    return Slotted(3).a, isinstance(Slotted(1), Slotted)


def annotated(a: int, b: "Point" = None, *args, c: Point | None = None, d: list[int] = (), **kwargs):
    return a


def case_annotations():
    found = annotated.__annotations__
    return (
        found["a"] is int, found["b"], list(found), inspect.signature(annotated).parameters["a"].annotation is int,
        [p.kind.name for p in inspect.signature(annotated).parameters.values()],
        inspect.signature(annotated).parameters["d"].default,
    )


def case_type_checks():
    return (
        isinstance(True, int), issubclass(D, A), isinstance([], (tuple, list)), isinstance(len, type), type(D()) is D,
        isinstance(3, int | str), type("Dynamic", (A,), {"x": 1}).x,
    )
