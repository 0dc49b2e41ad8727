"""Every check finds what it is there to find, and the test count counts."""

import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import docs
import format as formatting
import layering
import links
import sizes
import words

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import run_all  # noqa: E402


def guarded(path, body):
    guard = "SHIFTADD_" + path.replace("/", "_").replace(".", "_").upper()
    return f"#ifndef {guard}\n#define {guard}\n{body}\n#endif\n"


class TreeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, content):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def assert_finds(self, check, text):
        findings = check(self.root)
        self.assertEqual(len(findings), 1, findings)
        self.assertIn(text, findings[0])

    def assert_clean(self, check):
        self.assertEqual(check(self.root), [])


class Layering(TreeTest):
    def assert_include(self, path, header, finding):
        self.write(path, f"\n#include {header}\n")
        if finding:
            self.assert_finds(layering.check, f"{path}:2: {finding}")
        else:
            self.assert_clean(layering.check)

    def test_lower_layer_is_allowed(self):
        self.assert_include(
            "passes/Fuse/A.cpp", '"dialects/ShiftAdd/IR/ShiftAdd.h"', None
        )

    def test_dialect_may_not_include_pass(self):
        self.assert_include(
            "dialects/ShiftAdd/IR/A.cpp",
            '"passes/Fuse/Passes.h"',
            "dialects/ShiftAdd may not",
        )

    def test_frontend_may_not_include_pass(self):
        self.assert_include(
            "frontend/Onnx/A.cpp", '"passes/Fuse/Passes.h"', "frontend may not"
        )

    def test_support_is_lowest(self):
        self.assert_include(
            "dialects/Support/A.cpp",
            '"dialects/Interfaces/Interfaces.h"',
            "dialects/Support may not",
        )

    def test_runtime_depends_on_nothing(self):
        self.assert_include(
            "runtime/model/a.c", '"codegen/Native/ModelImage.h"', "runtime may not"
        )

    def test_runtime_has_no_llvm(self):
        self.assert_include(
            "runtime/library/a.cpp", '"llvm/ADT/Twine.h"', "only cmake, dialects"
        )

    def test_native_has_no_mlir(self):
        self.assert_include(
            "codegen/Native/A.cpp", '"mlir/IR/Builders.h"', "only cmake, dialects"
        )

    def test_native_includes_model_description(self):
        self.assert_include(
            "codegen/Native/A.cpp", '"runtime/model/description.h"', None
        )

    def test_public_header_is_runtime(self):
        self.assert_include(
            "passes/Fuse/A.cpp", '"shiftadd/model_abi.h"', "passes may not"
        )

    def test_halide_only_in_its_folder(self):
        self.assert_include("codegen/Halide/A.cpp", "<Halide.h>", None)
        self.assert_include(
            "tools/compiler/A.cpp", "<Halide.h>", "only codegen/Halide may include"
        )

    def test_protobuf_only_in_frontend(self):
        self.assert_include(
            "tools/shiftadd-run/A.cpp", "<onnx/onnx_pb.h>", "only frontend/Onnx may"
        )

    def test_tool_library_is_on_top(self):
        self.assert_include(
            "tools/compiler/A.cpp", '"tools/shiftadd-run/Npz.h"', "tools/compiler may"
        )

    def test_includes_start_at_the_root(self):
        self.write("passes/Fuse/B.h", guarded("passes/Fuse/B.h", ""))
        self.assert_include("passes/Fuse/A.cpp", '"B.h"', 'include "passes/Fuse/B.h"')

    def test_comment_is_no_include(self):
        self.write("dialects/Support/A.cpp", '/*\n#include "passes/A.h"\n*/\n')
        self.assert_clean(layering.check)

    def test_unknown_folder(self):
        self.write("misc/A.cpp", "")
        self.assert_finds(layering.check, "no known layer")

    def test_guards(self):
        self.write("passes/A.h", guarded("passes/A.h", ""))
        self.assert_clean(layering.check)
        self.write("passes/Fuse/A.h", guarded("passes/A.h", ""))
        self.assert_finds(layering.check, "is also that of")
        self.write("passes/Fuse/A.h", "")
        self.assert_finds(layering.check, "no include guard")
        self.write("passes/Fuse/A.h", guarded("passes/Fuse/B.h", ""))
        self.assert_finds(layering.check, "is not SHIFTADD_..._A_H")

    def write_passes_library(self, links):
        self.write("passes/CMakeLists.txt", "shiftadd_library(P SOURCES P.cpp)")
        self.write(
            "frontend/Onnx/CMakeLists.txt",
            f"shiftadd_library(F SOURCES a.cpp LINKS {links})",
        )

    def test_links(self):
        self.write_passes_library("onnx_proto protobuf::libprotobuf")
        self.assert_clean(layering.check)
        self.write_passes_library("P")
        self.assert_finds(layering.check, "F may not link P of passes")
        self.write_passes_library("Halide::Halide")
        self.assert_finds(layering.check, "only codegen/Halide may")

    def test_links_of_plain_cmake(self):
        self.write_passes_library("onnx")
        self.write(
            "runtime/CMakeLists.txt",
            "add_library(R a.c)\ntarget_link_libraries(R PRIVATE F)",
        )
        self.assert_finds(layering.check, "R may not link F of frontend/Onnx")


