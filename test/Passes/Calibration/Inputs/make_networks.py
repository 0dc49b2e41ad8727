"""Networks in the form of the stage normalize: make_networks.py FOLDER.

Each has a trait that quantisation has to cope with; the weights are random.
"""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])


class Network:
    """Writes the text of one function."""

    def __init__(self, name, **inputs):
        self.name = name
        self.random = np.random.RandomState(len(name))
        self.lines = []
        self.shapes = {}
        arguments = []
        for index, (argument, shape) in enumerate(inputs.items()):
            self.shapes[f"%arg{index}"] = shape
            arguments.append(
                f'%arg{index}: {tensor(shape)} {{shiftadd.name = "{argument}"}}'
            )
        self.arguments = ", ".join(arguments)

    def value(self, text, shape, operands):
        result = f"%{len(self.lines)}"
        types = ", ".join(tensor(self.shapes[o]) for o in operands)
        self.lines.append(f"{result} = {text} : ({types}) -> {tensor(shape)}")
        self.shapes[result] = shape
        return result

    def constant(self, array):
        result = f"%{len(self.lines)}"
        array = np.asarray(array, np.float32)
        text = f'"0x{array.tobytes().hex().upper()}"'
        if array.size == 1:
            text = f"0x{array.view(np.uint32).item():08X}"
        type = tensor(array.shape)
        self.lines.append(
            f"{result} = shiftadd.constant dense<{text}> : {type} as {type}"
        )
        self.shapes[result] = array.shape
        return result

    def weights(self, *shape):
        deviation = np.prod(shape[1:]) ** -0.5
        return self.random.standard_normal(shape) * 1.5 * deviation

    def conv(self, x, channels, kernel, groups=1, op="conv", filter=None):
        shape = self.shapes[x]
        if filter is None:
            filter = self.weights(channels, *kernel, shape[-1] // groups)
        filter = filter if isinstance(filter, str) else self.constant(filter)
        bias = self.constant(self.random.standard_normal(channels) * 0.2)
        pads = [amount for k in kernel for amount in ((k - 1) // 2, k // 2)]
        ones = ", ".join("1" for _ in kernel)
        return self.value(
            f"shiftadd.{op} {x}, {filter}, bias {bias} {{dilations = array<i64: {ones}>,"
            f" strides = array<i64: {ones}>, groups = {groups} : i64,"
            f" padding = array<i64: {', '.join(map(str, pads))}>}}",
            (*shape[:-1], channels),
            [x, filter, bias],
        )

    def dense(self, x, channels, op="dense"):
        shape = self.shapes[x]
        filter = self.constant(self.weights(channels, shape[-1]))
        bias = self.constant(self.random.standard_normal(channels) * 0.2)
        return self.value(
            f"shiftadd.{op} {x}, {filter}, bias {bias}",
            (*shape[:-1], channels),
            [x, filter, bias],
        )

    def relu(self, x):
        return self.value(
            f"shiftadd.clamp {x} {{minimum = 0.0 : f64}}", self.shapes[x], [x]
        )

    def map(self, op, x):
        return self.value(f"shiftadd.{op} {x}", self.shapes[x], [x])

    def combine(self, op, a, b):
        shape = np.broadcast_shapes(
            *([1 if s is None else s for s in self.shapes[v]] for v in (a, b))
        )
        if self.shapes[a][0] is None:
            shape = (None, *shape[1:])
        return self.value(f"shiftadd.{op} {a}, {b}", shape, [a, b])

    def mean(self, x):
        shape = self.shapes[x]
        axes = ", ".join(str(d) for d in range(1, len(shape) - 1))
        return self.value(
            f"shiftadd.reduce_mean {x} {{axes = array<i64: {axes}>, keep_dims = true}}",
            (shape[0], *(1 for _ in shape[1:-1]), shape[-1]),
            [x],
        )

    def reshape(self, x, *shape):
        sizes = ", ".join("-1" if s is None else str(s) for s in shape)
        return self.value(f"shiftadd.reshape {x} [{sizes}]", shape, [x])

    def pool(self, x):
        n, h, w, c = self.shapes[x]
        return self.value(
            f"shiftadd.max_pool {x} {{kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>,"
            " padding = array<i64: 0, 0, 0, 0>, dilations = array<i64: 1, 1>}",
            (n, h // 2, w // 2, c),
            [x],
        )

    def concat(self, *values):
        shape = self.shapes[values[0]]
        channels = sum(self.shapes[v][-1] for v in values)
        return self.value(
            f"shiftadd.concat {', '.join(values)} {{axis = {len(shape) - 1} : i64}}",
            (*shape[:-1], channels),
            list(values),
        )

    def finish(self, *outputs):
        results = ", ".join(
            f'{tensor(self.shapes[o])} {{shiftadd.name = "y{i}"}}'
            for i, o in enumerate(outputs)
        )
        types = ", ".join(tensor(self.shapes[o]) for o in outputs)
        body = "\n    ".join(self.lines)
        (folder / f"{self.name}.mlir").write_text(
            'module attributes {shiftadd.stage = "normalize"} {\n'
            f"  func.func @main({self.arguments}) -> ({results}) {{\n    {body}\n"
            f"    return {', '.join(outputs)} : {types}\n  }}\n}}\n"
        )


def tensor(shape):
    sizes = "".join("?x" if s is None else f"{s}x" for s in shape)
    return f"tensor<{sizes}f32>"


PICTURE = (1, 8, 8, 4)

n = Network("residual", x=PICTURE)
a = n.relu(n.conv("%arg0", 8, (3, 3)))
b = n.conv(n.relu(n.conv(a, 8, (3, 3))), 8, (3, 3))
c = n.relu(n.combine("add", a, b))
# Both operands are layers without an activation.
d = n.relu(n.combine("add", n.conv(c, 12, (1, 1)), n.conv(c, 12, (3, 3))))
n.finish(n.dense(n.reshape(n.mean(d), 1, 12), 5))

n = Network("free-batch", x=(None, 8, 8, 4))
a = n.relu(n.conv("%arg0", 8, (3, 3)))
n.finish(n.dense(n.reshape(n.mean(n.pool(a)), None, 8), 5))

n = Network("depthwise", x=PICTURE)
a = n.relu(n.conv("%arg0", 16, (1, 1)))
a = n.relu(n.conv(a, 16, (3, 3), groups=16))
# Groups that are not depthwise, and an even kernel.
a = n.relu(n.conv(a, 12, (2, 2), groups=4))
n.finish(n.conv(a, 6, (1, 1)))

n = Network("concat", x=PICTURE)
a = n.relu(n.conv("%arg0", 6, (3, 3)))
b = n.relu(n.conv(a, 6, (3, 3)))
c = n.concat(a, b)
d = n.concat(n.relu(n.conv(c, 6, (3, 3))), c)
n.finish(n.conv(n.pool(d), 6, (1, 1)))

n = Network("gate", x=PICTURE)
a = n.conv("%arg0", 8, (3, 3))
a = n.combine("mul", a, n.map("sigmoid", a))
g = n.map("sigmoid", n.conv(n.relu(n.conv(n.mean(a), 4, (1, 1))), 8, (1, 1)))
n.finish(n.conv(n.combine("mul", a, g), 6, (3, 3)))

n = Network("signal", x=(1, 20, 3))
a = n.relu(n.conv("%arg0", 8, (5,)))
n.finish(n.conv(n.map("tanh", n.conv(a, 8, (3,))), 4, (1,)))

n = Network("volume", x=(1, 4, 4, 4, 2))
n.finish(n.conv(n.relu(n.conv("%arg0", 6, (3, 3, 3))), 3, (1, 1, 1)))

n = Network("rows", x=(1, 5, 6))
a = n.relu(n.dense("%arg0", 12))
b = n.dense(a, 6)
n.finish(n.dense(n.combine("add", b, "%arg0"), 4), b)

n = Network("two", a=PICTURE, b=PICTURE)
a = n.relu(n.conv("%arg0", 8, (3, 3)))
b = n.conv("%arg1", 8, (3, 3))
n.finish(n.conv(n.combine("add", a, b), 4, (1, 1)), n.mean(b))

n = Network("adder", x=PICTURE)
a = n.conv("%arg0", 8, (3, 3), op="adder_conv")
factors = n.random.standard_normal(8) * 0.3
a = n.combine("mul", a, n.constant(factors))
a = n.relu(n.combine("add", a, n.constant(12 * np.abs(factors) * 3)))
a = n.conv(a, 8, (1, 1), op="adder_conv")
n.finish(n.conv(a, 4, (1, 1)))

n = Network("shifts", x=PICTURE)
p = n.random.choice([-1, 1], (8, 3, 3, 4)) * 2.0 ** n.random.randint(-6, 1, (8, 3, 3, 4))
p *= n.random.rand(8, 3, 3, 4) < 0.9
a = n.conv("%arg0", 8, (3, 3), filter=p)
a = n.combine("mul", a, n.constant(n.random.standard_normal(8) * 0.3))
a = n.relu(n.combine("add", a, n.constant(n.random.standard_normal(8))))
n.finish(n.conv(a, 4, (1, 1)))

n = Network("shared", x=PICTURE)
w = n.constant(n.weights(4, 3, 3, 4))
a = n.relu(n.conv("%arg0", 4, (3, 3), filter=w))
n.finish(n.conv(a, 4, (3, 3), filter=w))

n = Network("dead", x=PICTURE)
w = n.weights(8, 3, 3, 4)
w[2] = 0
a = n.conv("%arg0", 8, (3, 3), filter=w)
# One channel is never positive.
a = n.relu(n.combine("add", a, n.constant([0, 0, 0, -1e4, 0, 0, 0, 0])))
n.finish(n.conv(a, 4, (3, 3)))

n = Network("attention", x=(1, 5, 6))
q, k, v = (n.dense("%arg0", 6) for _ in range(3))
k = n.value(f"shiftadd.transpose {k} [0, 2, 1]", (1, 6, 5), [k])
s = n.value(f"shiftadd.matmul {q}, {k}", (1, 5, 5), [q, k])
s = n.value(f"shiftadd.softmax {s} {{axis = 2 : i64}}", (1, 5, 5), [s])
s = n.value(f"shiftadd.matmul {s}, {v}", (1, 5, 6), [s, v])
n.finish(n.dense(n.combine("add", s, "%arg0"), 4))

n = Network("nan", x=PICTURE)
w = n.weights(8, 3, 3, 4)
w[1, 2, 0, 3] = np.nan
n.finish(n.conv(n.relu(n.conv("%arg0", 8, (3, 3), filter=w)), 4, (1, 1)))

n = Network("layerless", x=PICTURE)
n.finish(n.relu("%arg0"))
