#!/usr/bin/env python3
"""Write what wcheck needs to know about a model library: layouts of classes, and the registry.

  wcheck_export.py layouts -o layouts.jsonl.xz            every class of the installed transformers
  wcheck_export.py layouts LlamaModel 'Qwen*' -o -        some classes
  wcheck_export.py layouts --config config.json -o -      the model that a config.json describes
  wcheck_export.py layouts my_code.modeling:MyModel -o -  a class of your own, by its import path
  wcheck_export.py registry -o registry.json              the registry, as the engine builds it

Needs Python 3.9, and the transformers (5.8 to 5.16) and torch that are to be described. Models are
built on torch's meta device: no weights are made or loaded, nothing is fetched. The same installation
gives the same bytes. docs/exporter.md tells more; docs/formats.md describes what is written.
"""
import argparse
import contextlib
import dataclasses
import fnmatch
import importlib
import io
import json
import lzma
import os
import sys
import tempfile
import warnings

# Neither the hub nor progress bars and advice of the library are wanted.
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TQDM_DISABLE="1")
warnings.filterwarnings("ignore")


class ExportError(Exception):
    """A mistake of the user; the message says what to do."""


# --- Configurations -------------------------------------------------------------------------------
#
# A class is built from its configuration class without arguments. Some cannot be: a default is
# missing or contradicts another, or the class is a part of a model whose configuration it shares.
# For those, RECIPES has a configuration that is as small as it can be said. Each is a list of steps
# that are tried in order until one builds (releases differ):
#   Config(...)             the class's own configuration with these values
#   Part("name", ...)       that sub-configuration of the default one ("": itself), with these values
#   Other("Class", ...)     a configuration of another class
# A value can be another configuration: Named("BertConfig"), or AsDict("BertConfig") as a dictionary.


@dataclasses.dataclass
class Named:
    """A configuration to build: the name of its class in transformers, and its values."""

    name: str
    values: dict = dataclasses.field(default_factory=dict)

    def make(self, library):
        return getattr(library.transformers, self.name)(**made(self.values, library))


class AsDict(Named):
    """The same as a dictionary, which is how configurations of several models take their parts."""

    def make(self, library):
        config = super().make(library)
        return {**config.to_dict(), "model_type": config.model_type}


def made(values, library):
    """The values, with every Named in them made (deep in dictionaries too)."""
    result = {}
    for name, value in values.items():
        if isinstance(value, Named):
            value = value.make(library)
        elif isinstance(value, dict):
            value = made(value, library)
        result[name] = value
    return result


@dataclasses.dataclass
class Config:
    values: dict = dataclasses.field(default_factory=dict)

    def make(self, cls, library):
        return cls.config_class(**made(self.values, library))


@dataclasses.dataclass
class Part:
    name: str
    values: dict = dataclasses.field(default_factory=dict)

    def make(self, cls, library):
        config = follow(cls.config_class(), self.name)
        for path, value in made(self.values, library).items():
            owner, _, name = path.rpartition(".")
            setattr(follow(config, owner), name, value)
        return config

    def maker(self, cls):
        return lambda: self.make(cls, None)


def follow(config, path):
    """The sub-configuration at a path of names joined by dots; the configuration itself for ""."""
    for name in filter(None, path.split(".")):
        config = getattr(config, name)
    return config


@dataclasses.dataclass
class Other:
    name: str
    values: dict = dataclasses.field(default_factory=dict)

    def make(self, cls, library):
        return Named(self.name, self.values).make(library)


RESNET = {  # a backbone of the library's own where the default is timm's
    "use_timm_backbone": False,
    "use_pretrained_backbone": False,
    "backbone": None,
    "backbone_config": Named(
        "ResNetConfig", {"out_features": ["stage1", "stage2", "stage3", "stage4"]}
    ),
}
FORECAST = [Config({"prediction_length": 24})]
IMAGE_TOKENS = {"<image>": 4, "IMGIMGA": 5}
HEAD_DIM = [Config({"head_dim": 128})]