class Sizes(TreeTest):
    def test_limit(self):
        self.write("passes/A.cpp", "\n" * 999)
        self.assert_clean(sizes.check)
        self.write("passes/A.cpp", "\n" * 1000)
        self.assert_finds(sizes.check, "1000 lines")

    def test_scripts_count(self):
        self.write("tools/setup", "\n" * 1000)
        self.assert_finds(sizes.check, "tools/setup")


class Words(TreeTest):
    def test_forbidden(self):
        # In pieces, so that this file holds none of them.
        for pieces in (
            ("// TO", "DO: more"),
            ("not imple", "mented"),
            ("a place", "holder"),
            ("cd /wo", "rk/main"),
            ("https://py", "pi.org/simple"),
            ("deb.", "debian.org"),
            ("see iss", "ue #3"),
        ):
            self.write("docs/a.md", "fine\n" + "".join(pieces) + "\n")
            self.assert_finds(words.check, "docs/a.md:2: ")

    def test_fine_words(self):
        self.write("docs/a.md", "form now a network/home/x todo-list\n")
        self.assert_clean(words.check)

    def test_hidden_folders_and_build_trees_are_skipped(self):
        for folder in (".git", ".deps", "build", "build-asan"):
            self.write(f"{folder}/a.md", "TO" + "DO")
        self.assert_clean(words.check)


class Format(TreeTest):
    def test_format(self):
        self.write(".clang-format", "BasedOnStyle: LLVM\n")
        self.write("passes/A.cpp", "int x = 1;\n")
        self.assert_clean(formatting.check)
        self.write("passes/A.cpp", "int  x=1;\n")
        self.assertIn("passes/A.cpp:1", formatting.check(self.root)[0])


class Docs(TreeTest):
    def test_drift(self):
        self.write(
            "dialects/ShiftAdd/IR/ShiftAddOps.td",
            'include "mlir/IR/OpBase.td"\n'
            'def D : Dialect { let name = "shiftadd"; let summary = "s"; }\n'
            'def A : Op<D, "a"> { let summary = "An op."; }\n',
        )
        self.assert_finds(docs.check, "no Passes.td")
        self.write(
            "passes/Fuse/Passes.td",
            'include "mlir/Pass/PassBase.td"\n'
            'def P : Pass<"fuse-p"> { let summary = "A pass."; }\n',
        )
        for name, text in docs.generate(self.root).items():
            self.write(name, text)
        self.assert_clean(docs.check)
        self.assertIn("An op.", (self.root / "docs/ops.md").read_text())
        self.assertIn("A pass.", (self.root / "docs/passes.md").read_text())
        self.write("docs/passes.md", "old\n")
        self.assertIn("docs/passes.md is stale", docs.check(self.root)[0])


