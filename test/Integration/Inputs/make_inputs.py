"""Writes inputs and expected outputs in the form that shiftadd-run takes, from
the raw data beside the larger networks.

    make_inputs.py SHARED FOLDER
"""

import sys
from pathlib import Path

import numpy as np

PHOTOS = ["chelsea", "coffee", "rocket", "shuttle", "camera", "china", "flower"]


def main():
    shared, folder = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    images = np.load(shared / "digits-test.npz")["images"]
    images = images[:, np.newaxis].astype(np.float32) / np.float32(255)
    for count in (64, 200):
        np.savez(folder / f"digits-{count}.npz", image=images[:count])
    resnet = np.load(shared / "resnet20-random-expected.npz")
    np.savez(folder / "resnet.npz", image=resnet["image"])
    np.savez(folder / "mlp.npz", x=np.load(shared / "fpga-mlp-test.npz")["x"][:64])

    def stack(suffix):
        parts = [np.load(shared / f"photos/{name}.{suffix}.npy") for name in PHOTOS]
        return np.concatenate(parts)

    np.savez(folder / "photos.npz", image=stack("input"))
    np.savez(folder / "photos-logits.npz", logits=stack("logits"))
    np.savez(folder / "photos-logits-qdq.npz", logits=stack("logits-qdq"))


if __name__ == "__main__":
    main()
