"""The first N samples of every array: take.py IN.npz N OUT.npz"""

import sys

import numpy as np

arrays = np.load(sys.argv[1])
np.savez(sys.argv[3], **{name: arrays[name][: int(sys.argv[2])] for name in arrays})
