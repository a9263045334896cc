import unittest

import pytest
from parameterized import parameterized

from transformers import SmallConfig, SmallTextConfig, SmallVisionConfig, is_torch_available

from ...small_tester import SmallModelTester as Tester

if is_torch_available():
    from transformers import SmallModel, SmallTextModel


class SmallTextModelTester(Tester):
    config_class = SmallTextConfig
    base_model_class = SmallTextModel

    def __init__(self, parent, pattern=[3, 5]):
        super().__init__(parent)
        self.pattern = pattern


class SmallModelTester:
    all_model_classes = (SmallModel,)

    def __init__(self, parent, hidden_size=6, patches=9):
        self.parent = parent
        self.hidden_size = hidden_size
        self.patches = patches

    def get_config(self):
        return SmallConfig(
            text_config=SmallTextConfig(hidden_size=self.hidden_size, pattern=[7]),
            vision_config=SmallVisionConfig(patches=self.patches),
        )


@pytest.mark.slow
class SmallModelTest(unittest.TestCase):
    @parameterized.expand([("a",), ("b",)])
    def test_forward(self, name):
        self.assertTrue(name)
