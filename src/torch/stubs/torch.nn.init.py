def _fill(tensor, *args, **kwargs):
    return tensor


def uniform_(tensor, *args, **kwargs):
    return tensor


def normal_(tensor, *args, **kwargs):
    return tensor


def trunc_normal_(tensor, *args, **kwargs):
    return tensor


def constant_(tensor, *args, **kwargs):
    return tensor


def ones_(tensor):
    return tensor


def zeros_(tensor):
    return tensor


def eye_(tensor):
    return tensor


def dirac_(tensor, *args, **kwargs):
    return tensor


def xavier_uniform_(tensor, *args, **kwargs):
    return tensor


def xavier_normal_(tensor, *args, **kwargs):
    return tensor


def kaiming_uniform_(tensor, *args, **kwargs):
    return tensor


def kaiming_normal_(tensor, *args, **kwargs):
    return tensor


def orthogonal_(tensor, *args, **kwargs):
    return tensor


def sparse_(tensor, *args, **kwargs):
    return tensor


uniform = normal = constant = xavier_uniform = xavier_normal = kaiming_uniform = kaiming_normal = _fill


def _calculate_fan_in_and_fan_out(tensor):
    receptive = 1
    for size in tensor.shape[2:]:
        receptive *= size
    return tensor.shape[1] * receptive, tensor.shape[0] * receptive


def calculate_gain(nonlinearity, param=None):
    return 1.0
