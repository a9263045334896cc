"""Runs what a runner would run of a composite action, or of the workflow that uses it.

usage: workflow.py action ACTION.yml [--input NAME=VALUE]... [--base-ref BRANCH]
       workflow.py steps WORKFLOW.yml ACTION.yml PROGRAM --base-ref BRANCH
       workflow.py hook HOOKS.yaml ID FILE...

Knows the part of the runners' language that these files use; anything else is an error. The exit
status is that of the first step that fails. The summary of the job goes to $SUMMARY if that is set.
"""

import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile

import yaml


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def expand(text, values):
    """Replaces ${{ name }}."""

    def value(match):
        name = match.group(1)
        if name.startswith("steps."):
            return values.get(name, "")  # of a step that did not run
        if name not in values:
            sys.exit(f"unknown expression {name}")
        return values[name]

    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", value, str(text))


def holds(condition, values):
    if " && " in condition:
        return all(holds(part, values) for part in condition.split(" && "))
    if condition == "always()":
        return True
    if condition.startswith("steps."):
        values = {condition.split(" ")[0]: "", **values}
    match = re.fullmatch(r"([\w.-]+) (==|!=) '([^']*)'", condition)
    if not match or match.group(1) not in values:
        sys.exit(f"unknown condition {condition}")
    return (values[match.group(1)] == match.group(3)) == (match.group(2) == "==")


def run_action(path, inputs, base_ref):
    action = load(path)
    assert action["runs"]["using"] == "composite"
    assert action["name"] and action["description"]
    for name in inputs:
        if name not in action["inputs"]:
            sys.exit(f"the action has no input {name}")
    values = {"github.base_ref": base_ref}
    for name, about in action["inputs"].items():
        assert about["description"]
        values[f"inputs.{name}"] = inputs.get(name, about["default"])
    with tempfile.TemporaryDirectory() as folder:
        environment_file = os.path.join(folder, "env")
        output_file = os.path.join(folder, "output")
        summary = os.environ.get("SUMMARY", os.path.join(folder, "summary"))
        open(environment_file, "w").close()
        common = {
            "GITHUB_ACTION_PATH": os.path.dirname(os.path.abspath(path)),
            "GITHUB_ENV": environment_file,
            "GITHUB_OUTPUT": output_file,
            "RUNNER_TEMP": folder,
            "GITHUB_STEP_SUMMARY": summary,
            "GITHUB_WORKSPACE": os.getcwd(),
            # `git config --global` must not reach whoever runs the tests.
            "GIT_CONFIG_GLOBAL": os.path.join(folder, "gitconfig"),
        }
        for step in action["runs"]["steps"]:
            if not set(step) <= {"name", "id", "if", "shell", "env", "run", "uses", "with"}:
                sys.exit(f"unknown keys in step {step}")
            if "if" in step and not holds(step["if"], values):
                continue
            if "uses" in step:  # another action: tests/action looks at what it is given
                continue
            open(output_file, "w").close()
            env = dict(os.environ, **common)
            with open(environment_file, encoding="utf-8") as file:
                env.update(line.rstrip("\n").split("=", 1) for line in file)
            env.update({k: expand(v, values) for k, v in step.get("env", {}).items()})
            assert step["shell"] == "bash" and "${{" not in step["run"]
            # As runners call bash.
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
            status = subprocess.run(command, env=env, check=False).returncode
            if status != 0:
                return status
            with open(output_file, encoding="utf-8") as file:
                for line in file:
                    name, _, value = line.rstrip("\n").partition("=")
                    values[f"steps.{step['id']}.outputs.{name}"] = value
    return 0


def run_workflow(path, action, program, base_ref):
    """The steps after the checkout; what installs packages needs the network and is left out."""
    workflow = load(path)
    # YAML 1.1 reads the key `on` as true.
    assert "pull_request" in workflow[True]
    (job,) = workflow["jobs"].values()
    for step in job["steps"]:
        if "run" in step:
            assert step["run"].startswith("apt-get "), step
        elif not step["uses"].startswith("actions/checkout@"):
            inputs = dict(step.get("with", {}), wcheck=program)
            status = run_action(action, inputs, base_ref)
            if status != 0:
                return status
    return 0


def run_hook(path, hook_id, files):
    (hook,) = [h for h in load(path) if h["id"] == hook_id]
    assert hook["language"] == "python" and hook["name"] and hook["description"]
    files = [f for f in files if re.search(hook["files"], f)]
    if not files:
        print("no files to check")
        return 0
    command = shlex.split(hook["entry"]) + hook.get("args", []) + files
    return subprocess.run(command, check=False).returncode


def main():
    if sys.argv[1] == "hook":
        return run_hook(sys.argv[2], sys.argv[3], sys.argv[4:])
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["action", "steps"])
    parser.add_argument("files", nargs="+")
    parser.add_argument("--input", action="append", default=[])
    parser.add_argument("--base-ref", default="")
    options = parser.parse_args()
    if options.what == "steps":
        return run_workflow(*options.files, options.base_ref)
    inputs = dict(pair.split("=", 1) for pair in options.input)
    return run_action(options.files[0], inputs, options.base_ref)


sys.exit(main())
