"""Crops of sample photos as inputs of an ImageNet classifier.

    crops.py FOLDER

writes, each with uint8 `images` [n,224,224,3]:

  calibration.npz   135 crops of nine photos
  measurement.npz   200 other crops of the same nine photos
  unseen.npz        105 crops of seven pictures that none of the above shows
  five.npz          75 crops of five of the nine photos
  four.npz          100 crops of the other four

The pictures are those that scikit-image and scikit-learn bring along.
"""

import sys
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image
from sklearn.datasets import load_sample_image

SIZE = 224


def as_rgb(array):
    return array if array.ndim == 3 else np.repeat(array[..., None], 3, 2)


def nine_photos():
    data = skimage.data
    names = ["chelsea", "coffee", "rocket", "astronaut", "camera", "brick", "grass"]
    photos = {name: as_rgb(getattr(data, name)()) for name in names}
    for name in ("china", "flower"):
        photos[name] = load_sample_image(f"{name}.jpg")
    return photos


def unseen_photos():
    data = skimage.data
    names = ["coins", "gravel", "hubble_deep_field", "immunohistochemistry", "moon"]
    photos = {name: as_rgb(getattr(data, name)()) for name in [*names, "retina"]}
    photos["motorcycle"] = data.stereo_motorcycle()[0]
    return photos


# Left out of the calibration that `four` measures: an animal-free split of
# objects, textures, buildings and people on both sides.
FOUR = ["coffee", "camera", "grass", "flower"]


def crops(photos, count, seed):
    """Random square crops, some mirrored, scaled by bicubic interpolation."""
    random = np.random.RandomState(seed)
    photos = list(photos)
    result = []
    for index in range(count):
        photo = photos[index % len(photos)]
        height, width = photo.shape[:2]
        side = int(min(height, width) * random.uniform(0.5, 1.0))
        left = random.randint(0, width - side + 1)
        top = random.randint(0, height - side + 1)
        image = Image.fromarray(photo[top : top + side, left : left + side])
        image = np.asarray(image.resize((SIZE, SIZE), Image.BICUBIC))
        result.append(image[:, ::-1] if random.rand() < 0.5 else image)
    return np.stack(result)


def write_all(folder):
    nine = nine_photos()
    four = [photo for name, photo in nine.items() if name in FOUR]
    five = [photo for name, photo in nine.items() if name not in FOUR]
    for name, photos, count, seed in [
        ("calibration", nine.values(), 135, 5),
        ("measurement", nine.values(), 200, 77),
        ("unseen", unseen_photos().values(), 105, 77),
        ("five", five, 75, 5),
        ("four", four, 100, 77),
    ]:
        np.savez(Path(folder, f"{name}.npz"), images=crops(photos, count, seed))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write_all(sys.argv[1])
