"""The files of the source tree, for the checks in this folder."""

import os
import re
from pathlib import Path

CPP = {".h", ".c", ".cpp", ".inc"}


def files(root, suffixes=None):
    """Root-relative paths of all source files, sorted.

    Hidden folders, build trees and Python's caches are no source.
    """
    root = Path(root)
    found = []
    for folder, folders, names in os.walk(root):
        top = Path(folder) == root
        folders[:] = [
            name
            for name in folders
            if (not name.startswith(".") or name == ".ci")
            and name != "__pycache__"
            and not (top and name.startswith("build"))
        ]
        for name in names:
            path = Path(folder, name).relative_to(root)
            if suffixes is None or path.suffix in suffixes:
                found.append(path)
    return sorted(found)


def text(root, path):
    """The file's text, or None for a binary file."""
    try:
        content = Path(root, path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
    return None if "\0" in content else content


def without_comments(source):
    """C++ or tablegen text with comments blanked and line numbers kept."""

    def blank(match):
        token = match.group(0)
        return token if token[0] == '"' else re.sub(r"[^\n]", " ", token)

    return re.sub(
        r'"(?:\\.|[^"\\\n])*"|//[^\n]*|/\*.*?\*/', blank, source, flags=re.S
    )


def main(check, description):
    """Runs check(root) -> list of findings as a program."""
    import argparse
    import sys

    parser = argparse.ArgumentParser(description=description)
    parser.add_argument(
        "--root", default=Path(__file__).resolve().parents[2], type=Path
    )
    findings = check(parser.parse_args().root)
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)
