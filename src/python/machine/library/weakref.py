class WeakKeyDictionary(dict):
    pass


class WeakValueDictionary(dict):
    pass


class WeakSet(set):
    pass


class ref:
    def __init__(self, obj, callback=None):
        self.obj = obj

    def __call__(self):
        return self.obj


def proxy(obj, callback=None):
    return obj
