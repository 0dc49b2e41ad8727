"""Writes the node tests that the onnx package generates as folders.

The package holds no data: its collector computes inputs and expected outputs.
The folder is made as a whole and made again when the package's version or this
script changes. Run by the Python environment of tools/python/test.txt.
"""

import argparse
import hashlib
import shutil
import sys
import warnings
from pathlib import Path


def serialize(value, info):
    """The bytes of one input or output, as the ONNX test data holds them."""
    from onnx import TensorProto, numpy_helper

    if isinstance(value, TensorProto):
        return value.SerializeToString()
    writers = {
        "map_type": numpy_helper.from_dict,
        "sequence_type": numpy_helper.from_list,
        "optional_type": numpy_helper.from_optional,
    }
    write = writers.get(info.type.WhichOneof("value"), numpy_helper.from_array)
    return write(value, info.name).SerializeToString()


def write_case(case, folder):
    folder.mkdir()
    (folder / "model.onnx").write_bytes(case.model.SerializeToString())
    graph = case.model.graph
    for number, (inputs, outputs) in enumerate(case.data_sets):
        data = folder / f"test_data_set_{number}"
        data.mkdir()
        for kind, values, infos in (
            ("input", inputs, graph.input),
            ("output", outputs, graph.output),
        ):
            for index, value in enumerate(values):
                path = data / f"{kind}_{index}.pb"
                path.write_bytes(serialize(value, infos[index]))


def collect(output, stamp):
    from onnx.backend.test.case.node import collect_testcases

    work = output.with_name(output.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # NumPy warns about the overflows and NaNs that some tests are about.
    warnings.filterwarnings("ignore")
    for case in collect_testcases(None):
        write_case(case, work / case.name)
    (work / "stamp").write_text(stamp)
    shutil.rmtree(output, ignore_errors=True)
    work.rename(output)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    import onnx

    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    stamp = f"onnx {onnx.__version__} {digest}\n"
    stamp_file = output / "stamp"
    if not stamp_file.exists() or stamp_file.read_text() != stamp:
        print(f"collecting the node tests of onnx {onnx.__version__}", file=sys.stderr)
        collect(output, stamp)


if __name__ == "__main__":
    main()
