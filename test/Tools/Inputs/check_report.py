"""Holds a report of shiftadd-compile against its schema, version 1, and its
figures against each other.

    check_report.py REPORT.json [--drop MEMBER]... [--imported] [--calibrated]

Every energy is recomputed from the report's counts and prices, every total from
the layers. --drop leaves a member out of every object first, which must be
noticed; --imported wants the imported network, --calibrated the signal-to-noise
of every layer, too.
"""

import argparse
import json
import math
import re
import sys

OPERATIONS = {"multiply", "add", "shift", "compare", "divide", "lookup", "function"}
LEVELS = ["dram", "global_buffer", "network", "network_partial_sums"]
LEVELS += ["register_file", "register_file_weights"]
BASELINES = ["baseline_int8", "baseline_equal_precision"]
FORMAT = re.compile(r"(int|float)\d+$")


class Wrong(Exception):
    pass


def member(place, parent, key, kind):
    value = parent.get(key)
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if not fits:
        raise Wrong(f"{place} lacks {key} ({kind})")
    return value


def texts(place, parent, key):
    value = member(place, parent, key, list)
    if not all(isinstance(item, str) for item in value):
        raise Wrong(f"{place}: {key} is no list of texts")
    return value


def near(a, b):
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)


def check_operations(place, parent, key):
    found = {}
    for row in member(place, parent, key, list):
        operation = member(place, row, "operation", str)
        number_format = member(place, row, "format", str)
        if operation not in OPERATIONS or not FORMAT.match(number_format):
            raise Wrong(f"{place}: {operation} {number_format}")
        if member(place, row, "count", int) <= 0:
            raise Wrong(f"{place}: a count that is not positive")
        found[operation, number_format] = row["count"]
    return found


def price(counts, prices):
    return sum(count * prices.get(key, 0) for key, count in counts.items()) * 1e-6


def check_form(place, parent, key, prices):
    form = member(place, parent, key, dict)
    place = f"{place}.{key}"
    taps = check_operations(place, form, "operations_of_taps")
    other = check_operations(place, form, "other_operations")
    memory = member(place, form, "memory_bytes", dict)
    for level in LEVELS:
        member(place, memory, level, int)
    energy = member(place, form, "energy_uj", dict)
    for part in ("arithmetic", "arithmetic_of_taps", "on_chip_memory", "dram"):
        member(place, energy, part, (int, float))
    if "total" in energy:
        raise Wrong(f"{place}: the parts are not to be added up")
    if not near(energy["arithmetic_of_taps"], price(taps, prices)):
        raise Wrong(f"{place}: energy of the taps is not counts times prices")
    both = price(taps, prices) + price(other, prices)
    if not near(energy["arithmetic"], both):
        raise Wrong(f"{place}: arithmetic energy is not counts times prices")
    return form


def bits_of(low, high):
    return max(high.bit_length(), (-low - 1).bit_length() if low < 0 else 0) + 1


def check_sum(place, row):
    """The proof that a sum does not overflow."""
    member(place, row, "op", str)
    low, high = member(place, row, "low", int), member(place, row, "high", int)
    bits, width = member(place, row, "bits", int), member(place, row, "width", int)
    if low > high or bits != bits_of(low, high):
        raise Wrong(f"{place}: {bits} bits for {low}..{high}")
    if member(place, row, "headroom_bits", int) != width - bits or bits > width:
        raise Wrong(f"{place}: {bits} bits in {width}")
    if "scaled_bits" in row:
        held = {"int32": 32, "double": 54, "int64": 64}[row.get("arithmetic", "int64")]
        if member(place, row, "scaled_bits", int) > held:
            raise Wrong(f"{place}: scaled sums do not fit their arithmetic")
        if member(place, row, "biased_bits", int) > width:
            raise Wrong(f"{place}: sums with bias do not fit their width")


