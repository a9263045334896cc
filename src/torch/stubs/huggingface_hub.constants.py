from _machine import unknown

HF_HUB_OFFLINE = True
HF_HUB_DISABLE_TELEMETRY = True
HF_HOME = "hf"
HF_HUB_CACHE = "hf/hub"


def __getattr__(name):
    return unknown(f"huggingface_hub.constants.{name}")
