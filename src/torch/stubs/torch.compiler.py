def _decorator(function=None, *args, **kwargs):
    if callable(function):
        return function
    return lambda wrapped: wrapped


disable = allow_in_graph = assume_constant_result = _decorator


def is_compiling():
    return False


is_exporting = is_dynamo_compiling = is_compiling
