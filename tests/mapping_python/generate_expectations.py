#!/usr/bin/env python3
"""What Python itself makes of the fixtures in testdata/python.

Runs every fixture with stand-ins for the library's classes and writes beside it, as NAME.json, the
registry that it builds, in the shape of `wcheck dump`. With --check nothing is written; the exit
status is 1 if a committed expectation differs from what Python gives now.

syntax-errors.json in the same folder is a list of broken sources; `line`, `column` (1-based, in
bytes) and `message` are where and what CPython 3.11 reports. Other versions word and place some of
them differently, so only that version checks or writes them.

usage: generate_expectations.py [--check] [FIXTURE.py ...]
"""
import json
import pathlib
import re
import sys
import types

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "testdata" / "python"


class WeightTransform:
    """The constructor of the newest release (docs/semantics.md#construction)."""

    def __init__(self, source_patterns=None, target_patterns=None, *, source_keys=None, target_keys=None):
        sources = source_patterns if source_patterns is not None else source_keys
        targets = target_patterns if target_patterns is not None else target_keys
        self.source_patterns = [sources] if isinstance(sources, str) else sources
        self.target_patterns = [targets] if isinstance(targets, str) else targets
        self._original_source_patterns = self.source_patterns.copy()
        self._original_target_patterns = self.target_patterns.copy()
        groups = []
        for i, target in enumerate(self.target_patterns):
            target = re.sub(r"\(\?.+?\)?\)", "", target.removeprefix("^"))
            group = re.search(r"\(.+?\)", target)
            if group:
                groups.append(group.group(0))
                target = target.replace(group.group(0), r"\1", 1)
            self.target_patterns[i] = target.replace(r"\.", ".")
        for i, source in enumerate(self.source_patterns):
            if r"\1" in source:
                source = source.replace(r"\1", groups[0], 1)
            if len(self.source_patterns) == len(self.target_patterns):
                if self._original_target_patterns[i].startswith("^") and not source.startswith("^"):
                    source = "^" + source
            self.source_patterns[i] = source

    def dump(self):
        return {
            "type": type(self).__name__,
            "source": self._original_source_patterns,
            "target": self._original_target_patterns,
        }


class WeightRenaming(WeightTransform):
    pass


class GroupWeightRename(WeightRenaming):
    pass


class PrefixChange(WeightRenaming):
    def __init__(self, prefix_to_add=None, prefix_to_remove=None, model_prefix=None):
        self.prefix_to_add, self.prefix_to_remove = prefix_to_add, prefix_to_remove
        self.model_prefix = model_prefix or ""
        prefix = rf"{model_prefix}\." if model_prefix else ""
        if prefix_to_add is not None:
            super().__init__(rf"^{prefix}(?:(?!{prefix_to_add}\.))(.+)", rf"{prefix}{prefix_to_add}\.\1")
        else:
            super().__init__(rf"^{prefix}{prefix_to_remove}\.(.+)", rf"{prefix}\1")

    def dump(self):
        names = ("prefix_to_add", "prefix_to_remove", "model_prefix")
        return {"type": "PrefixChange"} | {n: getattr(self, n) for n in names if getattr(self, n)}


class WeightConverter(WeightTransform):
    def __init__(self, source_patterns=None, target_patterns=None, operations=(), force_cpu=False, **keys):
        super().__init__(source_patterns, target_patterns, **keys)
        self.operations = operations
        self.force_cpu = force_cpu

    def dump(self):
        operations = {"operations": [o.dump() for o in self.operations]}
        return super().dump() | operations | ({"force_cpu": True} if self.force_cpu else {})


class ConversionOps:
    # What a dump leaves out: a number of parts that says what the targets say, and what is not set.
    unset = {"chunks": (None, 2), "num_shards_attribute": (None,), "subconfig_key": (None,)}

    def dump(self):
        given = {k: v for k, v in vars(self).items() if v not in self.unset.get(k, ())}
        return {"op": type(self).__name__} | given


def operation(name, **defaults):
    """A class whose constructor takes the given parameters, in order."""

    def init(self, *args, **kwargs):
        values = dict(zip(defaults, args)) | kwargs
        for parameter, default in defaults.items():
            setattr(self, parameter, values.get(parameter, default))

    return type(name, (ConversionOps,), {"__init__": init})


