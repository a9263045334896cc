CRITICAL = 50
FATAL = CRITICAL
ERROR = 40
WARNING = 30
WARN = WARNING
INFO = 20
DEBUG = 10
NOTSET = 0


class Filter:
    pass


class Formatter:
    def __init__(self, *args, **kwargs):
        pass


class Handler:
    def __init__(self, *args, **kwargs):
        self.formatter = None

    def setFormatter(self, formatter):
        self.formatter = formatter

    def setLevel(self, level):
        pass

    def flush(self):
        pass


class StreamHandler(Handler):
    pass


class NullHandler(Handler):
    pass


class FileHandler(Handler):
    pass


class Logger:
    def __init__(self, name, level=0):
        self.name = name
        self.level = level
        self.handlers = []
        self.propagate = True

    def _nothing(self, *args, **kwargs):
        return None

    debug = info = warning = warn = error = critical = exception = log = _nothing
    addHandler = removeHandler = addFilter = _nothing

    def setLevel(self, level):
        self.level = level

    def getEffectiveLevel(self):
        return WARNING

    def isEnabledFor(self, level):
        return False

    def hasHandlers(self):
        return False


class LoggerAdapter(Logger):
    def __init__(self, logger, extra=None):
        self.logger = logger
        self.extra = extra
        self.handlers = []


_loggers = {}


def getLogger(name=None):
    if name not in _loggers:
        _loggers[name] = Logger(name)
    return _loggers[name]


def captureWarnings(capture):
    pass


def basicConfig(**kwargs):
    pass


def getLevelName(level):
    return str(level)


def addLevelName(level, name):
    pass


def disable(level):
    pass


def warning(*args, **kwargs):
    pass


debug = info = warn = error = critical = warning
