from _machine import (
    BuiltinFunctionType,
    CellType,
    EllipsisType,
    FunctionType,
    GeneratorType,
    GenericAlias,
    MethodType,
    ModuleType,
    NoneType,
    UnionType,
)

LambdaType = FunctionType
BuiltinMethodType = BuiltinFunctionType


class CodeType:
    pass


class TracebackType:
    pass


class CoroutineType:
    pass


class SimpleNamespace:
    def __init__(self, /, **kwargs):
        self.__dict__.update(kwargs)


class DynamicClassAttribute(property):
    pass


def MappingProxyType(mapping):
    return mapping


def new_class(name, bases=(), kwds=None, exec_body=None):
    space = {}
    if exec_body is not None:
        exec_body(space)
    return type(name, tuple(bases), space)


def coroutine(function):
    return function
