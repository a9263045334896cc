#!/usr/bin/env python3
"""Keeps the names of published checkpoints, from a list of repository names.

    tools/wcheck_published.py NAMES [-o published.wcp] [--origin original|derived|unknown] [--wcheck wcheck]

NAMES has the name of a repository of the hub on each line ("-" is standard input; what follows a "#" is ignored). Of each,
config.json and the index are fetched, or the header of its only safetensors file: names, and no tensors. The user's own
`huggingface_hub` fetches, with the user's own token. `wcheck published add` writes the file.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile


def fetch(repository, folder):
    """Puts what names the keys of a checkpoint into a folder."""
    import huggingface_hub

    folder.mkdir()
    shutil.copy(huggingface_hub.hf_hub_download(repository, "config.json"), folder / "config.json")
    # Headers only, by range requests: of every shard, or of the only file.
    metadata = huggingface_hub.get_safetensors_metadata(repository)
    weights = metadata.weight_map
    # A name that is no file's beside it: only the names are used.
    index = {"metadata": {}, "weight_map": dict.fromkeys(weights, "model-00001-of-00002.safetensors")}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names")
    parser.add_argument("-o", default="published.wcp", metavar="FILE")
    parser.add_argument("--origin", default="unknown", choices=("original", "derived", "unknown"))
    parser.add_argument("--wcheck", default="wcheck", metavar="PROGRAM")
    options = parser.parse_args()
    text = sys.stdin.read() if options.names == "-" else pathlib.Path(options.names).read_text(encoding="utf-8")
    repositories = [line.split("#")[0].strip() for line in text.splitlines()]
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        for number, repository in enumerate(filter(None, repositories)):
            folder = pathlib.Path(work) / str(number)
            try:
                fetch(repository, folder)
            except ImportError:
                sys.exit("wcheck_published.py: huggingface_hub is not installed; run `pip install huggingface_hub`")
            except Exception as error:  # whatever the hub says: the others are still of use
                print(f"{repository}: not fetched: {error}", file=sys.stderr)
                failed += 1
                continue
            added = subprocess.run([options.wcheck, "published", "add", str(folder), "--name", repository,
                                    "--origin", options.origin, "--source", repository, "-o", options.o])
            failed += added.returncode != 0
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
