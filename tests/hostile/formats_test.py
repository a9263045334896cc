#!/usr/bin/env python3
"""Drives hostile names through every output format of the program.

usage: formats_test.py WCHECK FOLDER

What comes out is judged by parsers that know nothing of wcheck: Python's json, xml and html modules,
Graphviz's `dot`, and cmark-gfm. What the program refuses must be refused with one message.
"""
import collections
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as ElementTree

import inputs


class Broken(Exception):
    """An output is not what its format says."""


def check_printable(text, allowed="\n"):
    for character in text:
        if character not in allowed and unicodedata.category(character) in (
                "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise Broken(f"not printable: {character!r}")


def check_json(text):
    def no_duplicates(pairs):
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise Broken(f"duplicate members {names[:5]}")
        return dict(pairs)
    json.loads(text, object_pairs_hook=no_duplicates)


def check_json_lines(text):
    # Not splitlines, which also splits at U+2028.
    for line in text.rstrip("\n").split("\n"):
        if line:
            check_json(line)


def check_github(text):
    check_printable(text)
    for line in text.splitlines():
        if line.startswith("::") and not re.match(r"::(error|warning|notice|group|endgroup)\b[^:]*", line):
            raise Broken(f"a command that is none of ours: {line[:80]}")


def check_xml(text):
    ElementTree.fromstring(text.encode())


def check_svg(text):
    check_printable(text)
    root = ElementTree.fromstring(text.encode())
    for element in root.iter():
        tag = element.tag.split("}")[-1]
        if tag not in ("svg", "g", "title", "polygon", "polyline", "path", "text", "a", "ellipse"):
            raise Broken(f"an element <{tag}> in a picture")
        for name in element.attrib:
            if name.split("}")[-1].startswith("on") or name.split("}")[-1] == "href":
                raise Broken(f"an attribute {name} in a picture")


def check_dot(text):
    check_printable(text, allowed="\n\t")
    ran = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=False)
    if ran.returncode != 0 or ran.stderr:
        raise Broken(f"dot: {ran.stderr.decode(errors='replace')[:200]}")
    if ran.stdout.count(b"</svg>") != 1:
        raise Broken("not one picture")


def check_tsv(text):
    # Names are written as they are, but for what ends a cell or a line.
    lines = text.rstrip("\n").split("\n")
    if len({line.count("\t") for line in lines}) != 1:
        raise Broken("rows of different widths")


class Tags(html.parser.HTMLParser):
    """Counts elements, and keeps what could run."""

    def __init__(self):
        super().__init__()
        self.count = collections.Counter()
        self.running = []

    def handle_starttag(self, tag, attrs):
        self.count[tag] += 1
        for name, value in attrs:
            leads = name.split(":")[-1] in ("href", "src", "action", "formaction", "data", "srcdoc", "style")
            own = tag == "a" and re.fullmatch(r"#content|index\.html", value or "") or value == "data:,"
            if name.startswith("on") or (leads and not own):
                self.running.append((tag, name, value))


def tags_of(text):
    tags = Tags()
    tags.feed(text)
    tags.close()
    if tags.running:
        raise Broken(f"something that runs: {tags.running[0]}")
    return tags.count


def check_markdown(text):
    check_printable(text)
    ran = subprocess.run(["cmark-gfm", "-e", "table", "--unsafe"], input=text.encode(),
                         capture_output=True, check=True)
    made = tags_of(ran.stdout.decode())
    ours = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "details",
            "summary", "ul", "li", "strong", "em"}
    if set(made) - ours:
        raise Broken(f"elements that wcheck does not write: {set(made) - ours}")


def check_html(text):
    check_printable(text)
    made = tags_of(text)
    for tag, count in {"html": 1, "script": 2, "style": 1, "title": None, "h1": 1, "main": 1}.items():
        if count is not None and made[tag] != count:
            raise Broken(f"{made[tag]} elements <{tag}>")
    for tag in ("img", "iframe", "object", "embed", "base", "b2"):
        if made[tag]:
            raise Broken(f"an element <{tag}>")


