"""Samples for --evaluate, from the bundled digits.

    samples.py DIGITS.npz EXPECTED.npz FOLDER

writes `arrays.npz` (the input's name, and labels), `images.npz` (uint8 images
and labels), `few.npy`, `folder` (one .npy a sample), and bad ones.
"""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[3])
image = np.load(sys.argv[1])["image"][:8]
labels = np.load(sys.argv[2])["logits"][:8].argmax(1)
pixels = np.rint(image * 255).astype(np.uint8)[:, 0]

np.savez(folder / "arrays.npz", image=image, labels=labels)
np.savez(folder / "images.npz", images=pixels, labels=labels.astype(np.uint8))
np.savez(folder / "unlabelled.npz", image=image)
np.save(folder / "few.npy", image[:3])
(folder / "folder").mkdir()
for index in range(3):
    np.save(folder / "folder" / f"{index}.npy", image[index])
wrong = labels.copy()
wrong[:2] = (wrong[:2] + 1) % 10
np.savez(folder / "wrong.npz", image=image, labels=wrong)
np.savez(folder / "ten.npz", image=image, labels=np.where(labels == 0, 1, 10))
np.savez(folder / "short.npz", image=image, labels=labels[:5])
np.savez(folder / "empty.npz", image=image[:0])
np.savez(folder / "shape.npz", image=image[:, :, :27])
np.savez(folder / "float.npz", images=image[:, 0])
