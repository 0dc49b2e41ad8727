#!/usr/bin/env python3
"""Writes the files in data/, which the unit tests compare with.

Needs numpy, ml_dtypes, onnx and pillow. The files are checked in, so that the
tests run without them; NumPy, ONNX and Pillow decide what the right bytes are.
"""
import os
import numpy as np
import ml_dtypes
import onnx
from onnx import numpy_helper, helper
from PIL import Image

data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
os.makedirs(data, exist_ok=True)


def path(name):
    return os.path.join(data, name)


def save_bytes(name, content):
    with open(path(name), "wb") as file:
        file.write(content)


def save_version(name, array, version):
    with open(path(name), "wb") as file:
        np.lib.format.write_array(file, array, version=version)


types = {
    "bool": bool, "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8",
    "uint8": "u1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
    "float16": "f2", "bfloat16": ml_dtypes.bfloat16, "float32": "f4",
    "float64": "f8"}
for name, dtype in types.items():
    values = np.array([[1, 2, 3], [4, 5, 100]])
    if name == "bool":
        values = np.array([[0, 1, 1], [0, 0, 1]])
    elif not name.startswith("u"):
        values = np.array([[1, -2, 3], [-4, 5, -100]])
    array = values.astype(dtype)
    np.save(path(name + ".npy"), array)
    np.save(path(name + "-fortran.npy"), np.asfortranarray(array))
    if array.dtype.itemsize > 1 and name != "bfloat16":
        np.save(path(name + "-big.npy"), array.astype(array.dtype.newbyteorder(">")))
    raw = numpy_helper.from_array(array, "t")
    assert raw.HasField("raw_data")
    save_bytes(name + "-raw.pb", raw.SerializeToString())
    typed = helper.make_tensor("t", raw.data_type, array.shape, array.flatten())
    assert not typed.HasField("raw_data")
    save_bytes(name + "-typed.pb", typed.SerializeToString())

small = np.arange(24, dtype="f4").reshape(2, 3, 4)
save_version("version2.npy", small, (2, 0))
save_version("version3.npy", small, (3, 0))
np.save(path("cube-fortran.npy"), np.asfortranarray(small))
np.save(path("scalar.npy"), np.float32(2.5))
np.save(path("empty.npy"), np.zeros((0, 3), "f4"))
np.save(path("strings.npy"), np.array(["a", "b"]))
np.save(path("complex.npy"), np.zeros(2, "c8"))
np.save(path("structured.npy"), np.zeros(2, [("x", "f4"), ("y", "i4")]))
np.save(path("objects.npy"), np.array([None, 1]), allow_pickle=True)
np.savez(path("stored.npz"), **{"a": small, "b/c": np.array([7, 8])})
np.savez_compressed(path("deflated.npz"), **{"a": small, "b/c": np.array([7, 8])})
save_bytes("strings.pb", helper.make_tensor(
    "t", onnx.TensorProto.STRING, [1], [b"x"]).SerializeToString())

# A picture with structure at every scale, so that wrong taps are seen.
rng = np.random.default_rng(0)
y, x = np.mgrid[0:23, 0:31]
picture = np.stack([x * 8, y * 11, (x * y) % 256], 2) + rng.integers(-40, 40, (23, 31, 3))
picture = Image.fromarray(np.clip(picture, 0, 255).astype("u1"))
picture.save(path("picture.png"))
picture.save(path("picture.jpg"), quality=90)
picture.convert("L").save(path("picture-grey.png"))
picture.quantize(16).save(path("picture-palette.png"))
alpha = picture.copy()
alpha.putalpha(Image.fromarray((x * 8).astype("u1")))
alpha.save(path("picture-alpha.png"))
Image.new("RGB", (5, 4), (10, 200, 30)).save(path("uniform.png"))
np.save(path("picture.npy"), np.asarray(picture))
np.save(path("picture-jpg.npy"), np.asarray(Image.open(path("picture.jpg"))))
np.save(path("picture-grey.npy"), np.asarray(picture.convert("L")))
np.save(path("picture-palette.npy"),
        np.asarray(Image.open(path("picture-palette.png")).convert("RGB")))
for width, height in [(7, 5), (50, 40), (12, 60), (31, 23), (1, 1)]:
    np.save(path(f"picture-{width}x{height}.npy"),
            np.asarray(picture.resize((width, height), Image.BILINEAR)))
# 23 rows cropped to the aspect 1:1, and 31 columns to 3:1.
np.save(path("crop-square-8x8.npy"),
        np.asarray(picture.crop((4, 0, 27, 23)).resize((8, 8), Image.BILINEAR)))
np.save(path("crop-wide-9x3.npy"),
        np.asarray(picture.crop((0, 6, 31, 16)).resize((9, 3), Image.BILINEAR)))
