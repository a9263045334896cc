import json


def configurations(cls, text):
    """The configuration that a published config.json describes, for a class that may be a part of
    the model: chosen as from_pretrained of its configuration does."""
    values = json.loads(text)
    named = cls.__name__ in (values.get("architectures") or ())
    wanted = getattr(cls.config_class, "model_type", "")
    key = getattr(cls.config_class, "base_config_key", "")
    if key and isinstance(values.get(key), dict):
        values = values[key]
    if values.get("model_type") not in (None, "", wanted):
        for value in list(values.values()):
            if isinstance(value, dict) and value.get("model_type") == wanted:
                values = value
    # The library loads a class that config.json names with whatever stands there.
    if not named and values.get("model_type") not in (None, "", wanted):
        raise ValueError(
            f"config.json is of a model of type {values.get('model_type')!r}, and {cls.__name__} of type {wanted!r}"
        )
    yield lambda: cls.config_class.from_dict(values)
