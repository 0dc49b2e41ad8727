"""Checks the JSON of `shiftadd-run --evaluate` on the standard input.

    bounds.py [--signal-to-noise DB] [--agreement SHARE] [--accuracy SHARE]

Every figure has to reach its bound.
"""

import argparse
import json
import sys

parser = argparse.ArgumentParser()
parser.add_argument("--signal-to-noise", type=float)
parser.add_argument("--agreement", type=float)
parser.add_argument("--accuracy", type=float)
arguments = parser.parse_args()

figures = json.load(sys.stdin)
failed = False
for name, bound in vars(arguments).items():
    if bound is None:
        continue
    key = "signal_to_noise_db" if name == "signal_to_noise" else name
    print(f"{key}: {figures[key]:.4f}, at least {bound}")
    failed |= not figures[key] >= bound
sys.exit(failed)
