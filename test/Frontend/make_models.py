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


def qonnx_round(mode, x):
    """Roundings as QONNX names them; the HALF ones look at the magnitude."""
    magnitude, sign = np.abs(x), np.sign(x)
    return {
        "ROUND": lambda: np.round(x),
        "FLOOR": lambda: np.floor(x),
        "CEIL": lambda: np.ceil(x),
        "UP": lambda: sign * np.ceil(magnitude),
        "DOWN": lambda: sign * np.floor(magnitude),
        "HALF_UP": lambda: sign * np.floor(magnitude + 0.5),
        "HALF_DOWN": lambda: sign * np.ceil(magnitude - 0.5),
    }[mode]()


def qonnx_quant(x, scale, zero, bits, signed=1, narrow=0, rounding_mode="ROUND"):
    scale, zero = np.float32(scale), np.float32(zero)
    low = -(2 ** (bits - 1)) + narrow if signed else 0
    high = 2 ** (bits - 1) - 1 if signed else 2**bits - 1 - narrow
    codes = qonnx_round(rounding_mode, np.clip(x / scale + zero, low, high))
    return ((codes - zero) * scale).astype(np.float32)


def qonnx_trunc(x, scale, zero, bits, kept):
    codes = np.round(x / np.float32(scale) + np.float32(zero))
    codes = np.floor(codes / 2.0 ** (bits - kept))
    return ((codes - zero) * np.float32(scale)).astype(np.float32)


class QonnxGraph:
    """Nodes beside what numpy makes of them."""

    def __init__(self, domain):
        self.domain, self.nodes, self.constants = domain, [], []
        self.count = 0

    def constant(self, values):
        self.count += 1
        name = f"c{self.count}"
        self.constants.append(tensor(name, values))
        return name

    def add(self, kind, inputs, domain="", **attributes):
        self.count += 1
        name = f"v{self.count}"
        self.nodes.append(
            node(kind, inputs, [name], f"{kind}{self.count}", domain=domain, **attributes)
        )
        return name

    def quant(self, x, value_of_x, scale, zero, bits, **attributes):
        inputs = [x] + [self.constant(v) for v in (scale, zero, bits)]
        name = self.add("Quant", inputs, self.domain, **attributes)
        return name, qonnx_quant(value_of_x, scale, zero, bits, **attributes)


def qonnx_network(name, domain):
    random = np.random.default_rng(11)
    graph = QonnxGraph(domain)
    image = (random.integers(-400, 400, [1, 3, 6, 6]) / 64).astype(np.float32)
    x, value_of_x = graph.quant("x", image, 0.125, 0, 6, signed=1, narrow=0)
    filters = (random.integers(-90, 90, [4, 3, 3, 3]) / 64).astype(np.float32)
    scales = np.array([0.125, 0.25, 0.0625, 0.5], np.float32).reshape(4, 1, 1, 1)
    w, value_of_w = graph.quant(
        graph.constant(filters), filters, scales, 0, 4, signed=1, narrow=1
    )
    offsets = np.array([0.3, -1.7, 0.01, 2.2], np.float32)
    b, value_of_b = graph.quant(
        graph.constant(offsets), offsets, scales.reshape(4) * 0.125, 0, 24, signed=1
    )
    c = graph.add("Conv", [x, w, b], kernel_shape=[3, 3], strides=[1, 1])
    windows = np.lib.stride_tricks.sliding_window_view(value_of_x[0], (3, 3), (1, 2))
    value_of_c = np.einsum("chwij,ocij->ohw", windows, value_of_w)[None]
    value_of_c = value_of_c + value_of_b.reshape(1, 4, 1, 1)
    r = graph.add("Relu", [c])
    a, value_of_a = graph.quant(
        r, np.maximum(value_of_c, 0), 0.5, 0, 4, signed=0, narrow=0
    )
    outputs, expected = [], {}

    def output(value_name, numbers):
        outputs.append(value(value_name, list(numbers.shape)))
        expected[value_name] = numbers.astype(np.float32)

    # Roundings, and an odd zero point, on codes.
    for mode in ("FLOOR", "CEIL", "UP", "DOWN", "HALF_UP", "HALF_DOWN", "ROUND"):
        output(*graph.quant(
            a, value_of_a, 2.0, 3, 3, signed=0, narrow=1, rounding_mode=mode
        ))
    # An average of 4 values, from a sum of 6 bits.
    pool = graph.add("AveragePool", [a], kernel_shape=[2, 2], strides=[2, 2])
    blocks = value_of_a.reshape(1, 4, 2, 2, 2, 2).mean((3, 5))
    t = graph.add(
        "Trunc",
        [pool] + [graph.constant(v) for v in (0.125, 0, 6, 4)],
        domain,
        rounding_mode="FLOOR",
    )
    value_of_t = qonnx_trunc(blocks, 0.125, 0, 6, 4)
    output(t, value_of_t)
    # Weights, then values, of one bit.
    matrix = random.normal(size=[16, 5]).astype(np.float32)
    u = graph.add("BipolarQuant", [graph.constant(matrix), graph.constant(0.5)], domain)
    flat = graph.add("Flatten", [t], axis=1)
    output(
        graph.add("MatMul", [flat, u]),
        value_of_t.reshape(1, 16) @ np.where(matrix >= 0, 0.5, -0.5),
    )
    output(
        graph.add("BipolarQuant", [x, graph.constant(0.25)], domain),
        np.where(value_of_x >= 0, 0.25, -0.25),
    )
    save(
        name,
        graph.nodes,
        [value("x", [1, 3, 6, 6])],
        outputs,
        graph.constants,
        sets=[helper.make_opsetid(domain, 1)],
    )
    return {"x": image}, expected


