from . import utils


def __getattr__(name):
    import torch.nn

    # Both the classes and the modules that define them are names of it.
    if name in _FILES:
        return torch.nn
    return getattr(torch.nn, name)


_FILES = (
    "module", "linear", "conv", "normalization", "batchnorm", "activation", "container", "sparse", "loss", "dropout",
    "rnn", "pooling", "transformer", "padding", "instancenorm",
)
