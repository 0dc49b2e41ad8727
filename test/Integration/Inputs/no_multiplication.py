"""Fails where kernels' assembly multiplies.

    no_multiplication.py LIB.json FILE.s...

Every instruction of x86 that multiplies counts, those on addresses too. Only
kernels at the borders, which turn codes into floats or back (as LIB.json says of
their ops), may multiply floats.
"""

import json
import re
import sys
from pathlib import Path

MULTIPLY = re.compile(
    r"^\s+(mulx?[bwlq]?|imul[bwlq]?|v?pmul\w+|v?pmadd\w+|vpdp\w+|v?mul[ps][sdh]"
    r"|vfn?m(add|sub)\w+|v?dpp[sd]|vdpbf16ps)\s"
)
FLOAT = re.compile(r"^\s+v?mul[ps][sd]\s")
BORDER = {"quantize", "dequantize"}


def main():
    library = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    border = {
        layer["kernel"] for layer in library["layers"] if BORDER & set(layer["ops"])
    }
    failed = False
    for name in sys.argv[2:]:
        path = Path(name)
        kernel = path.name.split(".")[0]
        lines = path.read_text(encoding="utf-8").splitlines()
        if not any(line.strip().startswith("ret") for line in lines):
            sys.exit(f"{path}: no code")
        for line in lines:
            if MULTIPLY.match(line) and not (kernel in border and FLOAT.match(line)):
                print(f"{path}: {line.strip()}")
                failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
