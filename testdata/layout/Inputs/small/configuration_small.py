from ...configuration_utils import PreTrainedConfig


class SmallTextConfig(PreTrainedConfig):
    model_type = "small_text"

    def __init__(self, hidden_size=4, pattern=None, **kwargs):
        self.hidden_size = hidden_size
        self.pattern = pattern
        super().__init__(**kwargs)


class SmallVisionConfig(PreTrainedConfig):
    model_type = "small_vision"

    def __init__(self, patches=None, **kwargs):
        self.patches = patches
        super().__init__(**kwargs)


class SmallConfig(PreTrainedConfig):
    model_type = "small"
    sub_configs = {"text_config": SmallTextConfig, "vision_config": SmallVisionConfig}

    def __init__(self, text_config=None, vision_config=None, **kwargs):
        self.text_config = text_config or SmallTextConfig()
        self.vision_config = vision_config or SmallVisionConfig()
        super().__init__(**kwargs)


__all__ = ["SmallConfig", "SmallTextConfig", "SmallVisionConfig"]
