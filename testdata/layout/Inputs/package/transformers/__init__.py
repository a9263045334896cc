from typing import TYPE_CHECKING

__version__ = "5.24.0"

if TYPE_CHECKING:
    from .configuration_utils import PreTrainedConfig
    from .modeling_utils import PreTrainedModel
    from .models import *
