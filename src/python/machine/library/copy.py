from _machine import copy, deepcopy


class Error(Exception):
    pass
