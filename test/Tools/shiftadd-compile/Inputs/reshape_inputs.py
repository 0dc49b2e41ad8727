"""Writes tensors for reshape.onnx into a folder: reshape_inputs.py FOLDER"""

import sys
from pathlib import Path

import numpy as np
from onnx import numpy_helper

folder = Path(sys.argv[1])
x = np.arange(12, dtype=np.float32).reshape(2, 6)
shape = np.int64([3, 4])
np.save(folder / "shape.npy", shape)
(folder / "shape.pb").write_bytes(numpy_helper.from_array(shape).SerializeToString())
np.savez(folder / "good.npz", x=x, shape=shape)
np.savez(folder / "other.npz", x=x, shape=np.int64([4, 3]))
np.savez(folder / "expected.npz", y=x.reshape(3, 4))
