#!/usr/bin/env python3
"""Every limit of docs/limits.md that a file can meet, at its value and one above it.

usage: limits_test.py WCHECK FOLDER [CASE...]

What is counted exactly (bytes, items) is given the value of the limit, which is read, and one more, which is
refused with the message of the limit. What is counted together with what stands around it (the steps of an
evaluation, its depth) is given more and more: the last size that is read and the next one, which is refused,
must lie where the limit says.
"""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys

ENTRY = "M = {'a': [WeightRenaming('1', '2')]}\n"
REGISTRY = json.dumps({"entries": {"a": [{"type": "WeightRenaming", "source": ["x"], "target": ["y"]}]}})
LAYOUT = json.dumps({"class": "Toy", "model_type": "a", "base_model_prefix": "", "tied": {}, "keys": {"w": [[2], "float32"], "fc.weight": [[2, 2], "float32"]},
                     "modules": [{"path": "", "class": "Toy", "model_type": "a"}]}) + "\n"
INDEX = json.dumps({"weight_map": {"w": "a.safetensors"}})
MIB = 1 << 20


class Program:
    def __init__(self, wcheck, folder):
        self.wcheck, self.folder = wcheck, folder

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def run(self, *arguments, cwd="."):
        done = subprocess.run([self.wcheck, *arguments], cwd=self.folder / cwd, capture_output=True, timeout=300)
        return done.returncode, (done.stdout + done.stderr).decode(errors="replace")

    def python(self, text, *arguments):
        """What `check` says about a mapping in Python."""
        self.put("mapping.py", text)
        self.put("layouts.jsonl", LAYOUT)
        return self.run("check", "--registry", "mapping.py", "--layouts", "layouts.jsonl", *arguments)[1]


# --- files: padded to the limit, and with one byte more --------------------------------------------------------

FILES = {  # what, name, text, padding, limit, arguments, folder
    "mapping in Python": ("mapping.py", ENTRY, b"#", 4 * MIB, ["dump", "--registry", "mapping.py"]),
    "mapping in JSON": ("mapping.json", REGISTRY, b" ", 64 * MIB, ["dump", "--registry", "mapping.json"]),
    "adapter": ("adapter/adapter_config.json", json.dumps({"peft_type": "LORA", "target_modules": ["fc"]}), b" ",
                10 * MIB, ["--registry", "r.json", "--layouts", "l.jsonl", "--model", "Toy", "--adapter", "adapter/adapter_config.json"]),
    "key mapping": ("keys.json", json.dumps({"^x": "y"}), b" ", 10 * MIB,
                    ["--registry", "r.json", "--layouts", "l.jsonl", "--key-mapping", "keys.json"]),
    "configuration": (".wcheck.json", "{}", b" ", MIB, ["--registry", "r.json", "--layouts", "l.jsonl"]),
    "configuration in TOML": ("pyproject.toml", "[tool.wcheck]\nfail-on = \"error\"\n", b"#", MIB,
                              ["--registry", "r.json", "--layouts", "l.jsonl"]),
    "baseline": ("baseline.txt", "wcheck baseline version 2\n", b"\n", 64 * MIB,
                 ["--registry", "r.json", "--layouts", "l.jsonl", "--baseline", "baseline.txt"]),
    "accepted changes": ("accepted.txt", "wcheck baseline version 2\n", b"\n", 64 * MIB,
                         ["diff", "r.json", "r.json", "--layouts", "l.jsonl", "--accepted", "accepted.txt"]),
    "lock": ("wcheck.lock", None, b"\n", 64 * MIB,
             ["lock", "--check", "--registry", "r.json", "--layouts", "l.jsonl"]),
    "index": ("model.safetensors.index.json", INDEX, b" ", 100_000_000,
              ["--registry", "r.json", "--layouts", "l.jsonl", "--model", "Toy", "--checkpoint", "model.safetensors.index.json"]),
    "layouts": ("layouts.jsonl", LAYOUT, b"\n", 1 << 30, ["--registry", "r.json", "--layouts", "layouts.jsonl"]),
}


def try_file(program, name, text, padding, limit, arguments):
    program.put("r.json", REGISTRY)
    program.put("l.jsonl", LAYOUT)
    if text is None:
        program.run("lock", "--registry", "r.json", "--layouts", "l.jsonl")
        text = (program.folder / name).read_text()
    program.put(name, text)
    path = program.folder / name
    with open(path, "ab") as file:
        left = limit - path.stat().st_size
        while left > 0:
            left -= file.write(padding * min(left, 16 * MIB))
    status, said = program.run(*arguments)
    if "larger than the limit" in said or "at most" in said or status == 2:
        yield f"at its limit: {said[:300]}"
    with open(path, "ab") as file:
        file.write(padding)
    status, said = program.run(*arguments)
    path.unlink()
    if status != 2 or not ("larger than the limit" in said or "at most" in said):
        yield f"one byte above its limit: status {status}, {said[:300]}"