EXPERTS = {
    "num_experts": 8,
    "top_k_experts": 2,
    "moe_intermediate_size": 704,
    "num_global_key_value_heads": 4,
}

RECIPES = {
    # Made of two or three models.
    "EncoderDecoderModel": [
        Config({"encoder": AsDict("BertConfig"), "decoder": AsDict("BertGenerationConfig")}),
    ],
    "SpeechEncoderDecoderModel": [
        Config({"encoder": AsDict("Wav2Vec2Config"), "decoder": AsDict("BertGenerationConfig")}),
    ],
    "VisionEncoderDecoderModel": [
        Config({"encoder": AsDict("ViTConfig"), "decoder": AsDict("BertGenerationConfig")}),
    ],
    "VisionTextDualEncoderModel": [
        Config({"vision_config": AsDict("ViTConfig"), "text_config": AsDict("BertConfig")}),
    ],
    "Rag*": [
        Config({"question_encoder": AsDict("DPRConfig"), "generator": AsDict("BartConfig")}),
    ],
    "MusicgenForConditionalGeneration": [
        Config({
            "text_encoder": AsDict("T5Config"),
            "audio_encoder": AsDict("EncodecConfig"),
            "decoder": AsDict("MusicgenDecoderConfig"),
        }),
    ],
    "MusicgenMelodyForConditionalGeneration": [
        Config({
            "text_encoder": AsDict("T5Config"),
            "audio_encoder": AsDict("EncodecConfig"),
            "decoder": AsDict("MusicgenMelodyDecoderConfig"),
        }),
    ],
    # Backbones.
    "BeitForSemanticSegmentation": [Config({"out_indices": [3, 5, 7, 11]})],
    "ConditionalDetr*": [Config(RESNET)],
    "DabDetr*": [Config(RESNET)],
    "DeformableDetr*": [Config(RESNET)],
    "Detr*": [Config(RESNET)],
    "OmDetTurbo*": [Config(RESNET)],
    "TableTransformer*": [Config(RESNET)],
    "ConvNextBackbone": [Config({"hidden_sizes": [96, 192, 384, 768]})],
    "ConvNextV2Backbone": [Config({"hidden_sizes": [96, 192, 384, 768]})],
    "FocalNetBackbone": [Config({"hidden_sizes": [192, 384, 768, 768]})],
    "VitMatteForImageMatting": [
        Config({
            "backbone_config": Named("VitDetConfig", {"out_features": ["stage12"]}),
            "convstream_hidden_sizes": [48, 96, 192],
            "fusion_hidden_sizes": [256, 128, 64, 32],
        }),
    ],
    # Parts of a model, which are built from a part of its configuration.
    "Aimv2TextModel": [Part("text_config")],
    "CsmDepthDecoderForCausalLM": [Part("depth_decoder_config")],
    "DeepseekOcr2SamVisionEncoder": [Part("vision_config.sam_config")],
    "DeepseekOcr2VisionEncoder": [Part("vision_config.encoder_config")],
    "DeepseekOcr2VisionModel": [Part("vision_config")],
    "DiaEncoder": [Part("encoder_config")],
    "DiaDecoder": [Part("decoder_config")],
    "Gemma4VisionModel": [Part("vision_config"), Other("Gemma4VisionConfig")],
    "GotOcr2VisionEncoder": [Part("vision_config")],
    "GroupViTTextTransformer": [Part("text_config")],
    "InstructBlipQFormerModel": [Part("qformer_config")],
    "InstructBlipVideoQFormerModel": [Part("qformer_config")],
    "Kosmos2VisionTransformer": [Part("vision_config")],
    "Owlv2TextTransformer": [Part("text_config")],
    "Owlv2VisionTransformer": [Part("vision_config")],
    "OwlViTTextTransformer": [Part("text_config")],
    "OwlViTVisionTransformer": [Part("vision_config")],
    "PaddleOCRTextModel": [Part("text_config")],
    "PPDocLayoutV2ReadingOrder": [Part("reading_order_config")],
    "PPFormulaNetVisionModel": [Part("vision_config")],
    "PPFormulaNetTextModel": [Part("text_config")],
    "Qwen3OmniMoeCode2Wav*": [Part("code2wav_config")],
    "SamVisionEncoder": [Part("vision_config")],
    "SamHQVisionEncoder": [Part("vision_config")],
    "Sam3DetrEncoder": [Part("detr_encoder_config")],
    "Sam3DetrDecoder": [Part("detr_decoder_config")],
    "Sam3MaskDecoder": [Part("mask_decoder_config")],
    "Sam3LiteTextDetrEncoder": [Part("detr_encoder_config")],
    "Sam3LiteTextDetrDecoder": [Part("detr_decoder_config")],
    "Sam3LiteTextMaskDecoder": [Part("mask_decoder_config")],
    "SLANeXtVisionEncoder": [Part("vision_config")],
    "T5GemmaEncoder": [Part("encoder")],
    "T5GemmaDecoder": [Part("decoder")],
    "T5GemmaEncoderModel": [Config({"is_encoder_decoder": False})],
    "T5Gemma2TextEncoder": [Part("", {"dropout_rate": 0.0})],
    "T5Gemma2Encoder": [Part("", {"dropout_rate": 0.0, "text_config.dropout_rate": 0.0}), Part("", {"dropout_rate": 0.0})],
    "T5Gemma2Decoder": [Part("", {"dropout_rate": 0.0})],
    # A value that has no default, or one that contradicts another.
    "Autoformer*": FORECAST,
    "Informer*": FORECAST,
    "TimeSeriesTransformer*": FORECAST,
    "AyaVision*": [Config({"vision_config": AsDict("SiglipVisionConfig", {"num_attention_heads": 12, "hidden_size": 1152})})],
    "BridgeTowerForContrastiveLearning": [Config({"contrastive_hidden_size": 512, "logit_scale_init_value": 2.6592})],
    "Chameleon*": [Config({"vocabulary_map": IMAGE_TOKENS})],
    "Emu3*": [Config({"vocabulary_map": IMAGE_TOKENS})],
    "Dots1*": [Config({"n_routed_experts": 8, "n_shared_experts": 1})],
    "Esm*": [Config({"vocab_size": 33, "pad_token_id": 1})],
    "EsmForProteinFolding": [Config({"vocab_size": 33, "pad_token_id": 1, "is_folding_model": True})],
    "Gemma4Assistant*": [Config({"text_config": AsDict("Gemma4TextConfig", {
            "hidden_size_per_layer_input": 0, "vocab_size_per_layer_input": 0})})],
    "Gemma4UnifiedAssistant*": [Config({"text_config": AsDict("Gemma4UnifiedTextConfig")})],
    "Granite4Vision*": [
        Config({
            "text_config": AsDict("Granite4VisionTextConfig"),
            "deepstack_layer_map": [[0, 0], [4, 8]],
            "spatial_target_layers": [12, 15, 18, 21],
            "downsample_rate": "4/8",
        }),
    ],
    "HieraForPreTraining": [Config({"mlp_ratio": 4.0, "decoder_hidden_size": 512, "decoder_depth": 8, "decoder_num_heads": 16})],
    "HunYuanDenseV1*": HEAD_DIM,
    "HunYuanMoEV1*": HEAD_DIM,
    "Idefics3*": [Config({"text_config": AsDict("LlamaConfig", {"pad_token_id": 2})}), Config({"pad_token_id": 2, "text_config": AsDict("LlamaConfig", {"vocab_size": 128259})})],
    "SmolVLM*": [Config({"pad_token_id": 2, "text_config": AsDict("LlamaConfig", {"vocab_size": 128259})})],
    "Lfm2Moe*": [Config({"layer_types": ["conv", "full_attention"] * 16})],
    "Ministral*": HEAD_DIM,
    "MoonshineStreaming*": [Config({"num_key_value_heads": 8})],
    "Nemotron*": [Config({"num_key_value_heads": 8})],
    "ReformerModelWithLMHead": [Config({"is_decoder": True})],
    "Wav2Vec2BertForCTC": [Config({"vocab_size": 32})],
    "Wav2Vec2ConformerForCTC": [Config({"vocab_size": 32})],
    "PerceiverForImageClassificationFourier": [Config({"num_cross_attention_heads": 1})],
    "PerceiverForImageClassificationConvProcessing": [Config({"num_cross_attention_heads": 1})],
    "PerceiverForOpticalFlow": [Config({"num_cross_attention_heads": 1})],
    "PerceiverForMultimodalAutoencoding": [Config({"num_cross_attention_heads": 1})],
    "Qwen3OmniMoeTalkerModel": [Part("", {"shared_expert_intermediate_size": 768})],
    "Qwen3OmniMoeTalkerForConditionalGeneration": [
        Part("", {"text_config.shared_expert_intermediate_size": 768, "spatial_merge_size": 2}),
    ],
    "Qwen3OmniMoeForConditionalGeneration": [
        Part("", {
            "talker_config.text_config.shared_expert_intermediate_size": 768,
            "talker_config.spatial_merge_size": 2,
        }),
    ],
    "Dbrx*": [Part("", {"attn_config.rope_theta": 10000.0})],
    "Sapiens2For*": [
        Config({"head_config": {
            "upsample_out_channels": [768, 512], "upsample_kernel_sizes": [4, 4],
            "conv_out_channels": [256, 256], "conv_kernel_sizes": [1, 1],
        }}),
    ],
    "DeepseekOcr2TextModel": [Part("", {"mlp_layer_types": ["sparse"] * 32})],
    "DeepseekOcr2Model": [Part("", {"text_config.mlp_layer_types": ["sparse"] * 32})],
    "DeepseekOcr2For*": [Part("", {"text_config.mlp_layer_types": ["sparse"] * 32})],
    "DiffusionGemmaEncoderTextModel": [Part("", EXPERTS)],
    "DiffusionGemma*": [
        Part("", {
            "vision_config": Named("Gemma4VisionConfig"),
            **{f"text_config.{name}": value for name, value in EXPERTS.items()},
        }),
    ],
    "ViltForImagesAndTextClassification": [Config({"num_images": 2})],
}
# RECIPES END


