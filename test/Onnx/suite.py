"""Runs the operator tests of ONNX and holds the results against manifest.txt.

Sources: the distribution's libonnx-testdata; its PyTorch tests again, converted
from operator set 6; the node tests that PyPI's onnx generates, and more of these
in further element types. With --update the counts in the manifest are written
instead of compared.

In scope are the tests whose operators are all in the importer's table: they
pass, or the manifest lists them as out of scope and they are refused as
unsupported. Tests of other operators are refused as unsupported or pass.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from manifest import FEW_DIGITS, MANIFEST, OUT_OF_SCOPE, WRONG_DATA
from manifest import Manifest, OperatorLine, read_table

ROOT = Path(__file__).resolve().parents[2]
DISTRIBUTION = Path("/usr/share/libonnx-testdata/data")
PYTHON = ROOT / ".deps/python-test/bin/python"
PYTORCH = ["pytorch-converted", "pytorch-operator"]
FOLDERS = {f"{name}-1.12": name for name in ["node", "simple", *PYTORCH]}
GENERATED = ["node-1.23", "types-1.23", "pytorch-set-7", "pytorch-set-12"]
# What the runner says of a test that the manifest lists.
WANTED_STATUS = {
    OUT_OF_SCOPE: "refused",
    WRONG_DATA: "invalid",
    FEW_DIGITS: "inexact",
}


class Result:
    """A line of the runner's file."""

    def __init__(self, line):
        fields = line.split("\t")
        self.source, self.test, operators, types, self.status = fields[:5]
        self.operators, self.types = operators.split(), types.split()
        self.message = " ".join(fields[5:])

    def __str__(self):
        text = f"{self.source}/{self.test}: {self.status}"
        return f"{text}: {self.message}" if self.message else text


class Judge:
    def __init__(self, manifest, operators):
        self.manifest = manifest
        self.operators = operators
        self.found = {name: OperatorLine() for name in operators}
        self.used = set()  # entries of the manifest that a test bore out
        self.passed, self.skipped, self.failures = 0, 0, []

    def add(self, result):
        in_scope = result.operators and self.operators.issuperset(result.operators)
        entry = self.manifest.find(result.source, result.test)
        kind = entry[0].partition(":")[0] if entry else None
        if result.status == WANTED_STATUS.get(kind):
            self.used.add(entry)
        if kind in (OUT_OF_SCOPE, WRONG_DATA):
            if result.status == WANTED_STATUS[kind]:
                self.skipped += 1
            else:
                self.fail(result, f"listed as {kind}")
        elif result.status == "pass" or (entry and result.status == "inexact"):
            self.passed += 1
            if in_scope:
                self.count(result)
        elif result.status == "refused" and not in_scope:
            self.skipped += 1
        else:
            self.fail(result)

    def fail(self, result, why=None):
        self.failures.append(f"{result}" + (f" ({why})" if why else ""))

    def count(self, result):
        for name in result.operators:
            line = self.found[name]
            line.counts[result.source] = line.counts.get(result.source, 0) + 1
            # Types of other operators' operands say nothing of this one.
            if set(result.operators) <= {name, "Constant"}:
                line.types.update(result.types)

    def compare_manifest(self):
        """Entries that nothing in the sources bears out."""
        for title, tests in self.manifest.sections.items():
            for name in tests:
                if (title, name) not in self.used:
                    self.failures.append(
                        f"{MANIFEST}: no test bears out '{name}' in '{title}'"
                    )
        for name in sorted(set(self.manifest.operators) | self.operators):
            wanted = self.manifest.operators.get(name)
            found = self.found.get(name)
            if wanted is None or found is None or wanted != found:
                self.failures.append(
                    f"{MANIFEST}: {name}: listed '{wanted}', found '{found}'"
                    " (suite.py --update)"
                )


def collect(work):
    if not PYTHON.exists():
        sys.exit(f"{PYTHON} is missing: run tools/setup --no-build --python=test")
    nodes, pytorch = work / "node-1.23", [DISTRIBUTION / name for name in PYTORCH]
    scripts = [
        ("collect.py", nodes),
        ("collect_types.py", nodes, work / "types-1.23"),
        ("collect_versions.py", "7", work / "pytorch-set-7", *pytorch),
        ("collect_versions.py", "12", work / "pytorch-set-12", *pytorch),
    ]
    for script, *arguments in scripts:
        path = Path(__file__).with_name(script)
        subprocess.run([PYTHON, "-B", path, *arguments], check=True)


def run(arguments, results):
    # Crashed and failed compilations leave files behind.
    temporary = arguments.work / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    sources = [f"{name}={DISTRIBUTION / path}" for name, path in FOLDERS.items()]
    sources += [f"{name}={arguments.work / name}" for name in GENERATED]
    subprocess.run(
        [
            arguments.runner, "--results", results, "--jobs", str(arguments.jobs),
            "--cache", arguments.work / "kernels", "--only", arguments.only, *sources,
        ],  # fmt: skip
        check=True,
        env=os.environ | {"TMPDIR": str(temporary.resolve())},
    )
    return [Result(line) for line in results.read_text().splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runner", required=True, type=Path)
    parser.add_argument(
        "--work", required=True, type=Path, help="folder for generated tests and caches"
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="only tests with this in the name")
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    if arguments.update and arguments.only:
        parser.error("--update needs the results of all tests")
    arguments.work.mkdir(parents=True, exist_ok=True)
    collect(arguments.work)
    results = run(arguments, arguments.work / "results.tsv")

    manifest = Manifest.load(ROOT)
    judge = Judge(manifest, set(read_table(ROOT)[""]))
    for result in results:
        judge.add(result)
    if arguments.update:
        manifest.operators = judge.found
        (ROOT / MANIFEST).write_text(str(manifest))
    if not arguments.only:
        judge.compare_manifest()
    for failure in judge.failures:
        print("FAILED:", failure)
    print(
        f"{judge.passed} passed, {len(judge.failures)} failed, {judge.skipped} skipped"
    )
    sys.exit(1 if judge.failures else 0)


if __name__ == "__main__":
    main()