def core_model_loading():
    module = types.ModuleType("fixtures.core_model_loading")
    for cls in (WeightTransform, WeightRenaming, GroupWeightRename, PrefixChange, WeightConverter, ConversionOps):
        setattr(module, cls.__name__, cls)
    for name in ("MergeModulelist", "SplitModulelist"):
        setattr(module, name, operation(name, dim=0))
    module.Chunk = operation("Chunk", dim=0, chunks=None, num_shards_attribute=None)
    module.Concatenate = operation("Concatenate", dim=0, num_shards_attribute=None)
    module.Force16BytesAlignment = operation("Force16BytesAlignment")
    for name, inverse in (("VisionFuseAndPermuteForRope", True), ("VisionUnfuseAndPermuteForRope", False)):
        setattr(module, name, operation(name, dim=0, permute_layer_names=None, inverse=inverse))
    module.Transpose = operation("Transpose", dim0=0, dim1=1, check_dims=False)
    module.Interleave = operation("Interleave", dim=0, inverse=False)
    module.PermuteForRope = operation("PermuteForRope", subconfig_key=None, permute_layer_names=None, inverse=False)
    for name in ("Conv3dToLinear", "LinearToConv3d"):
        setattr(module, name, operation(name, in_channels=None, kernel_size=None))
    for name in ("ErnieFuseAndSplitTextVisionExperts", "ErnieSplitAndDecoupleTextVisionExperts"):
        setattr(module, name, operation(name, stack_dim=0, concat_dim=1))
    return module


class Anything(types.ModuleType):
    """A module that has whatever is asked of it."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name)

    def __call__(self, *args, **kwargs):
        return Anything("result")


def install():
    package = types.ModuleType("fixtures")
    package.__path__ = []
    package.core_model_loading = core_model_loading()
    utils = Anything("fixtures.utils")
    utils.is_torch_available = lambda: True
    package.utils = utils
    torch = Anything("torch")
    torch.__spec__ = types.SimpleNamespace(name="torch")
    sys.modules.update({
        "fixtures": package,
        "fixtures.core_model_loading": package.core_model_loading,
        "fixtures.utils": utils,
        "torch": torch,
    })


def is_registry(value):
    return (
        isinstance(value, dict)
        and value
        and all(isinstance(k, str) for k in value)
        and any(isinstance(v, (list, tuple)) and any(isinstance(t, WeightTransform) for t in v) for v in value.values())
    )


def evaluate(path):
    """The registry of one file, by the convention of docs/python-registry.md."""
    module = types.ModuleType("fixtures." + path.stem)
    module.__package__ = "fixtures"
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), vars(module))
    names = vars(module)
    builder = names.get("_build_checkpoint_conversion_mapping")
    entries = {}
    if builder:
        entries = names.get("_checkpoint_conversion_mapping_cache") or builder()
    else:
        for value in names.values():
            if is_registry(value):
                entries.update(value)
    return {
        "transformers": "",
        "aliases": names.get("_MODEL_TO_CONVERSION_PATTERN", {}),
        "entries": {name: [t.dump() for t in entries[name]] for name in sorted(entries)},
    }


def syntax_error(source):
    """Where Python reports the syntax error of a source."""
    try:
        compile(source, "broken.py", "exec")
    except SyntaxError as error:
        line = source.splitlines()[error.lineno - 1] if error.lineno <= source.count("\n") else ""
        column = len(line[: error.offset - 1].encode()) + 1 + max(0, error.offset - 1 - len(line))
        return {"source": source, "line": error.lineno, "column": column, "message": error.msg}
    raise ValueError(f"no syntax error in {source!r}")


def update(path, text, check):
    """Writes the expectation, or tells whether it is stale."""
    if not check:
        path.write_text(text, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return 0
    print(f"{path} is not what Python gives", file=sys.stderr)
    return 1


def main(arguments):
    check = "--check" in arguments
    paths = [pathlib.Path(a) for a in arguments if a != "--check"] or sorted(FIXTURES.glob("*.py"))
    install()
    stale = 0
    for path in paths:
        text = json.dumps(evaluate(path), indent=1, ensure_ascii=False) + "\n"
        stale += update(path.with_suffix(".json"), text, check)
    if sys.version_info[:2] == (3, 11):
        path = FIXTURES / "syntax-errors.json"
        broken = [syntax_error(case["source"]) for case in json.loads(path.read_text(encoding="utf-8"))]
        stale += update(path, json.dumps(broken, indent=1) + "\n", check)
    else:
        print("syntax-errors.json was not looked at: that takes CPython 3.11")
    print(f"{len(paths)} fixtures evaluated")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
