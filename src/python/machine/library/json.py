from _machine import unknown


class JSONDecodeError(ValueError):
    pass


class JSONEncoder:
    pass


class JSONDecoder:
    pass


class _Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def fail(self):
        raise JSONDecodeError(f"Expecting value: char {self.at}")

    def skip(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\r\n":
            self.at += 1

    def take(self, mark):
        self.skip()
        if self.text[self.at : self.at + len(mark)] != mark:
            return False
        self.at += len(mark)
        return True

    def string(self):
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] != '"':
            if self.text[self.at] == "\\":
                return unknown("an escape in JSON")
            self.at += 1
        if self.at >= len(self.text):
            self.fail()
        self.at += 1
        return self.text[begin : self.at - 1]

    def value(self):
        if self.take("{"):
            result = {}
            if self.take("}"):
                return result
            while True:
                if not self.take('"'):
                    self.fail()
                key = self.string()
                if not self.take(":"):
                    self.fail()
                result[key] = self.value()
                if self.take("}"):
                    return result
                if not self.take(","):
                    self.fail()
        if self.take("["):
            result = []
            if self.take("]"):
                return result
            while True:
                result.append(self.value())
                if self.take("]"):
                    return result
                if not self.take(","):
                    self.fail()
        if self.take('"'):
            return self.string()
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.take(word):
                return value
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] in "+-.0123456789eE":
            self.at += 1
        number = self.text[begin : self.at]
        if not number:
            self.fail()
        return float(number) if any(c in number for c in ".eE") else int(number)


def loads(text, **kwargs):
    reader = _Reader(text)
    result = reader.value()
    reader.skip()
    if reader.at != len(text):
        reader.fail()
    return result


def _string(text):
    for c in text:
        if c in '"\\\n\t\r':
            return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'
    return '"' + text + '"'


def _text(value, indent, sort_keys, default, depth):
    if isinstance(value, str):
        return _string(value)
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    line, end = "", ""
    if indent is not None:
        line = "\n" + " " * (indent * (depth + 1))
        end = "\n" + " " * (indent * depth)
    comma = "," if indent is not None else ", "
    if isinstance(value, dict):
        if not value:
            return "{}"
        items = sorted(value.items()) if sort_keys else value.items()
        parts = [
            line + _string(key if isinstance(key, str) else _text(key, None, False, None, 0)) + ": "
            + _text(item, indent, sort_keys, default, depth + 1)
            for key, item in items
        ]
        return "{" + comma.join(parts) + end + "}"
    if isinstance(value, (list, tuple)):
        if not value:
            return "[]"
        return "[" + comma.join([line + _text(item, indent, sort_keys, default, depth + 1) for item in value]) + end + "]"
    if default is not None:
        return _text(default(value), indent, sort_keys, default, depth)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def dumps(value, *, indent=None, sort_keys=False, default=None, **kwargs):
    return _text(value, indent, sort_keys, default, 0)
