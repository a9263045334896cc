class _Auto:
    pass


class auto(_Auto):
    pass


class EnumMeta(type):
    def __new__(meta, name, bases, space):
        members = {}
        plain = {}
        for key, value in space.items():
            hidden = key.startswith("_")
            descriptor = isinstance(value, (property, staticmethod, classmethod, type)) or callable(value)
            if hidden or descriptor:
                plain[key] = value
            else:
                members[key] = value
        cls = super().__new__(meta, name, bases, plain)
        cls._member_map_ = {}
        cls._value2member_map_ = {}
        last = 0
        for key, value in members.items():
            if isinstance(value, _Auto):
                generate = getattr(cls, "_generate_next_value_", None)
                if generate is not None:
                    value = generate(key, 1, len(cls._member_map_), [m.value for m in cls._member_map_.values()])
                else:
                    value = key.lower() if issubclass(cls, StrEnum_marker) else (last * 2 or 1) if issubclass(cls, Flag_marker) else last + 1
            if isinstance(value, int):
                last = value
            if value in cls._value2member_map_:
                member = cls._value2member_map_[value]
            else:
                if issubclass(cls, str):
                    member = str.__new__(cls, value)
                elif issubclass(cls, int):
                    member = int.__new__(cls, value)
                else:
                    member = object.__new__(cls)
                member._value_ = value
                member._name_ = key
                if type(cls).__dict__ is not None and "__init__" in cls.__dict__ and isinstance(value, tuple):
                    member.__init__(*value)
                cls._value2member_map_[value] = member
            cls._member_map_[key] = member
            type.__setattr__(cls, key, member)
        return cls

    def __call__(cls, value, *args, **kwargs):
        if args or kwargs:
            return type.__call__(cls, value, *args, **kwargs)
        if isinstance(value, cls):
            return value
        try:
            if value in cls._value2member_map_:
                return cls._value2member_map_[value]
        except TypeError:
            pass
        missing = getattr(cls, "_missing_", None)
        if missing is not None:
            found = missing(value)
            if found is not None:
                return found
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")

    def __iter__(cls):
        return iter(list(dict.fromkeys(cls._member_map_.values())))

    def __len__(cls):
        return len(cls._member_map_)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __contains__(cls, item):
        if isinstance(item, cls):
            return True
        return item in cls._value2member_map_

    @property
    def __members__(cls):
        return dict(cls._member_map_)


EnumType = EnumMeta


class StrEnum_marker:
    pass


class Flag_marker:
    pass


class Enum(metaclass=EnumMeta):
    @property
    def value(self):
        return self._value_

    @property
    def name(self):
        return self._name_

    def __repr__(self):
        return f"<{type(self).__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{type(self).__name__}.{self._name_}"

    def __hash__(self):
        return hash(self._name_)

    def __deepcopy__(self, memo):
        return self

    def __copy__(self):
        return self


class IntEnum(int, Enum):
    def __str__(self):
        return str(self._value_)


class StrEnum(StrEnum_marker, str, Enum):
    def __str__(self):
        return self._value_


class Flag(Flag_marker, Enum):
    def __or__(self, other):
        return self

    def __and__(self, other):
        return self


class IntFlag(Flag_marker, int, Enum):
    pass


def unique(cls):
    return cls