def check_layer(place, layer, prices, imported, calibrated):
    member(place, layer, "name", str)
    for key in ("nodes", "ops"):
        texts(place, layer, key)
    for size in member(place, layer, "output_shape", list):
        if not isinstance(size, int):
            raise Wrong(f"{place}: a size that is no integer")
    if not FORMAT.match(member(place, layer, "output_format", str)):
        raise Wrong(f"{place}: format {layer['output_format']}")
    taps = member(place, layer, "taps", dict)
    for kind in ("multiply", "shift", "adder"):
        member(place, taps, kind, int)
    for key in ("weight_elements", "weight_bytes", "constant_bytes", "input_bytes"):
        member(place, layer, key, int)
    member(place, layer, "output_bytes", int)
    if taps["shift"]:
        member(place, layer, "terms_per_tap", (int, float))
    if sum(taps.values()):
        member(place, layer, "activation_format", str)
        member(place, layer, "weight_format", str)
    if "accumulator" in layer:
        sums = member(place, layer, "sums", list)
        for row in sums:
            check_sum(f"{place}.sums", row)
        if layer["accumulator"] != max(sums, key=lambda row: row["bits"]):
            raise Wrong(f"{place}: the accumulator is not the widest sum")
    if calibrated and sum(taps.values()):
        member(place, layer, "signal_to_noise_db", (int, float))
    # A cost without its baseline says nothing (E15).
    for key in BASELINES + ["compiled"]:
        check_form(place, layer, key, prices)
    if imported and sum(taps.values()):
        check_form(place, layer, "imported", prices)


def check_totals(report, prices, imported):
    totals = member("report", report, "totals", dict)
    keys = BASELINES + ["compiled"] + (["imported"] if imported else [])
    for key in keys:
        form = check_form("totals", totals, key, prices)
        if key == "imported":
            continue
        for part, value in form["energy_uj"].items():
            layers = sum(layer[key]["energy_uj"][part] for layer in report["layers"])
            if not near(value, layers):
                raise Wrong(f"totals.{key}.{part} is not the sum over the layers")
    for kind, value in member("totals", totals, "taps", dict).items():
        if value != sum(layer["taps"][kind] for layer in report["layers"]):
            raise Wrong(f"totals.taps.{kind} is not the sum over the layers")


def check(report, imported, calibrated):
    if report.get("version") != 1:
        raise Wrong("version is not 1")
    member("report", report, "model", str)
    for key in ("price_table", "memory_model"):
        for part in ("name", "version", "source"):
            if not member(key, member("report", report, key, dict), part, str):
                raise Wrong(f"{key} has no {part}")
    prices = {}
    for row in member("report", report, "prices", list):
        key = member("prices", row, "operation", str), member("prices", row, "format", str)
        prices[key] = member("prices", row, "picojoules", (int, float))
        member("prices", row, "origin", str)
    for row in member("report", report, "unpriced", list):
        if (row["operation"], row["format"]) in prices:
            raise Wrong(f"{row} has a price")
    layers = member("report", report, "layers", list)
    if not layers:
        raise Wrong("there are no layers")
    for index, layer in enumerate(layers):
        check_layer(f"layers[{index}]", layer, prices, imported, calibrated)
    if calibrated:
        calibration = member("report", report, "calibration", dict)
        member("calibration", calibration, "samples", int)
        member("calibration", calibration, "signal_to_noise_db", (int, float))
    check_totals(report, prices, imported)
    texts("report", report, "conventions")
    for sentence in texts("report", report, "sentences"):
        # Widths stand in the sentence that compares them (E17).
        if not re.search(r"(int|float)\d", sentence):
            raise Wrong(f"no width in: {sentence}")
    for row in member("report", report, "taps_at_formats", list):
        for key in ("price_table", "format"):
            member("taps_at_formats", row, key, str)
        for key in ("multipliers_uj", "compiled_uj"):
            member("taps_at_formats", row, key, (int, float))


def without(value, dropped):
    if isinstance(value, dict):
        return {
            key: without(item, dropped)
            for key, item in value.items()
            if key not in dropped
        }
    if isinstance(value, list):
        return [without(item, dropped) for item in value]
    return value


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("report")
    parser.add_argument("--drop", action="append", default=[])
    parser.add_argument("--imported", action="store_true")
    parser.add_argument("--calibrated", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.report, encoding="utf-8") as file:
        report = without(json.load(file), arguments.drop)
    try:
        check(report, arguments.imported, arguments.calibrated)
    except Wrong as wrong:
        sys.exit(f"{arguments.report}: {wrong}")
    print("report checked:", len(report["layers"]), "layers")


if __name__ == "__main__":
    main()
