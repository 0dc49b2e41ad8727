"""Tensors in all forms.

    digit_inputs.py DIGITS.npz FOLDER   four digits: in.npz, in.npy, in/input_0.pb
    digit_inputs.py --read FILE.pb FILE.npy
    digit_inputs.py --shape 2,3,4 FILE.npz   an array `x`
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

if sys.argv[1] == "--read":
    np.save(sys.argv[3], numpy_helper.to_array(onnx.load_tensor(sys.argv[2])))
elif sys.argv[1] == "--shape":
    shape = [int(size) for size in sys.argv[2].split(",")]
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    np.savez(sys.argv[3], x=x)
else:
    folder = Path(sys.argv[2])
    image = np.load(sys.argv[1])["image"][:4]
    np.savez(folder / "in.npz", image=image)
    np.save(folder / "in.npy", image)
    tensor = numpy_helper.from_array(image, "image")
    (folder / "in" / "input_0.pb").write_bytes(tensor.SerializeToString())
