"""The innermost loops of kernels' assembly that do their work.

    hot_loops.py MNEMONIC [--count N] [--register zmm] FILE.s...

In each file, at least one innermost loop has MNEMONIC, N times or more, on that
kind of register; and no such loop moves registers to or from the stack.
"""

import argparse
import re

LABEL = re.compile(r"^(\.LBB\w+):")


def innermost_loops(lines):
    """The instructions of every loop that holds no other one."""
    for start, line in enumerate(lines):
        label = LABEL.match(line)
        if not label:
            continue
        # The compiler's comments stand on the label's line and those behind it.
        end = start + 1
        while end < len(lines) and lines[end].lstrip().startswith("#"):
            end += 1
        if "Inner Loop Header" not in " ".join(lines[start:end]):
            continue
        body = []
        for line in lines[end:]:
            body.append(line)
            if re.match(rf"\s+j\w+\s+{re.escape(label[1])}\b", line):
                yield body
                break


def check(path, options):
    """What is wrong with one file."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    instruction = re.compile(rf"^\s+{options.mnemonic}\w*\s.*%{options.register}")
    best, problems = 0, []
    for body in innermost_loops(lines):
        count = sum(bool(instruction.match(line)) for line in body)
        best = max(best, count)
        if count:
            problems += [
                f"{path}: inner loop: {line.strip()}"
                for line in body
                if re.search(r"#.*(Spill|Reload)", line)
            ]
    print(f"{path}: {best} {options.mnemonic} in one inner loop")
    if best < options.count:
        problems.append(f"{path}: needs {options.count}")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mnemonic")
    parser.add_argument("files", nargs="+")
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--register", default="ymm")
    options = parser.parse_args()
    problems = [text for path in options.files for text in check(path, options)]
    if problems:
        raise SystemExit("\n".join(problems))


if __name__ == "__main__":
    main()
