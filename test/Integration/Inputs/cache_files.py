"""Files of a kernel cache: cache_files.py FOLDER [--damage]

Prints name, size and time of change of each; --damage changes a byte of one,
cuts another and empties a third instead.
"""

import sys
from pathlib import Path

files = sorted(Path(sys.argv[1]).iterdir())
if "--damage" in sys.argv:
    content = bytearray(files[0].read_bytes())
    content[len(content) // 2] ^= 1
    files[0].write_bytes(content)
    files[1].write_bytes(files[1].read_bytes()[:100])
    files[2].write_bytes(b"")
else:
    for file in files:
        status = file.stat()
        print(file.name, status.st_size, status.st_mtime_ns)
