from _machine import unknown
from _re import search as _search

IGNORECASE = I = 2
MULTILINE = M = 8
DOTALL = S = 16
VERBOSE = X = 64
ASCII = A = 256
UNICODE = U = 32


class error(Exception):
    pass


PatternError = error


class Match:
    def __init__(self, pattern, text, spans, names):
        self.re = pattern
        self.string = text
        self._spans = spans
        self._names = names

    def _index(self, key):
        if isinstance(key, str):
            if key not in self._names:
                raise IndexError("no such group")
            return self._names[key]
        return key

    def _text(self, i):
        span = self._spans[i]
        return None if span is None else self.string[span[0] : span[1]]

    def group(self, *keys):
        if not keys:
            return self._text(0)
        if len(keys) == 1:
            return self._text(self._index(keys[0]))
        return tuple(self._text(self._index(key)) for key in keys)

    def __getitem__(self, key):
        return self.group(key)

    def groups(self, default=None):
        return tuple(default if span is None else self._text(i + 1) for i, span in enumerate(self._spans[1:]))

    def groupdict(self, default=None):
        return {name: self._text(i) for name, i in self._names.items()}

    def start(self, key=0):
        return self._spans[self._index(key)][0]

    def end(self, key=0):
        return self._spans[self._index(key)][1]

    def span(self, key=0):
        return self._spans[self._index(key)]


class Pattern:
    def __init__(self, pattern, flags=0):
        self.pattern = pattern
        self.flags = flags

    def _at(self, text, how, start=0):
        found = _search(self.pattern, self.flags, text, how, start)
        if found is None:
            return None
        if found is False:
            raise error(f"invalid pattern {self.pattern!r}")
        spans, names = found
        return Match(self, text, spans, names)

    def search(self, text, start=0):
        return self._at(text, "search", start)

    def match(self, text):
        return self._at(text, "match")

    def fullmatch(self, text):
        return self._at(text, "fullmatch")

    def finditer(self, text):
        start = 0
        while start <= len(text):
            found = self._at(text, "search", start)
            if found is None:
                return
            yield found
            start = found.end() if found.end() > found.start() else found.end() + 1

    def findall(self, text):
        result = []
        for found in self.finditer(text):
            groups = found.groups()
            result.append(found.group() if not groups else (groups[0] or "") if len(groups) == 1 else tuple(g or "" for g in groups))
        return result

    def sub(self, replacement, text, count=0):
        result, end, done = "", 0, 0
        for found in self.finditer(text):
            if count and done == count:
                break
            result += text[end : found.start()]
            result += replacement(found) if callable(replacement) else _expand(replacement, found)
            end = found.end()
            done += 1
        return result + text[end:]

    def subn(self, replacement, text, count=0):
        return self.sub(replacement, text, count), unknown("re.subn")

    def split(self, text, maxsplit=0):
        result, end = [], 0
        for found in self.finditer(text):
            result.append(text[end : found.start()])
            result.extend(found.groups())
            end = found.end()
        return result + [text[end:]]


def _expand(template, found):
    result, i = "", 0
    while i < len(template):
        c = template[i]
        if c != "\\" or i + 1 >= len(template):
            result += c
            i += 1
            continue
        n = template[i + 1]
        if n.isdigit():
            j = i + 1
            while j < len(template) and j < i + 3 and template[j].isdigit():
                j += 1
            result += found.group(int(template[i + 1 : j])) or ""
            i = j
        elif n == "g" and template[i + 2 : i + 3] == "<":
            j = template.index(">")
            j = i + template[i:].index(">")
            name = template[i + 3 : j]
            result += found.group(int(name) if name.isdigit() else name) or ""
            i = j + 1
        else:
            result += {"n": "\n", "t": "\t", "\\": "\\"}.get(n, "\\" + n)
            i += 2
    return result


def compile(pattern, flags=0):
    return pattern if isinstance(pattern, Pattern) else Pattern(pattern, flags)


def search(pattern, text, flags=0):
    return compile(pattern, flags).search(text)


def match(pattern, text, flags=0):
    return compile(pattern, flags).match(text)


def fullmatch(pattern, text, flags=0):
    return compile(pattern, flags).fullmatch(text)


def findall(pattern, text, flags=0):
    return compile(pattern, flags).findall(text)


def finditer(pattern, text, flags=0):
    return compile(pattern, flags).finditer(text)


def sub(pattern, replacement, text, count=0, flags=0):
    return compile(pattern, flags).sub(replacement, text, count)


def split(pattern, text, maxsplit=0, flags=0):
    return compile(pattern, flags).split(text, maxsplit)


def escape(text):
    return "".join("\\" + c if c in "\\.^$*+?{}[]|()-&~# \t\n" else c for c in text)
