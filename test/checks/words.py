"""Words that have no place in the repository.

Unfinished work, names of one person's machine, and addresses of package
servers (which differ from user to user: pip and apt know theirs).
"""

import re

import tree

# Written so that this file does not match itself.
FORBIDDEN = [
    (r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b", "unfinished work"),
    (r"(?i)\bnot (yet )?implem[e]nted|unimplem[e]nted", "unfinished work"),
    (r"(?i)placeh[o]lder|for n[o]w\b", "unfinished work"),
    (r"(?<![\w.])/(w[o]rk|h[o]me|r[o]ot)/", "a path of one machine"),
    (r"(?<![\w.])/tm[p]/(?!\$)\w", "a path of one machine"),
    (r"(?i)p[y]pi\.\w+|pyth[o]nhosted|d[e]b\.debian|snapsh[o]t\.debian"
     r"|npmj[s]\.\w+|cr[a]tes\.io|d[o]cker\.io", "a package server's address"),
    (r"(?i)\bsubag[e]nt|this sess[i]on\b|\biss[u]e #?[0-9]+\b",
     "talk about how the software was made"),
]
EXEMPT = {"LICENSE"}


def check(root):
    findings = []
    for path in tree.files(root):
        content = tree.text(root, path)
        if content is None or str(path) in EXEMPT or path.suffix == ".onnx":
            continue
        for number, line in enumerate(content.splitlines(), 1):
            for pattern, meaning in FORBIDDEN:
                match = re.search(pattern, line)
                if match:
                    findings.append(
                        f"{path}:{number}: {match.group(0)!r} is {meaning}"
                    )
    return findings


if __name__ == "__main__":
    tree.main(check, __doc__)
