"""All C and C++ files are as clang-format-22 writes them."""

import subprocess

import tree


def check(root):
    paths = tree.files(root, {".h", ".c", ".cpp"})
    if not paths:
        return []
    run = subprocess.run(
        ["clang-format-22", "--dry-run", "--ferror-limit=3", "-Werror", *map(str, paths)],
        cwd=root,
        stderr=subprocess.PIPE,
        text=True,
    )
    if run.returncode == 0:
        return []
    findings = [line for line in run.stderr.splitlines() if ": error:" in line]
    return findings or [run.stderr]


if __name__ == "__main__":
    tree.main(check, __doc__)
