#!/usr/bin/env python3
"""Writes the small ONNX files below Inputs/ that the tests in this folder read.

Needs the Python packages onnx and numpy. The files are part of the repository,
so the tests need neither; run this after changing a model.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent / "Inputs"
FLOAT = TensorProto.FLOAT
INT64 = TensorProto.INT64


def tensor(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.asarray(values, dtype), name)


def value(name, shape, dtype=FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def node(kind, inputs, outputs, name="", **attributes):
    return helper.make_node(kind, inputs, outputs, name=name, **attributes)


def save(name, nodes, inputs, outputs, initializers=(), opset=17, own=False, **options):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(initializers))
    sets = [helper.make_opsetid("", opset)]
    if own:
        sets.append(helper.make_opsetid("ai.shiftadd", 1))
    sets += options.pop("sets", [])
    model = helper.make_model(
        graph, opset_imports=sets, ir_version=8, producer_name="make_models", **options
    )
    onnx.save(model, FOLDER / f"{name}.onnx")
    return model


def ramp(*shape):
    return np.arange(np.prod(shape)).reshape(shape)


def convolution():
    save(
        "conv",
        [
            node(
                "Conv",
                ["x", "w", "b"],
                ["c"],
                "first",
                strides=[2, 1],
                pads=[0, 1, 2, 3],
            ),
            node("Relu", ["c"], ["y"]),
        ],
        [value("x", ["N", 2, 5, 5])],
        [value("y", ["N", 3, 3, 7])],
        [tensor("w", ramp(3, 2, 2, 3)), tensor("b", [1, 2, 3])],
    )


def free_batch():
    """The chain that flattens everything but the batch."""
    save(
        "free-batch",
        [
            node("Shape", ["x"], ["s"]),
            node("Gather", ["s", "zero"], ["n"]),
            node("Unsqueeze", ["n", "axes"], ["n1"]),
            node("Concat", ["n1", "rest"], ["shape"], axis=0),
            node("Reshape", ["x", "shape"], ["y"]),
        ],
        [value("x", ["N", 2, 3])],
        [value("y", ["N", 6])],
        [
            tensor("zero", 0, np.int64),
            tensor("axes", [0], np.int64),
            tensor("rest", [-1], np.int64),
        ],
    )


def batch_mixing():
    save(
        "batch-mixing",
        [node("Reshape", ["x", "shape"], ["y"], "mix")],
        [value("x", ["N", 2, 3])],
        [value("y", [1, None])],
        [tensor("shape", [1, -1], np.int64)],
    )


def folding():
    """Everything but the last node is constant."""
    save(
        "folding",
        [
            node("ConstantOfShape", ["three"], ["ones"], value=tensor("v", [1])),
            node("Range", ["zero", "limit", "step"], ["r"]),
            node("Cast", ["r"], ["f"], to=FLOAT),
            node("Add", ["ones", "f"], ["sum"]),
            node("Mul", ["x", "sum"], ["y"]),
        ],
        [value("x", [2, 3])],
        [value("y", [2, 3])],
        [
            tensor("three", [3], np.int64),
            tensor("zero", 0, np.int64),
            tensor("limit", 3, np.int64),
            tensor("step", 1, np.int64),
        ],
    )


def quantized():
    save(
        "quantized",
        [
            node("QuantizeLinear", ["x", "sx", "zx"], ["q"]),
            node("DequantizeLinear", ["q", "sx", "zx"], ["d"]),
            node("DequantizeLinear", ["w", "sw", "zw"], ["dw"], axis=0),
            node("Conv", ["d", "dw"], ["c"], kernel_shape=[1, 1]),
            node("QuantizeLinear", ["c", "sx", "zx"], ["y"]),
        ],
        [value("x", [1, 3, 2, 2])],
        [value("y", [1, 2, 2, 2], TensorProto.UINT8)],
        [
            tensor("sx", 0.5),
            tensor("zx", 10, np.uint8),
            tensor("w", ramp(2, 3, 1, 1), np.int8),
            tensor("sw", [0.25, 0.125]),
            tensor("zw", [0, 0], np.int8),
        ],
    )


def dense():
    save(
        "dense",
        [
            node("Gemm", ["x", "w", "b"], ["g"], "scaled", alpha=2.0, beta=0.5),
            node("MatMul", ["g", "m"], ["y"], "plain"),
        ],
        [value("x", ["N", 2])],
        [value("y", ["N", 2])],
        [
            tensor("w", [[1, 2, 3], [4, 5, 6]]),
            tensor("b", [2, 4, 6]),
            tensor("m", [[1, 2], [3, 4], [5, 6]]),
        ],
    )


def unsupported():
    save(
        "unsupported",
        [
            node("Det", ["x"], ["a"], "volume"),
            node("Det", ["x"], ["b"], "again"),
            node("NonZero", ["x"], ["c"]),
            node("Resize", ["x", "", "scales"], ["d"], mode="cubic"),
            node("Add", ["a", "b"], ["e"]),
        ],
        [value("x", [1, 1, 4, 4])],
        [value("e", [1, 1])],
        [tensor("scales", [1, 1, 2, 2])],
    )
    save(
        "unsupported-type",
        [node("Identity", ["x"], ["y"])],
        [value("x", [2], TensorProto.STRING)],
        [value("y", [2], TensorProto.STRING)],
    )
    save(
        "old",
        [node("Relu", ["x"], ["y"])],
        [value("x", [2])],
        [value("y", [2])],
        opset=6,
    )


def symbolic():
    save(
        "symbolic",
        [node("Add", ["x", "z"], ["y"])],
        [value("x", ["N", 3, "height", 4]), value("z", ["N", 3, "height", 4])],
        [value("y", ["N", 3, "height", 4])],
    )


def value_decides():
    save(
        "value",
        [node("Reshape", ["x", "shape"], ["y"], "form")],
        [value("x", [2, 6]), value("shape", [2], INT64)],
        [value("y", [None, None])],
    )


def function():
    """A function with an attribute that the caller gives and one that it does
    not, called twice."""
    leaky = node("LeakyRelu", ["a"], ["b"])
    reference = leaky.attribute.add()
    reference.name = "alpha"
    reference.ref_attr_name = "slope"
    reference.type = onnx.AttributeProto.FLOAT
    twice = node("Add", ["b", "b"], ["c"])
    body = helper.make_function(
        "local",
        "Double",
        ["a"],
        ["c"],
        [leaky, twice],
        [helper.make_opsetid("", 17)],
        attributes=["slope"],
    )
    save(
        "function",
        [
            helper.make_node(
                "Double", ["x"], ["t"], name="one", domain="local", slope=0.25
            ),
            helper.make_node("Double", ["t"], ["y"], name="two", domain="local"),
        ],
        [value("x", [4])],
        [value("y", [4])],
        functions=[body],
        sets=[helper.make_opsetid("local", 1)],
    )


def branch():
    def graph(kind, name):
        return helper.make_graph(
            [node(kind, ["x"], [name])], name, [], [value(name, [4])]
        )

    save(
        "branch",
        [
            node(
                "If",
                ["condition"],
                ["y"],
                then_branch=graph("Abs", "a"),
                else_branch=graph("Det", "b"),
            )
        ],
        [value("x", [4])],
        [value("y", [4])],
        [tensor("condition", True, np.bool_)],
    )


def powers_of_two():
    for name, last in (("shift", -2.0), ("shift-bad", 3.0)):
        save(
            name,
            [
                helper.make_node(
                    "ShiftConv", ["x", "w"], ["s"], name="shifts", domain="ai.shiftadd"
                ),
                helper.make_node(
                    "AdderConv", ["s", "a"], ["y"], name="adds", domain="ai.shiftadd"
                ),
            ],
            [value("x", [1, 1, 1, 2])],
            [value("y", [1, 1, 1, 1])],
            [tensor("w", [[[[0.25, last]]]]), tensor("a", [[[[3.0]]]])],
            own=True,
        )


def external():
    for name, location in (
        ("external", "external.bin"),
        ("external-missing", "no-such-file.bin"),
        ("external-outside", "../external.bin"),
        ("external-absolute", "/dev/null"),
        ("external-short", "external.bin"),
        ("external-link", "link.bin"),
    ):
        model = save(
            name,
            [node("Add", ["x", "w"], ["y"])],
            [value("x", [4])],
            [value("y", [4])],
            [tensor("w", [1, 2, 3, 4])],
        )
        weights = model.graph.initializer[0]
        (FOLDER / "external.bin").write_bytes(b"skip" + weights.raw_data)
        weights.ClearField("raw_data")
        weights.data_location = TensorProto.EXTERNAL
        offset = 8 if name == "external-short" else 4
        for key, text in (
            ("location", location),
            ("offset", str(offset)),
            ("length", "16"),
        ):
            entry = weights.external_data.add()
            entry.key, entry.value = key, text
        (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())


def main():
    FOLDER.mkdir(exist_ok=True)
    for write in (
        convolution,
        free_batch,
        batch_mixing,
        folding,
        quantized,
        dense,
        unsupported,
        symbolic,
        value_decides,
        function,
        branch,
        powers_of_two,
        external,
    ):
        write()


if __name__ == "__main__":
    main()