def configurations(cls, library):
    """Functions that make a configuration for the class, to be tried in order."""
    yield cls.config_class
    for pattern, recipes in RECIPES.items():
        if fnmatch.fnmatchcase(cls.__name__, pattern):
            for recipe in recipes:
                yield lambda recipe=recipe: recipe.make(cls, library)
    yield from parts_for(cls)


def parts_for(cls):
    """For a part of a model that shares the whole model's configuration: the sub-configuration that
    its constructor names, and those that the name of the class holds (FooVisionModel:
    vision_config)."""
    parts = getattr(cls.config_class, "sub_configs", None) or {}
    wanted = annotated_config(cls)
    if wanted is not None:
        for name, part in parts.items():
            if part is wanted:
                yield Part(name).maker(cls)
        yield wanted
    for name in named_parts(cls):
        yield Part(name).maker(cls)


def annotated_config(cls):
    """The class of configurations that the constructor names, if it is not the model's own."""
    wanted = getattr(cls.__init__, "__annotations__", {}).get("config")
    return wanted if isinstance(wanted, type) and wanted is not cls.config_class else None


def named_parts(cls):
    """The names of sub-configurations that the name of the class holds, the longest first."""
    parts = getattr(cls.config_class, "sub_configs", None) or {}
    stems = {name: name.replace("_config", "").replace("_", "") for name in parts}
    own = cls.__name__.lower()
    for name in sorted(stems, key=lambda name: -len(stems[name])):
        if stems[name] and stems[name] in own:
            yield name


