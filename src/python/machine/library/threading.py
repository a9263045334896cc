class Lock:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return None

    def acquire(self, *args, **kwargs):
        return True

    def release(self):
        pass


class RLock(Lock):
    pass


class Semaphore(Lock):
    pass


class Condition(Lock):
    pass


class Event:
    def __init__(self):
        self.flag = False

    def set(self):
        self.flag = True

    def clear(self):
        self.flag = False

    def is_set(self):
        return self.flag


class local:
    pass


class Thread:
    def __init__(self, *args, **kwargs):
        self.name = "MainThread"

    def start(self):
        pass

    def join(self, timeout=None):
        pass


def current_thread():
    return Thread()


def main_thread():
    return Thread()


def get_ident():
    return 1
