class InvalidVersion(ValueError):
    pass


class Version:
    def __init__(self, text):
        self.text = str(text)
        base = self.text.strip().split("+")[0]
        if base.startswith("v"):
            base = base[1:]
        numbers, rest = [], ""
        for part in base.split("."):
            digits = ""
            for c in part:
                if not c.isdigit():
                    break
                digits += c
            if not digits:
                rest += part
                break
            numbers.append(int(digits))
            if digits != part:
                rest += part[len(digits) :]
                break
        if not numbers:
            raise InvalidVersion(f"Invalid version: {text!r}")
        self.release = tuple(numbers)
        # A development version, or one before a release, is before it.
        self.is_prerelease = any(mark in self.text for mark in ("dev", "rc", "a", "b")) and not self.text[-1:].isalpha()
        self.is_devrelease = "dev" in self.text
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        self.key = (tuple(numbers), 0 if "dev" in self.text else 1 if self.is_prerelease else 2)

    @property
    def base_version(self):
        return ".".join(str(n) for n in self.release)

    @property
    def public(self):
        return self.text.split("+")[0]

    @property
    def major(self):
        return self.release[0]

    @property
    def minor(self):
        return self.release[1] if len(self.release) > 1 else 0

    @property
    def micro(self):
        return self.release[2] if len(self.release) > 2 else 0

    def __str__(self):
        return self.text

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return isinstance(other, Version) and self.key == other.key

    def __lt__(self, other):
        return self.key < other.key

    def __le__(self, other):
        return self.key <= other.key

    def __gt__(self, other):
        return self.key > other.key

    def __ge__(self, other):
        return self.key >= other.key


def parse(text):
    return Version(text)
