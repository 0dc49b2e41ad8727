"""Feeds damaged copies of a file to a program.

    fuzz.py FILE --count N [--seed S] [--head BYTES] -- COMMAND... {} ...

{} stands for the damaged file. Half of the damage lies in the first BYTES,
where formats keep their structure. A copy is good (0), refused (1) or not
supported (3), within the time limit, and a refusal says why.
"""

import argparse
import collections
import random
import subprocess
import sys
import tempfile
from pathlib import Path

TIME_LIMIT = 60


def damage(content, head, generator):
    """A copy with some bytes changed, removed or doubled, or cut off."""

    def place():
        limit = head if generator.random() < 0.5 else len(content)
        return generator.randrange(min(limit, len(content)))

    kinds = ["bits", "bits", "bytes", "cut", "remove", "double"]
    if content.isascii():
        # Other numbers keep the syntax and reach what lies behind the parser.
        kinds += ["digits"] * 6
    kind = generator.choice(kinds)
    copy = bytearray(content)
    if kind == "cut":
        return copy[: place()]
    for _ in range(generator.choice([1, 1, 2, 8])):
        position = min(place(), len(copy) - 1)
        length = generator.randrange(1, 9)
        if kind == "digits":
            while position < len(copy) and not chr(copy[position]).isdigit():
                position += 1
            if position < len(copy):
                copy[position] = ord(generator.choice("0123456789"))
        elif kind == "bits":
            copy[position] ^= 1 << generator.randrange(8)
        elif kind == "bytes":
            copy[position] = generator.choice([0, 1, 0x7F, 0x80, 0xFF])
        elif kind == "remove":
            del copy[position : position + length]
        else:
            copy[position:position] = copy[position : position + length]
    return copy


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--head", type=int, default=4096)
    parser.add_argument("--keep", type=Path, help="folder for copies that fail")
    split = sys.argv.index("--")
    options = parser.parse_args(sys.argv[1:split])
    content = options.file.read_bytes()
    codes, failed = collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "damaged" + options.file.suffix)
        for number in range(options.count):
            generator = random.Random(f"{options.seed} {number}")
            path.write_bytes(damage(content, options.head, generator))
            command = [part.replace("{}", str(path)) for part in sys.argv[split + 1 :]]
            try:
                run = subprocess.run(
                    command,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    errors="replace",
                    timeout=TIME_LIMIT,
                )
                code, text = run.returncode, run.stderr
            except subprocess.TimeoutExpired:
                code, text = "timeout", ""
            codes[code] += 1
            if code == 0 or (code in (1, 3) and "error: " in text):
                continue
            failed += 1
            print(f"copy {number}: {code}: {text[:2000]}", file=sys.stderr)
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                kept = options.keep / f"{options.file.stem}-{number}{options.file.suffix}"
                kept.write_bytes(path.read_bytes())
    print(dict(codes))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
