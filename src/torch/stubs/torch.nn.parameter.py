from _torch import Buffer, Parameter


class UninitializedParameter(Parameter):
    pass


def is_lazy(parameter):
    return False
