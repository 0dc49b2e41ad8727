"""Fails unless one report counts at most a share of the additions of another.

    fewer_additions.py SHARE REPORT.json OTHER.json
"""

import json
import sys


def count_additions(path):
    with open(path) as file:
        compiled = json.load(file)["totals"]["compiled"]
    return sum(
        operation["count"]
        for kind in ("operations_of_taps", "other_operations")
        for operation in compiled[kind]
        if operation["operation"] == "add"
    )


share, *reports = sys.argv[1:]
fewer, more = map(count_additions, reports)
print(f"{fewer} additions, beside {more}")
sys.exit(not 0 < fewer <= float(share) * more)
