"""Writes node tests for what the onnx package has none for.

For every operator of the importer's table and every element type that it takes,
a node test of the package is repeated with its data in that type, unless a test
has the type already. An operator without any test gets one. The expected outputs come from the package's reference
implementation: for floats in float64 and then rounded, for integers in the type
itself. Run by the Python environment of tools/python/test.txt.
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
from generated_folder import refresh
from manifest import TABLE, read_table
from onnx import defs, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

ROOT = Path(__file__).resolve().parents[2]
TYPES = (
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "bfloat16", "float", "double",
)  # fmt: skip
FLOATS = {"float16", "bfloat16", "float", "double"}


def onnx_type(name):
    return onnx.TensorProto.DataType.Value(name.upper())


def numpy_type(name):
    return helper.tensor_dtype_to_np_dtype(onnx_type(name))


def type_name(info):
    """The element type of a graph's input or output; None if it is no tensor."""
    if not info.type.HasField("tensor_type"):
        return None
    return onnx.TensorProto.DataType.Name(info.type.tensor_type.elem_type).lower()


def parameters(formals, count):
    """The type parameter of each of `count` actual operands."""
    return [formals[min(i, len(formals) - 1)].type_str for i in range(count)]


def add_missing_operators(cases):
    """GlobalLpPool is LpPool over everything."""
    pool = next(c for c in cases["GlobalAveragePool"] if c.own_type() == "float")
    model = onnx.ModelProto.FromString(pool.model.SerializeToString())
    model.graph.node[0].op_type = "GlobalLpPool"
    model.graph.node[0].attribute.append(helper.make_attribute("p", 3))
    cases["GlobalLpPool"] = [
        Case("test_globallppool", model, pool.version, pool.inputs)
    ]


def global_lp_pool(inputs):
    (x,) = inputs
    axes = tuple(range(2, x.ndim))
    return [(np.abs(x) ** 3).sum(axis=axes, keepdims=True) ** (1 / 3)]


# Operators that the reference implementation does not know.
OWN_IMPLEMENTATION = {"GlobalLpPool": global_lp_pool}


class Case:
    """A test of one node with inputs and outputs that are all tensors."""

    def __init__(self, name, model, version, inputs):
        self.name, self.model, self.version = name, model, version
        self.inputs = inputs
        self.node = model.graph.node[0]
        self.schema = defs.get_schema(self.node.op_type, version)
        formal = dict(
            zip(
                self.node.input,
                parameters(self.schema.inputs, len(self.node.input)),
            )
        )
        self.input_parameters = [formal.get(i.name) for i in model.graph.input]
        formal = dict(
            zip(
                self.node.output,
                parameters(self.schema.outputs, len(self.node.output)),
            )
        )
        self.output_parameters = [formal.get(o.name) for o in model.graph.output]
        # The parameter that varies is that of the largest input.
        sizes = [array.size for array in self.inputs]
        self.parameter = self.input_parameters[int(np.argmax(sizes))]

    def allowed_types(self):
        for constraint in self.schema.type_constraints:
            if constraint.type_param_str == self.parameter:
                return [t for t in TYPES if f"tensor({t})" in constraint.allowed_type_strs]
        return []

    def takes(self, name):
        """Whether the case means something in a type: integers have no fractions."""
        fractions = any(a.f != int(a.f) for a in self.node.attribute)
        return name in self.allowed_types() and (name in FLOATS or not fractions)

    def own_type(self):
        index = self.input_parameters.index(self.parameter)
        return type_name(self.model.graph.input[index])

    def retyped(self, name):
        model = onnx.ModelProto.FromString(self.model.SerializeToString())
        for infos, names in (
            (model.graph.input, self.input_parameters),
            (model.graph.output, self.output_parameters),
        ):
            for info, parameter in zip(infos, names):
                if parameter == self.parameter:
                    info.type.tensor_type.elem_type = onnx_type(name)
        return model

    def data(self, name):
        return [
            convert(array, name) if parameter == self.parameter else array
            for array, parameter in zip(self.inputs, self.input_parameters)
        ]


