def checkpoint(function, *args, **kwargs):
    return function(*args)
