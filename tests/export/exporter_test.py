"""usage: exporter_test.py SOURCE-DIR WCHECK

Runs tools/wcheck_export.py with the modules of stand_ins/ in the place of torch and transformers.
"""
import json
import lzma
import os
import subprocess
import sys
import tempfile
import unittest

import jsonschema

SOURCE, WCHECK = sys.argv[1:3]
HERE = os.path.join(SOURCE, "tests", "export")

BEE_KEYS = {"embed.weight": [[10, 4], "float32"], "steps": [[], "int64"]}


class ExporterTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def export(self, *arguments, stand_ins=True):
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        environment["PYTHONPATH"] = os.path.join(HERE, "stand_ins") if stand_ins else HERE
        # -S: without site-packages, so that an installed torch is not found.
        return subprocess.run(
            [sys.executable, "-S", os.path.join(SOURCE, "tools", "wcheck_export.py"), *arguments],
            capture_output=True, text=True, cwd=self.folder, env=environment)

    def layouts(self, *arguments):
        run = self.export("layouts", *arguments, "-o", "-")
        return {json.loads(line)["class"]: json.loads(line) for line in run.stdout.splitlines()}, run

    def test_writes_every_class_in_the_order_of_the_source(self):
        found, run = self.layouts()
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(list(found), ["BeeModel", "BeeForHoney", "EncoderDecoderModel"])
        self.assertEqual(found["BeeForHoney"], {
            "class": "BeeForHoney",
            "model_type": "bee",
            "base_model_prefix": "model",
            "dir": "bee",
            "modules": [
                {"path": "", "class": "BeeForHoney", "model_type": "bee"},
                {"path": "model", "class": "BeeModel", "model_type": "bee"},
            ],
            "keys": {
                "head.weight": [[10, 4], "float32"],
                "model.embed.weight": [[10, 4], "float32"],
                "model.steps": [[], "int64"],
            },
            # What is declared but does not exist is no tie.
            "tied": {"head.weight": "model.embed.weight"},
            "declared_tied": {"head.weight": "model.embed.weight", "gone.weight": "model.embed.weight"},
        })
        self.assertEqual(found["BeeModel"]["declared_tied"], None)

    def test_says_what_was_not_built_and_why(self):
        _, run = self.layouts()
        self.assertEqual(run.stderr.splitlines(), [
            "not built: transformers.models.wasp.modeling_wasp_audio: ModuleNotFoundError: "
            "No module named 'a_library_that_nobody_has'",
            "not built: WaspModel: ImportError: WaspModel requires the sting library but it was not found.",
            "not built: transformers.models.wasp.modeling_wasp.BeeForHoney: another class has this name",
            "3 classes of transformers 5.99.0 written, 3 not built",
        ])

    def test_a_class_that_was_asked_for_must_be_built(self):
        _, run = self.layouts("BeeModel", "WaspModel")
        self.assertEqual(run.returncode, 1)
        _, run = self.layouts("WaspModel")
        self.assertEqual(run.returncode, 2)
        self.assertIn("wcheck_export.py: error: no class could be built", run.stderr)

    def test_chooses_by_globs_each_of_which_must_match(self):
        found, run = self.layouts("Bee*")
        self.assertEqual(list(found), ["BeeModel", "BeeForHoney"])
        _, run = self.layouts("Bee*", "Hornet*")
        self.assertEqual(run.returncode, 2)
        self.assertIn("error: no model class matches 'Hornet*'", run.stderr)
        self.assertEqual(run.stdout, "")

    def test_builds_own_code_by_its_import_path(self):
        found, run = self.layouts("own_code:OwnModel")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(found["OwnModel"]["keys"], {"w": [[3], "float32"]})
        self.assertEqual(found["OwnModel"]["dir"], "")
        _, run = self.layouts("own_code:OwnConfig")
        self.assertIn("error: own_code:OwnConfig: own_code has no model class 'OwnConfig'", run.stderr)
        _, run = self.layouts("nothing:At")
        self.assertIn("error: cannot import nothing: ModuleNotFoundError", run.stderr)

    def config(self, **values):
        with open(self.path("config.json"), "w", encoding="utf-8") as file:
            json.dump(values, file)
        return self.layouts("--config", "config.json")

    def test_builds_what_a_config_describes(self):
        found, run = self.config(model_type="bee", architectures=["BeeForHoney"], size=7,
                                 tie_word_embeddings=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(found["BeeForHoney"]["keys"]["head.weight"], [[10, 7], "float32"])
        self.assertEqual(found["BeeForHoney"]["tied"], {})
        self.assertEqual(found["BeeForHoney"]["dir"], "bee")

    def test_says_what_a_config_lacks(self):
        for values, message in (
            ({"architectures": ["BeeModel"]}, "config.json: it has no model_type"),
            ({"model_type": "ant"}, "transformers 5.99.0 has no model_type 'ant'"),
            ({"model_type": "bee"}, "it names no architectures"),
            ({"model_type": "bee", "architectures": ["BeModel"]}, "none of its architectures (BeModel)"),
        ):
            _, run = self.config(**values)
            self.assertEqual(run.returncode, 2)
            self.assertIn(message, run.stderr)
        with open(self.path("config.json"), "w", encoding="utf-8") as file:
            file.write("{")
        _, run = self.layouts("--config", "config.json")
        self.assertIn("error: config.json: JSONDecodeError", run.stderr)

    def test_a_config_can_be_for_own_code(self):
        with open(self.path("config.json"), "w", encoding="utf-8") as file:
            json.dump({"model_type": "own", "size": 5}, file)
        found, run = self.layouts("own_code:OwnModel", "--config", "config.json")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(found["OwnModel"]["keys"], {"w": [[5], "float32"]})

    def test_writes_the_registry_as_it_was_written(self):
        run = self.export("registry", "-o", "-")
        self.assertEqual(run.returncode, 0, run.stderr)
        bee = [
            {"type": "WeightRenaming", "source": ["^old"], "target": ["^new"]},
            {"type": "WeightConverter", "source": ["qkv"], "target": ["q"],
             "operations": [{"op": "Chunk", "dim": 1}]},
        ]
        self.assertEqual(json.loads(run.stdout), {
            "transformers": "5.99.0",
            "aliases": {"hornet": "bee"},
            "entries": {
                "bee": bee,
                "BeeModel": [{"type": "PrefixChange", "prefix_to_remove": "model"}],
                "legacy": [{"type": "WeightRenaming", "source": ["gamma"], "target": ["weight"]}],
                "hornet": bee,
            },
        })

    def test_the_registry_has_what_the_user_registers(self):
        run = self.export("registry", "--import", "own_code", "-o", "-")
        self.assertEqual(json.loads(run.stdout)["entries"]["own"],
                         [{"type": "WeightRenaming", "source": ["a"], "target": ["b"]}])

    def test_what_it_writes_obeys_the_schemas_and_packs(self):
        self.export("registry", "-o", "registry.json")
        self.export("layouts", "-o", "layouts.jsonl.xz")
        with open(self.path("registry.json"), encoding="utf-8") as file:
            jsonschema.validate(json.load(file), self.schema("registry"))
        with lzma.open(self.path("layouts.jsonl.xz"), "rt", encoding="utf-8") as file:
            for line in file:
                jsonschema.validate(json.loads(line), self.schema("layout"))
        subprocess.run([WCHECK, "pack", "--registry", "registry.json", "--layouts", "layouts.jsonl.xz",
                        "-o", "bees.wcs"], cwd=self.folder, check=True)
        run = subprocess.run([WCHECK, "--registry", "bees.wcs", "--layouts", "bees.wcs"],
                             cwd=self.folder, capture_output=True, text=True)
        self.assertIn("3 classes with 6 keys judged", run.stdout)

    def schema(self, name):
        with open(os.path.join(SOURCE, "docs", f"{name}.schema.json"), encoding="utf-8") as file:
            return json.load(file)

    def test_the_same_installation_gives_the_same_bytes(self):
        texts = []
        for name in ("a.jsonl.xz", "b.jsonl.xz"):
            self.export("layouts", "-o", name)
            with open(self.path(name), "rb") as file:
                texts.append(file.read())
        self.assertEqual(texts[0], texts[1])

    def test_a_file_is_written_whole_or_not_at_all(self):
        run = self.export("layouts", "BeeModel", "-o", "none/layouts.jsonl")
        self.assertEqual(run.returncode, 2)
        self.assertIn("error: none/layouts.jsonl: No such file or directory", run.stderr)
        with open(self.path("kept.jsonl"), "w", encoding="utf-8") as file:
            file.write("before")
        self.export("layouts", "WaspModel", "-o", "kept.jsonl")
        with open(self.path("kept.jsonl"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "before")
        self.assertEqual(os.listdir(self.folder), ["kept.jsonl"])

    def test_says_what_to_install(self):
        run = self.export("registry", "-o", "-", stand_ins=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("error: No module named 'torch': this describes the transformers and torch", run.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
