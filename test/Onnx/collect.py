"""Writes the node tests that the onnx package generates as folders.

The package holds no data: its collector computes inputs and expected outputs.
Run by the Python environment of tools/python/test.txt.
"""

import argparse
from pathlib import Path

import onnx
from generated_folder import refresh
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases


def serialize(value, info):
    """The bytes of one input or output, as the ONNX test data holds them."""
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


def collect(folder):
    for case in collect_testcases(None):
        write_case(case, folder / case.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    output = parser.parse_args().output
    refresh(output, [f"onnx {onnx.__version__}", Path(__file__)], collect)


if __name__ == "__main__":
    main()
