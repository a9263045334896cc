from _machine import module_exists


class PackageNotFoundError(ModuleNotFoundError):
    pass


# The packages that a layout is built with, in the versions that the stand-ins follow.
_versions = {
    "torch": "2.13.0",
    "numpy": "2.3.0",
    "huggingface_hub": "1.99.0",
    "huggingface-hub": "1.99.0",
    "packaging": "25.0",
    "safetensors": "0.7.0",
    "tokenizers": "0.22.1",
    "tqdm": "4.67.0",
    "scipy": "1.16.0",
    "regex": "2025.1.1",
    "pyyaml": "6.0",
    "filelock": "3.20.0",
    "httpx": "0.28.0",
    "requests": "2.32.0",
}


def version(name):
    if name in _versions:
        return _versions[name]
    raise PackageNotFoundError(name)


def metadata(name):
    return {"Version": version(name), "version": version(name)}


def packages_distributions():
    return {name.replace("-", "_"): [name] for name in _versions}


def distribution(name):
    version(name)
    return None
