"""The environment of the hooks: the wheel of wcheck of this version, and nothing of its own.

Building the program takes a C++ compiler and some minutes; a hook takes the released wheel instead, by its
address: on PyPI its name belongs to another project. WCHECK_WHEEL is another address, such as a mirror's.
"""
import os
import pathlib
import re

from setuptools import setup

lists = pathlib.Path(__file__).with_name("CMakeLists.txt").read_text(encoding="utf-8")
version = re.search(r"project\(wcheck VERSION ([0-9.]+)", lists).group(1)
home = re.search(r'HOMEPAGE_URL "(.*)"', lists).group(1)
wheel = os.environ.get("WCHECK_WHEEL") or (
    f"{home}/releases/download/v{version}/wcheck-{version}-py3-none-manylinux_2_28_x86_64.whl")
setup(name="wcheck-hooks", version=version, packages=[], py_modules=[],
      install_requires=[f"wcheck @ {wheel}"])