# --- Classes --------------------------------------------------------------------------------------


class Library:
    """The installed transformers and torch, and the code of the user's own."""

    def __init__(self, imports=()):
        # Somebody's own modules are looked for where the program was started, too.
        if "" not in sys.path:
            sys.path.insert(0, "")
        try:
            # What the library prints while it is imported is not ours to pass on.
            with contextlib.redirect_stdout(io.StringIO()):
                self.torch = importlib.import_module("torch")
                self.transformers = importlib.import_module("transformers")
                self.base = self.transformers.PreTrainedModel
        except ImportError as error:
            raise ExportError(
                f"{error}: this describes the transformers and torch of the Python that runs it; "
                "install both, or run it with the Python that has them"
            ) from error
        self.release = self.transformers.__version__
        for name in imports:
            import_module(name)

    def model_classes(self):
        """(folder, class) of every model class of the library, in the order of the source, and a
        reason for each of its modules that cannot be imported."""
        models = importlib.import_module("transformers.models")
        found, faults = [], []
        root = os.path.dirname(models.__file__)
        for folder in sorted(os.listdir(root)):
            path = os.path.join(root, folder)
            files = sorted(os.listdir(path)) if os.path.isdir(path) else []
            for file in files:
                stem, extension = os.path.splitext(file)
                if not stem.startswith("modeling_") or extension != ".py":
                    continue
                name = f"transformers.models.{folder}.{stem}"
                try:
                    with contextlib.redirect_stdout(io.StringIO()):
                        module = importlib.import_module(name)
                except Exception as error:  # any: the module is somebody else's code
                    faults.append((name, reason(error)))
                    continue
                found.extend((folder, cls) for cls in self.classes_of(module))
        return found, faults

    def classes_of(self, module):
        """The model classes that a module defines, without the base classes, which nobody loads."""
        for value in list(vars(module).values()):
            if not isinstance(value, type) or not issubclass(value, self.base):
                continue
            if value.__module__ != module.__name__:
                continue
            if not value.__name__.endswith("PreTrainedModel"):
                yield value

    def build(self, cls, config):
        """The model on the meta device."""
        with self.torch.device("meta"):
            return cls(config)


