#!/usr/bin/env python3
"""action_test.py SOURCE WCHECK PORTABLE WORK: runs the steps of action.yml as a runner does, in a
checkout of a pull request, and looks at what they leave: outputs, summary, annotations, report.

The program is WCHECK; where `./bootstrap wheel` and `./bootstrap archive` have made a wheel and an archive
in PORTABLE, they are installed as well.
"""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

MAPPING = "src/transformers/conversion_mapping.py"
OLD = ('from .core_model_loading import WeightRenaming\n\n'
       '_MAPPING = {"llava": [WeightRenaming(r"^multi_modal_projector", "model.multi_modal_projector")]}\n\n\n'
       'def _build_checkpoint_conversion_mapping():\n    return _MAPPING\n')
BROKEN = OLD.replace("model.multi", "model.malti")
# A runner starts steps of the shell bash so.
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]


def git(*words, cwd):
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", *words],
                   cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def value_of(expression, scope):
    """An expression of a workflow: names, texts, comparisons, && and always()."""
    expression = expression.strip()
    if "&&" in expression:
        return all(value_of(part, scope) for part in expression.split("&&"))
    if expression == "always()":
        return True
    compared = re.fullmatch(r"([\w.-]+) (==|!=) '(.*)'", expression)
    if compared:
        same = scope.get(compared[1], "") == compared[3]
        return same if compared[2] == "==" else not same
    assert re.fullmatch(r"[\w.-]+", expression), f"not understood: {expression}"
    return scope.get(expression, "")


def filled(text, scope):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda m: str(value_of(m[1], scope)), text)


