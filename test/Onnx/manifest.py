"""What the ONNX tests are expected to do, and the page that says so to users.

manifest.txt has one section per subject:

[operators]
    One line per operator of the importer's table: its name, SOURCE=COUNT for
    the tests that pass and use it, and types=... for the element types of the
    inputs and outputs of those that use nothing else. Written by suite.py
    --update.
[out of scope: REASON]
    Tests whose operators are all in the table, and that are refused all the
    same: the test and its operators.
[few digits: REASON]
    Tests whose expected outputs are less exact than others; ONNX's own
    tolerance applies instead of this suite's.
[wrong data: REASON]
    Tests whose data contradict their model, so that the model's user is told.

A test is named TEST, which means it in every source that has it, or
SOURCE/TEST.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
MANIFEST = Path("test/Onnx/manifest.txt")
TABLE = Path("frontend/Onnx/OperatorTable.cpp")
PAGE = Path("docs/onnx-support.md")
OUT_OF_SCOPE = "out of scope"
FEW_DIGITS = "few digits"
WRONG_DATA = "wrong data"
KINDS = {OUT_OF_SCOPE, FEW_DIGITS, WRONG_DATA}
ENTRY = re.compile(r'\{("\w*"|k\w+Domain),\s+"(\w+)",\s+(\d+),\s+(\w+)')


class OperatorLine:
    def __init__(self, counts=None, types=()):
        self.counts = dict(counts or {})
        self.types = set(types)

    def __eq__(self, other):
        return (self.counts, self.types) == (other.counts, other.types)

    def __str__(self):
        words = [f"{source}={count}" for source, count in sorted(self.counts.items())]
        if self.types:
            words.append("types=" + ",".join(sorted(self.types, key=type_order)))
        return " ".join(words)


def type_order(name):
    """bool, int8, int16, ..., uint8, ..., float16, bfloat16, float32, float64."""
    kinds = ["bool", "int", "uint", "float16", "bfloat16", "float"]
    kind = name if name in kinds else name.rstrip("0123456789")
    width = int(re.sub(r"\D", "", name) or 0)
    return (kinds.index(kind) if kind in kinds else len(kinds), width, name)


class Manifest:
    def __init__(self, text=""):
        self.operators = {}  # name -> OperatorLine
        self.sections = {}  # title -> {test: operators}
        section = None
        for line in text.splitlines():
            words = line.split()
            if not words or line.startswith("#"):
                continue
            if line.startswith("["):
                section = line.strip("[]")
                if section.partition(": ")[0] in KINDS:
                    self.sections[section] = {}
                elif section != "operators":
                    raise ValueError(f"{MANIFEST}: unknown section [{section}]")
            elif section == "operators":
                pairs = dict(word.split("=") for word in words[1:])
                types = pairs.pop("types", "")
                self.operators[words[0]] = OperatorLine(
                    {source: int(count) for source, count in pairs.items()},
                    types.split(",") if types else (),
                )
            elif section is None or any(words[0] in s for s in self.sections.values()):
                raise ValueError(f"{MANIFEST}: '{words[0]}' is listed twice")
            else:
                self.sections[section][words[0]] = words[1:]

    @classmethod
    def load(cls, root):
        path = root / MANIFEST
        return cls(path.read_text() if path.exists() else "")

    def find(self, source, test):
        """The entry (title, name) that speaks of a test, or None."""
        for title, tests in self.sections.items():
            for name in (test, f"{source}/{test}"):
                if name in tests:
                    return title, name
        return None

    def __str__(self):
        text = "# See manifest.py.\n\n[operators]\n"
        for name, line in sorted(self.operators.items()):
            text += f"{name} {line}\n".replace(" \n", "\n")
        for title, tests in self.sections.items():
            text += f"\n[{title}]\n"
            text += "".join(
                " ".join([name, *operators]) + "\n"
                for name, operators in sorted(tests.items())
            )
        return text


#: As the table names them.
DOMAINS = {
    '""': "",
    "kBrevitasDomain": "onnx.brevitas",
    "kMicrosoftDomain": "com.microsoft",
    "kOwnDomain": "ai.shiftadd",
    "kQonnxDomain": "qonnx.custom_op.general",
}


def read_table(root):
    """Domain -> operator -> versions from which on a handler applies."""
    table = {domain: {} for domain in DOMAINS.values()}
    for domain, name, version, handler in ENTRY.findall((root / TABLE).read_text()):
        operators = table[DOMAINS[domain]]
        operators.setdefault(name, []).append((int(version), handler))
    return table


def versions(entries):
    """The operator sets that an operator is read from, as text."""
    first = max(min(version for version, _ in entries), 7)
    removed = [version for version, handler in entries if handler == "nullptr"]
    return f"{first} to {removed[0] - 1}" if removed else f"{first} to 28"


def page(root):
    """The text of docs/onnx-support.md."""
    manifest = Manifest.load(root)
    table = read_table(root)
    text = (
        f"<!-- Generated from {MANIFEST} and {TABLE} by test/checks/docs.py"
        " --update. -->\n\n"
        "# What is supported of ONNX\n\n"
        "Files of IR versions 3 to 14 and operator sets 7 to 28. Everything else"
        " is refused\nwith exit code 3 and the list of what is not supported.\n\n"
        "A test counts for every operator that its model uses. It passes when the"
        " reference\ninterpreter and the compiled library agree with the expected"
        " outputs and with each\nother. The types are those of the inputs and"
        " outputs of the tests that use nothing\nelse.\n\n"
        "## Operators\n\n"
        "| Operator | Operator sets | Types in tests | Tests passing |\n"
        "| --- | --- | --- | --- |\n"
    )
    for name, entries in sorted(table[""].items()):
        line = manifest.operators.get(name, OperatorLine())
        types = ", ".join(sorted(line.types, key=type_order))
        text += (
            f"| {name} | {versions(entries)} | {types} |"
            f" {sum(line.counts.values())} |\n"
        )
    text += (
        "\n`If` is read when its condition is constant.\n\n"
        + "".join(
            f"The domain `{domain}`, version 1: {', '.join(sorted(operators))}.\n\n"
            for domain, operators in sorted(table.items())
            if domain
        )
        + "## Out of scope\n\n"
        "Tests of the operators above that are refused.\n\n"
        "| Reason | Operators | Tests |\n| --- | --- | --- |\n"
    )
    for title, tests in manifest.sections.items():
        if title.startswith(OUT_OF_SCOPE):
            operators = sorted({name for names in tests.values() for name in names})
            reason = title.partition(": ")[2]
            text += f"| {reason} | {', '.join(operators)} | {len(tests)} |\n"
    return text
