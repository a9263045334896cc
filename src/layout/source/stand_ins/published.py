import json


def configurations(cls, text):
    """The configuration that a published config.json describes, for a class that may be a part of
    the model."""
    values = json.loads(text)

    def whole():
        return cls.config_class.from_dict(values)

    def part(name):
        return lambda: cls.config_class.from_dict(values[name])

    wanted = getattr(cls.config_class, "model_type", "")
    if values.get("model_type") in (None, "", wanted):
        yield whole
        return
    for name, value in values.items():
        if isinstance(value, dict) and value.get("model_type") == wanted:
            yield part(name)
            return
    raise ValueError(
        f"config.json is of a model of type {values.get('model_type')!r}, and {cls.__name__} of type {wanted!r}"
    )
