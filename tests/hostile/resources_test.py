#!/usr/bin/env python3
"""What a stranger's file must not do: crash the program, keep it busy, or fill the memory.

usage: resources_test.py WCHECK FOLDER [CASE...]

Each case is an input and what the program has to answer. Whatever that is, it takes at most 10 s of
processor time and 1 GB, ends by itself, and leaves no file behind.
"""
import json
import lzma
import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys

SECONDS = 10
WAIT = 20  # times as long by the clock: other tests run beside this one
BYTES = 1 << 30
ONE = [[2], "float32"]
TABLE = 'm = {"x": [WeightRenaming("a", "b")]}\n'
# Under the sanitizers everything takes longer, and memory is not what it is otherwise.
SLOWER = 15 if os.environ.get("WCHECK_SANITIZED") == "1" else 1


def layout(keys, name="Toy"):
    module = {"path": "", "class": name, "model_type": "x"}
    return json.dumps({"class": name, "model_type": "x", "base_model_prefix": "", "modules": [module],
                       "keys": keys, "tied": {}}) + "\n"


def renamings(pairs, aliases=None):
    entry = [{"type": "WeightRenaming", "source": [source], "target": [target]} for source, target in pairs]
    return json.dumps({"aliases": aliases or {}, "entries": {"x": entry}})


class Case:
    """A run of `wcheck check` on files that are written to a folder of its own."""

    def __init__(self, status, message, files, arguments=None, memory=None):
        self.status, self.message, self.files = status, message, files
        self.arguments = arguments or ["check", "--layouts", "layouts.jsonl", "--registry", "mapping.py"]
        self.memory = memory  # a limit on the address space


LAYOUTS = {"layouts.jsonl": layout({"model.a.weight": ONE, "model.0.b": ONE})}
JSON = ["check", "--layouts", "layouts.jsonl", "--registry", "mapping.json"]
STEPS = "takes more than 1000000 steps"
DEEP = "nested deeper"


def python(status, message, text):
    return Case(status, message, {"mapping.py": text + TABLE} | LAYOUTS)


def registry(status, message, text):
    return Case(status, message, {"mapping.json": text} | LAYOUTS, JSON)


def layouts(status, message, text):
    return Case(status, message, {"mapping.json": renamings([("a", "b")]), "layouts.jsonl": text}, JSON)


def random_keys(count, numbers):
    dice = random.Random(1)
    return {".".join(f"p{dice.randrange(10 ** 8)}" if i < 0 else str(dice.randrange(10 ** 6))
                     for i in range(numbers)) + ".w": ONE for _ in range(count)}


def checkout(line):
    """A checkout whose modeling file and version are hostile."""
    package = "repo/src/transformers/"
    files = {
        package + "conversion_mapping.py": TABLE,
        package + "__init__.py": "__version__ = \"" + "9" * 200_000 + "\"\n",
        package + "models/new/modeling_new.py": line,
    }
    return Case(None, "", files, ["check", "--transformers", "repo", "--model", "BertModel"])


