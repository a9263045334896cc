"""write.py FOLDER NAME=2x8 ...: an adapter_model.safetensors of zeros, with an adapter_config.json from standard input."""

import json
import math
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
header, at = {}, 0
for word in sys.argv[2:]:
    name, _, sizes = word.partition("=")
    shape = [int(size) for size in sizes.split("x")]
    end = at + 4 * math.prod(shape)
    header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [at, end]}
    at = end
text = json.dumps(header).encode()
(folder / "adapter_model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + bytes(at))
(folder / "adapter_config.json").write_text(sys.stdin.read())
