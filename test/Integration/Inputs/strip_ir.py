"""IR without what differs between spellings of the same network: locations,
names, and order and values of constants (results tell those).

    strip_ir.py FILE.mlir
"""

import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
text = re.sub(r"^\{-#.*", "", text, flags=re.M | re.S)
text = re.sub(r"^#.*\n", "", text, flags=re.M)
text = re.sub(r" loc\(.*?\)(?=$|[ ,)])", "", text, flags=re.M)
text = re.sub(r'shiftadd\.name = "[^"]*"', "", text)

names, lines = {}, []
for line in text.splitlines():
    constant = re.match(r"\s*(%\w+) = shiftadd\.constant .* as (.*)$", line)
    if constant:
        names[constant[1]] = f"constant<{constant[2]}>"
        continue
    result = re.match(r"\s*(%\d+) = ", line)
    if result:
        names[result[1]] = f"%v{len(lines)}"
    lines.append(re.sub(r"%\d+", lambda m: names.get(m[0], m[0]), line))
print("\n".join(lines))
