from _machine import modules

version_info = (3, 11, 0, "final", 0)
version = "3.11.0"
platform = "linux"
maxsize = 9223372036854775807
argv = ["wcheck"]
path = []
meta_path = []
path_hooks = []
byteorder = "little"
executable = "python"
stdout = None
stderr = None
stdin = None


def exc_info():
    return (None, None, None)


def getrecursionlimit():
    return 1000


def setrecursionlimit(limit):
    pass


def getsizeof(obj, default=0):
    return default


def intern(text):
    return text


def exit(code=None):
    raise SystemExit(code)
