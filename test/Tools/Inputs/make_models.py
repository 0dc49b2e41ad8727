"""Writes the small ONNX files beside it. Needs the packages of
tools/python/test.txt.

    make_models.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def value(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


def external(name, location, shape):
    tensor = TensorProto(name=name, data_type=FLOAT, dims=shape)
    tensor.data_location = TensorProto.EXTERNAL
    for key, text in (("location", location), ("offset", "0")):
        tensor.external_data.add(key=key, value=text)
    return tensor


def model(nodes, inputs, outputs, initializers=(), domains=()):
    graph = helper.make_graph(nodes, "test", inputs, outputs, list(initializers))
    opsets = [helper.make_opsetid("", 17)]
    opsets += [helper.make_opsetid(domain, 1) for domain in domains]
    return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def add_external(location):
    return model(
        [helper.make_node("Add", ["x", "w"], ["y"], name="add")],
        [value("x", [2, 3])],
        [value("y", [2, 3])],
        [external("w", location, [2, 3])],
    )


def models():
    node = helper.make_node
    yield "add", model(
        [node("Add", ["a", "b"], ["sum"], name="add")],
        [value("a", [1, 3]), value("b", [1, 3])],
        [value("sum", [1, 3])],
    )
    yield "symbolic", model(
        [node("Relu", ["x"], ["y"], name="relu")],
        [value("x", ["N", 3, "H", "W"])],
        [value("y", ["N", 3, "H", "W"])],
    )
    yield "same-symbol", model(
        [node("Add", ["a", "b"], ["y"], name="add")],
        [value("a", [1, "W"]), value("b", [1, "W"])],
        [value("y", [1, "W"])],
    )
    yield "reshape", model(
        [node("Reshape", ["x", "shape"], ["y"], name="reshape")],
        [value("x", [2, 6]), value("shape", [2], INT64)],
        [value("y", ["a", "b"])],
    )
    yield "mixes-samples", model(
        [node("ReduceSum", ["x", "axes"], ["y"], name="sum", keepdims=1)],
        [value("x", ["N", 4])],
        [value("y", [1, 4])],
        [constant("axes", np.int64([0]))],
    )
    yield "unsupported", model(
        [
            node("NonZero", ["x"], ["n1"], name="first"),
            node("Frobnicate", ["x"], ["f"], name="custom", domain="org.example"),
            node("NonZero", ["f"], ["n2"], name="second"),
            node("Det", ["x"], ["d"], name="det"),
        ],
        [value("x", [4, 4])],
        [value("n1", None, INT64), value("n2", None, INT64), value("d", [])],
        domains=["org.example"],
    )
    yield "unsupported-type", model(
        [node("Identity", ["x"], ["y"], name="identity")],
        [value("x", [2], TensorProto.STRING)],
        [value("y", [2], TensorProto.STRING)],
    )
    yield "codes", model(
        [
            node("DequantizeLinear", ["x", "sx", "zx"], ["xr"], name="read"),
            node("DequantizeLinear", ["w", "sw"], ["wr"], name="weights"),
            node("Conv", ["xr", "wr"], ["c"], name="conv", pads=[1, 1, 1, 1]),
            node("QuantizeLinear", ["c", "sy", "zy"], ["y"], name="write"),
        ],
        [value("x", ["N", 1, 4, 4], TensorProto.UINT8)],
        [value("y", ["N", 1, 4, 4], TensorProto.UINT8)],
        [
            constant("sx", np.float32(0.5)),
            constant("zx", np.uint8(3)),
            constant("sw", np.float32(0.25)),
            constant("w", np.arange(-4, 5, dtype=np.int8).reshape(1, 1, 3, 3)),
            constant("sy", np.float32(2.0)),
            constant("zy", np.uint8(101)),
        ],
    )
    yield "external-missing", add_external("missing.bin")
    yield "external-parent", add_external("../outside.bin")
    yield "external-absolute", add_external("/etc/hostname")
    yield "external-link", add_external("link.bin")


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    for name, proto in models():
        onnx.save(proto, folder / f"{name}.onnx")


if __name__ == "__main__":
    main()
