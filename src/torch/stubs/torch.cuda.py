from _machine import unknown


def is_available():
    return False


def device_count():
    return 0


def get_device_capability(*args):
    return (0, 0)


def is_bf16_supported(*args):
    return False


def is_current_stream_capturing():
    return False


def synchronize(*args):
    pass


def __getattr__(name):
    return unknown(f"torch.cuda.{name}")
