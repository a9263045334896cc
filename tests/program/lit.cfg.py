"""The suite of tests of the program: every testdata/<area>/*.test.

A test is a text file with RUN lines (bash; each must succeed, pipelines included) and what
FileCheck is to find in their output. Beside lit's own %s, %S and %t there are:

  %wcheck          the program
  %exits N CMD...  runs CMD and succeeds if its exit status is exactly N
  %fixtures        the project's fixtures/
  %python          the Python that runs lit
  %expect TEST DIR holds the whole reports of the CASE lines of a test against its .expected file
                   (tools/renew_expected writes those anew)
  FileCheck        LLVM's, and its split-file

`REQUIRES: corpus` marks a test of the reference data, found at %corpus (WCHECK_CORPUS), and `REQUIRES: cases` one of
the cases of users, found at %cases (WCHECK_CASES, or `cases` beside the corpus).
"""

import os
import sys

import lit.formats

config.name = "program"
config.test_format = lit.formats.ShTest(execute_external=True)
config.suffixes = [".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.join(config.source_dir, "testdata")
config.test_exec_root = os.path.join(config.build_dir, "tests", "program")

exits = os.path.join(config.source_dir, "tests", "program", "exits")
expect = os.path.join(config.source_dir, "tests", "program", "expect")
config.substitutions += [
    ("%expect", f"{sys.executable} {expect} {config.program}"),
    ("%wcheck", config.program),
    ("%exits", exits),
    ("%fixtures", os.path.join(config.source_dir, "fixtures")),
    ("%python", sys.executable),
    (r"\bFileCheck\b", os.path.join(config.llvm_tools, "FileCheck")),
    (r"\bsplit-file\b", os.path.join(config.llvm_tools, "split-file")),
]

# Output must not depend on the terminal or language of whoever runs the tests.
config.environment["LC_ALL"] = "C.UTF-8"
config.environment["TERM"] = "dumb"
for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "WCHECK_RENEW"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

corpus = os.environ.get("WCHECK_CORPUS", "")
if corpus:
    config.available_features.add("corpus")
    config.environment["WCHECK_CORPUS"] = corpus
    config.substitutions.append(("%corpus", corpus))
else:
    lit_config.note("WCHECK_CORPUS is not set: tests that need the reference data are skipped")

# The cases lie beside the corpus; in a checkout of the whole workspace, beside the project.
beside = [os.environ.get("WCHECK_CASES", ""), os.path.join(os.path.dirname(corpus.rstrip("/")), "cases") if corpus else "",
          os.path.join(os.path.dirname(config.source_dir), "shared", "cases")]
cases = next((folder for folder in beside if folder and os.path.isdir(folder)), "")
if cases:
    config.available_features.add("cases")
    config.substitutions.append(("%cases", os.path.abspath(cases)))
else:
    lit_config.note("no cases are found (WCHECK_CASES, or beside the corpus): tests that need them are skipped")
