"""Tests that run the command line tools on files.

SHIFTADD_VERIFY_ROUNDTRIP=1 in the environment makes every shiftadd-opt also
check that the IR it ends with survives text and bytecode.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import lit.formats

config.name = "shiftadd"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "checks", "install", "unit"]
config.test_source_root = os.path.dirname(__file__)

# FileCheck, not, count and split-file come from LLVM's folder, under their
# plain names.
config.environment["PATH"] = os.pathsep.join(
    [config.tools_dir, config.llvm_tools_dir, os.environ.get("PATH", "")]
)
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --dump-input-filter=all"

# MLIR's round-trip check reads bytecode from an unaligned buffer, which large
# weights do not survive: tests with such weights call %bin/shiftadd-opt.
config.substitutions.append(("%bin", config.tools_dir))
if os.environ.get("SHIFTADD_VERIFY_ROUNDTRIP") == "1":
    # Only where a command begins: file names may contain the tool's name.
    config.substitutions.append(
        (r"(?<![\w/.-])shiftadd-opt(?![\w/.-])", "shiftadd-opt --verify-roundtrip")
    )

config.substitutions.append(("%root", config.source_root))
config.substitutions.append(("%tools-inputs", f"{config.test_source_root}/Tools/Inputs"))
config.substitutions.append(
    ("%integration-inputs", f"{config.test_source_root}/Integration/Inputs")
)
config.substitutions.append(("%models", str(Path(config.source_root, "models"))))

# Larger networks that are no part of the repository. Tests that need them
# count as skipped where they are missing.
shared = Path(config.source_root).parent / "shared" / "models"
if shared.is_dir():
    config.available_features.add("shared-models")
    config.substitutions.append(("%shared", str(shared)))

# tools/setup --python=test makes this environment.
numpy_python = Path(config.source_root, ".deps", "python-test", "bin", "python")
if numpy_python.exists():
    config.available_features.add("numpy")
config.substitutions.append(
    ("%python", str(numpy_python) if numpy_python.exists() else sys.executable)
)

# tools/setup --python=schemes makes this one.
schemes_python = Path(config.source_root, ".deps", "python-schemes", "bin", "python")
if schemes_python.exists():
    config.available_features.add("schemes")
    config.substitutions.append(("%schemes-python", str(schemes_python)))

# Tests share kernels with each other, but not with an earlier run: a changed
# code generator must not be tested on what it made before.
cache = Path(config.test_exec_root, "cache")
shutil.rmtree(cache, ignore_errors=True)
config.environment["XDG_CACHE_HOME"] = str(cache)

# A file system of a few KB, for tests of a full disk.
if not subprocess.run(
    ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True
).returncode:
    config.available_features.add("tmpfs")

# What this machine can execute.
cpu_flags = set(Path("/proc/cpuinfo").read_text().split())
if {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= cpu_flags:
    config.available_features.add("x86-64-v4")

# Tests that take more than seconds.
if lit_config.params.get("long"):
    config.available_features.add("long")
