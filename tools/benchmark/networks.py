"""Networks that the benchmark makes: what other engines run in their place."""

import logging

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Layers in a chain: what the borders cost is shared by so many.
CHAIN = 4


def quantized_by_onnxruntime(model, samples, output, scratch):
    """onnxruntime's static quantisation of a network with one input: unsigned
    activations, signed weights per output channel."""
    import onnxruntime

    # The quantizer advises on what is done below.
    logging.getLogger().setLevel(logging.ERROR)
    from onnxruntime.quantization import (
        CalibrationDataReader,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    class Reader(CalibrationDataReader):
        def __init__(self, name):
            self.samples = iter([{name: sample[None]} for sample in samples])

        def get_next(self):
            return next(self.samples, None)

    # Folds BatchNormalization, which its quantizer leaves to the caller.
    folded = scratch / f"{output.stem}-folded.onnx"
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(folded)
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    )
    session = onnxruntime.InferenceSession(
        str(model), options, providers=["CPUExecutionProvider"]
    )
    quantize_static(
        str(folded),
        str(output),
        Reader(session.get_inputs()[0].name),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    return output


def distances(values, weights):
    """Mean and variance, per output, of the sum of |x - w| over a window of values
    that are drawn from `values`."""
    grid = np.linspace(-6, 6, 601)
    apart = np.abs(values[None] - grid[:, None])
    rows = weights.reshape(len(weights), -1)
    return (
        np.interp(rows, grid, apart.mean(axis=1)).sum(axis=1),
        np.interp(rows, grid, apart.var(axis=1)).sum(axis=1),
    )


def chain(kind, channels, size, output):
    """Equal 3x3 layers one behind the other: "conv" with ReLU, or "adder" with the
    normalisation and ReLU that adder networks have."""
    random = np.random.default_rng(1)
    nodes, weights = [], []

    def constant(name, array):
        weights.append(numpy_helper.from_array(array.astype(np.float32), name))
        return name

    value = "image"
    for layer in range(CHAIN):
        weights_here = random.standard_normal((channels, channels, 3, 3))
        if kind == "conv":
            weights_here *= np.sqrt(2 / (9 * channels))
        filter_name = constant(f"w{layer}", weights_here)
        window = {
            "kernel_shape": [3, 3],
            "pads": [1, 1, 1, 1],
            "strides": [1, 1],
            "dilations": [1, 1],
            "group": 1,
        }
        if kind == "conv":
            nodes.append(
                helper.make_node("Conv", [value, filter_name], [f"s{layer}"], **window)
            )
        else:
            nodes.append(
                helper.make_node(
                    "AdderConv",
                    [value, filter_name],
                    [f"a{layer}"],
                    domain="ai.shiftadd",
                    **window,
                )
            )
            # Layers behind the first read normalised values behind a ReLU.
            draws = random.random(2000) if layer == 0 else random.standard_normal(2000)
            mean, variance = distances(np.maximum(draws, 0), weights_here)
            statistics = [
                constant(f"scale{layer}", np.ones(channels)),
                constant(f"shift{layer}", np.zeros(channels)),
                constant(f"mean{layer}", -mean),
                constant(f"variance{layer}", variance),
            ]
            nodes.append(
                helper.make_node(
                    "BatchNormalization", [f"a{layer}", *statistics], [f"s{layer}"]
                )
            )
        value = f"r{layer}"
        nodes.append(helper.make_node("Relu", [f"s{layer}"], [value]))
    # Few values leave the network.
    nodes.append(helper.make_node("GlobalAveragePool", [value], ["result"]))
    graph = helper.make_graph(
        nodes,
        "chain",
        [
            helper.make_tensor_value_info(
                "image", TensorProto.FLOAT, [1, channels, size, size]
            )
        ],
        [
            helper.make_tensor_value_info(
                "result", TensorProto.FLOAT, [1, channels, 1, 1]
            )
        ],
        weights,
    )
    opsets = [helper.make_opsetid("", 17)]
    if kind == "adder":
        opsets.append(helper.make_opsetid("ai.shiftadd", 1))
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.save(model, str(output))
    return output
