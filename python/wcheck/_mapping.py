"""Mapping: what a conversion mapping does to the names of a model class."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import Any, Dict, Iterable, List, Mapping as Dictionary, Optional, Tuple, Union

from ._program import Error, run

PathLike = Union[str, "os.PathLike[str]"]
#: A config.json, or what is in one.
Config = Union[PathLike, Dictionary[str, Any]]

_RELEASE = re.compile(r"transformers\s*==\s*(\d+(?:\.\d+)*)\Z")
_ESCAPE = re.compile(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|u\{([0-9a-f]+)\}|(.))")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


@dataclass(frozen=True)
class Finding:
    """A finding of a check. `raw` is all that the program says about it (docs/reports.md)."""

    check: str
    severity: str
    message: str
    advice: Optional[str]
    classes: Tuple[str, ...]
    file: Optional[str]
    line: Optional[int]
    column: Optional[int]
    raw: Dictionary[str, Any]


@dataclass(frozen=True)
class Report:
    """What `check` found. A class that could not be judged is in `not_judged`, with the reason."""

    findings: Tuple[Finding, ...]
    outcome: str  #: "clean", "findings" or "not judged"
    not_judged: Dictionary[str, str]
    raw: Dictionary[str, Any]

    @property
    def ok(self) -> bool:
        """Whether everything was judged and nothing is at least an error."""
        return self.outcome == "clean"


@dataclass(frozen=True)
class Comparison:
    """What another mapping changes. `verdict` is "same", "compatible" (older checkpoints still load,
    but other names are saved) or "breaking"; "not judged" if that could not be found out."""

    verdict: str
    changes: Tuple[str, ...]
    raw: Dictionary[str, Any]

    @property
    def ok(self) -> bool:
        """Whether it was judged, and nothing changes."""
        return self.verdict == "same"


class Mapping:
    """A conversion mapping, applied to one model class exactly as the library's engine would.

    Make one with `Mapping.of`. Every method runs the wcheck program; nothing is imported but the
    standard library. All raise `Error` with the program's message.
    """

    def __init__(self, arguments: List[str], model: str, layouts: Optional[str],
                 engine: Optional[str]) -> None:
        self._source = arguments
        self._model = model
        self._layouts = layouts
        self._engine = engine

    @classmethod
    def of(cls, source: PathLike, *, model: str, config: Optional[Config] = None,
           layouts: Optional[PathLike] = None, engine: Optional[str] = None) -> "Mapping":
        """The mapping of `source` for the class `model`.

        source: "transformers==5.24" for one that comes with wcheck; or the path of a mapping (.py or
            .json), of a checkout or of an installed package.
        config: a config.json, or what is in one, for which the model is built. Needs torch and the
            transformers in question, in another process; without it, the model is that of the
            default configuration, and repeated parts get the numbers that the names have.
        layouts: a file of layouts (docs/formats.md), instead of the ones that come with wcheck.
        engine: the release whose engine is simulated, instead of the mapping's own.
        """
        if not model or any(c in model for c in "*?[,"):
            raise Error(f"model is {model!r}; it must be the name of one class")
        text = os.fspath(source)
        match = _RELEASE.match(text.strip())
        if match:
            arguments = ["--bundled=" + match.group(1)]
        elif os.path.isdir(text):
            arguments = ["--transformers=" + text]
        elif os.path.exists(text):
            arguments = ["--registry=" + text]
        else:
            raise Error(f"there is no {text!r}; write \"transformers==5.24\" for a release, or the path "
                        "of a mapping, a checkout or an installed package")
        if config is not None and layouts is not None:
            raise Error("config and layouts both say what the model is; give one of them")
        if config is not None:
            return _Configured(arguments, model, config, engine)
        mapping = cls(arguments, model, None if layouts is None else os.fspath(layouts), engine)
        mapping._run("map", "--format=tsv")  # the class exists, and the mapping can be read
        return mapping

    @property
    def model(self) -> str:
        """The class."""
        return self._model

    def load_names(self, names: Iterable[str]) -> Dict[str, Tuple[str, ...]]:
        """The names of the model's parameters that each name of a checkpoint is loaded into.

        The names are taken together, as those of one checkpoint. An empty tuple is a name that the
        model does not take: a load calls it unexpected. Several names are loaded into one parameter
        where a converter merges, and one into several where it splits.
        """
        return self._names(names, "load")

    def save_names(self, names: Iterable[str]) -> Dict[str, Tuple[str, ...]]:
        """The names under which each parameter of the model is saved.

        The names are taken together, as those of one model. An empty tuple is a name that the model
        does not have.
        """
        return self._names(names, "save")

    def explain(self, name: str) -> Dict[str, Any]:
        """The way of one name through load and save, step by step (docs/explain.md, JSON)."""
        if not name or name.startswith("-"):
            raise Error(f"{name!r} is no name of a parameter")
        report = json.loads(self._run("explain", "--format=json", text=None, last=["--", name]))
        return dict(report["models"][0])

    def check(self) -> Report:
        """What `wcheck check` finds in this mapping for this class."""
        raw = json.loads(self._run("check", "--format=json"))
        return Report(tuple(_finding(finding) for finding in raw["findings"]),
                      str(raw["summary"]["outcome"]),
                      {str(entry["what"]): str(entry["reason"]) for entry in raw["not_judged"]}, raw)

    def diff(self, new: "Mapping") -> Comparison:
        """What happens to checkpoints of this mapping if it is replaced by `new`."""
        if new.model != self.model:
            raise Error(f"{self.model} and {new.model} are two classes; compare mappings of one")
        with tempfile.TemporaryDirectory(prefix="wcheck-") as folder:
            sides = []
            for side, mapping in (("old", self), ("new", new)):
                path = os.path.join(folder, side + ".json")
                run(["dump", *mapping._source, *mapping._engine_option(), "-o", path])
                sides.append(path)
            arguments = ["diff", "--format=json", "--model=" + self._model]
            for side, mapping in (("old", self), ("new", new)):
                if mapping._layouts is not None:
                    arguments.append(f"--layouts-{side}={mapping._layouts}")
                if mapping._engine is not None:
                    arguments.append(f"--engine-{side}={mapping._engine}")
            raw = json.loads(run([*arguments, "--", *sides]))
        changes = tuple(str(group["summary"]) for group in raw["groups"])
        verdicts = [str(entry["verdict"]) for group in raw["groups"] for entry in group["classes"]]
        verdict = next((v for v in ("breaking", "compatible") if v in verdicts), "same")
        if verdict == "same" and (raw["not_judged"] or raw["summary"]["classes"] == 0):
            verdict = "not judged"
        return Comparison(verdict, changes, raw)

    def _engine_option(self) -> List[str]:
        return [] if self._engine is None else ["--engine=" + self._engine]

    def _run(self, command: str, *arguments: str, text: Optional[str] = None,
             last: Iterable[str] = ()) -> str:
        layouts = [] if self._layouts is None else ["--layouts=" + self._layouts]
        return run([command, *self._source, *layouts, *self._engine_option(), "--model=" + self._model,
                    *arguments, *last], text)

    def _names(self, names: Iterable[str], direction: str) -> Dict[str, Tuple[str, ...]]:
        given = list(names)
        if not given:
            return {}
        text = "\n".join(given)
        if text.count("\n") != len(given) - 1 or "\r" in text or not all(given):
            raise Error("a name is empty, or has a line break in it")
        table = self._run("map", "--direction=" + direction, "--names=-", text=text)
        # "class, name, becomes, status\nclass, …": cut at the tabs, every third part is of one column.
        parts = table[table.index("\n") + 1:].split("\t")
        asked, becomes = parts[1::3], parts[2::3]
        if "\\" in table:
            asked, becomes = [_unescaped(cell) for cell in asked], [_unescaped(cell) for cell in becomes]
        if len(becomes) == len(given):
            # Nothing is split: a line for each name, in their order.
            return dict(zip(given, [(name,) if name else () for name in becomes]))
        results: Dict[str, Tuple[str, ...]] = {}
        for name, result in zip(asked, becomes):
            known = results.setdefault(name, ())
            if result and result not in known:
                results[name] = known + (result,)
        return results


class _Configured(Mapping):
    """A mapping with the layout of a configuration, which is kept as long as the mapping is."""

    def __init__(self, arguments: List[str], model: str, config: Config,
                 engine: Optional[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="wcheck-")
        layouts = os.path.join(self._folder.name, "layouts.jsonl")
        if isinstance(config, (str, os.PathLike)):
            path = os.fspath(config)
        else:
            path = os.path.join(self._folder.name, "config.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(dict(config), file)
        ended = subprocess.run([sys.executable, "-m", "wcheck", "export", "layouts", "--config", path, model,
                                "-o", layouts], capture_output=True, stdin=subprocess.DEVNULL, check=False)
        if ended.returncode != 0 or not os.path.exists(layouts):
            message = ended.stderr.decode("utf-8", "replace").strip()
            raise Error(f"the model of this configuration cannot be built: {message}")
        super().__init__(arguments, model, layouts, engine)
        self._run("map", "--format=tsv")


def _finding(raw: Dictionary[str, Any]) -> Finding:
    place = raw.get("place") or {}
    return Finding(str(raw["check"]), str(raw["severity"]), str(raw["message"]), raw.get("advice"),
                   tuple(str(entry["class"]) for entry in raw.get("classes", ())),
                   place.get("file"), place.get("line"), place.get("column"), raw)


def _unescaped(cell: str) -> str:
    def character(match: "re.Match[str]") -> str:
        code = match.group(1) or match.group(2) or match.group(3) or match.group(4)
        if code is not None:
            return chr(int(code, 16))
        letter: str = match.group(5)
        return _LETTERS.get(letter, letter)

    return _ESCAPE.sub(character, cell) if "\\" in cell else cell