# Every command and format, and who judges it.
RUNS = [
    (["check", "--format", "text"], check_printable),
    (["check", "--format", "json"], check_json),
    (["check", "--format", "sarif"], check_json),
    (["check", "--format", "github"], check_github),
    (["check", "--format", "junit"], check_xml),
    (["check", "--format", "markdown"], check_markdown),
    (["check", "--format", "dot"], check_dot),
    (["check", "--format", "html"], check_html),
    (["explain", "--format", "text"], check_printable),
    (["explain", "--format", "json"], check_json),
    (["explain", "--format", "text", "made.{i}.weight"], check_printable),
    (["map", "--format", "tsv"], check_tsv),
    (["map", "--format", "json", "--direction", "save"], check_json),
    (["map", "--format", "markdown", "--expand"], check_markdown),
    (["graph", "--format", "dot"], check_dot),
    (["graph", "--format", "svg", "--direction", "save"], check_svg),
    (["simulate"], check_json_lines),
    (["tied", "--format", "text"], check_printable),
    (["tied", "--format", "json"], check_json_lines),
    (["dump"], check_json),
    (["diff", "--format", "text"], check_printable),
    (["diff", "--format", "json"], check_json),
    (["diff", "--format", "markdown"], check_markdown),
    (["diff", "--format", "github"], check_github),
    (["diff", "--format", "html"], check_html),
    (["lock", "--format", "text"], check_printable),
    (["lock", "--format", "json"], check_json),
    (["lock", "--format", "markdown"], check_markdown),
    (["lock", "--format", "github"], check_github),
]
NEEDS_MODEL = {"explain", "graph"}


def older(registry):
    """The registry without its last renaming, under which some key was saved."""
    path = registry.parent / ("old " + registry.name)
    old = json.loads(registry.read_text())
    for entry in old["entries"].values():
        del entry[-2:-1]
    path.write_text(json.dumps(old))
    return path


def run(wcheck, arguments, registry, layouts):
    command, *rest = arguments
    words = [wcheck, command]
    if command == "diff":
        words += [str(older(registry)), str(registry)]
    else:
        words.append(f"--registry={registry}")
    if command == "lock":
        # What is compared is a lock of the older one.
        lock = f"--lock-file={registry}.lock"
        subprocess.run([wcheck, command, f"--registry={older(registry)}", f"--layouts={layouts}", lock],
                       capture_output=True, check=False, timeout=60)
        words += [lock, "--check"]
    if command != "dump":
        words.append(f"--layouts={layouts}")
    if command in NEEDS_MODEL:
        words.append("--model=*")
    if command in ("check", "diff"):
        words.append("--fail-on=never")
    return subprocess.run(words + rest, capture_output=True, check=False, timeout=60)


def main():
    wcheck, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    pairs = inputs.write_all(folder)
    faults = []
    done = collections.Counter()
    refused = 0
    for name, (whole, tame) in zip(inputs.NAMES, pairs):
        for arguments, judge in RUNS:
            registry, layouts = whole
            ran = run(wcheck, arguments, registry, layouts)
            if ran.returncode == 2 and b": error: " in ran.stderr and not ran.stdout:
                # Its key makes the engine raise; without the key there must be an output.
                refused += 1
                registry, layouts = tame
                ran = run(wcheck, arguments, registry, layouts)
            label = f"{' '.join(arguments)} of case {registry.parent.name} {name[:40]!r}"
            try:
                message = ran.stderr.decode("utf-8")
                if ran.returncode == 0 or (arguments[0] == "lock" and ran.returncode == 1):
                    judge(ran.stdout.decode("utf-8"))
                    done[" ".join(arguments)] += 1
                else:
                    raise Broken(f"exit status {ran.returncode}: {message[:200]}")
            except (Broken, ValueError, ElementTree.ParseError, subprocess.CalledProcessError) as fault:
                faults.append(f"{label}: {fault}")
    for fault in faults[:40]:
        print(fault)
    for arguments, _ in RUNS:
        count = done[" ".join(arguments)]
        print(f"{count:4} outputs of {' '.join(arguments)}")
    print(f"{refused} refused with a message, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