class Runner:
    def __init__(self, source, work, name):
        self.action = yaml.safe_load((source / "action.yml").read_text(encoding="utf-8"))
        self.source = source
        self.root = work / name
        self.checkout = self.root / "checkout"
        self.temp = self.root / "temp"
        self.temp.mkdir(parents=True)
        remote = self.root / "remote.git"
        remote.mkdir()
        git("init", "--quiet", "--bare", ".", cwd=remote)
        self.checkout.mkdir()
        git("init", "--quiet", ".", cwd=self.checkout)
        git("remote", "add", "origin", str(remote), cwd=self.checkout)

    def commit(self, text, branch):
        file = self.checkout / MAPPING
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        git("checkout", "--quiet", "-B", branch, cwd=self.checkout)
        git("add", ".", cwd=self.checkout)
        git("commit", "--quiet", "--allow-empty", "-m", branch, cwd=self.checkout)
        git("push", "--quiet", "--force", "origin", branch, cwd=self.checkout)

    def run(self, inputs, base_ref="main", environment=()):
        """The steps. Returns the status, what they printed, the outputs, the summary, what was used."""
        unknown = set(inputs) - set(self.action["inputs"])
        assert not unknown, f"action.yml has no inputs {unknown}"
        scope = {"github.base_ref": base_ref, "runner.temp": str(self.temp)}
        for name, description in self.action["inputs"].items():
            scope["inputs." + name] = str(inputs.get(name, description["default"]))
        summary = self.temp / "summary"
        summary.write_text("")
        printed, status, used = "", 0, []
        for step in self.action["runs"]["steps"]:
            condition = step.get("if", "")
            if status != 0 and "always()" not in condition:
                continue
            if condition and not value_of(condition, scope):
                continue
            if "uses" in step:
                used.append((step["uses"], {k: filled(v, scope) for k, v in step["with"].items()}))
                continue
            output = self.temp / "output"
            output.write_text("")
            home = self.root / "home"
            home.mkdir(exist_ok=True)
            env = {
                "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8",
                "GITHUB_ACTION_PATH": str(self.source), "GITHUB_WORKSPACE": str(self.checkout),
                "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output),
                "GITHUB_SERVER_URL": "https://127.0.0.1", "GITHUB_ACTION_REPOSITORY": "o/r",
                "RUNNER_TEMP": str(self.temp), **dict(environment),
                **{k: filled(v, scope) for k, v in step.get("env", {}).items()},
            }
            ran = subprocess.run([*SHELL, filled(step["run"], scope)], cwd=self.checkout, env=env, text=True,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            printed += ran.stdout
            for line in output.read_text().splitlines():
                key, _, value = line.partition("=")
                scope[f"steps.{step['id']}.outputs.{key}"] = value
            status = status or ran.returncode
        outputs = {name: filled(output["value"], scope) for name, output in self.action["outputs"].items()}
        return status, printed, outputs, summary.read_text(), used


def expect(got, wanted, about):
    assert got == wanted, f"{about}: {got!r} instead of {wanted!r}"


def main():
    source, wcheck, portable, work = (pathlib.Path(a) for a in sys.argv[1:5])
    shutil.rmtree(work, ignore_errors=True)
    own = {"wcheck": str(wcheck), "model": "Llava*"}

    # A pull request that breaks checkpoints; of all classes.
    runner = Runner(source, work, "breaking")
    runner.commit(OLD, "main")
    runner.commit(BROKEN, "change")
    status, printed, outputs, summary, used = runner.run({**own, "model": ""})
    expect(status, 1, printed)
    expect(outputs["verdict"], "findings", printed)
    assert "<html" in pathlib.Path(outputs["report"]).read_text(encoding="utf-8"), outputs
    assert re.search(r"^::error .*file=" + re.escape(MAPPING), printed, re.M), printed
    assert "Llava" in summary, summary
    expect(used, [("actions/upload-artifact@v4", {"name": "wcheck-report", "path": outputs["report"]})], "used")

    # A name with a line break begins no second output and no command of the runner.
    odd = work / "pro\ngram=evil\n::stop-commands::x"
    odd.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(wcheck, odd)
    for name in (odd, f"{odd}-missing"):
        status, printed, outputs, _, _ = runner.run({"wcheck": str(name)})
        expect(status, 2, printed)
        expect(outputs["verdict"], "", printed)
        assert not re.search(r"^(gram|::stop)", printed, re.M), printed

    # Its other inputs: every one reaches the program.
    status, printed, outputs, summary, used = runner.run({**own, "model": "Bert* GPT2*", "artifact": "", "format": "json"})
    assert '"groups"' in pathlib.Path(outputs["report"]).read_text(encoding="utf-8")
    expect(used, [], "no artifact")
    status, printed, outputs, _, _ = runner.run({**own, "fail-on": "never", "model": "LlavaModel"})
    expect(status, 0, printed)
    status, printed, outputs, _, _ = runner.run({**own, "fail-on": "sometimes"})
    expect((status, outputs["verdict"]), (2, "error"), printed)
    for name, text in (("engine", "4.0"), ("layouts", "no.jsonl"), ("checkpoint", "no.safetensors"),
                       ("mapping", "no.py"), ("format", "pdf"), ("base", "no-such-revision")):
        status, printed, _, _, _ = runner.run({**own, name: text})
        expect(status, 2, f"{name}: {printed}")
        assert text in printed, printed
    status, printed, _, _, used = runner.run({**own, "sarif": "true", "artifact": ""})
    expect([u for u, _ in used], ["github/codeql-action/upload-sarif@v3"], printed)
    assert '"2.1.0"' in pathlib.Path(used[0][1]["sarif_file"]).read_text(encoding="utf-8")
    status, printed, _, _, _ = runner.run(own, base_ref="")
    expect(status, 2, printed)
    assert "not a pull request" in printed

    # The problem matcher reads the concise report.
    pattern = json.loads((source / "action/problem-matcher.json").read_text())["problemMatcher"][0]["pattern"][0]
    (runner.checkout / MAPPING).write_text(OLD.replace('"^multi', '"^(multi'))
    concise = subprocess.run([wcheck, "check", "--format=concise", MAPPING], cwd=runner.checkout, text=True,
                             stdout=subprocess.PIPE, check=False).stdout
    matched = [re.match(pattern["regexp"], line) for line in concise.splitlines()]
    found = [m for m in matched if m]
    assert found and found[0][pattern["file"]] == MAPPING, concise
    assert {m[pattern["severity"]] for m in found} <= {"error", "warning", "note"}, concise
    assert all(line.startswith("wcheck: ") for line, m in zip(concise.splitlines(), matched) if not m), concise

    git("checkout", "--quiet", "--", MAPPING, cwd=runner.checkout)

    # One that changes nothing.
    runner.commit(OLD + "# more words\n", "change")
    status, printed, outputs, _, _ = runner.run(own)
    expect((status, outputs["verdict"]), (0, "clean"), printed)

    # Where the program comes from.
    status, printed, _, _, _ = runner.run({"wcheck": str(work / "nothing")})
    expect(status, 2, printed)
    for wheel in sorted((portable / "wheels").glob("*.whl")):
        status, printed, outputs, _, _ = runner.run({"version": str(wheel)})
        expect((status, outputs["verdict"]), (0, "clean"), printed)
        releases = work / "releases"
        (releases / ("v" + wheel.name.split("-")[1])).mkdir(parents=True)
        shutil.copy(wheel, releases / ("v" + wheel.name.split("-")[1]))
        status, printed, outputs, _, _ = runner.run({}, environment={"RELEASES": releases.as_uri()})
        expect((status, outputs["verdict"]), (0, "clean"), printed)
        print("ran from the wheel")
    for archive in sorted((portable / "archives").glob("*.tar.xz")):
        version = archive.name.split("-")[1]
        releases = work / "releases" / ("v" + version)
        releases.mkdir(parents=True, exist_ok=True)
        shutil.copy(archive, releases)
        # A machine without Python.
        tools = work / "tools"
        tools.mkdir()
        for tool in ("bash", "curl", "tar", "xz", "git", "sed", "head", "uname", "mkdir", "dirname", "realpath"):
            (tools / tool).symlink_to(shutil.which(tool))
        status, printed, outputs, _, _ = runner.run(
            {}, environment={"PATH": str(tools), "RELEASES": releases.parent.as_uri()})
        expect((status, outputs["verdict"]), (0, "clean"), printed)
        print("ran from the archive")


if __name__ == "__main__":
    main()
