import dataclasses
import inspect
from collections import abc
from _machine import UnionType, GenericAlias, is_unknown
from typing import TypeVar, ForwardRef
from huggingface_hub.errors import (
    StrictDataclassClassValidationError,
    StrictDataclassDefinitionError,
    StrictDataclassError,
    StrictDataclassFieldValidationError,
)


def _named(value):
    return f"{type(value).__name__} (value: {value!r})"


def type_validator(name, value, expected):
    """Raises TypeError unless a value is of a type, as written."""
    if expected is None or expected is type(None):
        if value is not None:
            raise TypeError(f"Field '{name}' expected None, got {_named(value)}")
        return
    if isinstance(expected, (str, TypeVar, ForwardRef)) or is_unknown(expected) or is_unknown(value):
        return
    if isinstance(expected, UnionType):
        for one in expected.__args__:
            try:
                type_validator(name, value, one)
            except TypeError:
                continue
            return
        raise TypeError(f"Field '{name}' with value {value!r} doesn't match any type in {expected}")
    special = getattr(expected, "_special", None)
    if special is not None:
        args = expected.__args__
        if special == "Literal":
            if value not in args:
                raise TypeError(f"Field '{name}' expected one of {args}, got {value}")
        elif special in ("Annotated", "Required", "NotRequired", "Final") and args:
            type_validator(name, value, args[0])
        return
    if isinstance(expected, GenericAlias):
        _generic(name, value, expected.__origin__, expected.__args__)
        return
    if isinstance(expected, type):
        if expected is bool and not isinstance(value, bool):
            raise TypeError(f"Field '{name}' expected bool, got {_named(value)}")
        if expected is int and isinstance(value, bool):
            raise TypeError(f"Field '{name}' expected int, got {_named(value)}")
        if not isinstance(value, expected):
            raise TypeError(f"Field '{name}' expected {expected.__name__}, got {_named(value)}")


def _generic(name, value, origin, args):
    if origin is type:
        if not isinstance(value, type):
            raise TypeError(f"Field '{name}' expected a type, got {_named(value)}")
        return
    if isinstance(origin, type) and not isinstance(value, origin):
        raise TypeError(f"Field '{name}' expected a {origin.__name__}, got {_named(value)}")
    if origin is dict:
        for key, item in value.items():
            type_validator(f"{name}.key", key, args[0])
            type_validator(f"{name}.value", item, args[1])
    elif origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            for i, item in enumerate(value):
                type_validator(f"{name}[{i}]", item, args[0])
        elif len(args) != len(value):
            raise TypeError(f"Field '{name}' expected a tuple of length {len(args)}, got {len(value)}")
        else:
            for i, (item, one) in enumerate(zip(value, args)):
                type_validator(f"{name}[{i}]", item, one)
    elif origin in (list, set) or origin is abc.Sequence:
        for i, item in enumerate(value):
            type_validator(f"{name}[{i}]", item, args[0])


def _strict_setattr(self, name, value):
    checks = type(self).__validators__.get(name)
    if checks is not None:
        expected, validators = checks
        try:
            type_validator(name, value, expected)
            for validator in validators:
                validator(value)
        except (ValueError, TypeError) as error:
            raise StrictDataclassFieldValidationError(field=name, cause=error) from error


def strict(cls=None, *, accept_kwargs=False):
    def wrap(cls):
        if not hasattr(cls, "__dataclass_fields__"):
            raise StrictDataclassDefinitionError(f"Class '{cls.__name__}' must be a dataclass before applying @strict.")
        validators = {}
        for f in dataclasses.fields(cls):
            own = f.metadata.get("validator")
            validators[f.name] = (f.type, own if isinstance(own, list) else [] if own is None else [own])
        cls.__validators__ = validators
        original_setattr = cls.__setattr__

        def __strict_setattr__(self, name, value):
            _strict_setattr(self, name, value)
            original_setattr(self, name, value)

        cls.__setattr__ = __strict_setattr__

        if accept_kwargs:

            def __init__(self, *args, **kwargs):
                if args:
                    raise ValueError(f"{cls.__name__} accepts only keyword arguments, but found {len(args)} positional args.")
                names = set()
                for f in dataclasses.fields(cls):
                    names.add(f.name)
                    if f.name in kwargs:
                        setattr(self, f.name, kwargs[f.name])
                    elif f.default is not dataclasses.MISSING:
                        setattr(self, f.name, f.default)
                    elif f.default_factory is not dataclasses.MISSING:
                        setattr(self, f.name, f.default_factory())
                    else:
                        raise TypeError(f"Missing required field - '{f.name}'")
                self.__post_init__(**{name: value for name, value in kwargs.items() if name not in names})

            __init__.__wrapped__ = cls.__init__
            cls.__init__ = __init__

        checks = []
        for name in dir(cls):
            if not name.startswith("validate_"):
                continue
            method = getattr(cls, name)
            if not callable(method):
                continue
            if len(inspect.signature(method).parameters) != 1:
                raise StrictDataclassDefinitionError(
                    f"Class '{cls.__name__}' has a class validator '{name}' that takes more than one argument."
                )
            checks.append(method)
        cls.__class_validators__ = checks

        def validate(self):
            for check in cls.__class_validators__:
                try:
                    check(self)
                except (ValueError, TypeError) as error:
                    raise StrictDataclassClassValidationError(validator=check.__name__, cause=error) from error

        cls.validate = validate
        inner_init = cls.__init__

        def init_with_validate(self, *args, **kwargs):
            inner_init(self, *args, **kwargs)
            cls.validate(self)

        init_with_validate.__wrapped__ = inner_init
        cls.__init__ = init_with_validate
        return cls

    return wrap(cls) if cls is not None else wrap


def validated_field(validator, default=dataclasses.MISSING, default_factory=dataclasses.MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, **kwargs):
    return dataclasses.field(
        default=default, default_factory=default_factory, init=init, repr=repr, hash=hash, compare=compare,
        metadata={**(metadata or {}), "validator": validator}, **kwargs,
    )


def as_validated_field(validator):
    def make(default=dataclasses.MISSING, default_factory=dataclasses.MISSING, init=True, repr=True, hash=None, compare=True, metadata=None, **kwargs):
        return validated_field(validator, default, default_factory, init, repr, hash, compare, metadata, **kwargs)

    return make


def validate_typed_dict(schema, data):
    pass
