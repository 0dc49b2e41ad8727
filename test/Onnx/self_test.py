"""The judgement of suite.py notices what it is there to notice."""

import unittest

from manifest import Manifest, OperatorLine
from suite import Judge, Result

TEXT = """
[operators]
Add node=1 types=float
[out of scope: strings]
test_text Add
other/test_old Add
[few digits: printed]
test_printed Add
[wrong data: a shape]
test_shape Add
"""


def result(test, status, operators="Add", source="node"):
    return Result(f"{source}\t{test}\t{operators}\tfloat\t{status}\tmessage")


class JudgeTest(unittest.TestCase):
    def judge(self, *results, text=TEXT):
        judge = Judge(Manifest(text), {"Add"})
        for item in results:
            judge.add(item)
        return judge

    def assert_failure(self, judge, text):
        self.assertEqual(len(judge.failures), 1, judge.failures)
        self.assertIn(text, judge.failures[0])

    def test_good(self):
        judge = self.judge(
            result("test_add", "pass"),
            result("test_text", "refused"),
            result("test_printed", "inexact"),
            result("test_old", "refused", source="other"),
            result("test_shape", "invalid"),
        )
        self.assertEqual((judge.passed, judge.skipped), (2, 3))
        self.assertEqual(judge.failures, [])

    def test_every_other_status_fails(self):
        for status in (
            "refused", "invalid", "internal", "data", "interpreter", "library",
            "different", "crash", "timeout", "inexact",
        ):  # fmt: skip
            self.assert_failure(self.judge(result("test_add", status)), status)

    def test_listed_must_be_refused(self):
        for status in ("pass", "crash", "invalid"):
            judge = self.judge(result("test_text", status))
            self.assert_failure(judge, "listed as out of scope")
        judge = self.judge(result("test_shape", "pass"))
        self.assert_failure(judge, "listed as wrong data")

    def test_entry_of_one_source_holds_there_only(self):
        self.assert_failure(self.judge(result("test_old", "refused")), "refused")

    def test_foreign_operator_is_refused_or_passes(self):
        good = self.judge(
            result("test_loop", "refused", "Loop"), result("test_if", "pass", "If")
        )
        self.assertEqual((good.passed, good.skipped, good.failures), (1, 1, []))
        for status in ("crash", "interpreter", "internal"):
            self.assert_failure(self.judge(result("test_x", status, "Loop")), status)

    def test_stale_entries(self):
        judge = self.judge(
            result("test_add", "pass"),
            result("test_text", "refused"),
            result("test_old", "refused"),
            result("test_printed", "pass"),
            result("test_shape", "invalid"),
        )
        judge.failures.clear()
        judge.found = judge.manifest.operators
        judge.compare_manifest()
        self.assertEqual(
            judge.failures,
            [
                "test/Onnx/manifest.txt: no test bears out 'other/test_old' in"
                " 'out of scope: strings'",
                "test/Onnx/manifest.txt: no test bears out 'test_printed' in"
                " 'few digits: printed'",
            ],
        )

    def test_counts(self):
        judge = self.judge(text="[operators]\nAdd node=2 types=float\n")
        judge.add(result("test_add", "pass"))
        judge.compare_manifest()
        self.assert_failure(judge, "Add: listed 'node=2 types=float', found 'node=1")

    def test_manifest_survives_writing(self):
        manifest = Manifest(TEXT)
        again = Manifest(str(manifest))
        self.assertEqual(again.operators, manifest.operators)
        self.assertEqual(again.sections, manifest.sections)
        self.assertEqual(str(OperatorLine({"a": 1}, ["uint8", "bool"])), "a=1 types=bool,uint8")

    def test_unknown_section(self):
        with self.assertRaises(ValueError):
            Manifest("[out of reach: a]\ntest_a\n")

    def test_double_entry(self):
        with self.assertRaises(ValueError):
            Manifest("[out of scope: a]\ntest_a\n[out of scope: b]\ntest_a\n")


if __name__ == "__main__":
    unittest.main()
