"""Stands in for transformers: a handful of model classes, each with a reason to be here."""

__version__ = "5.99.0"
print("the library talks while it is imported")


class PreTrainedConfig:
    model_type = ""

    def __init__(self, **values):
        for name, value in values.items():
            setattr(self, name, value)

    @classmethod
    def from_dict(cls, values):
        return cls(**{name: value for name, value in values.items() if name != "model_type"})

    def to_dict(self):
        return dict(vars(self))


class PreTrainedModel:
    config_class = None
    base_model_prefix = ""
    _tied_weights_keys = None

    def __init__(self, config):
        self.config = config
        self.tensors, self.children = {}, {}
        self.all_tied_weights_keys = {}

    def named_modules(self, prefix=""):
        yield prefix, self
        for name, child in self.children.items():
            yield from child.named_modules(f"{prefix}.{name}" if prefix else name)

    def state_dict(self, keep_vars=False):
        assert keep_vars
        state = dict(self.tensors)
        for name, child in self.children.items():
            state.update((f"{name}.{key}", tensor) for key, tensor in child.state_dict(True).items())
        return state


class BertConfig(PreTrainedConfig):
    model_type = "bert"


class BertGenerationConfig(PreTrainedConfig):
    model_type = "bert-generation"
