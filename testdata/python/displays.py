# Displays, literals, imports, constants, annotations: a registry as a plain table.
from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from . import core_model_loading
from .core_model_loading import (
    Chunk,
    Concatenate,
    Conv3dToLinear,
    ErnieFuseAndSplitTextVisionExperts,
    GroupWeightRename,
    Interleave,
    LinearToConv3d,
    PermuteForRope,
    MergeModulelist,
    PrefixChange,
    SplitModulelist,
    Transpose,
    WeightConverter,
)
from .core_model_loading import WeightRenaming as Rename  # under another name

if TYPE_CHECKING:
    from .modeling_utils import PreTrainedModel

VISION = "vision_tower"
DOTTED = VISION + ".layers"
QKV = ["q_proj", "k_proj", "v_proj"]
NUMBERS: tuple[int, ...] = (0, 0x10, 0b11, 0o17, 1_000)

MAPPING: dict[str, list[Rename]] = {
    "literals": [
        Rename('single', "double"),
        Rename(r"raw\.(\d+)", r"raw.\1"),
        Rename("""triple
line""", '''other'''),
        Rename("a" "b" 'c', "d" r"\." "e"),
        Rename(
            "implicit "
            "concatenation "  # with a comment
            f"and {VISION}",
            "x",
        ),
        Rename("esc\t\x41\u00e9\101\\\'\q", "caf\u00e9 \U0001F600"),
        Rename("café", "ünïcode"),
        Rename("line \
continued", R"RAW\n"),
        Rename(u"u-prefix", Rf"\d{VISION}"),
        Rename("a;b", "c#d"),
    ],
    "f-strings": [
        Rename(f"{VISION}.weight", f"{DOTTED}.{QKV[0]}"),
        Rename(f"{{literal}}.{1 + 2}", f"{VISION!r}{'nested'}"),
        Rename(f"{NUMBERS[1]:>5}|{NUMBERS[2]:03d}|{3.14159:.2f}", f"{VISION:^20}|{VISION:.3}|{VISION[:2]!s:*<6}"),
        Rename(f"{VISION=}", f"{NUMBERS[0]:{NUMBERS[3]}d}"),
        Rename(rf"^{VISION}\.(\d+)\.", rf"{DOTTED}.\1."),
        Rename(f"{255:x} {255:#x} {255:b} {1234567:,} {True} {None} {1.0} {[1, 'a']}", f"{'a' if NUMBERS else 'b'}"),
    ],
    "converters": [
        WeightConverter("a", ["b", "c"], [Chunk(dim=0)]),
        WeightConverter(["a", "b"], "c", operations=[MergeModulelist(dim=0), Concatenate(1)]),
        WeightConverter(source_patterns="a", target_patterns="b", operations=[Transpose(1, 2, check_dims=True)]),
        WeightConverter("a", "b", [Transpose(), Transpose(dim0=-1, dim1=-2), Interleave(1), Interleave(inverse=True)]),
        WeightConverter(["a"], ["b"], [Conv3dToLinear(3, (2, 14, 14)), LinearToConv3d(in_channels=3, kernel_size=(1, 2, 3))]),
        WeightConverter(["a", "b"], ["c", "d"], [ErnieFuseAndSplitTextVisionExperts(stack_dim=0, concat_dim=1)]),
        WeightConverter(["a"], ["b"], [SplitModulelist(), core_model_loading.Chunk(+1)]),
        WeightConverter("qkv", ["q", "k"], [Chunk(0), PermuteForRope("vision_config", permute_layer_names=QKV[:2])]),
    ],
    "others": [
        PrefixChange("model"),
        PrefixChange(None, "vision_model"),
        PrefixChange(prefix_to_remove="text_model", model_prefix="vlm"),
        PrefixChange(prefix_to_add="model", model_prefix=""),
        GroupWeightRename(["norm0", "norm1"], ["norm1", "norm2"]),
        core_model_loading.WeightRenaming("attribute", "form"),
    ],
    "constants": [Rename(QKV, [f"self_attn.{name}" for name in QKV])],
    # The transforms keep their own copy of the patterns, but the list itself is edited in place.
    "empty": [],
    "tuple": (Rename("a", "b"), Rename("c", "d")),
}
ORDERED = OrderedDict([("ordered", [Rename("x", "y")])])
ORDERED["later"] = [Rename("z", "w")]
