"""No source file has 1000 lines or more."""

import tree

LIMIT = 1000
SUFFIXES = tree.CPP | {".td", ".py", ".cmake", ".mlir", ".txt", ".sh"}


def check(root):
    findings = []
    for path in tree.files(root):
        script = not path.suffix and path.parts[0] in {"tools", ".ci"}
        if path.parts[0] == "models" or not (script or path.suffix in SUFFIXES):
            continue
        content = tree.text(root, path)
        lines = content.count("\n") if content else 0
        if lines >= LIMIT:
            findings.append(f"{path}: {lines} lines, must be under {LIMIT}")
    return findings


if __name__ == "__main__":
    tree.main(check, __doc__)
