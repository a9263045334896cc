# What writes documentation into functions changes nothing else of them.
from types import FunctionType
from functools import update_wrapper


def _keeps(*args, **kwargs):
    return lambda function: function


add_start_docstrings = add_start_docstrings_to_model_forward = add_end_docstrings = _keeps
replace_return_docstrings = add_code_sample_docstrings = _keeps


def copy_func(function):
    """Returns a copy of a function f."""
    copied = FunctionType(function.__code__, function.__globals__)
    copied.__kwdefaults__ = function.__kwdefaults__
    return update_wrapper(copied, function)


def get_docstring_indentation_level(function):
    return 4
