"""usage: docs_test.py SOURCE-DIR BUILD-DIR

Runs every command of README.md and docs/**/*.md. Each page has a folder of its own, in which its
commands run one after the other; files.json says what lies in it (for "*": in all of them). Only
what not_run.json lists is not run, and printed with the reason.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys

from commands import commands

SOURCE, BUILD = sys.argv[1:3]
HERE = os.path.dirname(os.path.abspath(__file__))
TIMEOUT = 600  # seconds, for a command that hangs
# The program ends with 1 when it has findings, which an example may well have.
FINDINGS = ("wcheck", "build/bin/wcheck", "./bootstrap run", "example/check_model")


def read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return json.load(file)


def pages():
    found = [os.path.join(SOURCE, "README.md")]
    found += sorted(glob.glob(os.path.join(SOURCE, "docs", "**", "*.md"), recursive=True))
    return [os.path.relpath(path, SOURCE) for path in found]


def prepare(page, folder):
    """The folder in which a page's commands run."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    # What the pages take from the checkout. bootstrap works in the folder where it lies.
    for name in ("docs", "examples", "fixtures", "testdata", "tests", "tools"):
        os.symlink(os.path.join(SOURCE, name), os.path.join(folder, name))
    os.symlink(BUILD, os.path.join(folder, "build"))
    script = os.path.join(folder, "bootstrap")
    with open(script, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec "{SOURCE}/bootstrap" "$@"\n')
    os.chmod(script, 0o755)
    files = read("files.json")
    for name, content in {**files["*"], **files.get(page, {})}.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if "copy" in content:
            shutil.copy(os.path.join(SOURCE, content["copy"]), path)
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(content["lines"]) + "\n")


def run(command, folder):
    """None, or what went wrong."""
    environment = dict(os.environ, HOME=folder, LC_ALL="C.UTF-8", TERM="dumb")
    environment["PATH"] = os.path.join(BUILD, "bin") + os.pathsep + environment["PATH"]
    try:
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, timeout=TIMEOUT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return f"still running after {TIMEOUT} s"
    if done.returncode == 0 or done.returncode == 1 and command.startswith(FINDINGS):
        return None
    output = done.stdout.decode("utf-8", "replace").strip().splitlines()
    return f"status {done.returncode}\n" + "\n".join("    " + line for line in output[-20:])


def main():
    not_run = {entry["command"]: entry["reason"] for entry in read("not_run.json")}
    idle = set(not_run)
    # bootstrap works in build/; a test of another build folder must not start a build there.
    own_build = os.path.realpath(BUILD) == os.path.realpath(os.path.join(SOURCE, "build"))
    ran = faults = 0
    for page in pages():
        with open(os.path.join(SOURCE, page), encoding="utf-8") as file:
            found = commands(file.read())
        if not found:
            continue
        folder = os.path.join(BUILD, "docs", page.replace(os.sep, "_"))
        prepare(page, folder)
        for line, command in found:
            bare = re.sub(r"\s+# .*$", "", command)
            if bare in not_run:
                idle.discard(bare)
                print(f"{page}:{line}: not run ({not_run[bare]}): {command}")
                continue
            if command.startswith("./bootstrap") and not own_build:
                print(f"{page}:{line}: not run (it is not about {BUILD}): {command}")
                continue
            ran += 1
            fault = run(command, folder)
            if fault is not None:
                faults += 1
                print(f"{page}:{line}: {command}: {fault}")
    for command in sorted(idle):
        faults += 1
        print(f"tests/docs/not_run.json: no page has this command any more: {command}")
    print(f"{ran} commands run, {faults} faults")
    return 1 if faults or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
