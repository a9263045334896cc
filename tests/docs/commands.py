"""Finds the commands in a Markdown page: in its indented and fenced blocks."""
import re
from typing import NamedTuple

# What a command starts with. In a block that is fenced as sh or bash every line is a command; in any
# other, only a line that starts with one of these, so that output and configuration may stand there.
PROGRAMS = {
    "./bootstrap", "apt-get", "bash", "build/bin/wcheck", "cat", "cd", "cmake", "cp", "cpack", "ctest",
    "curl", "docker", "dpkg", "echo", "git", "jq", "man", "mkdir", "ninja", "npm", "pip", "python3",
    "rm", "sh", "source", "sudo", "wcheck", "xz",
}
FOLDERS = ("tools/", "tests/", "example/", "examples/", "installed/", "./")
SHELLS = {"sh", "bash", "shell"}

FENCE = re.compile(r"(?P<indent> *)(?P<marks>`{3,}|~{3,})\s*(?P<language>[\w-]*)")
PREFIX = re.compile(r"(?:- )?(?:run: )?(?:\$ )?")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=\S*")


class Command(NamedTuple):
    line: int  # 1-based
    text: str


def commands(page):
    """The commands of a page's text, in order."""
    found = []
    pending = None  # a command whose last line ends in a backslash
    for line, language, text in block_lines(page):
        text = text.strip()
        if pending is not None:
            pending = Command(pending.line, pending.text + " " + text)
        else:
            text = text[PREFIX.match(text).end():]
            if not is_command(text, language):
                continue
            pending = Command(line, text)
        if pending.text.endswith("\\"):
            pending = Command(pending.line, pending.text[:-1].rstrip())
            continue
        found.append(pending)
        pending = None
    return found


def block_lines(page):
    """(line, language, text) of each line in a block of code; language "" for one without."""
    fence = None
    after_text = False  # an indented line goes on with the paragraph or list item above it
    for number, text in enumerate(page.splitlines(), 1):
        match = FENCE.match(text)
        if fence is not None:
            if match and match["marks"].startswith(fence["marks"]) and not match["language"]:
                fence = None
            else:
                yield number, fence["language"], text
            continue
        if match:
            fence, after_text = match, False
        elif not text.strip():
            after_text = False
        elif text.startswith("    ") and not after_text:
            yield number, "", text
        else:
            after_text = True


def is_command(text, language):
    if not text or text.startswith("#"):
        return False
    if language in SHELLS:
        return True
    words = text.split()
    while words and ASSIGNMENT.fullmatch(words[0]):
        words.pop(0)
    return bool(words) and (words[0] in PROGRAMS or words[0].startswith(FOLDERS))
