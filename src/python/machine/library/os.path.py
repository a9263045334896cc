sep = "/"


def join(first, *parts):
    result = first
    for part in parts:
        if part.startswith("/"):
            result = part
        elif result == "" or result.endswith("/"):
            result += part
        else:
            result += "/" + part
    return result


def basename(path):
    return path.rpartition("/")[2]


def dirname(path):
    return path.rpartition("/")[0]


def splitext(path):
    stem, dot, ending = path.rpartition(".")
    return (stem, dot + ending) if dot and stem and "/" not in ending else (path, "")


def split(path):
    head, _, tail = path.rpartition("/")
    return head, tail


# No file is there but those that are read as modules.
def exists(path):
    return False


isfile = isdir = islink = exists


def expanduser(path):
    return path


def abspath(path):
    return path


realpath = normpath = expandvars = abspath


def isabs(path):
    return path.startswith("/")
