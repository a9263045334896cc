"""The weight-conversion mappings of model libraries, applied to names and judged.

    mapping = wcheck.Mapping.of("transformers==5.24", model="MixtralForCausalLM")
    mapping.load_names(["model.layers.0.block_sparse_moe.gate.weight"])

The package runs the wcheck program, which comes with it. docs/python.md has recipes.
"""
from ._mapping import Comparison, Finding, Mapping, Report
from ._program import Error, program

__all__ = ["Comparison", "Error", "Finding", "Mapping", "Report", "program"]
