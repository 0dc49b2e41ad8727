"""damage.py FOLDER SCRATCH: compiles damaged copies of every model in FOLDER.

Each model is cut at many places and has single bytes changed (by a fixed
seed). The import must end with one of the documented exit codes other than the
one of internal errors, and with one line at least when it fails.
"""

import random
import subprocess
import sys
from pathlib import Path

CUTS = 5
CHANGES = 6


def damaged(content, source):
    for i in range(CUTS):
        yield content[: len(content) * i // CUTS]
    for _ in range(CHANGES):
        copy = bytearray(content)
        copy[source.randrange(len(copy))] = source.randrange(256)
        yield bytes(copy)


def main():
    source = random.Random(1)
    scratch = Path(sys.argv[2])
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / "damaged.onnx"
    count = 0
    for model in sorted(Path(sys.argv[1]).glob("*.onnx")):
        for content in damaged(model.read_bytes(), source):
            path.write_bytes(content)
            run = subprocess.run(
                ["shiftadd-compile", path, "--compile-to=import", "-o", "-"],
                capture_output=True,
            )
            if run.returncode not in (0, 1, 3) or (run.returncode and not run.stderr):
                print(run.stderr.decode(errors="replace"))
                sys.exit(f"{model.name}: exit code {run.returncode}; see {path}")
            count += 1
    if count < 100:
        sys.exit(f"only {count} files were tried")


if __name__ == "__main__":
    main()
