from _machine import unknown


def is_parametrized(module, tensor_name=None):
    found = module._modules.get("parametrizations")
    if found is None:
        return False
    return True if tensor_name is None else tensor_name in found


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    return unknown("torch.nn.utils.parametrize.remove_parametrizations")


def register_parametrization(module, tensor_name, parametrization, **kwargs):
    return unknown("torch.nn.utils.parametrize.register_parametrization")
