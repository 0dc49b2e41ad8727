"""Runs a program that has to refuse its input, and checks how it does.

    fails.py CODE [--lines N] [--absent FILE]... -- COMMAND...

The program ends with the exit code, prints nothing on its standard output and
N lines (1) on its standard error, which this prints for FileCheck. No FILE
(a pattern) exists afterwards.
"""

import argparse
import glob
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("code", type=int)
parser.add_argument("--lines", type=int, default=1)
parser.add_argument("--absent", action="append", default=[])
split = sys.argv.index("--")
arguments = parser.parse_args(sys.argv[1:split])

run = subprocess.run(
    sys.argv[split + 1 :],
    stdin=subprocess.DEVNULL,
    capture_output=True,
    text=True,
    errors="replace",
)
print(run.stderr, end="")
problems = []
if run.returncode != arguments.code:
    problems.append(f"exit code {run.returncode}, not {arguments.code}")
if run.stdout:
    problems.append(f"standard output: {run.stdout[:200]!r}")
if len(run.stderr.splitlines()) != arguments.lines:
    problems.append(
        f"{len(run.stderr.splitlines())} lines of errors, not {arguments.lines}"
    )
for pattern in arguments.absent:
    problems += [f"left {path}" for path in glob.glob(pattern)]
for problem in problems:
    print(f"fails.py: {problem}: {' '.join(sys.argv[split + 1:])}", file=sys.stderr)
sys.exit(bool(problems))