def convert(array, name):
    """The array in another type, with values that say something there."""
    if name in FLOATS:
        return array.astype(numpy_type(name))
    if name == "bool":
        return array > np.median(array.astype(np.float64))
    if array.dtype.kind not in "iu":
        array = np.round(array.astype(np.float64) * 4)
    if name.startswith("uint"):
        array = np.abs(array)
    limits = np.iinfo(numpy_type(name))
    # Zero would divide; 2^31 is far enough from the limits of 64 bits.
    low, high = max(limits.min, -(2**31)), min(limits.max, 2**31)
    return np.where(array == 0, 1, np.clip(array, low, high)).astype(numpy_type(name))


def evaluate(case, name, data):
    """Expected outputs, or None where the reference implementation has none."""
    evaluated = "double" if name in FLOATS else name
    if evaluated not in case.allowed_types():
        evaluated = "float"
    inputs = [
        array.astype(numpy_type(evaluated)) if parameter == case.parameter else array
        for array, parameter in zip(data, case.input_parameters)
    ]
    model = case.retyped(evaluated)
    feeds = {info.name: array for info, array in zip(model.graph.input, inputs)}
    own = OWN_IMPLEMENTATION.get(case.node.op_type)
    try:
        outputs = own(inputs) if own else ReferenceEvaluator(model).run(None, feeds)
    except Exception:  # whatever the implementation does not know
        return None
    result = []
    for value, info in zip(outputs, case.retyped(name).graph.output):
        value = np.asarray(value)
        shape = [d.dim_value for d in info.type.tensor_type.shape.dim]
        wanted = type_name(info)
        # Where integers became floats on the way, nothing is specified.
        exact = wanted in FLOATS or value.dtype.kind in "iub"
        if list(value.shape) != shape or not exact:
            return None
        result.append(value.astype(numpy_type(wanted)))
    return result


def read_cases(source, table):
    """Cases by operator, and the pairs of operator and type that have a test."""
    cases, covered = {}, set()
    for path in sorted(source.glob("*/model.onnx")):
        model = onnx.load(path)
        node = model.graph.node[0]
        infos = [*model.graph.input, *model.graph.output]
        single = len(model.graph.node) == 1 and not model.functions
        training = "training" in path.parent.name
        if not single or training or node.domain or node.op_type not in table:
            continue
        if not model.graph.input or any(type_name(i) not in TYPES for i in infos):
            continue
        inputs = []
        for index in range(len(model.graph.input)):
            data = path.parent / f"test_data_set_0/input_{index}.pb"
            tensor = onnx.TensorProto.FromString(data.read_bytes())
            inputs.append(numpy_helper.to_array(tensor))
        case = Case(path.parent.name, model, model.opset_import[0].version, inputs)
        if not case.parameter:
            continue
        covered.add((node.op_type, case.own_type()))
        cases.setdefault(node.op_type, []).append(case)
    add_missing_operators(cases)
    return cases, covered


def write(case, name, data, outputs, folder):
    target = folder / f"{case.name}_{name}" / "test_data_set_0"
    target.mkdir(parents=True)
    model = case.retyped(name)
    (target.parent / "model.onnx").write_bytes(model.SerializeToString())
    for kind, arrays in (("input", data), ("output", outputs)):
        for index, array in enumerate(arrays):
            tensor = numpy_helper.from_array(array)
            path = target / f"{kind}_{index}.pb"
            path.write_bytes(tensor.SerializeToString())


def collect(source, folder):
    cases, covered = read_cases(source, set(read_table(ROOT)[""]))
    for operator, group in cases.items():
        # The case that uses most of the operator comes first.
        group.sort(key=lambda c: (-len(c.node.input), -len(c.node.attribute), c.name))
        for name in TYPES:
            for case in group:
                if (operator, name) in covered or not case.takes(name):
                    continue
                data = case.data(name)
                outputs = evaluate(case, name, data)
                if outputs is not None:
                    write(case, name, data, outputs, folder)
                    covered.add((operator, name))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the folder of collect.py")
    parser.add_argument("output", type=Path)
    arguments = parser.parse_args()
    np.seterr(all="ignore")
    refresh(
        arguments.output,
        [Path(__file__), ROOT / TABLE, arguments.source / "stamp"],
        lambda folder: collect(arguments.source, folder),
    )


if __name__ == "__main__":
    main()
