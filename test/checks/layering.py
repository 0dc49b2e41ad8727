"""Which folder may include and link which: the project's layers.

Every include of an in-tree header, every include of a guarded outside library
and every LINKS list in a CMakeLists.txt is held against the tables below.
Header guards are checked too.
"""

import re
from pathlib import PurePosixPath

import tree

# Folder -> folders whose headers and libraries it may use besides its own.
# The longest matching folder counts. None means no limit.
DIALECTS = ["dialects/Support", "dialects/Interfaces", "dialects/ShiftAdd"]
DIALECTS += ["dialects/AdderGraph"]
LAYERS = {
    "cmake": [],
    "dialects/Support": [],
    "dialects/Interfaces": ["dialects/Support"],
    "dialects/ShiftAdd": ["dialects/Support", "dialects/Interfaces"],
    "dialects/AdderGraph": DIALECTS,
    "dialects/Reference": DIALECTS,
    "passes": DIALECTS + ["dialects/Reference"],
    "frontend": DIALECTS + ["dialects/Reference"],
    "codegen/Halide": [],
    "codegen/Native": ["runtime/include", "runtime/model"],
    "codegen/Schedule": DIALECTS + ["codegen/Native"],
    "codegen/Emit": DIALECTS
    + ["codegen/Halide", "codegen/Native", "codegen/Schedule"],
    "runtime": [],
    "tools/tensor-files": ["runtime/include", "frontend"],
    "tools/compiler": DIALECTS
    + ["dialects/Reference", "passes", "frontend", "codegen"]
    + ["runtime/include", "tools/tensor-files"],
    "tools": None,
    "models": [],
    "test": None,
}

MLIR_SIDE = ["cmake", "dialects", "passes", "frontend"]
MLIR_SIDE += ["codegen/Schedule", "codegen/Emit", "tools", "test"]

# Headers of outside libraries -> the only folders that may include them.
OUTSIDE = [
    (r"Halide\w*\.h$", ["codegen/Halide"]),
    (r"(onnx/|google/protobuf/)", ["frontend/Onnx"]),
    (r"lld/", ["codegen/Native"]),
    (r"mlir/", MLIR_SIDE),
    (
        r"llvm/",
        MLIR_SIDE + ["codegen/Native"],
    ),
]
# The same for the names in LINKS lists.
OUTSIDE_LIBRARIES = [
    (r"Halide::", ["codegen/Halide"]),
    (r"(onnx|onnx_proto|protobuf::.*)$", ["frontend/Onnx"]),
    (r"lld[A-Z]\w*$", ["codegen/Native"]),
    (r"shiftadd_mlir$", MLIR_SIDE),
]

TARGET = re.compile(
    r"\b(?:shiftadd_(?:plain_)?library|shiftadd_tool|add_library|add_executable)"
    r"\s*\(\s*(\w+)([^)]*)\)"
)
LINK = re.compile(r"\btarget_link_libraries\s*\(\s*(\w+)([^)]*)\)")


def layer_of(path):
    """The longest entry of LAYERS that holds the path."""
    parents = [str(p) for p in PurePosixPath(path).parents]
    return next((p for p in parents if p in LAYERS), None)


def inside(path, folders):
    return any(str(path).startswith(folder + "/") for folder in folders)


def may_use(user, used):
    """May a file in folder path `user` use what lies at path `used`?"""
    layer = layer_of(user)
    allowed = LAYERS.get(layer)
    return (
        layer is None
        or allowed is None
        or inside(used, [layer])
        or inside(used, allowed)
    )


def check_includes(root, path, source):
    includes = re.finditer(
        r'^\s*#?\s*include\s+["<]([^">]+)[">]', source, flags=re.M
    )
    for match in includes:
        header = match.group(1)
        line = source.count("\n", 0, match.start(1)) + 1
        where = f"{path}:{line}"
        # The runtime's public headers are found as shiftadd/NAME.h.
        if header.startswith("shiftadd/"):
            header = "runtime/include/" + header
        if layer_of(header):
            if not may_use(path, header):
                yield f"{where}: {layer_of(path)} may not include {header}"
            continue
        if (root / path.parent / header).exists() and "/" not in header:
            # Public headers are used outside the tree, where the root is not.
            if not inside(path, ["runtime", "test"]):
                yield f'{where}: include "{path.parent / header}" from the root'
            continue
        for pattern, folders in OUTSIDE:
            if re.match(pattern, header) and not inside(path, folders):
                yield f"{where}: only {', '.join(folders)} may include {header}"
        if header.startswith("mlir/") and re.search(
            r'include\s+["<]Halide', source
        ):
            yield f"{where}: a file with Halide.h may not include MLIR"


def check_guard(path, source, guards):
    if path.suffix not in {".h", ".td"} or inside(path, ["cmake"]):
        return
    stem = re.sub(r"\W", "_", path.name).upper()
    match = re.search(r"#ifndef (\w+)\s*\n\s*#define (\w+)\b", source)
    if not match or match.group(1) != match.group(2):
        yield f"{path}: no include guard"
        return
    guard = match.group(1)
    if not (guard.startswith("SHIFTADD_") and guard.endswith(stem)):
        yield f"{path}: the guard {guard} is not SHIFTADD_..._{stem}"
    if guards.setdefault(guard, path) != path:
        yield f"{path}: the guard {guard} is also that of {guards[guard]}"


def check_links(cmake):
    """cmake: path of a CMakeLists.txt -> its text."""
    owner = {}
    for path, source in cmake.items():
        for match in TARGET.finditer(source):
            owner[match.group(1)] = path
    for path, source in cmake.items():
        uses = []
        for match in TARGET.finditer(source):
            _, found, links = match.group(2).partition("LINKS")
            if found:
                uses.append((match.group(1), links))
        uses += [match.groups() for match in LINK.finditer(source)]
        for target, links in uses:
            for library in links.split():
                if library in owner and not may_use(path, owner[library]):
                    yield (
                        f"{path}: {target} may not link {library}"
                        f" of {owner[library].parent}"
                    )
                for pattern, folders in OUTSIDE_LIBRARIES:
                    if re.match(pattern, library) and not inside(path, folders):
                        yield (
                            f"{path}: {target} links {library};"
                            f" only {', '.join(folders)} may"
                        )


def check(root):
    findings = []
    guards = {}
    for path in tree.files(root, tree.CPP | {".td"}):
        source = tree.without_comments(tree.text(root, path) or "")
        if layer_of(path) is None:
            findings.append(f"{path}: lies in no known layer")
        findings += check_includes(root, path, source)
        findings += check_guard(path, source, guards)
    cmake = {
        path: re.sub(r"#[^\n]*", "", tree.text(root, path))
        for path in tree.files(root)
        if path.name == "CMakeLists.txt"
    }
    findings += check_links(cmake)
    return findings


if __name__ == "__main__":
    tree.main(check, __doc__)
