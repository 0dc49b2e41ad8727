"""Samples for the networks of this folder: make_samples.py FOLDER."""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
random = np.random.RandomState(7)


def smooth(count, *shape):
    """Values whose neighbours are alike, as in pictures and signals."""
    noise = random.standard_normal((count, *shape))
    for axis in range(1, len(shape)):
        noise = (noise + np.roll(noise, 1, axis) + np.roll(noise, 2, axis)) / 2
    return noise.astype(np.float32)


np.savez(folder / "pictures.npz", x=smooth(48, 8, 8, 4))
np.savez(folder / "signals.npz", x=smooth(48, 20, 3))
np.savez(folder / "volumes.npz", x=smooth(48, 4, 4, 4, 2))
np.savez(folder / "rows.npz", x=smooth(48, 5, 6))
np.savez(folder / "two.npz", a=smooth(48, 8, 8, 4), b=smooth(48, 8, 8, 4))

# Data that cannot be used.
np.savez(folder / "empty.npz", x=np.zeros((0, 8, 8, 4), np.float32))
np.savez(folder / "shape.npz", x=smooth(4, 8, 9, 4))
np.savez(folder / "type.npz", x=smooth(4, 8, 8, 4).astype(np.float64))
np.savez(folder / "name.npz", y=smooth(4, 8, 8, 4))
bad = smooth(4, 8, 8, 4)
bad[2, 1, 1, 1] = np.nan
np.savez(folder / "nan.npz", x=bad)
np.savez(folder / "counts.npz", a=smooth(4, 8, 8, 4), b=smooth(5, 8, 8, 4))
