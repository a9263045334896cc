"""Finds and runs the wcheck program."""
from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from typing import Optional, Sequence

_NAME = "wcheck.exe" if os.name == "nt" else "wcheck"


class Error(Exception):
    """What the program reports as an error, in its own words."""


def program() -> str:
    """The path of the program: $WCHECK_PROGRAM, or the one that came with this package. It is not looked
    for in PATH, where a program of this name may be another project's."""
    named = os.environ.get("WCHECK_PROGRAM")
    if named:
        return named
    # Beside the packages of `pip install --target`, of an environment, or of a user.
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    folders = [os.path.join(packages, "bin"), sysconfig.get_path("scripts")]
    user = {"posix": "posix_user", "nt": "nt_user"}.get(os.name)
    if user is not None:
        folders.append(sysconfig.get_path("scripts", scheme=user))
    for folder in folders:
        path = os.path.join(folder, _NAME)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    raise Error("the wcheck program is not where this package expects it (" + ", ".join(folders) +
                "): install the wheel again, or name the program with WCHECK_PROGRAM")


def run(arguments: Sequence[str], text: Optional[str] = None) -> str:
    """What the program prints; `text` is its standard input. Findings are no error."""
    data = None
    if text is not None:
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError as error:
            raise Error(f"a name is not Unicode text: {error}") from None
    try:
        ended = subprocess.run([program(), *arguments], input=data, capture_output=True,
                               stdin=subprocess.DEVNULL if data is None else None, check=False)
    except OSError as error:
        raise Error(f"cannot run {program()}: {error.strerror}") from None
    if ended.returncode not in (0, 1):
        message = ended.stderr.decode("utf-8", "replace").strip()
        if not message:
            message = f"{program()} ended with status {ended.returncode} and said nothing"
        raise Error(message)
    return ended.stdout.decode("utf-8")


def replace_by_program(arguments: Sequence[str]) -> int:
    """Runs the program in the place of this one."""
    path = program()
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(path, [path, *arguments])
    return subprocess.run([path, *arguments], check=False).returncode
