"""Resumes and interprets every dumped stage of a model.

    check_stages.py FOLDER --library LIB.so --inputs IN.npz [--relative R]

The library of every stage is the one given, byte for byte, and the interpreter
agrees with it on every stage: bit for bit, or within R of the largest output.
"""

import argparse
import subprocess
import sys
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--library", type=Path, required=True)
parser.add_argument("--inputs", required=True)
parser.add_argument("--relative")
options = parser.parse_args()


def run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


compare = [sys.executable, Path(__file__).with_name("compare.py")]
tolerance = ["--relative", options.relative] if options.relative else []
expected = options.folder / "library.npz"
run("shiftadd-run", options.library, "--inputs", options.inputs, "--outputs", expected)
stages = sorted(options.folder.glob("*.mlir"))
for stage in stages:
    # The library holds its own file name.
    resumed = options.folder / "resumed" / options.library.name
    resumed.parent.mkdir(exist_ok=True)
    run("shiftadd-compile", stage, "-o", resumed)
    if resumed.read_bytes() != options.library.read_bytes():
        sys.exit(f"{stage}: leads to another library")
    actual = stage.with_suffix(".npz")
    run("shiftadd-run", stage, "--interpret", "--inputs", options.inputs, "--outputs", actual)
    run(*compare, actual, expected, *tolerance)
    print(f"{stage.name}: same library, same results")
if not stages:
    sys.exit(f"{options.folder}: no stages")