def cases():
    doubled = "x = [1]\ny = [1]\nfor i in range(60):\n    x = [x, x]\n    y = [y, y]\n"
    chain = {f"a{i}": f"a{i - 1}" if i else "x" for i in range(100_000)}
    yield "comment_lines", python(0, "", "#\n" * 65_536)
    # Values that are shared many times over.
    for operator in ("x == y", "x < y", "x in [y]", "[y].count(x)", "{'a': x} == {'a': y}", "[y].index(x)",
                     "str(x)", "f'{x}'", "'%s' % x", "repr(x)"):
        yield f"shared {operator}", python(None, "", doubled + f"while True:\n    z = {operator}\n")
    yield "shared types", python(None, "", "t = (int, str)\nfor i in range(60):\n    t = (t, t)\n"
                                 "z = isinstance(1.5, t)\n")
    yield "shared unknown", python(None, "", "import u\n" + doubled + "u.f(x)\n")
    # Work in proportion to a large value.
    large = "s = 'a' * 10000000\nl = list(range(500000))\nd = dict.fromkeys(l)\ne = d.keys()\n"
    for operator in ("'b' in s", "s.find('b')", "s.rfind('b')", "s.count('b')", "s[1:]", "s[5]", "s == s[:-1] + 'b'",
                     "s.startswith(('b',) * 100000)", "s.strip('bcdefgha')", "s.replace('b', 'c')", "s.split('b')",
                     "s.isdigit()", "-1 in l", "l.count(-1)", "l.index(499999)", "l[1:]", "l.insert(0, 1)", "l.pop(0)",
                     "l.reverse()", "l == l[:-1]", "sorted(l)", "e & e", "d == dict.fromkeys(l)", "set(l)",
                     "d.pop(0, d.popitem())", "max(l)", "any(e)", "(s, s) in d", "d.get(s)", "{s: 1}", "s < s + 'a'",
                     "l[:0] == l", "reversed(l)", "s.partition('b')", "s.zfill(9)", "s.upper()", "'{}'.format(s)"):
        yield f"large {operator}", python(None, "", large + f"while True:\n    z = {operator}\n")
    yield "a search in a long text", python(2, STEPS, "x = 'a' * 10000000\nfor i in range(300000):\n    z = 'b' in x\n")
    yield "a long text in a long text", python(
        None, "", "x = 'a' * 10000000\nz = ('a' * 5000000 + 'b') in x\nz = x.rfind('b' + 'a' * 5000000)\n")
    yield "a name of a megabyte", python(None, "", f"{'n' * 1_000_000} = 1\nwhile True:\n    {'n' * 1_000_000}\n")
    yield "functions with long names", python(None, "", f"while True:\n    def {'n' * 1_000_000}(): pass\n")
    yield "long paths", python(2, "64 MiB", "import u\nwhile True:\n    u = u.a\n")
    yield "calls of unknowns", python(2, "64 MiB", "import u\nx = [1]\nwhile True:\n    u = u()\n")
    yield "unknowns of one list", python(None, "", "import u\nx = [1]\nwhile True:\n    u.f(x)\n    y = x + [1]\n")
    yield "a width beyond 64 bits", python(2, "64 MiB", "x = 'a'.rjust(4611686018427387904, 'abcd')\n")
    yield "a large body", python(2, STEPS, "def f():\n    return 1\n" + "    x = 1\n" * 100_000 + "while True:\n    f()\n")
    # Depth.
    yield "a key nested deep", python(None, "", "x = ()\nfor i in range(100000):\n    x = (x,)\nd = {x: 1}\n")
    yield "generators nested deep", python(
        2, DEEP, "x = [1]\nfor i in range(100000):\n    x = (y for y in x)\nz = list(x)\n")
    yield "lists nested deep", python(
        None, "", "import u\nx = []\nfor i in range(100000):\n    x = [x]\nu.f(x)\nz = x == [x]\nz = str(x)\n")
    # Registries.
    yield "a chain of aliases", registry(2, "more than 20000 transforms", renamings([("a", "b")], chain))
    yield "aliases of a large entry", registry(
        2, "more than 20000 transforms", renamings([(f"a{i}", f"b{i}") for i in range(1000)], {f"n{i}": "x" for i in range(1000)}))
    yield "an entry with many transforms", registry(
        2, "an entry of more than 1000 transforms", renamings([(f"a{i}", f"b{i}") for i in range(50_000)]))
    yield "an entry with many transforms in Python", python(
        2, "an entry of more than 1000 transforms", "n = {'x': [WeightRenaming(f'a{i}', f'b{i}') for i in range(20000)]}\n")
    yield "a list under many names", python(
        2, "more than 20000 transforms",
        "l = [WeightRenaming(f'a{i}', f'b{i}') for i in range(1000)]\nn = {}\nfor i in range(1000):\n    n[f'k{i}'] = l\n")
    yield "as many transforms as are read", registry(None, "", renamings([(f"a{i}", f"b{i}") for i in range(1_000)]))
    yield "entries that no class reaches", Case(None, "has the name that its target", {
        "mapping.json": json.dumps({"entries": {"new": json.loads(renamings(
            (f"a{i}", f".mlp.gates{i}.weigth") for i in range(1_000)))["entries"]["x"]}})},
        ["check", "--registry", "mapping.json", "--all"])
    yield "names without transforms", registry(2, "more than 20000 entries and aliases", json.dumps(
        {"aliases": {f"a{i}": "x" for i in range(300_000)}, "entries": {"x": []}}))
    yield "as many aliases as are read", registry(None, "", json.dumps(
        {"aliases": {f"a{i}": "x" for i in range(19_999)}, "entries": {"x": []}}))
    yield "renamings of a class", registry(2, "an entry of more than 1000", json.dumps(
        {"class_mappings": {"Toy": {f"a{i}": "b" for i in range(100_000)}}, "entries": {"x": []}}))
    yield "a long key mapping", Case(2, "an entry of more than 1000", {
        "mapping.json": renamings([("a", "b")]), "keys.json": json.dumps({f"a{i}": f"b{i}" for i in range(100_000)})} | LAYOUTS,
        JSON + ["--key-mapping", "keys.json"])
    yield "a line of a lock", Case(2, "more than 1000000 keys for class Toy", {
        "mapping.json": renamings([("a", "b")]),
        "wcheck.lock": "wcheck.lock version 1\nengine 5.15\n@ Toy\n" + ".".join(["{0...999}"] * 12) + " [2]\n"} | LAYOUTS,
        ["lock", "--check", *JSON[1:]])
    yield "a header of TOML", Case(2, "a key of more than 200 parts", {
        "mapping.json": renamings([("a", "b")]), "pyproject.toml": "[tool.wcheck" + ".a" * 50_000 + "]\n"} | LAYOUTS, JSON)
    yield "a quoted key of TOML", Case(2, "a key of more than 200 parts", {
        "mapping.json": renamings([("a", "b")]), "pyproject.toml": "[tool]\n" + "'a' . " * 50_000 + "a = 1\n"} | LAYOUTS, JSON)
    yield "a name that doubles", registry(None, "becomes longer than 16384 bytes", renamings([("^(.*)$", r"\1\1")] * 30))
    yield "a value a bracket", registry(2, "more than 2000000 values", "[" + "[]," * 20_000_000 + "[]]")
    yield "a value a number", registry(2, "more than 2000000 values", "[" + "0," * 5_000_000 + "0]")
    yield "small objects", registry(2, "more than 2000000 values", "[" + '{"a":1},' * 2_000_000 + "0]")
    # Patterns.
    for pattern in (r"(?=.)(?:.{0,1000}){0,1000}x", r"^(?![a-z_.0-9]*[a-z_.0-9]*[a-z_.0-9]*[a-z_.0-9]*[a-z_.0-9]*!)m",
                    r"(?=(a+)+b)", r"(?=(.*)*x)y"):
        yield f"pattern {pattern}", Case(None, "", {
            "mapping.json": renamings([(pattern, "b")]),
            "layouts.jsonl": "".join(layout({f"model.layers.{'a' * 40}{i}.{j}_weight": ONE for j in range(20)}, f"T{i}")
                                     for i in range(100))}, JSON)
    # Layouts.
    yield "keys with many numbers", layouts(2, "more than 16384 bytes", layout({"1." * 100_000 + end: ONE for end in "ab"}))
    yield "keys with 33 numbers", layouts(2, "more than 32 numbers", layout({"1." * 33 + end: ONE for end in "ab"}))
    yield "keys without order", layouts(2, "have no order", layout(random_keys(60_000, 6)))
    yield "keys of one number without order", layouts(None, "", layout(random_keys(60_000, 1)))
    yield "keys of two numbers without order", layouts(2, "have no order", layout(random_keys(60_000, 2)))
    yield "an xz bomb", Case(2, "unpacks to more than the limit of 268435456 bytes", {
        "mapping.json": renamings([("a", "b")]), "layouts.jsonl.xz": lzma.compress(b" " * (1 << 30), preset=1)},
        ["check", "--layouts", "layouts.jsonl.xz", "--registry", "mapping.json"])
    # Checkouts, configs.
    yield "a long line of a model", checkout("class A(" + "x" * 200_000 + "PreTrainedModel)\n")
    yield "many lines of a model", checkout("class A(\n" * 400_000)
    yield "a large config", Case(None, "", {
        "mapping.json": renamings([("a", "b")]), "ck/config.json": "[" + "0," * 4_900_000 + "0]",
        "ck/model.safetensors": (2).to_bytes(8, "little") + b"{}"}, ["check", "--registry", "mapping.json", "--checkpoint", "ck"])
    # Memory that ends.
    for megabytes in () if SLOWER > 1 else (80, 120, 160, 200, 300):
        yield f"{megabytes} MB of address space", Case(None, "", {"mapping.json": renamings([("a", "b")] * 1000),
            "layouts.jsonl": layout({f"model.{i}.{'k' * 50}": ONE for i in range(20_000)})}, JSON, megabytes << 20)


