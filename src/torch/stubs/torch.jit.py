def _decorator(function=None, *args, **kwargs):
    if callable(function):
        return function
    return lambda wrapped: wrapped


script = script_if_tracing = ignore = unused = export = interface = _decorator
Final = object


class ScriptModule:
    pass


class ScriptFunction:
    pass


def is_tracing():
    return False


def is_scripting():
    return False