def qonnx():
    """One network under the names of the standard and of its exporter."""
    inputs, expected = qonnx_network("qonnx", "qonnx.custom_op.general")
    qonnx_network("qonnx-brevitas", "onnx.brevitas")
    np.savez(FOLDER / "qonnx-x.npz", **inputs)
    np.savez(FOLDER / "qonnx-expected.npz", **expected)


def qonnx_bad():
    """What QONNX allows and no code holds."""
    domain = "qonnx.custom_op.general"

    def one(name, scale, zero, bits, kind="Quant", inputs=(), **attributes):
        save(
            f"qonnx-{name}",
            [node(kind, ["x", "s", "z", "b", *inputs], ["y"], "bad", domain=domain, **attributes)],
            [value("x", [1, 2, 3])] + ([value("s", [])] if scale is None else []),
            [value("y", [1, 2, 3])],
            [
                tensor(key, number)
                for key, number in (("s", scale), ("z", zero), ("b", bits))
                if number is not None
            ]
            + [tensor(key, 4) for key in inputs],
            sets=[helper.make_opsetid(domain, 1)],
        )

    one("scale", None, 0, 4)
    one("bits", 0.5, 0, 3.5)
    one("wide", 0.5, 0, 24)
    one("zero", 0.5, 0.25, 4)
    one("rounding", 0.5, 0, 4, rounding_mode="SOMEHOW")
    one("planes", np.full([2, 3], 0.5), 0, 4)
    one("negative", -0.5, 0, 4)
    one("output-scale", 0.5, 0, 8, kind="Trunc", inputs=("o", "p"))


def codes_of(x, scale, zero, dtype):
    info = np.iinfo(dtype)
    return np.clip(np.round(x / scale) + zero, info.min, info.max).astype(dtype)


