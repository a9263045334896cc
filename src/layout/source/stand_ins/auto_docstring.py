# What writes documentation into classes while they are defined changes nothing else of them.
from _machine import unknown


def auto_docstring(obj=None, **kwargs):
    return obj if obj is not None else (lambda decorated: decorated)


auto_class_docstring = auto_method_docstring = auto_docstring


def __getattr__(name):
    return unknown(f"transformers.utils.auto_docstring.{name}")
