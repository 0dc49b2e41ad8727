"""Runs every test of a build tree and prints one count as the last line.

A ctest entry counts as one test, unless it is a GoogleTest program (then each
of its cases counts) or its last line is itself `N passed, N failed[, N
skipped]` (then that counts). Every lit test counts as one.
"""

import argparse
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

CLOSING = re.compile(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?")
GTEST_CASE = re.compile(r"^\[ +(OK|FAILED|SKIPPED) +\] [^\n]* \(\d+ ms\)$", re.M)


class Count:
    def __init__(self, passed=0, failed=0, skipped=0):
        self.passed, self.failed, self.skipped = passed, failed, skipped

    def __add__(self, other):
        return Count(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
        )

    def __str__(self):
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def count_ctest_case(case):
    """The count of one <testcase> of ctest's JUnit file."""
    status = case.get("status")
    output = (case.findtext("system-out") or "").strip()
    if status == "disabled":
        return Count(skipped=1)
    if status == "notrun":
        # A missing program is reported in the same way as a wanted skip.
        reason = case.find("skipped")
        wanted = reason is not None and reason.get("message", "").startswith("SKIP_")
        return Count(skipped=1) if wanted else Count(failed=1)
    cases = GTEST_CASE.findall(output)
    closing = CLOSING.fullmatch(output.rpartition("\n")[2].strip())
    if cases:
        count = Count(
            cases.count("OK"), cases.count("FAILED"), cases.count("SKIPPED")
        )
    elif closing:
        count = Count(*(int(number or 0) for number in closing.groups()))
    else:
        return Count(passed=1) if status == "run" else Count(failed=1)
    # A program that crashed or failed outside its cases.
    if status != "run" and not count.failed:
        count.failed = 1
    return count


def count_lit_case(case):
    if case.find("failure") is not None or case.find("error") is not None:
        return Count(failed=1)
    if case.find("skipped") is not None:
        return Count(skipped=1)
    return Count(passed=1)


def count_report(path, count_case):
    """Sums a JUnit file; a missing or broken one is a failure by itself."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError) as error:
        print(f"{path}: {error}")
        return Count(failed=1)
    total = Count()
    for case in cases:
        count = count_case(case)
        if count.failed:
            # ctest repeats the name as the class; lit has the suite there.
            names = dict.fromkeys([case.get("classname"), case.get("name")])
            print("FAILED:", *names)
        total += count
    return total


def with_exit_code(count, code, name):
    """A runner that failed without naming a test is a failed test."""
    if code and not count.failed:
        print(f"FAILED: {name} ended with exit code {code}")
        count.failed = 1
    if not count.passed + count.failed + count.skipped:
        print(f"FAILED: {name} ran no test")
        count.failed = 1
    return count


def run_ctest(build, report, run_long):
    command = [
        "ctest", "--test-dir", build, "-j", str(os.cpu_count()),
        "--output-on-failure", "--output-junit", report,
        "--test-output-size-passed", "100000000",
        "--test-output-size-failed", "100000000",
    ]  # fmt: skip
    if not run_long:
        command += ["-LE", "^long$"]
    code = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    return with_exit_code(count_report(report, count_ctest_case), code, "ctest")


def run_lit(build, report, run_long):
    suites = sorted(path.parent for path in (build / "test").rglob("lit.site.cfg.py"))
    if not suites:
        print(f"FAILED: no lit.site.cfg.py below {build / 'test'}")
        return Count(failed=1)
    command = ["lit-22", "-sv", "--xunit-xml-output", report, *suites]
    if run_long:
        command[1:1] = ["--param", "long=1"]
    code = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    return with_exit_code(count_report(report, count_lit_case), code, "lit")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument(
        "--all", action="store_true", help="also run the tests labelled long"
    )
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    reports = build / "test-reports"
    reports.mkdir(exist_ok=True)
    total = Count()
    for name, run in (("lit", run_lit), ("ctest", run_ctest)):
        report = reports / f"{name}.xml"
        report.unlink(missing_ok=True)
        print(f"== {name}", flush=True)
        total += run(build, report, arguments.all)
    print(total, flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
