"""usage: oracle_test.py SOURCE-DIR WCHECK

Runs tools/wcheck_export.py in the folder that WCHECK_ORACLE names, a Debian with python3-transformers
5.12 and python3-torch in it, and compares what it writes with layouts-5.12.jsonl.xz and
registry-5.12.json of WCHECK_CORPUS: no class may be absent or differ. Needs root (chroot).
"""
import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE, WCHECK = sys.argv[1:3]


def layouts(path):
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return {json.loads(line)["class"]: json.loads(line) for line in file}


def main():
    root, corpus = os.environ.get("WCHECK_ORACLE"), os.environ.get("WCHECK_CORPUS")
    if not root or not corpus:
        print("skipped: WCHECK_ORACLE and WCHECK_CORPUS do not both name a folder")
        return 0
    with tempfile.TemporaryDirectory(dir=os.path.join(root, "tmp")) as folder:
        shutil.copy(os.path.join(SOURCE, "tools", "wcheck_export.py"), folder)
        inside = "/" + os.path.relpath(folder, root)
        for command, name in (("registry", "registry.json"), ("layouts", "layouts.jsonl.xz")):
            subprocess.run(["chroot", root, "python3", f"{inside}/wcheck_export.py", command,
                            "-o", f"{inside}/{name}"], check=True, stdin=subprocess.DEVNULL)
        got = layouts(os.path.join(folder, "layouts.jsonl.xz"))
        with open(os.path.join(folder, "registry.json"), encoding="utf-8") as file:
            registry = json.load(file)
        subprocess.run([WCHECK, "pack", "--registry", "registry.json", "--layouts", "layouts.jsonl.xz",
                        "-o", "all.wcs"], cwd=folder, check=True)

    want = layouts(os.path.join(corpus, "layouts-5.12.jsonl.xz"))
    faults = [f"{name}: absent" for name in want if name not in got]
    for name in want.keys() & got.keys():
        faults += [f"{name}: {part} differs" for part in want[name] if got[name].get(part) != want[name][part]]
        if list(got[name]["keys"]) != list(want[name]["keys"]):
            faults.append(f"{name}: the keys are in another order")
    with open(os.path.join(corpus, "registry-5.12.json"), encoding="utf-8") as file:
        if registry != json.load(file):
            faults.append("the registry differs")
    for fault in sorted(faults):
        print(fault)
    print(f"{len(want)} classes compared, {len(got) - len(want.keys() & got.keys())} more written, "
          f"{len(faults)} differences")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
