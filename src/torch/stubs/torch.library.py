def _keeps(*args, **kwargs):
    return lambda function: function


custom_op = register_fake = impl = register_autograd = triton_op = register_kernel = _keeps


class Library:
    def __init__(self, *args):
        pass

    def define(self, *args, **kwargs):
        pass

    def impl(self, *args, **kwargs):
        pass
