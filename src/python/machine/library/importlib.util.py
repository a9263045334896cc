from _machine import module_exists


class _Spec:
    def __init__(self, name):
        self.name = name
        self.origin = name
        self.submodule_search_locations = []
        self.loader = None


def find_spec(name, package=None):
    return _Spec(name) if module_exists(name) else None