def qlinear():
    """The operators of onnxruntime's quantizer, and what numpy makes of them."""
    random = np.random.default_rng(5)
    nodes, constants, expected = [], [], {}

    def parameters(scale, zero, dtype):
        for key, number, kind in (("s", scale, np.float32), ("z", zero, dtype)):
            constants.append(tensor(f"{key}{len(constants)}", number, kind))
        return [constants[-2].name, constants[-1].name]

    def add(kind, name, inputs, real, scale, zero, dtype, first=False, **attributes):
        """A node whose result has the real values `real`; returns its codes' triple."""
        own = parameters(scale, zero, dtype)
        flat = [entry for group in inputs for entry in group[0]]
        names = own + flat if first else flat + own
        domain = "" if kind == "QLinearConv" else "com.microsoft"
        nodes.append(node(kind, names, [name], name, domain=domain, **attributes))
        codes = codes_of(real, scale, zero, dtype)
        expected[name] = codes
        return [name] + own, (codes.astype(np.float64) - zero) * scale

    image = random.integers(0, 256, [1, 3, 5, 5]).astype(np.uint8)
    x = ["x"] + parameters(0.05, 120, np.uint8), (image.astype(float) - 120) * 0.05
    filters = random.integers(-127, 128, [4, 3, 3, 3]).astype(np.int8)
    scales = np.array([0.01, 0.02, 0.005, 0.015])
    constants.append(tensor("w", filters, np.int8))
    w = ["w"] + parameters(scales, np.zeros(4), np.int8)
    offsets = random.integers(-900, 900, [4])
    constants.append(tensor("b", offsets, np.int32))
    windows = np.lib.stride_tricks.sliding_window_view(x[1][0], (3, 3), (1, 2))
    sums = np.einsum("chwij,ocij->ohw", windows, filters * scales.reshape(4, 1, 1, 1))
    sums = (sums + (offsets * scales * 0.05).reshape(4, 1, 1))[None]
    own = parameters(0.2, 100, np.uint8)
    nodes.append(node("QLinearConv", x[0] + w + own + ["b"], ["conv"], "conv"))
    expected["conv"] = codes_of(sums, 0.2, 100, np.uint8)
    c = ["conv"] + own, (expected["conv"].astype(float) - 100) * 0.2

    g = add("QLinearSigmoid", "gate", [c], 1 / (1 + np.exp(-c[1])), 1 / 256, 0, np.uint8)
    m = add("QLinearMul", "product", [c, g], c[1] * g[1], 0.1, 60, np.uint8)
    a = add("QLinearAdd", "sum", [c, m], c[1] + m[1], 0.3, 110, np.uint8)
    r = add(
        "QLinearLeakyRelu",
        "leaky",
        [a],
        np.where(a[1] < 0, a[1] * 0.125, a[1]),
        0.25,
        20,
        np.uint8,
        alpha=0.125,
    )
    j = add(
        "QLinearConcat",
        "joined",
        [c, r],
        np.concatenate([c[1], r[1]], 1),
        0.35,
        90,
        np.uint8,
        first=True,
        axis=1,
    )
    p = add(
        "QLinearGlobalAveragePool",
        "pooled",
        [j],
        j[1].mean((2, 3), keepdims=True),
        0.1,
        128,
        np.uint8,
        channels_last=0,
    )
    nodes.append(node("Flatten", ["pooled"], ["flat"], "flat"))
    matrix = random.integers(-127, 128, [6, 8]).astype(np.int8)
    constants.append(tensor("k", matrix, np.int8))
    constants.append(tensor("l", [100, -200, 300, 0, 50, -70], np.int32))
    k = ["k"] + parameters(0.02, 0, np.int8)
    real = p[1].reshape(1, 8) @ (matrix * 0.02).T
    real = real + np.array([100, -200, 300, 0, 50, -70]) * 0.1 * 0.02
    own = parameters(0.15, 128, np.uint8)
    nodes.append(
        node(
            "QGemm",
            ["flat"] + p[0][1:] + k + ["l"] + own,
            ["dense"],
            "dense",
            domain="com.microsoft",
            transB=1,
            alpha=1.0,
        )
    )
    expected["dense"] = codes_of(real, 0.15, 128, np.uint8)
    d = ["dense"] + own, (expected["dense"].astype(float) - 128) * 0.15
    powers = np.exp(d[1])
    add(
        "QLinearSoftmax",
        "softmax",
        [d],
        powers / powers.sum(),
        1 / 256,
        0,
        np.uint8,
        axis=-1,
        opset=13,
    )
    save(
        "qlinear",
        nodes,
        [value("x", [1, 3, 5, 5], TensorProto.UINT8)],
        [value(k, list(v.shape), TensorProto.UINT8) for k, v in expected.items()],
        constants,
        sets=[helper.make_opsetid("com.microsoft", 1)],
    )
    np.savez(FOLDER / "qlinear-x.npz", x=image)
    np.savez(FOLDER / "qlinear-expected.npz", **expected)


def integer_sums():
    """ConvInteger and MatMulInteger: sums of codes less their zero points."""
    save(
        "integer-sums",
        [
            node("ConvInteger", ["x", "w", "xz", "wz"], ["c"], "conv", pads=[1, 0, 0, 1]),
            node("MatMulInteger", ["a", "b", "az"], ["m"], "matmul"),
        ],
        [
            value("x", [1, 2, 4, 4], TensorProto.UINT8),
            value("a", [3, 5], TensorProto.UINT8),
            value("b", [5, 2], TensorProto.INT8),
        ],
        [
            value("c", [1, 2, 4, 4], TensorProto.INT32),
            value("m", [3, 2], TensorProto.INT32),
        ],
        [
            tensor("w", ramp(2, 2, 2, 2) - 5, np.int8),
            tensor("xz", 7, np.uint8),
            tensor("wz", 2, np.int8),
            tensor("az", 11, np.uint8),
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
        qlinear,
        integer_sums,
        qonnx,
        qonnx_bad,
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
