"""Checks what every compiled library promises besides its results.

    check_library.py LIB.so [--arena R] [--code BYTES]

It needs only libc, libm and the loader; every import binds to the default
version of its symbol; it exports its table alone; without its weights it has
at most BYTES per target; and the arena is at most R times the largest sum of
live tensors.
"""

import argparse
import json
import re
import subprocess
from pathlib import Path

ALLOWED = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"}
SYMBOL = re.compile(r"^\s*\d+: \S+\s+\S+\s+\S+\s+(\S+)\s+\S+\s+(\S+)\s+(\S+)")


def readelf(*arguments):
    run = subprocess.run(
        ["llvm-readelf", *arguments], check=True, capture_output=True, text=True
    )
    return run.stdout


def symbols(path):
    """(name with version, defined) of every global dynamic symbol."""
    for line in readelf("--dyn-syms", path).splitlines():
        match = SYMBOL.match(line)
        if match and match[1] in ("GLOBAL", "WEAK"):
            yield match[3], match[2] != "UND"


def default_versions(library):
    folders = [Path("/lib/x86_64-linux-gnu"), Path("/lib64"), Path("/usr/lib64")]
    path = next(f / library for f in folders if (f / library).exists())
    return {name for name, defined in symbols(path) if defined and "@@" in name}


def section_sizes(path):
    sections = {}
    for line in readelf("--sections", "--wide", path).splitlines():
        match = re.match(r"\s*\[\s*\d+\]\s+(\.\S+)\s+\S+\s+\S+\s+\S+\s+(\S+)", line)
        if match:
            sections[match[1]] = int(match[2], 16)
    return sections


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library", type=Path)
    parser.add_argument("--arena", type=float, default=1.2)
    parser.add_argument("--code", type=int, default=1_000_000)
    options = parser.parse_args()
    path = options.library
    description = json.loads(path.with_suffix(".json").read_text())
    problems = []

    needed = re.findall(r"NEEDED.*\[(.*)\]", readelf("--dynamic", path))
    problems += [f"needs {name}" for name in needed if name not in ALLOWED]
    defaults = set().union(*(default_versions(name) for name in needed))
    exported = []
    for name, defined in symbols(path):
        if defined:
            exported.append(name)
        # The loader's own symbols carry no version.
        elif name.replace("@", "@@", 1) not in defaults:
            problems.append(f"imports {name}, which is no default version")
    if exported != ["shiftadd_model_v1"]:
        problems.append(f"exports {exported}")

    weights = section_sizes(path).get(".lrodata", 0)
    size = path.stat().st_size - weights
    if size > options.code * len(description["targets"]):
        problems.append(f"has {size} bytes besides its weights")
    ratio = description["arena_bytes"] / max(description["live_bytes"], 1)
    if ratio > options.arena:
        problems.append(f"has an arena of {ratio:.3f} times its live tensors")
    print(f"{path.name}: {size} bytes and {weights} of weights; arena {ratio:.3f}")
    if problems:
        raise SystemExit("\n".join(f"{path.name} {problem}" for problem in problems))


if __name__ == "__main__":
    main()
