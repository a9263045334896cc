from inspect import signature


class SmallModelTester:
    """As the library's own testers: what the configuration takes and the tester has."""

    config_class = None
    base_model_class = None

    def __init__(self, parent):
        self.hidden_size = 8

    def get_config(self):
        names = list(signature(self.config_class.__init__).parameters.keys())
        return self.config_class(**{name: getattr(self, name) for name in names if hasattr(self, name)})
