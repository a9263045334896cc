# What the library tells its user is nobody's concern here.
CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0
log_levels = {"detail": 10, "debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}


class _Logger:
    handlers = []

    def _nothing(self, *args, **kwargs):
        return None

    debug = info = warning = warn = error = critical = exception = log = _nothing
    warning_once = info_once = warning_advice = setLevel = addFilter = addHandler = _nothing

    def getEffectiveLevel(self):
        return 30

    def isEnabledFor(self, level):
        return False


_logger = _Logger()


def get_logger(name=None):
    return _logger


getLogger = get_logger


def get_verbosity():
    return 40


def set_verbosity(level):
    pass


def is_progress_bar_enabled():
    return False


def _nothing(*args, **kwargs):
    return None


set_verbosity_info = set_verbosity_warning = set_verbosity_error = set_verbosity_debug = _nothing
enable_progress_bar = disable_progress_bar = enable_default_handler = disable_default_handler = _nothing
add_handler = remove_handler = enable_propagation = disable_propagation = captureWarnings = _nothing
warning_once = info_once = warning_advice = _nothing


def tqdm(iterable=None, *args, **kwargs):
    return iterable


def set_tqdm_hook(hook):
    return None
