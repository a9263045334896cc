"""usage: limits_test.py SOURCE-DIR

Holds docs/limits.md against the code: it states every constant of the headers of limits, with its value
and with tests that exist, and git's options as they are given.
"""
import glob
import os
import re
import sys

SOURCE = sys.argv[1]
PAGE = "docs/limits.md"
# Every constant of these is a limit.
HEADERS = ["src/support/limits.h", "src/python/limits.h", "src/python/machine/limits.h"]
# These have limits among other things.
OTHERS = ["src/python/parser.h", "src/support/json.h", "src/pattern/parser.h", "src/pattern/pattern.cc"]

CONSTANT = re.compile(r"^(?:inline )?constexpr [\w:]+ (k\w+) = ([^;]+);", re.MULTILINE)
ROW = re.compile(r"^\| `(k\w+)` \| .+ \| ([\d,]+(?: [MG]iB)?) \| (.+) \|$", re.MULTILINE)
UNITS = {"MiB": 1 << 20, "GiB": 1 << 30}


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def value_of(expression):
    """The value of an expression as the headers write them."""
    text = re.sub(r"\b(?:size_t|uint64_t)\{(\d+)\}", r"\1", expression).replace("'", "")
    if not re.fullmatch(r"[\d <*]+", text):
        sys.exit(f"cannot read the constant {expression}")
    return eval(text)  # digits and shifts only


def constants(name):
    return {found[0]: value_of(found[1]) for found in CONSTANT.findall(read(name))
            if re.fullmatch(r"[\d'<*{} \w]+", found[1]) and not found[0] in ("kMaxCodePoint",)}


def stated(text):
    number, *unit = text.split()
    return int(number.replace(",", "")) * (UNITS[unit[0]] if unit else 1)


def main():
    faults = []
    page = read(PAGE)
    rows = {name: (stated(limit), test) for name, limit, test in ROW.findall(page)}
    if len(rows) != len(re.findall(r"^\| `k", page, re.MULTILINE)):
        faults.append(f"{PAGE}: a row is not written like the others, or is there twice")
    code = {}
    for name in OTHERS:
        code |= constants(name)
    own = {}
    for name in HEADERS:
        own |= constants(name)
    code |= own
    for name in sorted(own.keys() - rows.keys()):
        faults.append(f"{PAGE} does not state {name}")
    tests = set()
    for path in glob.glob(os.path.join(SOURCE, "tests/**/*.cc"), recursive=True):
        with open(path, encoding="utf-8") as file:
            tests |= set(map(".".join, re.findall(r"^TEST(?:_F|_P)?\((\w+),\s*(\w+)\)", file.read(), re.MULTILINE)))
    costs = {f"`hostile_resources`: {name}" for name in re.findall(r'yield "([^"]+)"', read("tests/hostile/resources_test.py"))}
    for name, (limit, test) in rows.items():
        if code.get(name) != limit:
            faults.append(f"{PAGE} states {limit} as {name}, which is {code.get(name)}")
        if test.strip("`") not in tests and test not in costs:
            faults.append(f"{PAGE} names the test {test} of {name}, which does not exist")

    (options,) = re.findall(r"kGitOptions\[\] = \{(.*?)\n\};", read("src/project/git_base.cc"), re.DOTALL)
    given = " ".join(re.findall(r'"([^"]+)"', re.sub(r"//.*", "", options)))
    if f"    {given}\n" not in page:
        faults.append(f"{PAGE} does not state git's options: {given}")
    for fault in faults:
        print(fault)
    print(f"{len(rows)} limits, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
