from _machine import unknown
from . import path

sep = "/"
linesep = "\n"
name = "posix"
PathLike = type("PathLike", (), {})
environ = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_VERBOSITY": "error",
    "TQDM_DISABLE": "1",
}


def getenv(key, default=None):
    return environ.get(key, default)


def fspath(path):
    return path


def getcwd():
    return unknown("the current directory")


def listdir(path="."):
    return unknown("a directory")


def cpu_count():
    return 1


def getpid():
    return 1


def makedirs(*args, **kwargs):
    pass
