from transformers.models.bee.modeling_bee import BeeConfig

CONFIG_MAPPING = {"bee": BeeConfig}
