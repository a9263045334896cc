"""Stands in for PyTorch: tensors with a shape and a dtype, made where `device` says."""
import contextlib

current = "cpu"


class Tensor:
    def __init__(self, *shape, dtype="float32"):
        assert current == "meta", "a tensor was made outside of the meta device"
        self.shape = shape
        self.dtype = f"torch.{dtype}"


@contextlib.contextmanager
def device(name):
    global current
    before, current = current, name
    yield
    current = before
