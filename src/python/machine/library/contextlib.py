class AbstractContextManager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None


class ContextDecorator:
    def __call__(self, function):
        def inner(*args, **kwargs):
            with self:
                return function(*args, **kwargs)

        return inner


class _GeneratorContextManager(ContextDecorator):
    def __init__(self, function, args, kwargs):
        self.generator = function(*args, **kwargs)
        self.make = lambda: _GeneratorContextManager(function, args, kwargs)

    def __enter__(self):
        return next(self.generator)

    def __exit__(self, kind, value, trace):
        if kind is None:
            try:
                next(self.generator)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.generator.throw(value)
        except StopIteration as stop:
            return stop is not value
        except BaseException as error:
            if error is value:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")

    def __call__(self, function):
        make = self.make

        def inner(*args, **kwargs):
            with make():
                return function(*args, **kwargs)

        return inner


def contextmanager(function):
    def helper(*args, **kwargs):
        return _GeneratorContextManager(function, args, kwargs)

    helper.__name__ = function.__name__
    helper.__wrapped__ = function
    return helper


asynccontextmanager = contextmanager


class nullcontext(AbstractContextManager):
    def __init__(self, enter_result=None):
        self.enter_result = enter_result

    def __enter__(self):
        return self.enter_result

    def __exit__(self, *args):
        return None


class suppress(AbstractContextManager):
    def __init__(self, *exceptions):
        self.exceptions = exceptions

    def __exit__(self, kind, value, trace):
        return kind is not None and issubclass(kind, self.exceptions)


class redirect_stdout(nullcontext):
    pass


class redirect_stderr(nullcontext):
    pass


class closing(AbstractContextManager):
    def __init__(self, thing):
        self.thing = thing

    def __enter__(self):
        return self.thing


class ExitStack(AbstractContextManager):
    def __init__(self):
        self.exits = []

    def enter_context(self, manager):
        result = type(manager).__enter__(manager)
        self.exits.append(lambda *details: type(manager).__exit__(manager, *details))
        return result

    def push(self, exit):
        self.exits.append(exit)
        return exit

    def callback(self, function, *args, **kwargs):
        self.exits.append(lambda *details: function(*args, **kwargs) and False)
        return function

    def __exit__(self, *details):
        swallowed = False
        while self.exits:
            if self.exits.pop()(*details):
                swallowed = True
                details = (None, None, None)
        return swallowed

    def close(self):
        self.__exit__(None, None, None)
