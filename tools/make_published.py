#!/usr/bin/env python3
"""Makes what comes with the program of published names.

    tools/make_published.py WCHECK FORMATS OUT RELEASE=PACKAGE...

FORMATS is a .jsonl.xz file of name lists, one a line: `model`, `origin`, `source`, `native` (the library's
class), `config`, `quantization` and `families`. OUT is the folder for published.wcp, the names, and
published.wcs, the models that the lists' configurations describe in each RELEASE, built from the PACKAGE (a
folder with the package transformers in it). Lists in the format of another program, and of a class of the library
without a configuration, are left out, each with a line that says so. Lists of classes that are not the library's are kept
under a name that no class has: no mapping is judged by them, and `wcheck fit` finds them.

A collected configuration may lack a switch that the model needs: where a list leaves whole parts of the model of
the newest release empty, and one switch of the model's configuration classes being off explains all of them, the
switch is added to the configuration, and said.
"""
import itertools
import json
import lzma
import pathlib
import re
import subprocess
import sys
import tempfile


def unrolled(value):
    """A configuration with its lists in full: `layer_types` as runs, or as a period and a count."""
    if not isinstance(value, dict):
        return value
    if set(value) == {"period", "count"}:
        return list(itertools.islice(itertools.cycle(value["period"]), value["count"]))
    out = {}
    for name, part in value.items():
        if name.endswith("_types") and isinstance(part, list) and part and isinstance(part[0], list):
            out[name] = [word for word, count in part for _ in range(count)]
        else:
            out[name] = unrolled(part)
    return out


def names_of(line):
    for pattern, holes in line["families"]:
        letters = sorted(holes)
        numbers = []
        for letter in letters:
            own = []
            for item in holes[letter]:
                own += [item] if isinstance(item, int) else range(item[0], item[1] + 1)
            numbers.append(own)
        for values in itertools.product(*numbers):
            yield pattern.format(**dict(zip(letters, values)))


def config_of(line):
    config = unrolled(line["config"])
    config["architectures"] = [line["native"]]
    if line.get("model_type"):
        config.setdefault("model_type", line["model_type"])
    if "quant_method" in (line.get("quantization") or {}):
        config["quantization_config"] = line["quantization"]
    return config


class Maker:
    def __init__(self, wcheck, out, packages):
        self.wcheck, self.out, self.packages = wcheck, pathlib.Path(out), packages
        self.newest = next(iter(packages.values()))

    def run(self, *arguments, status=(0,)):
        done = subprocess.run([self.wcheck, *arguments], capture_output=True, text=True)
        if done.returncode not in status:
            raise ValueError(done.stderr.strip().splitlines()[0] if done.stderr.strip() else "no layout")
        return done.stdout

    def write(self, folder, line, config):
        folder.mkdir(exist_ok=True)
        index = {"metadata": {}, "weight_map": {name: "model-00001-of-00002.safetensors" for name in names_of(line)}}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))
        (folder / "config.json").write_text(json.dumps(config))

    def empty_parts(self, folder):
        """How many keys of the newest model the list leaves empty, and how many of its own go nowhere."""
        report = json.loads(self.run("check", "--transformers", self.newest, "--checkpoint", str(folder),
                                     "--format", "json", "--fail-on", "never", status=(0, 1)))
        count = lambda kind: sum(keys["count"] for keys in report["checkpoint"].get(kind, []))
        return count("missing"), count("unexpected")

    def completed(self, folder, line, config):
        missing, unexpected = self.empty_parts(folder)
        if missing == 0 or unexpected != 0:
            return config
        parts = [("", config)] + [(name + ".", part) for name, part in config.items()
                                  if isinstance(part, dict) and name != "quantization_config"]
        for prefix, part in parts:
            for switch in self.switches(part.get("model_type", config["model_type"])):
                if switch in part:
                    continue
                part[switch] = False
                self.write(folder, line, config)
                if self.empty_parts(folder)[0] == 0:
                    print(f"{line['model']}: its names show {prefix}{switch} = false")
                    return config
                del part[switch]
        self.write(folder, line, config)
        return config

    def switches(self, model_type):
        """The attributes of a configuration class that are true by default."""
        models = pathlib.Path(self.newest) / "transformers" / "models"
        for file in sorted(models.glob("*/configuration_*.py")):
            text = file.read_text(encoding="utf-8")
            if f'model_type = "{model_type}"' in text:
                yield from re.findall(r"^    (\w+): bool(?: \| None)? = True$", text, re.MULTILINE)

    def add(self, folder, line, name, names):
        self.run("published", "add", str(folder), "--model", name, "--name", line["model"],
                 "--origin", line["origin"], "--source", line["source"], "-o", str(names))

    def add_foreign(self, folder, line, names):
        self.write(folder, line, unrolled(line.get("config", {})))
        code = (line.get("architectures") or [line.get("model_type") or "unnamed"])[0]
        try:
            self.add(folder, line, f"own code: {code}", names)
        except ValueError as error:
            print(f"{line['model']}: left out: {error}")

    def make(self, formats):
        lines = [json.loads(line) for line in lzma.open(formats, "rt", encoding="utf-8")]
        layouts = {release: [] for release in self.packages}
        names = self.out / "published.wcp"
        names.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as work:
            folder = pathlib.Path(work) / "list"
            for line in lines:
                if not line.get("native"):
                    self.add_foreign(folder, line, names)
                    continue
                if "config" not in line:
                    print(f"{line['model']}: left out: no configuration")
                    continue
                config = config_of(line)
                self.write(folder, line, config)
                try:
                    config = self.completed(folder, line, config)
                    self.add(folder, line, line["native"], names)
                except ValueError as error:
                    print(f"{line['model']}: left out: {error}")
                    continue
                for release, package in self.packages.items():
                    try:
                        layout = json.loads(self.run("layout", package, "--model", line["native"],
                                                     "--config", str(folder / "config.json")))
                    except ValueError as error:
                        print(f"{line['model']}: no model in {release}: {error}")
                        continue
                    layout["class"] = f"{line['native']} @ {line['model']}"
                    layouts[release].append(json.dumps(layout))
            arguments = []
            for release, some in layouts.items():
                registry = pathlib.Path(work) / f"{release}.json"
                # Only the release is of use; a registry has to have an entry.
                nothing = {"type": "WeightRenaming", "source": ["^nothing$"], "target": ["nothing"]}
                registry.write_text(json.dumps({"transformers": release, "aliases": {}, "entries": {"nothing": [nothing]}}))
                file = pathlib.Path(work) / f"{release}.jsonl"
                file.write_text("".join(one + "\n" for one in some))
                arguments += (["--registry", registry, "--layouts", file] if not arguments
                              else ["--also", f"{registry}={file}"])
            self.run("pack", *map(str, arguments), "-o", str(self.out / "published.wcs"))


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    wcheck, formats, out, *packages = sys.argv[1:]
    Maker(wcheck, out, dict(package.split("=", 1) for package in packages)).make(formats)


if __name__ == "__main__":
    main()
