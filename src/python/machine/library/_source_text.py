class SourceText:
    def __init__(self, text):
        self._text = text

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def read(self):
        return self._text

    def readlines(self):
        return self._text.splitlines(True)

    def __iter__(self):
        return iter(self.readlines())

    def close(self):
        pass
