#!/usr/bin/env python3
"""What `wcheck check` and `wcheck diff` of a stranger's checkout open and start, as strace sees it.

usage: sandbox_test.py WCHECK SOURCE FOLDER

SOURCE is the source of wcheck, FOLDER is where the checkout is made. It has everything that could make
a program start another one, or read what it should not: a bare repository beside the mapping, a file
system monitor, hooks, filters, drivers of diffs, links to files elsewhere.

Nothing is opened but the checkout, the installation and the system's libraries, and nothing is started
but git, with the options that docs/limits.md states. Exit status 77: strace is missing, or cannot trace.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

MAPPING = "src/transformers/conversion_mapping.py"
OLD = ('from .core_model_loading import WeightRenaming\n\n'
       '_MAPPING = {"llava": [WeightRenaming(r"^multi_modal_projector", "model.multi_modal_projector")]}\n')
# What the dynamic linker, the C library and git read on any system.
SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/etc/ld.so.", "/proc/self/", "/proc/cpuinfo",
          "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu", "/usr/share/locale", "/usr/share/git-core/", "/dev/null", "/dev/urandom",
          "/etc/localtime", "/usr/share/zoneinfo")
# Where git is looked for is not opened; its own programs are git, too.
GIT = re.compile(r"(/usr/lib/git-core/|/usr/libexec/git-core/|/usr/bin/|/usr/local/bin/|/bin/)git$")
COMMANDS = {"rev-parse", "merge-base", "cat-file", "ls-tree", "diff"}


def documented_options(source):
    """The options of git in docs/limits.md: the line of code that begins with them."""
    text = (source / "docs/limits.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ {4}(-c safe.*)", text, re.M)
    return line.split()


def git(*words, cwd):
    subprocess.run(["git", *words], cwd=cwd, check=True, stdout=subprocess.DEVNULL)


def make_checkout(root, marker):
    """The repository; whatever is started by one of its files makes `marker`."""
    trap = root.parent / "trap"
    trap.write_text(f"#!/bin/sh\necho \"$0 $*\" >> {marker}\ncat >/dev/null 2>&1 </dev/null\n")
    trap.chmod(0o755)
    root.mkdir(parents=True)
    git("init", "--quiet", "--initial-branch=main", cwd=root)
    for key, value in {
        "user.name": "Tester", "user.email": "tester@example.org", "core.fsmonitor": trap, "core.pager": trap,
        "diff.external": trap, "diff.trap.textconv": trap, "diff.trap.command": trap,
        "filter.trap.clean": trap, "filter.trap.smudge": trap, "filter.trap.process": trap,
    }.items():
        git("-c", "core.fsmonitor=false", "config", key, str(value), cwd=root)
    hooks = root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "filter.trap.clean=cat",
            "-c", "filter.trap.process="]
    (root / MAPPING).parent.mkdir(parents=True)
    (root / "src/transformers/old_name.py").write_text(OLD)
    git(*safe, "add", ".", cwd=root)
    git(*safe, "commit", "--quiet", "-m", "old", cwd=root)
    git(*safe, "mv", "src/transformers/old_name.py", MAPPING, cwd=root)
    for name in ("post-index-change", "pre-commit", "fsmonitor-watchman", "reference-transaction"):
        shutil.copy(trap, hooks / name)
    (root / MAPPING).write_text(OLD.replace("model.multi", "model.malti"))
    # What a pull request brings.
    beside = root / "src/transformers"
    (beside / ".gitattributes").write_text("*.py filter=trap diff=trap\n")
    (root / ".gitattributes").write_text("*.py filter=trap diff=trap\n")
    (beside / "HEAD").write_text("ref: refs/heads/main\n")
    (beside / "config").write_text(
        f"[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {beside}\n\tfsmonitor = {trap}\n"
        f"\thooksPath = {beside}\n[diff]\n\texternal = {trap}\n")
    for folder in ("objects", "refs/remotes/origin"):
        (beside / folder).mkdir(parents=True)
    secret = root.parent / "secret"
    secret.mkdir()
    (secret / "modeling_secret.py").write_text("class SecretModel(SecretPreTrainedModel):\n    pass\n")
    (beside / "models/linked").mkdir(parents=True)
    (beside / "models/linked/modeling_linked.py").symlink_to(secret / "modeling_secret.py")
    (beside / "models/secret").symlink_to(secret)
    (beside / "__init__.py").symlink_to(secret / "modeling_secret.py")
    return secret


def trace(log, words, cwd, environment):
    command = ["strace", "-f", "-qq", "-s", "4096", "-e", "trace=open,openat,creat,execve,execveat",
               "-e", "signal=none", "-o", str(log), *words]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)


def unquoted(text):
    return text.encode().decode("unicode_escape")


def faults_of(log, cwd, allowed, options, wcheck):
    """What was opened or started, and should not have been."""
    text = log.read_text(errors="replace")
    # A call that another thread interrupts is on two lines.
    text = re.sub(r"^(\d+) (.*) <unfinished \.\.\.>\n((?:.*\n)*?)\1 <\.\.\. \w+ resumed>", r"\1 \2\n\3\1 RESUMED", text, flags=re.M)
    started = 0
    for line in text.splitlines():
        opened = re.match(r'\d+ +(?:open|creat|openat)\((?:(AT_FDCWD|\d+)[^,]*, )?"((?:[^"\\]|\\.)*)"', line)
        if opened and "= -1 " not in line:
            path = os.path.realpath(os.path.join(cwd, unquoted(opened.group(2))))
            raw = unquoted(opened.group(2))
            if opened.group(1) not in (None, "AT_FDCWD"):
                continue  # below a folder that was opened before
            if not any(path == a or path.startswith(a.rstrip("/") + "/") for a in allowed) and not any(
                    (path + "/").startswith(s) or path.startswith(s) or raw.startswith(s) for s in SYSTEM):
                yield f"opens {path}"
        ran = re.match(r'\d+ +execve\("((?:[^"\\]|\\.)*)", \[(.*)\],', line)
        if ran and line.rstrip().endswith("= 0"):
            program, words = unquoted(ran.group(1)), [unquoted(w) for w in re.findall(r'"((?:[^"\\]|\\.)*)"', ran.group(2))]
            started += 1
            if started == 1 and program == wcheck:
                continue
            if not GIT.search(program):
                yield f"starts {program} {words}"
            elif words[1] != "-C" or words[3:3 + len(options)] != options or words[3 + len(options)] not in COMMANDS:
                yield f"starts git otherwise than docs/limits.md states: {words}"


def faults_of_a_kill(wcheck, folder, environment):
    """A process that is killed before what it writes has its name leaves nothing."""
    folder.mkdir()
    (folder / "r.json").write_text('{"entries": {"x": [{"type": "WeightRenaming", "source": ["a"], "target": ["b"]}]}}')
    words = ["strace", "-f", "-qq", "-o", "trace", "-e", "trace=fchmod", "-e", "inject=fchmod:signal=SIGKILL",
             str(wcheck), "dump", "--registry", "r.json", "-o", "out.json"]
    for before in (None, "old"):
        if before is not None:
            (folder / "out.json").write_text(before)
        ran = subprocess.run(words, cwd=folder, env=environment, capture_output=True)
        if ran.returncode == 0 or "SIGKILL" not in (folder / "trace").read_text():
            yield f"the process that writes was not killed: status {ran.returncode}"
        left = sorted(path.name for path in folder.iterdir())
        if left != sorted(["r.json", "trace"] + (["out.json"] if before else [])):
            yield f"a killed process left {left}"
        if before is not None and (folder / "out.json").read_text() != before:
            yield "a killed process changed the file that it was to replace"


def faults_of_a_killed_folder(wcheck, folder, environment):
    """A process that is killed while it writes a folder of pages leaves complete pages, and nothing else."""
    folder.mkdir()
    (folder / "r.json").write_text('{"entries": {"x": [{"type": "WeightRenaming", "source": ["a"], "target": ["b"]}]}}')
    (folder / "l.jsonl").write_text("".join(
        f'{{"class": "Toy{i}", "model_type": "x", "base_model_prefix": "", "modules": '
        f'[{{"path": "", "class": "Toy{i}", "model_type": "x"}}], "keys": {{"a.w": [[2], "float32"]}}, "tied": {{}}}}\n'
        for i in range(3)))
    words = [str(wcheck), "check", "--registry", "r.json", "--layouts", "l.jsonl", "--format", "html", "-o", "pages/"]

    def kill(call, when):
        ran = subprocess.run(["strace", "-f", "-qq", "-o", "trace", "-e", f"trace={call}", "-e",
                              f"inject={call}:signal=SIGKILL:when={when}", *words], cwd=folder, env=environment, capture_output=True)
        if ran.returncode == 0 or "SIGKILL" not in (folder / "trace").read_text():
            yield f"the process that writes pages was not killed at {call} {when}: status {ran.returncode}"

    def pages():
        return {path.name: path.read_text() for path in (folder / "pages").iterdir()}

    def left(expected):
        names = sorted(path.name for path in folder.iterdir())
        if names != sorted(["r.json", "l.jsonl", "trace", *expected]):
            yield f"a process killed while it wrote pages left {names}"

    yield from kill("mkdir", 1)
    yield from left(["pages"] if (folder / "pages").exists() else [])
    for when in (1, 2, 4):
        yield from kill("fchmod", when)
        yield from left(["pages"])
        if len(pages()) != when - 1 or not all(text.endswith("</html>\n") for text in pages().values()):
            yield f"the process killed at page {when} left the pages {sorted(pages())}"
    if subprocess.run(words, cwd=folder, env=environment, capture_output=True).returncode not in (0, 1) or len(pages()) != 4:
        yield "a folder that was not completed is not written anew"
    before = pages()
    (folder / "r.json").write_text((folder / "r.json").read_text().replace('"b"', '"c"'))
    yield from kill("fchmod", 1)
    yield from left(["pages"])
    if pages() != before:
        yield "a killed process changed pages before all were made"


def main():
    wcheck, source, folder = (pathlib.Path(os.path.realpath(word)) for word in sys.argv[1:4])
    if shutil.which("strace") is None:
        print("strace is missing: nothing was proved")
        return 77
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    probe = trace(folder / "probe", ["true"], folder, os.environ)
    if probe.returncode != 0:
        print(f"strace cannot trace here: nothing was proved ({probe.stderr.decode().strip()})")
        return 77
    root, marker = folder / "checkout", folder / "started"
    secret = make_checkout(root, marker)
    options = documented_options(source)
    environment = os.environ | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(root),
                                "LC_ALL": "C.UTF-8"}
    environment.pop("LD_PRELOAD", None)
    allowed = [str(root), str(wcheck.parent), os.path.realpath(wcheck.parent.parent / "share/wcheck"),
               *(os.path.realpath(source / "fixtures" / name)
                 for name in ("bundled.wcs", "published.wcp", "published.wcs"))]
    # The working directory, the command, what its output says, and the exit status.
    runs = [
        (".", ["check", "--transformers", "."], "judged", (0, 1)),
        (".", ["check", MAPPING, "--model", "LlavaModel"], "judged", (0, 1)),
        (".", ["diff", "--base", "main", MAPPING, "--model", "LlavaModel"], "1 class", (0, 1)),
        (".", ["diff", "--base", "main", "--model", "LlavaModel"], "1 class", (0, 1)),
        ("src/transformers", ["diff", "--base", "main", "--model", "LlavaModel", "conversion_mapping.py"], "1 class", (0, 1)),
        (".", ["diff", "--base", "main...", "--format", "github", "--model", "LlavaModel"], "1 class", (0, 1)),
        (".", ["diff", "--base", "nothing"], "no revision", (2,)),
    ]
    faults = []
    for number, (where, words, says, statuses) in enumerate(runs):
        log = folder / f"trace-{number}"
        ran = trace(log, [str(wcheck), *words], root / where, environment)
        label = f"`wcheck {' '.join(words)}` in {where}"
        output = ran.stdout.decode() + ran.stderr.decode()
        if ran.returncode not in statuses or says not in output:
            faults.append(f"{label}: status {ran.returncode}: {output[-400:]}")
        if "Secret" in output:
            faults.append(f"{label}: shows what {secret} has")
        faults += [f"{label}: {fault}" for fault in faults_of(log, root / where, allowed, options, str(wcheck))]
    faults += faults_of_a_kill(wcheck, folder / "killed", environment)
    faults += faults_of_a_killed_folder(wcheck, folder / "killed-pages", environment)
    if marker.exists():
        faults.append(f"something was started: {marker.read_text()[:300]}")
    for fault in faults:
        print(fault)
    print(f"{len(runs)} runs traced, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
