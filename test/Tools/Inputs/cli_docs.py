"""The tables of options in docs/cli.md, made from what the programs' --help
says.

    cli_docs.py docs/cli.md [--update]

Without --update, fails where the file differs.
"""

import re
import subprocess
import sys
from pathlib import Path

BLOCK = re.compile(r"(<!-- options of (\S+) -->\n)(.*?)(<!-- end -->)", re.S)
OPTION = re.compile(r"^  (-\S+(?: <\S+>)?)\s+- (.*)$")
VALUE = re.compile(r"^    =(\S+)\s+-   (.*)$")
# Those that every program has from LLVM.
COMMON = {"--help", "--help-list", "--version"}


def table(program):
    run = subprocess.run([program, "--help"], capture_output=True, text=True, check=True)
    rows = []
    for line in run.stdout.splitlines():
        option, value = OPTION.match(line), VALUE.match(line)
        if option and option[1] not in COMMON:
            rows.append([option[1], option[2].strip()])
        elif value and rows:
            rows[-1][1] += f"<br>`{value[1]}`: {value[2].strip()}"
    if not rows:
        sys.exit(f"{program} --help shows no options")
    for row in rows:
        row[0] = f"`{row[0]}`".replace("|", "\\|")
        row[1] = row[1].replace("|", "\\|")
    lines = [f"| {name} | {text} |" for name, text in rows]
    return "\n".join(["| option | meaning |", "| --- | --- |", *lines]) + "\n"


def main():
    path = Path(sys.argv[1])
    text = path.read_text(encoding="utf-8")
    programs = [match[2] for match in BLOCK.finditer(text)]
    made = BLOCK.sub(lambda match: match[1] + table(match[2]) + match[4], text)
    if "--update" in sys.argv:
        path.write_text(made, encoding="utf-8")
    elif made != text:
        sys.exit(f"{path} is out of date: cli_docs.py {path} --update")
    print("checked:", *programs)


if __name__ == "__main__":
    main()
