"""Writes the PyTorch tests of the distribution in operator sets that are read.

They were made for operator set 6. The onnx package converts them, which gives
tests of the forms that operators had in the past. Models that it cannot convert
are left out. Run by the Python environment of tools/python/test.txt.
"""

import argparse
import shutil
from pathlib import Path

import onnx
from generated_folder import refresh
from onnx import version_converter


def convert(model, version):
    """The model in another operator set; None if there is no way."""
    try:
        converted = version_converter.convert_version(model, version)
        # Before IR version 4, initializers have to be inputs.
        converted.ir_version = max(converted.ir_version, 4)
        onnx.checker.check_model(converted)
    except (RuntimeError, onnx.checker.ValidationError):
        return None
    return converted


def collect(sources, version, folder):
    for source in sources:
        for path in sorted(source.glob("*/model.onnx")):
            model = convert(onnx.load(path), version)
            if model is None:
                continue
            target = folder / path.parent.name
            target.mkdir()
            onnx.save(model, target / "model.onnx")
            for data in path.parent.glob("test_data_set_*"):
                shutil.copytree(data, target / data.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", type=int)
    parser.add_argument("output", type=Path)
    parser.add_argument("sources", type=Path, nargs="+")
    arguments = parser.parse_args()
    models = [p for s in arguments.sources for p in sorted(s.glob("*/model.onnx"))]
    refresh(
        arguments.output,
        [f"onnx {onnx.__version__}", str(arguments.version), Path(__file__), *models],
        lambda folder: collect(arguments.sources, arguments.version, folder),
    )


if __name__ == "__main__":
    main()
