from _machine import unknown
from . import constants, dataclasses, errors, utils
from .errors import *

__version__ = "1.99.0"


def is_offline_mode():
    return True


def __getattr__(name):
    return unknown(f"huggingface_hub.{name}")