def try_model_file(program):
    """A larger modeling file says nothing: its classes are not known."""
    package = "repo/src/transformers/"
    program.put(package + "conversion_mapping.py", "from .core_model_loading import WeightRenaming\n" + ENTRY)
    program.put(package + "__init__.py", "__version__ = \"5.24.0\"\n")
    model = "class NewPreTrainedModel(PreTrainedModel):\n    pass\nclass NewModel(NewPreTrainedModel):\n    pass\n#"
    for more in (0, 1):
        program.put(package + "models/new/modeling_new.py", model + "#" * (4 * MIB - len(model) + more))
        _, said = program.run("check", "--transformers", "repo")
        if ("NewModel" in said) == (more == 1):
            yield f"of {4 * MIB + more} bytes: NewModel is {'' if more else 'not '}named"


def try_safetensors(program):
    program.put("r.json", REGISTRY)
    program.put("l.jsonl", LAYOUT)
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                         "fc.weight": {"dtype": "F32", "shape": [2, 2], "data_offsets": [8, 24]}}).encode()
    arguments = ["--registry", "r.json", "--layouts", "l.jsonl", "--model", "Toy", "--checkpoint", "model.safetensors"]
    for more, status in ((0, 0), (1, 2)):
        length = 100_000_000 + more
        program.put("model.safetensors", struct.pack("<Q", length) + header + b" " * (length - len(header)) + bytes(24))
        was, said = program.run(*arguments)
        if was != status or ("at most 100000000" in said) != (more == 1):
            yield f"a header of {length} bytes: status {was}, {said[:300]}"


# --- what an evaluation counts exactly --------------------------------------------------------------------------

EXACT = {  # what: source of a size, the limit, what is said above it
    "items of a display": (lambda n: f"x = [{'1,' * n}]\n", 50_000, "a display of more than 50000"),
    "bytes of a literal": (lambda n: f"x = {'a' * (n - 2)!r}\n", MIB, "a string literal of more than"),
    "bytes of a split string": (lambda n: f"x = ('a' * {n}).split('b')\n", MIB, "splitting a string of more than 1 MiB"),
    "transforms of an entry": (lambda n: f"N = {{'b': [WeightRenaming('1', '2') for i in range({n})]}}\n", 1000,
                               "an entry of more than 1000"),
    "constructs that cannot be evaluated": (lambda n: "import o\n" + "M['a'].append(b'x')\n" * (n - 1), 1000,
                                            "more than 1000"),
}

# --- what it counts together with what stands around it: the size at which it is met is `limit / unit`, less `slack`

NEAR = {  # what: source of a size, the limit, what one of a size counts, slack, what is said above it
    "nesting of the syntax tree": (lambda n: f"x = {'not ' * n}1\n", 400, 1, 5, "nested deeper"),
    "nested evaluations": (lambda n: f"x = [1]\nfor i in range({n}):\n    x = (y for y in x)\nz = list(x)\n", 1200, None, 3,
                           "nested deeper"),
    "nested calls": (lambda n: f"def f(n):\n    return f(n - 1) if n else 0\nf({n})\n", 40, 1, 2,
                     "functions call each other"),
    "steps": (lambda n: f"for i in range({n}):\n    pass\n", 1_000_000, None, 40, "takes more than 1000000 steps"),
    "bytes of values": (lambda n: f"x = 'a' * {n}\n", 64 * MIB, 1, 1 << 16, "MiB of values"),
    "nesting of a tuple as a key": (lambda n: f"k = 1\nfor i in range({n}):\n    k = (k,)\nd = {{k: 1}}\n", 100, 1, 2,
                                    "a dictionary key of type tuple"),
    "bytes of a tuple as a key": (lambda n: f"d = {{('a' * {n},): 1}}\n", 65_536, 1, 16, "a dictionary key of type tuple"),
    "bytes of the text of a value": (lambda n: f"x = repr(['a' * {n}])\n", 4 * MIB, 1, 16,
                                     "the text of a value of type list"),
}


def try_exact(program, source, limit, message):
    for more in (0, 1):
        said = program.python(ENTRY + source(limit + more))
        if (message in said) != (more == 1):
            yield f"{limit + more}: {said[:300]}"


def last_read(program, source, highest, message):
    """The largest size that is read."""
    low, high = 0, highest
    while high - low > 1:
        middle = (low + high) // 2
        if message in program.python(ENTRY + source(middle)):
            high = middle
        else:
            low = middle
    return low


def try_near(program, source, limit, unit, slack, message):
    last = last_read(program, source, 2 * limit, message)
    if unit is None:  # what one counts is a whole number
        unit = max(1, round(limit / max(last, 1)))
        slack *= unit
    if not limit - slack <= last * unit <= limit + slack:
        yield f"the last size that is read is {last}, of {unit} each; the limit is {limit}"


def cases():
    for name, arguments in FILES.items():
        yield name, try_file, arguments
    yield "modeling file", try_model_file, ()
    yield "header of safetensors", try_safetensors, ()
    for name, arguments in EXACT.items():
        yield name, try_exact, arguments
    for name, arguments in NEAR.items():
        yield name, try_near, arguments


def main():
    wcheck, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
    chosen = sys.argv[3:]
    faults = ran = 0
    for name, test, arguments in cases():
        if chosen and name not in chosen:
            continue
        shutil.rmtree(folder, ignore_errors=True)
        (folder / ".git").mkdir(parents=True)  # ends the search for a project
        ran += 1
        for fault in test(Program(wcheck, folder), *arguments):
            print(f"{name}: {fault}")
            faults += 1
    shutil.rmtree(folder, ignore_errors=True)
    print(f"{ran} limits, {faults} faults")
    return 1 if faults or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