def import_module(name):
    try:
        return importlib.import_module(name)
    except Exception as error:  # any: the module is somebody else's code
        raise ExportError(f"cannot import {name}: {reason(error)}") from error


def reason(error):
    """An exception in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def class_by_path(path, library):
    """The class that `package.module:Class` names."""
    module_name, _, class_name = path.partition(":")
    module = import_module(module_name)
    cls = getattr(module, class_name, None)
    if not isinstance(cls, type) or not issubclass(cls, library.base):
        raise ExportError(f"{path}: {module_name} has no model class '{class_name}'")
    return cls


def choose(classes, patterns):
    """Those of the (folder, class) pairs whose name matches a pattern; each pattern must match."""
    chosen = []
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(cls.__name__, pattern) for _, cls in classes):
            raise ExportError(f"no model class matches '{pattern}'")
    for folder, cls in classes:
        if any(fnmatch.fnmatchcase(cls.__name__, pattern) for pattern in patterns):
            chosen.append((folder, cls))
    return chosen


# --- Layouts --------------------------------------------------------------------------------------


def layout_of(model, folder, library):
    """One line of a layouts file, as docs/layout.schema.json has it."""
    cls = type(model)
    tensors = model.state_dict(keep_vars=True)
    # The engine's own list of ties, as far as they were made: the class may declare more.
    tied = {
        target: source
        for target, source in getattr(model, "all_tied_weights_keys", {}).items()
        if target in tensors and tensors[target] is tensors.get(source)
    }
    declared = model._tied_weights_keys
    return {
        "class": cls.__name__,
        "model_type": model_type(model),
        "base_model_prefix": model.base_model_prefix,
        "dir": folder,
        "modules": [
            {"path": path, "class": type(module).__name__, "model_type": model_type(module)}
            for path, module in model.named_modules()
            if isinstance(module, library.base)
        ],
        "keys": {
            name: [list(tensor.shape), str(tensor.dtype).removeprefix("torch.")]
            for name, tensor in tensors.items()
        },
        "tied": tied,
        "declared_tied": declared if declared is None or isinstance(declared, dict) else list(declared),
    }


def model_type(module):
    return getattr(module.config, "model_type", None) or ""


def build_layout(folder, cls, library):
    """The layout of a class, from the first of its configurations that builds. Raises what the
    library raised for the first one."""
    first = None
    for make in configurations(cls, library):
        try:
            return layout_of(library.build(cls, make()), folder, library)
        except Exception as error:  # any: the code that builds models is somebody else's
            first = first or error
    raise first


def config_of(path, library):
    """The class and the configuration that a config.json describes."""
    try:
        with open(path, encoding="utf-8") as file:
            values = json.load(file)
    except (OSError, ValueError) as error:
        raise ExportError(f"{path}: {reason(error)}") from error
    if not isinstance(values, dict) or not isinstance(values.get("model_type"), str):
        raise ExportError(f"{path}: it has no model_type")
    kind = values["model_type"]
    mapping = importlib.import_module("transformers.models.auto.configuration_auto").CONFIG_MAPPING
    try:
        config_class = mapping[kind]
    except KeyError:
        raise ExportError(
            f"{path}: transformers {library.release} has no model_type '{kind}'; if it is your own, "
            "name its class as well (package.module:Class)"
        ) from None
    return values, config_class


def model_of_config(path, cls, library):
    """The model of a config.json: of the given class, or of the class that it names itself."""
    if cls is not None:
        with open(path, encoding="utf-8") as file:
            return library.build(cls, cls.config_class.from_dict(json.load(file)))
    values, config_class = config_of(path, library)
    names = values.get("architectures") or []
    classes, _ = library.model_classes()
    for name in names:
        for _, candidate in classes:
            if candidate.__name__ == name:
                return library.build(candidate, config_class.from_dict(values))
    what = f"none of its architectures ({', '.join(names)})" if names else "no architectures"
    raise ExportError(f"{path}: it names {what} that transformers {library.release} has; name the class")


# --- The registry ---------------------------------------------------------------------------------

PREFIXES = ("prefix_to_add", "prefix_to_remove", "model_prefix")


def registry_of(library):
    """The registry as the engine has it now, by docs/registry.schema.json: what its module builds,
    and what has been registered since."""
    module = importlib.import_module("transformers.conversion_mapping")
    module.get_checkpoint_conversion_mapping("legacy")  # builds it, unless that was done
    entries = {
        name: [transform_of(transform, name) for transform in transforms]
        for name, transforms in module._checkpoint_conversion_mapping_cache.items()
    }
    aliases = {
        name: entry
        for name, entry in module._MODEL_TO_CONVERSION_PATTERN.items()
        if entry in entries or name in entries
    }
    return {"transformers": library.release, "aliases": aliases, "entries": entries}


def transform_of(transform, entry):
    """One transform as it was written: the engine works on edited copies of the patterns."""
    result = {"type": type(transform).__name__}
    if result["type"] == "PrefixChange":
        result.update((n, getattr(transform, n)) for n in PREFIXES if getattr(transform, n))
        return result
    result["source"] = list(transform._original_source_patterns)
    result["target"] = list(transform._original_target_patterns)
    if hasattr(transform, "operations"):
        result["operations"] = [operation_of(op, entry) for op in transform.operations]
    return result


def operation_of(operation, entry):
    result = {"op": type(operation).__name__}
    for name, value in vars(operation).items():
        if isinstance(value, tuple):
            value = list(value)
        if not isinstance(value, (int, str, bool, type(None), list)):
            raise ExportError(
                f"entry '{entry}': {result['op']} has a parameter {name} of type "
                f"{type(value).__name__}, which a registry file cannot say"
            )
        result[name] = value
    return result


# --- Output ---------------------------------------------------------------------------------------


def write(path, text):
    """To standard output for "-"; otherwise to a file, completely or not at all, compressed if it ends in .xz."""
    if path == "-":
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    data = text.encode("utf-8")
    if path.endswith(".xz"):
        data = lzma.compress(data, preset=6)
    folder = os.path.dirname(os.path.abspath(path))
    try:
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".wcheck_export.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            # mkstemp's file is for its owner alone; this one is as any other new file.
            mask = os.umask(0)
            os.umask(mask)
            os.chmod(temporary, 0o666 & ~mask)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror}") from error


def say(text):
    print(text, file=sys.stderr, flush=True)


class Progress:
    """Progress: one line that is overwritten on a terminal, otherwise every hundredth line."""

    def __init__(self, total):
        self.total = total
        self.terminal = sys.stderr.isatty()

    def show(self, done, name):
        if self.terminal:
            print(f"\r\033[K[{done}/{self.total}] {name}", end="", file=sys.stderr, flush=True)
        elif done % 100 == 0:
            say(f"[{done}/{self.total}] {name}")

    def end(self):
        if self.terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


# --- Commands -------------------------------------------------------------------------------------


def export_layouts(arguments):
    library = Library(arguments.imports)
    paths = [name for name in arguments.classes if ":" in name]
    patterns = [name for name in arguments.classes if ":" not in name]
    own = [("", class_by_path(path, library)) for path in paths]

    if arguments.config:
        if patterns or len(own) > 1:
            raise ExportError("--config takes one class at most, by its import path (module:Class)")
        try:
            model = model_of_config(arguments.config, own[0][1] if own else None, library)
        except ExportError:
            raise
        except Exception as error:  # any: the code that builds models is somebody else's
            raise ExportError(f"{arguments.config}: cannot build it: {reason(error)}") from error
        parts = type(model).__module__.split(".")
        folder = parts[2] if parts[:2] == ["transformers", "models"] else ""
        write(arguments.output, line(layout_of(model, folder, library)))
        return 0

    classes, faults = [], []
    if patterns or not own:
        classes, faults = library.model_classes()
    if patterns:
        classes = choose(classes, patterns)
    classes += own

    progress = Progress(len(classes))
    lines, not_built = {}, [(name, why) for name, why in faults if not arguments.classes]
    for number, (folder, cls) in enumerate(classes, 1):
        progress.show(number, cls.__name__)
        if cls.__name__ in lines:
            not_built.append((f"{cls.__module__}.{cls.__name__}", "another class has this name"))
            continue
        try:
            lines[cls.__name__] = line(build_layout(folder, cls, library))
        except Exception as error:  # any: the code that builds models is somebody else's
            not_built.append((cls.__name__, reason(error)))
    progress.end()
    for name, why in not_built:
        say(f"not built: {name}: {why}")
    if not lines:
        raise ExportError("no class could be built")
    write(arguments.output, "".join(lines.values()))
    say(f"{len(lines)} classes of transformers {library.release} written, {len(not_built)} not built")
    # Whoever names a class wants that class; of all classes, some need what is not installed.
    return 1 if arguments.classes and not_built else 0


def line(layout):
    return json.dumps(layout, separators=(",", ":")) + "\n"


def export_registry(arguments):
    library = Library(arguments.imports)
    registry = registry_of(library)
    write(arguments.output, json.dumps(registry, indent=1) + "\n")
    say(f"{len(registry['entries'])} entries of transformers {library.release} written")
    return 0


def main():
    overview, _, details = __doc__.partition("\n")
    parser = argparse.ArgumentParser(
        prog="wcheck_export.py",
        description=overview + "\n" + details,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name, run, summary):
        sub = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        sub.set_defaults(run=run)
        sub.add_argument(
            "-o", "--output", required=True, metavar="FILE",
            help="write to this file, completely or not at all; - is standard output")
        sub.add_argument(
            "--import", dest="imports", action="append", default=[], metavar="MODULE",
            help="import this module first, for the mappings that it registers (repeatable)")
        return sub

    layouts = command("layouts", export_layouts, "write layouts, one a line (.jsonl or .jsonl.xz)")
    layouts.add_argument(
        "classes", nargs="*", metavar="CLASS",
        help="a class of transformers (* and ? match several), or module:Class (default: every class)")
    layouts.add_argument("--config", metavar="FILE", help="build the model of this config.json")
    command("registry", export_registry, "write the registry (.json)")

    arguments = parser.parse_args()
    try:
        return arguments.run(arguments)
    except ExportError as error:
        say(f"wcheck_export.py: error: {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
