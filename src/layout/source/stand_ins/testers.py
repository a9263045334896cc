"""Configurations that the tests of a checkout make for their models."""

from _machine import is_unknown
from wcheck_recipes import annotated_config, named_parts


def configurations(cls, classes):
    """Functions that make a configuration for the class by a tester among these classes, to be tried
    in order: those that name the class first."""
    testers = [tester for tester in classes if any("get_config" in vars(owner) for owner in tester.__mro__)]
    for tester in sorted(testers, key=lambda tester: not tests(tester, cls)):
        for find in (own, *(part(name) for name in named_parts(cls))):
            yield lambda tester=tester, find=find: find(tester(None).get_config(), cls)


def tests(tester, cls):
    """Whether the tester says which classes it is for, and names this one."""
    for owner in tester.__mro__:
        for value in vars(owner).values():
            if not is_unknown(value) and value is cls:
                return True
    return False


def own(config, cls):
    """A configuration of the class's own kind: the whole one, or a part of it; None if there is none."""
    for wanted in (annotated_config(cls), cls.config_class):
        if wanted is None:
            continue
        if type(config) is wanted:
            return config
        for name in getattr(config, "sub_configs", None) or {}:
            found = getattr(config, name, None)
            if type(found) is wanted:
                return found
    return None


def part(name):
    """For a class whose own configuration is the whole one."""

    def find(config, cls):
        return getattr(config, name) if type(config) is cls.config_class else None

    return find
