class TorchFunctionMode:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


def has_torch_function_unary(*args):
    return False
