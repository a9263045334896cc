#!/usr/bin/env python3
"""package_test.py SOURCE: the Python package, as its users see it."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import wcheck

SOURCE = pathlib.Path(sys.argv.pop(1))
MIXTRAL = wcheck.Mapping.of("transformers==5.24", model="MixtralForCausalLM")


def processor_seconds():
    """Of this process and the programs that it ran."""
    return sum(os.times()[:4])


class Names(unittest.TestCase):
    def test_load(self):
        layer = "model.layers.0."
        got = MIXTRAL.load_names([layer + "block_sparse_moe.gate.weight", layer + "block_sparse_moe.experts.3.w1.weight",
                                  "lm_head.weight", "nothing.here"])
        self.assertEqual(got, {
            layer + "block_sparse_moe.gate.weight": (layer + "mlp.gate.weight",),
            layer + "block_sparse_moe.experts.3.w1.weight": (layer + "mlp.experts.gate_up_proj",),
            "lm_head.weight": ("lm_head.weight",),
            "nothing.here": (),
        })

    def test_save_splits(self):
        got = MIXTRAL.save_names(["model.layers.1.mlp.experts.down_proj", "model.layers.1.mlp.gate.weight", "x"])
        self.assertEqual(got["model.layers.1.mlp.experts.down_proj"],
                         tuple(f"model.layers.1.block_sparse_moe.experts.{e}.w2.weight" for e in range(8)))
        self.assertEqual(got["model.layers.1.mlp.gate.weight"], ("model.layers.1.block_sparse_moe.gate.weight",))
        self.assertEqual(got["x"], ())

    def test_other_numbers_of_layers(self):
        names = [f"model.layers.{i}.mlp.gate.weight" for i in range(60)]
        self.assertEqual(MIXTRAL.save_names(names)[names[59]], ("model.layers.59.block_sparse_moe.gate.weight",))

    def test_order_duplicates_and_none(self):
        self.assertEqual(list(MIXTRAL.load_names(["b", "lm_head.weight", "b"])), ["b", "lm_head.weight"])
        self.assertEqual(MIXTRAL.load_names([]), {})
        self.assertEqual(MIXTRAL.load_names(iter(["lm_head.weight"])), {"lm_head.weight": ("lm_head.weight",)})

    def test_names_of_any_kind(self):
        strange = ["a\tb", "back\\slash", "\\x41", "\u202e", "é.weight", "##[group]", "::error::x", "\x7f", "-x", "\U0001f600"]
        self.assertEqual(MIXTRAL.load_names(strange), dict.fromkeys(strange, ()))
        for name in ("", "a\nb", "a\rb", "\ud800"):
            with self.assertRaises(wcheck.Error):
                MIXTRAL.load_names([name])

    def test_a_million(self):
        names = [f"model.layers.{i}.self_attn.q_proj.weight" for i in range(1_000_000)]
        start = processor_seconds()
        got = MIXTRAL.save_names(names)
        took = processor_seconds() - start
        self.assertEqual(len(got), 1_000_000)
        self.assertEqual(got[names[777]], (names[777],))
        print(f"a million names: {took:.1f} processor seconds")
        # Some two on a quiet machine; a test machine is not quiet.
        self.assertLess(took, 12)


class Judging(unittest.TestCase):
    def test_check(self):
        report = wcheck.Mapping.of("transformers==5.24", model="LlavaModel").check()
        self.assertTrue(report.ok)
        self.assertIn(("not-resave-safe", "warning", ("LlavaModel",)),
                      [(f.check, f.severity, f.classes) for f in report.findings])
        self.assertEqual(report.not_judged, {})

    def test_explain(self):
        told = MIXTRAL.explain("model.layers.0.mlp.gate.weight")
        self.assertEqual(told["class"], "MixtralForCausalLM")
        self.assertEqual(told["keys"][0]["there"]["results"][0]["keys"], "model.layers.0.block_sparse_moe.gate.weight")

    def test_diff(self):
        self.assertEqual(MIXTRAL.diff(MIXTRAL).verdict, "same")
        text = ('from .core_model_loading import WeightRenaming\n\n'
                '_MAPPING = {"llava": [WeightRenaming(r"^multi_modal_projector", "%s.multi_modal_projector")]}\n\n\n'
                'def _build_checkpoint_conversion_mapping():\n    return _MAPPING\n')
        with tempfile.TemporaryDirectory() as folder:
            sides = []
            for name, target in (("old.py", "model"), ("new.py", "module")):
                path = pathlib.Path(folder) / name
                path.write_text(text % target)
                sides.append(wcheck.Mapping.of(path, model="LlavaForConditionalGeneration"))
            comparison = sides[0].diff(sides[1])
            self.assertEqual(comparison.verdict, "breaking")
            self.assertFalse(comparison.ok)
            self.assertTrue(comparison.changes)
            self.assertEqual(sides[0].diff(sides[0]).verdict, "same")
        with self.assertRaisesRegex(wcheck.Error, "two classes"):
            MIXTRAL.diff(wcheck.Mapping.of("transformers==5.24", model="LlavaModel"))


class Errors(unittest.TestCase):
    def test_messages_of_the_program(self):
        with self.assertRaisesRegex(wcheck.Error, "MixtralForCausalLM"):
            wcheck.Mapping.of("transformers==5.24", model="MixtralForCausalLN")
        with self.assertRaisesRegex(wcheck.Error, "4.0"):
            wcheck.Mapping.of("transformers==4.0", model="MixtralForCausalLM")
        with self.assertRaisesRegex(wcheck.Error, "engine"):
            wcheck.Mapping.of("transformers==5.24", model="MixtralForCausalLM", engine="3")

    def test_own(self):
        for source, more, text in (("no/such/file", {}, "there is no"),
                                   ("transformers==5.24", {"model": "*"}, "one class"),
                                   ("transformers==5.24", {"config": {}, "layouts": "x"}, "give one of them")):
            with self.assertRaisesRegex(wcheck.Error, text):
                wcheck.Mapping.of(source, **{"model": "LlavaModel", **more})

    def test_no_torch(self):
        # The exporter says what is missing.
        with self.assertRaisesRegex(wcheck.Error, "cannot be built"):
            wcheck.Mapping.of("transformers==5.24", model="LlamaModel", config={"architectures": ["LlamaModel"]})


class Page(unittest.TestCase):
    def test_programs(self):
        text = (SOURCE / "docs/python.md").read_text(encoding="utf-8")
        programs = re.findall(r"^```python$(.*?)^```$", text, re.M | re.S)
        self.assertGreaterEqual(len(programs), 4)
        scope = {}
        for program in programs:
            exec(compile(program, "docs/python.md", "exec"), scope)  # pylint: disable=exec-used
        with self.assertRaisesRegex(ValueError, "not a matter of names"):
            experts = [f"model.layers.0.block_sparse_moe.experts.{e}.w2.weight" for e in range(8)]
            scope["renamed"](dict.fromkeys(experts), MIXTRAL)
        with self.assertRaises(AssertionError):
            scope["saved_names_are_those_of_the_release"](
                "transformers==5.24", "transformers==5.8", "LlavaModel", ["language_model.norm.weight"])


class Commands(unittest.TestCase):
    def run_module(self, *words):
        return subprocess.run([sys.executable, "-m", "wcheck", *words], capture_output=True, text=True, check=False)

    def test_program(self):
        ran = self.run_module("--version")
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertTrue(ran.stdout.startswith("wcheck "))
        self.assertEqual(self.run_module("--no-such-option").returncode, 2)

    def test_nothing_heavy_is_imported(self):
        code = "import sys, wcheck; sys.exit(any(m in sys.modules for m in ('torch', 'transformers', 'numpy')))"
        self.assertEqual(subprocess.run([sys.executable, "-c", code], check=False).returncode, 0)


if __name__ == "__main__":
    unittest.main()
