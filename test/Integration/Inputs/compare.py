"""Compares output tensors.

    compare.py ACTUAL EXPECTED [--array NAME] [--relative R | --steps N --step S]
               [--top1] [--first N]

Both are .npz (by array names; all of ACTUAL's) or .npy files. Without a
tolerance all bytes are equal. --relative allows a difference of R times the
largest expected magnitude, --steps one of N times S. --top1 also wants the
largest element of every row at the same place. --array is the name of the
expected array where it is not the actual one's.
"""

import argparse
import sys

import numpy as np


def load(path):
    loaded = np.load(path)
    return {"": loaded} if isinstance(loaded, np.ndarray) else dict(loaded)


def differ(actual, expected, options):
    if actual.dtype != expected.dtype or actual.shape != expected.shape:
        return (
            f"is {actual.dtype}{actual.shape}, "
            f"expected {expected.dtype}{expected.shape}"
        )
    if options.relative is None and options.steps is None:
        equal = actual.tobytes() == expected.tobytes()
        return None if equal else "has other bytes"
    actual, expected = actual.astype(np.float64), expected.astype(np.float64)
    if not np.isfinite(actual).all():
        return "is not finite"
    difference = np.abs(actual - expected).max()
    if options.relative is not None:
        difference /= np.abs(expected).max()
        if difference > options.relative:
            return f"differs by {difference:.3g} of the largest element"
    else:
        # Steps are whole numbers; a thousandth covers the arithmetic here.
        difference /= options.step
        if difference > options.steps + 1e-3:
            return f"differs by {difference:.2f} steps"
    if options.top1 and (actual.argmax(-1) != expected.argmax(-1)).any():
        return "has its largest element elsewhere"
    print(f"difference {difference:.3g}")
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("actual")
    parser.add_argument("expected")
    parser.add_argument("--array")
    parser.add_argument("--relative", type=float)
    parser.add_argument("--steps", type=float)
    parser.add_argument("--step", type=float)
    parser.add_argument("--top1", action="store_true")
    parser.add_argument("--first", type=int)
    options = parser.parse_args()
    actual, expected = load(options.actual), load(options.expected)
    if not actual:
        sys.exit(f"{options.actual}: no arrays")
    for name, array in actual.items():
        other = expected.get(options.array or name)
        if other is None and len(expected) == 1 == len(actual):
            (other,) = expected.values()
        if other is None:
            sys.exit(f"{options.expected}: no array '{options.array or name}'")
        problem = differ(array, other[: options.first], options)
        if problem:
            sys.exit(f"{options.actual}: '{name}' {problem}")


if __name__ == "__main__":
    main()