class Links(TreeTest):
    def test_links(self):
        self.write("docs/b.md", "")
        self.write("docs/a.md", "[b](b.md#c), `x[i](c.md)`, [w](https://x.org/y)\n")
        self.assert_clean(links.check)
        self.write("docs/a.md", "[b](b.md), [c](c.md)\n")
        self.assert_finds(links.check, "docs/a.md: c.md is not there")


class Counting(unittest.TestCase):
    def count(self, status, output="", message=None):
        case = ElementTree.Element("testcase", status=status)
        ElementTree.SubElement(case, "system-out").text = output
        if message is not None:
            ElementTree.SubElement(case, "skipped", message=message)
        return str(run_all.count_ctest_case(case))

    def test_plain_entry(self):
        self.assertEqual(self.count("run", "hello"), "1 passed, 0 failed")
        self.assertEqual(self.count("fail", "hello"), "0 passed, 1 failed")

    def test_not_run(self):
        self.assertEqual(
            self.count("notrun", message="Unable to find executable"),
            "0 passed, 1 failed",
        )
        self.assertEqual(
            self.count("notrun", message="SKIP_RETURN_CODE=77"),
            "0 passed, 0 failed, 1 skipped",
        )

    GTEST = (
        "[==========] Running 4 tests from 1 test suite.\n"
        "[ RUN      ] S.A\n[       OK ] S.A (0 ms)\n"
        "[ RUN      ] S.B\n[  FAILED  ] S.B (1 ms)\n"
        "[ RUN      ] S.C\n[  SKIPPED ] S.C (0 ms)\n"
        "[ RUN      ] S.D/0\n[       OK ] S.D/0, where GetParam() = 1 (2 ms)\n"
    )
    END = (
        "[==========] 4 tests from 1 test suite ran. (3 ms total)\n"
        "[  PASSED  ] 2 tests.\n[  SKIPPED ] 1 test, listed below:\n"
        "[  SKIPPED ] S.C\n[  FAILED  ] 1 test, listed below:\n"
        "[  FAILED  ] S.B\n\n 1 FAILED TEST\n"
    )

    def test_gtest(self):
        self.assertEqual(
            self.count("fail", self.GTEST + self.END),
            "2 passed, 1 failed, 1 skipped",
        )

    def test_gtest_crash(self):
        output = "[ RUN      ] S.A\n[       OK ] S.A (0 ms)\n[ RUN      ] S.B\n"
        self.assertEqual(self.count("fail", output), "1 passed, 1 failed")

    def test_closing_line(self):
        self.assertEqual(
            self.count("run", "x\n120 passed, 0 failed, 3 skipped\n"),
            "120 passed, 0 failed, 3 skipped",
        )
        self.assertEqual(self.count("fail", "5 passed, 0 failed"), "5 passed, 1 failed")

    def test_runner_without_tests_fails(self):
        count = run_all.with_exit_code(run_all.Count(), 0, "ctest")
        self.assertEqual(count.failed, 1)

    def test_runner_that_fails_silently(self):
        count = run_all.with_exit_code(run_all.Count(passed=3), 8, "ctest")
        self.assertEqual(str(count), "3 passed, 1 failed")

    def test_lit(self):
        def case(child):
            element = ElementTree.Element("testcase")
            if child:
                ElementTree.SubElement(element, child)
            return str(run_all.count_lit_case(element))

        self.assertEqual(case(None), "1 passed, 0 failed")
        self.assertEqual(case("failure"), "0 passed, 1 failed")
        self.assertEqual(case("skipped"), "0 passed, 0 failed, 1 skipped")


if __name__ == "__main__":
    unittest.main(buffer=True)
