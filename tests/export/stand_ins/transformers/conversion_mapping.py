"""Stands in for the engine's registry. Like the engine, it keeps the patterns as written beside its own."""


class WeightTransform:
    def __init__(self, source, target):
        self._original_source_patterns, self._original_target_patterns = [source], [target]
        self.source_patterns = [f"({source})"]
        self.target_patterns = [target.lstrip("^")]


class WeightRenaming(WeightTransform):
    pass


class PrefixChange(WeightRenaming):
    def __init__(self, prefix_to_add=None, prefix_to_remove=None, model_prefix=None):
        super().__init__("^x", "x")
        self.prefix_to_add, self.prefix_to_remove = prefix_to_add, prefix_to_remove
        self.model_prefix = model_prefix or ""


class Chunk:
    def __init__(self, dim=0):
        self.dim = dim


class WeightConverter(WeightTransform):
    def __init__(self, source, target, operations):
        super().__init__(source, target)
        self.operations = operations


_MODEL_TO_CONVERSION_PATTERN = {"hornet": "bee"}
_checkpoint_conversion_mapping_cache = None


def get_checkpoint_conversion_mapping(name):
    global _checkpoint_conversion_mapping_cache
    if _checkpoint_conversion_mapping_cache is None:
        bee = [WeightRenaming("^old", "^new"), WeightConverter("qkv", "q", [Chunk(1)])]
        _checkpoint_conversion_mapping_cache = {
            "bee": bee,
            "BeeModel": [PrefixChange(prefix_to_remove="model")],
            "legacy": [WeightRenaming("gamma", "weight")],
            "hornet": list(bee),
        }
    return _checkpoint_conversion_mapping_cache.get(name)


def register_checkpoint_conversion_mapping(name, transforms):
    get_checkpoint_conversion_mapping("legacy")
    _checkpoint_conversion_mapping_cache[name] = transforms
