#!/usr/bin/env python3
"""hooks_test.py SOURCE WCHECK PORTABLE WORK: what the hooks of .pre-commit-hooks.yaml do.

Each is run as pre-commit runs it, with several files, one of which begins with a dash. Where
`./bootstrap wheel` has made a wheel in PORTABLE, pre-commit itself installs and runs them.
"""
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import yaml

GOOD = ('from .core_model_loading import WeightRenaming\n\n'
        '_MAPPING = {"llava": [WeightRenaming(r"^multi_modal_projector", "model.multi_modal_projector")]}\n\n\n'
        'def _build_checkpoint_conversion_mapping():\n    return _MAPPING\n')
BAD = GOOD.replace('"^multi', '"^(multi')


def git(*words, cwd):
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", *words],
                   cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def repository(root, files):
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    git("init", "--quiet", ".", cwd=root)
    git("add", "--", *files, cwd=root)
    git("commit", "--quiet", "-m", "files", cwd=root)


def main():
    source, wcheck, portable, work = (pathlib.Path(a) for a in sys.argv[1:5])
    shutil.rmtree(work, ignore_errors=True)
    hooks = {hook["id"]: hook for hook in yaml.safe_load((source / ".pre-commit-hooks.yaml").read_text())}
    environment = {**os.environ, "PATH": f"{wcheck.parent}:{os.environ['PATH']}"}
    names = ["a/conversion_mapping.py", "-b/conversion_mapping.py"]

    def run(hook, root, status, *texts):
        command = [*shlex.split(hook["entry"]), *names]
        ran = subprocess.run(command, cwd=root, env=environment, text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, check=False)
        assert ran.returncode == status, f"{command}: {ran.returncode}\n{ran.stdout}"
        for text in texts:
            assert text in ran.stdout, f"{command}: no {text!r}\n{ran.stdout}"

    for hook in hooks.values():
        assert hook["language"] == "python" and hook["require_serial"], hook
        assert hook["entry"].endswith(" --"), "a file could be taken for an option"
    root = work / "good"
    repository(root, dict.fromkeys(names, GOOD))
    run(hooks["wcheck-diff"], root, 0, "a/conversion_mapping.py", "-b/conversion_mapping.py")
    # The second file is judged, too, whatever the first one is.
    (root / names[1]).write_text(GOOD.replace("model.multi", "model.malti"), encoding="utf-8")
    run(hooks["wcheck-diff"], root, 1, "model.malti")
    (root / names[1]).write_text(BAD, encoding="utf-8")
    run(hooks["wcheck"], root, 1, "-b/conversion_mapping.py:3")

    # As pre-commit itself does it, in an environment that it makes.
    wheels = sorted((portable / "wheels").glob("*.whl"))
    tool = source / "build/deps/wheel/bin/pre-commit"
    if not wheels or not tool.exists():
        print("there is no wheel: pre-commit itself is not run")
        return
    hook_source = work / "hooks"
    repository(hook_source, {name: (source / name).read_text(encoding="utf-8")
                             for name in (".pre-commit-hooks.yaml", "CMakeLists.txt", "pyproject.toml", "setup.py")})
    environment.update(WCHECK_WHEEL=wheels[0].as_uri(), PRE_COMMIT_HOME=str(work / "cache"))
    for text, status in ((GOOD, 0), (BAD, 1)):
        (root / names[1]).write_text(text, encoding="utf-8")
        ran = subprocess.run([str(tool), "try-repo", str(hook_source), "wcheck-diff", "--files", *names[:1], "./" + names[1]],
                             cwd=root, env=environment, text=True, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, check=False)
        assert (ran.returncode != 0) == (status != 0), f"pre-commit: {ran.returncode}\n{ran.stdout}"
        assert "wcheck diff" in ran.stdout and "No module" not in ran.stdout, ran.stdout
    print("pre-commit ran the hooks")


if __name__ == "__main__":
    main()
