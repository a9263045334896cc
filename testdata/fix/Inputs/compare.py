"""Compares what a repaired registry does with the reference answers: names that are saved, loaded and in
the checkpoint, of every class that has an answer. usage: compare.py TRUTH.jsonl.xz SIMULATED.jsonl"""
import json
import lzma
import sys

ours = {}
with open(sys.argv[2]) as lines:
    for line in lines:
        answer = json.loads(line)
        ours[answer["class"]] = answer


def names(answer, field):
    # What a key becomes. The pattern beside it may be written otherwise after a fix.
    return {key: value[0] for key, value in answer.get(field, {}).items()}


count = 0
with lzma.open(sys.argv[1], "rt") as lines:
    for line in lines:
        truth = json.loads(line)
        mine = ours[truth["class"]]
        for field in ("save_fresh", "load"):
            assert names(truth, field) == names(mine, field), (truth["class"], field)
        if "checkpoint" in truth:
            assert truth["checkpoint"] == mine["checkpoint"], (truth["class"], "checkpoint")
        count += 1
print(count, "classes as they were")
