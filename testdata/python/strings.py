# String methods and formatting.
import re

from .core_model_loading import WeightRenaming as R

name = "  Encoder.Layer.0.weight  "
bare = name.strip()
parts = bare.split(".")
row = {"a": "x", "b": 7}

MAPPING = {
    "methods": [
        R(bare.lower(), bare.upper()),
        R(bare.replace("Layer", "layers"), bare.replace("e", "E", 1)),
        R(bare.removeprefix("Encoder."), bare.removesuffix(".weight")),
        R(".".join(parts[1:]), "-".join(p for p in parts)),
        R(bare.rsplit(".", 1)[0], bare.split(".", maxsplit=1)[-1]),
        R(bare.partition(".")[2], bare.rpartition(".")[0]),
        R(name.lstrip(), name.rstrip()),
        R("xxaxx".strip("x"), "xyaxy".lstrip("xy")),
        R(str(bare.startswith(("Dec", "Enc"))), str(bare.endswith("bias"))),
        R(str(bare.find("Layer")), str(bare.count("e"))),
        R(str(bare.index(".")), str("nothing".find("x"))),
        R("7".zfill(3), "-7".zfill(4)),
        R("a".ljust(3, "."), "a".rjust(3)),
        R("ab".center(7, "*"), "abc".center(6, "*")),
        R("hello world".title(), "hELLO".capitalize()),
        R("hELLO".swapcase(), str("12".isdigit())),
        R(str("a_1".isidentifier()), str("".isalpha())),
        R("a b  c".split()[2], " x y ".split(" ")[1]),
        R("l1\nl2\r\nl3".splitlines()[1], "ab"[::-1]),
        R("abcdef"[-3:], "abcdef"[1:5:2]),
        R("aé€😀"[1:3], str(len("aé€😀"))),
        R("aé€😀"[-1], "".join(reversed("abc"))),
        R("".replace("", "-"), "ab".replace("", "-")),
        R(str.upper("static"), "x" * 3),
        R(re.escape("a.b[0]*c-d e"), re.escape("_plain1")),
        R("a" in "cat" and "yes" or "no", "b" not in "cat" and "yes" or "no"),
        R("a" < "b" and "lt" or "ge", str(("a", 1) < ("a", 2))),
        R(repr("it's"), repr('say "hi"\n\t\\')),
        R(str(["a", 1, None, True, 2.5, (1,), {"k": ()}]), str(1e16) + str(1e-5) + str(0.1) + str(-0.0) + str(123456789.0)),
    ],
    "format": [
        R("{}.{}".format("a", 1), "{0}.{1}.{0}".format("a", "b")),
        R("{name}.{n:02d}".format(name="x", n=5), "{{}}{!r}".format("q")),
        R("{0[1]}.{1[a]}".format(["x", "y"], {"a": "z"}), "{:>6}|{:<6}|{:^6}".format("a", "b", "c")),
        R("{a}-{b}".format(**row), "{}{}".format(*parts[:2])),
        R("{:.3f} {:e} {:g} {:%}".format(3.14159, 12345.678, 0.0001, 0.25), "{:+d} {: d} {:,} {:_}".format(5, 5, 1234567, 1234567)),
        R("{:x} {:X} {:o} {:b} {:#o}".format(255, 255, 8, 5, 8), "{:*^9s}".format("mid")),
        R("{:05d} {:<5d}| {:=+6d}".format(42, 42, 42), "{:08.3f}".format(-3.14159)),
        R("{a}".format_map(row), format(3, "03d")),
    ],
    "percent": [
        R("%s.%s" % ("a", "b"), "%s" % "one"),
        R("%d.%i %5d|%-5d|%05d" % (1, 2, 3, 4, 5), "%x %X %o" % (255, 255, 8)),
        R("%(a)s.%(b)d" % row, "100%%" % ()),
        R("%r %5s|%-5s|%.2s" % ("q", "a", "b", "abc"), "%.2f %8.3f %e %g" % (1.005, 2.5, 12345.6789, 1e-7)),
        R("%+d % d" % (5, 5), "%s %s" % (None, True)),
    ],
    "raw": [
        R(r"\\", R'\'\''),
        R(r"a\"", f"b{bare}" + r"c\\"),
        R(rf"{bare}\\", r'''d\'''' + rf"{bare}\"\""),
    ],
}
