#!/usr/bin/env python3
"""Writes a safetensors file: a header, and a hole in the file where the data would be.

    write.py FILE NAME=2,3 NAME= …        (an empty shape is a scalar)
    write.py FILE --header TEXT [DATA]    (any header, with DATA bytes of data behind it)
    write.py FILE --length N              (a length of N and nothing behind it)
"""
import json
import struct
import sys


def write(path, header, data):
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(header)) + header)
        out.truncate(8 + len(header) + data)


def main():
    path, first, *rest = sys.argv[1:]
    if first == "--length":
        with open(path, "wb") as out:
            out.write(struct.pack("<Q", int(rest[0])))
    elif first == "--header":
        write(path, rest[0].encode(), int(rest[1]) if rest[1:] else 0)
    else:
        header, end = {}, 0
        for tensor in [first, *rest]:
            name, _, sizes = tensor.partition("=")
            shape = [int(size) for size in sizes.split(",") if size]
            begin, bytes_ = end, 2
            for size in shape:
                bytes_ *= size
            end += bytes_
            header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, end]}
        write(path, json.dumps(header).encode(), end)


main()
