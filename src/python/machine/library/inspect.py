from _machine import BuiltinFunctionType, FunctionType, GeneratorType, MethodType, ModuleType, annotations_of, source_of


class _Empty:
    pass


class _Kind(int):
    pass


def _kind(value, name):
    kind = _Kind(value)
    kind.name = name
    return kind


class Parameter:
    empty = _Empty
    POSITIONAL_ONLY = _kind(0, "POSITIONAL_ONLY")
    POSITIONAL_OR_KEYWORD = _kind(1, "POSITIONAL_OR_KEYWORD")
    VAR_POSITIONAL = _kind(2, "VAR_POSITIONAL")
    KEYWORD_ONLY = _kind(3, "KEYWORD_ONLY")
    VAR_KEYWORD = _kind(4, "VAR_KEYWORD")

    def __init__(self, name, kind, *, default=_Empty, annotation=_Empty):
        self.name = name
        self.kind = kind
        self.default = default
        self._annotation = annotation

    @property
    def annotation(self):
        # Evaluating all of a function's annotations is dear, and few ask for one.
        if isinstance(self._annotation, _Later):
            self._annotation = self._annotation.function.__annotations__.get(self.name, _Empty)
        return self._annotation

    def replace(self, **changes):
        values = {"name": self.name, "kind": self.kind, "default": self.default, "annotation": self._annotation}
        values.update(changes)
        return Parameter(values["name"], values["kind"], default=values["default"], annotation=values["annotation"])


class _Later:
    def __init__(self, function):
        self.function = function


class BoundArguments:
    def __init__(self, signature, arguments):
        self.signature = signature
        self.arguments = arguments


class Signature:
    empty = _Empty

    def __init__(self, parameters=None, *, return_annotation=_Empty):
        self.parameters = {p.name: p for p in parameters or ()}
        self.return_annotation = return_annotation

    def replace(self, *, parameters=None, return_annotation=_Empty):
        return Signature(self.parameters.values() if parameters is None else parameters)

    def bind_partial(self, *args, **kwargs):
        names = [p.name for p in self.parameters.values() if p.kind <= 1]
        arguments = dict(zip(names, args))
        arguments.update(kwargs)
        return BoundArguments(self, arguments)

    bind = bind_partial


def unwrap(function):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def signature(obj, *, follow_wrapped=True, **kwargs):
    skip = 0
    if isinstance(obj, type):
        init = obj.__init__
        obj, skip = init, 1
    if isinstance(obj, MethodType):
        obj, skip = obj.__func__, 1
    if follow_wrapped:
        obj = unwrap(obj)
    if isinstance(obj, MethodType):
        obj, skip = obj.__func__, 1
    if hasattr(obj, "__signature__"):
        return obj.__signature__
    if not isinstance(obj, FunctionType):
        call = getattr(type(obj), "__call__", None)
        if not isinstance(call, FunctionType):
            raise ValueError("no signature found")
        obj, skip = call, 1
    if hasattr(obj, "_dataclass"):
        return Signature(_dataclass_parameters(obj._dataclass)[skip:])
    later = _Later(obj)
    parameters = []
    for name, kind, has_default, default in obj.__parameters_of__:
        parameters.append(
            Parameter(
                name,
                getattr(Parameter, kind),
                default=default if has_default else _Empty,
                annotation=later,
            )
        )
    return Signature(parameters[skip:])


def _dataclass_parameters(cls):
    from dataclasses import MISSING

    parameters = [Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)]
    for by_keyword, kind in ((False, Parameter.POSITIONAL_OR_KEYWORD), (True, Parameter.KEYWORD_ONLY)):
        for field in cls.__dataclass_fields__.values():
            if not field.init or bool(field.kw_only) != by_keyword:
                continue
            default = field.default
            if default is MISSING:
                default = _Empty if field.default_factory is MISSING else field.default_factory
            parameters.append(Parameter(field.name, kind, default=default, annotation=field.type))
    return parameters


class FullArgSpec:
    def __init__(self, args):
        self.args = args


def getfullargspec(function):
    return FullArgSpec([p.name for p in signature(function).parameters.values()])


def isfunction(obj):
    return isinstance(obj, FunctionType)


def ismethod(obj):
    return isinstance(obj, MethodType)


def isclass(obj):
    return isinstance(obj, type)


def ismodule(obj):
    return isinstance(obj, ModuleType)


def isgeneratorfunction(obj):
    return False


def iscoroutinefunction(obj):
    return False


def isgenerator(obj):
    return isinstance(obj, GeneratorType)


def isbuiltin(obj):
    return isinstance(obj, BuiltinFunctionType)


def isroutine(obj):
    return isinstance(obj, (FunctionType, MethodType, BuiltinFunctionType))


def isabstract(obj):
    return False


def getmro(cls):
    return cls.__mro__


def getmembers(obj, predicate=None):
    result = []
    for name in dir(obj):
        try:
            value = getattr(obj, name)
        except AttributeError:
            continue
        if predicate is None or predicate(value):
            result.append((name, value))
    return result


def getdoc(obj):
    return getattr(obj, "__doc__", None)


def get_annotations(obj, *, eval_str=False, **kwargs):
    if isinstance(obj, type):
        return dict(annotations_of(obj, eval_str))
    return dict(obj.__annotations__)


def currentframe():
    return None


def stack():
    return []


def cleandoc(doc):
    return doc


def getsource(obj):
    return source_of(obj)