def run(wcheck, folder, name, case):
    """What is wrong, or None."""
    shutil.rmtree(folder, ignore_errors=True)
    for file, content in case.files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = sorted(path for path in folder.rglob("*"))
    limit = (lambda: resource.setrlimit(resource.RLIMIT_AS, (case.memory, case.memory))) if case.memory else None
    process = subprocess.Popen([wcheck, *case.arguments], cwd=folder, stdin=subprocess.DEVNULL, preexec_fn=limit,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = b""
    try:
        output, _ = process.communicate(timeout=SECONDS * SLOWER * WAIT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"runs for more than {SECONDS * SLOWER * WAIT} s"
    status = process.returncode
    text = output.decode(errors="replace")
    shown = text[:300]
    if status not in ((0, 1, 2) if case.status is None else (case.status,)):
        return f"exit status {status}: {shown}"
    if status == 2 and "error: " not in text:
        return f"no message: {shown}"
    if case.message not in text:
        return f"says nothing of {case.message!r}: {shown}"
    if sorted(path for path in folder.rglob("*")) != before:
        return "leaves files behind"
    return None


def measured(wcheck, folder, name, case):
    """The same in a process of its own, whose children are then only this one."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        fault = run(wcheck, folder, name, case)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = json.dumps([fault, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024])
        os.write(writer, answer.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answers:
        fault, seconds, rss = json.loads(answers.read())
    os.waitpid(child, 0)
    if fault is None and seconds > SECONDS * SLOWER:
        fault = f"{seconds:.1f} s of processor time"
    if fault is None and rss > BYTES and SLOWER == 1:
        fault = f"{rss >> 20} MB"
    return fault, seconds, rss


def main():
    wcheck, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    chosen = sys.argv[3:]
    faults = done = 0
    for name, case in cases():
        if chosen and not any(word in name for word in chosen):
            continue
        done += 1
        fault, seconds, rss = measured(wcheck, folder, name, case)
        if fault or chosen:
            print(f"{name}: {fault or 'good'} ({seconds:.1f} s, {rss >> 20} MB)", flush=True)
        faults += fault is not None
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{done} cases, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
