"""Folders of generated tests, made as a whole when what they come from changed."""

import hashlib
import shutil
import sys
import warnings


def refresh(output, sources, fill):
    """Calls fill(folder) unless `output` was made from the same sources.

    Sources are paths, whose content counts, and texts.
    """
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.encode() if isinstance(source, str) else source.read_bytes())
    stamp = digest.hexdigest() + "\n"
    stamp_file = output / "stamp"
    if stamp_file.exists() and stamp_file.read_text() == stamp:
        return
    print(f"generating {output.name}", file=sys.stderr)
    work = output.with_name(output.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # NumPy warns about the overflows and NaNs that some tests are about.
    warnings.filterwarnings("ignore")
    fill(work)
    (work / "stamp").write_text(stamp)
    shutil.rmtree(output, ignore_errors=True)
    work.rename(output)
