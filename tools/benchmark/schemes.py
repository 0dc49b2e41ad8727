"""Measures what each scheme of weights costs and gives.

Every network is compiled once for every scheme, calibrated on the same samples,
and measured on samples that the calibration has not seen: agreement with the
float network, signal-to-noise, accuracy where there are labels, non-zero terms
per multiply-accumulate, modelled energy, size of the library and latency. The
networks that are not here are left out.

--work names a folder for libraries and figures, which later runs take up again:
only latencies are then measured anew. --update writes the tables into
docs/schemes.md and README.md.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np

import bench
import crops
from bench import FOLDERS, ROOT, EngineError, run

# Name, what the table says of it, options of shiftadd-compile.
THREE_TERM_REST = "depthwise:apot3,stem:apot3"
SCHEMES = [
    ("int8", "8-bit integers", ["--scheme=int8"]),
    ("csd", "the same, as exact sums", ["--scheme=csd"]),
    ("apot3", "three terms", ["--scheme=apot3"]),
    ("apot2", "two terms", ["--scheme=apot2"]),
    (
        "apot2 mixed",
        "two terms, three in depthwise layers and the stem",
        [f"--scheme=apot2,{THREE_TERM_REST}"],
    ),
    (
        "pot mixed",
        "one term, three in depthwise layers and the stem",
        [f"--scheme=pot,{THREE_TERM_REST}"],
    ),
    ("pot", "one term", ["--scheme=pot"]),
    ("int4", "4-bit integers", ["--scheme=int4"]),
    ("ternary", "-1, 0, 1", ["--scheme=ternary"]),
    ("csd shift", "csd, scales are shifts", ["--scheme=csd", "--requantize=shift"]),
    (
        "apot2 shift",
        "two terms, scales are shifts",
        ["--scheme=apot2", "--requantize=shift"],
    ),
]
# Also calibrated on five of the nine photos and measured on the other four.
LEFT_OUT = ["int8", "apot2"]


class Network:
    """A network with its samples; pixels v become (v - mean) * scale."""

    def __init__(self, name, mean, scale, options, calibration, measurements,
                 leave_out=None):  # fmt: skip
        self.name = name
        self.options = options
        self.model = find(f"{name}.onnx")
        self.quantized = find(f"{name}-qdq.onnx")
        self.mean, self.scale = mean, scale
        self.calibration = calibration
        self.measurements = measurements  # name -> file
        self.leave_out = leave_out  # (calibration, measurement) or nothing

    def prepare(self, path):
        """The samples of a file as the model takes them, and the labels."""
        data = np.load(path)
        images = data["images"].astype(np.float32)
        if images.ndim == 3:
            images = images[..., None]
        values = (images - np.float32(self.mean)) * np.float32(self.scale)
        labels = data["labels"] if "labels" in data else None
        return np.ascontiguousarray(values.transpose(0, 3, 1, 2)), labels


def find(name):
    return next((f / name for f in FOLDERS if (f / name).exists()), None)


def digits(scratch):
    train, test = find("digits-train.npz"), find("digits-test.npz")
    if not train or not test:
        return None
    calibration = scratch / "digits-calibration.npz"
    np.savez(calibration, images=np.load(train)["images"][:300])
    return Network("digits-cnn", 0, 1 / 255, [], calibration, {"": test})


def efficientnet(scratch, folder):
    if not find("efficientnet-lite0.onnx"):
        return None
    if not folder:
        folder = scratch
        crops.write_all(folder)
    return Network(
        "efficientnet-lite0",
        127,
        1 / 128,
        # What `auto` chooses here, at half the time.
        ["--range=mse"],
        folder / "calibration.npz",
        {"": folder / "measurement.npz", "unseen": folder / "unseen.npz"},
        (folder / "five.npz", folder / "four.npz"),
    )


def image_options(network):
    return [f"--image-mean={network.mean}", f"--image-scale={network.scale!r}"]


def compile_library(tools, network, options, library, report=None):
    command = [tools / "shiftadd-compile", network.model, "-o", library]
    command += [*options, *image_options(network)]
    if report:
        command.append(f"--report=json:{report}")
    run(command)


def calibrate(network, options, data):
    return [f"--calibrate={data}", *network.options, *options]


def evaluate(tools, network, library, data):
    return json.loads(
        run(
            [tools / "shiftadd-run", library, "--evaluate", data, "--json",
             "--reference", network.model, *image_options(network)]
        )
    )  # fmt: skip


def library_of(network, name, scratch):
    return scratch / f"{network.name}-{name.replace(' ', '-')}.so"


def row_needs_sums(name):
    """Integers other than int8, whose sums have a row of their own."""
    return name.startswith("int") and name != "int8"


def measure_scheme(tools, network, name, options, scratch):
    library = library_of(network, name, scratch)
    report = scratch / "report.json"
    stages = scratch / "stages"
    if row_needs_sums(name):
        options = [*options, f"--dump-stages={stages}"]
    compile_library(
        tools, network, calibrate(network, options, network.calibration), library,
        report,
    )
    row = {"library_bytes": library.stat().st_size}
    if row_needs_sums(name):
        # What the same weights cost as exact sums.
        sums = scratch / "sums.json"
        run([tools / "shiftadd-compile", stages / "2-quantize.mlir", "--scheme=csd",
             "--compile-to=rewrite", "-o", scratch / "sums.mlir",
             f"--report=json:{sums}"])  # fmt: skip
        row["terms_per_tap"] = json.loads(sums.read_text())["totals"]["terms_per_tap"]
    for measurement, data in network.measurements.items():
        row[measurement or "measurement"] = evaluate(tools, network, library, data)
    cost = json.loads(report.read_text())
    totals = cost["totals"]
    row["price_table"] = cost["price_table"]["name"]
    row.setdefault("terms_per_tap", totals.get("terms_per_tap"))
    row["energy_uj"] = totals["compiled"]["energy_uj"]
    row["baseline_energy_uj"] = totals["baseline_int8"]["energy_uj"]
    if network.leave_out and name in LEFT_OUT:
        other = scratch / "left-out.so"
        calibration, data = network.leave_out
        compile_library(tools, network, calibrate(network, options, calibration), other)
        row["left out"] = evaluate(tools, network, other, data)
    return row


def measure_onnxruntime(network):
    """The figures of evaluate() for the QDQ file, run by onnxruntime."""
    import onnxruntime

    def logits(model, samples):
        session = onnxruntime.InferenceSession(
            model, providers=["CPUExecutionProvider"]
        )
        name = session.get_inputs()[0].name
        return np.concatenate(
            [session.run(None, {name: sample[None]})[0] for sample in samples]
        ).astype(np.float64)

    row = {"library_bytes": network.quantized.stat().st_size}
    for measurement, path in network.measurements.items():
        samples, labels = network.prepare(path)
        exact = logits(network.model, samples)
        found = logits(network.quantized, samples)
        noise = ((exact - found) ** 2).mean()
        figures = {
            "agreement": float((exact.argmax(1) == found.argmax(1)).mean()),
            "signal_to_noise_db": float(10 * np.log10((exact**2).mean() / noise)),
        }
        if labels is not None:
            figures["accuracy"] = float((found.argmax(1) == labels).mean())
            figures["reference_accuracy"] = float((exact.argmax(1) == labels).mean())
        row[measurement or "measurement"] = figures
    return row


def measure_latencies(tools, network, rows, rounds, scratch):
    """Adds the median latency of one thread, all engines interleaved."""
    data = scratch / "input.npy"
    samples, _ = network.prepare(next(iter(network.measurements.values())))
    np.save(data, samples[:1])
    engines = {
        name: [tools / "shiftadd-run", "--bench", library_of(network, name, scratch)]
        for name in rows
        if library_of(network, name, scratch).exists()
    }
    if network.quantized:
        peer = Path(__file__).with_name("peer.py")
        engines["onnxruntime"] = [
            sys.executable, peer, "onnxruntime", network.quantized
        ]  # fmt: skip
    times = {name: [] for name in engines}
    runs = {}
    for round_number in range(rounds + 1):
        for name, command in engines.items():
            latencies, _ = bench.bench(
                command, 1, runs.get(name, 5), data, scratch / "output.npy"
            )
            # Round 0 only finds out how many runs fill a round.
            if round_number:
                times[name] += latencies
            else:
                runs[name] = max(5, min(500, int(bench.ROUND_MS / min(latencies))))
    for name, row in rows.items():
        if name in times:
            row["median_ms"] = statistics.median(times[name])


def measure_network(tools, network, names, rounds, scratch, rows, save):
    """Fills `rows`, and saves each as soon as it is known."""
    if "float32" not in rows:
        floating = library_of(network, "float32", scratch)
        compile_library(tools, network, [], floating)
        rows["float32"] = {
            "what": "the network as it is",
            "library_bytes": floating.stat().st_size,
        }
    if network.quantized and "onnxruntime" not in rows:
        rows["onnxruntime"] = measure_onnxruntime(network)
        rows["onnxruntime"]["what"] = "its static int8 quantisation (QDQ)"
    for name, what, options in SCHEMES:
        if name in rows or (names and name not in names):
            continue
        print(f"{network.name}: {name}", file=sys.stderr, flush=True)
        try:
            rows[name] = measure_scheme(tools, network, name, options, scratch)
        except EngineError as error:
            print(f"{network.name}: {name}: {error}", file=sys.stderr)
            continue
        rows[name]["what"] = what
        save()
    # Codes that hold int8 exactly have its results; terms say what they cost.
    if "csd" in rows and "int8" in rows:
        rows["int8"]["terms_per_tap"] = rows["csd"]["terms_per_tap"]
    measure_latencies(tools, network, rows, rounds, scratch)
    labelled = rows.get("onnxruntime", {}).get("measurement", {})
    if "reference_accuracy" in labelled:
        rows["float32"]["measurement"] = {"accuracy": labelled["reference_accuracy"]}
    save()


def percent(value):
    return "" if value is None else f"{100 * value:.1f} %"


def decibels(figures):
    if figures.get("identical"):
        return "exact"
    value = figures.get("signal_to_noise_db")
    return "" if value is None else f"{value:.1f} dB"


def energy(row, part):
    return f"{row['energy_uj'][part]:.1f}" if "energy_uj" in row else ""


# Heading and cell of every column; columns without a cell are left out.
COLUMNS = [
    ("scheme", lambda name, row: f"`{name}`"),
    ("weights", lambda name, row: row["what"]),
    ("agreement", lambda name, row: percent(row["measurement"].get("agreement"))),
    ("signal-to-noise", lambda name, row: decibels(row["measurement"])),
    ("accuracy", lambda name, row: percent(row["measurement"].get("accuracy"))),
    ("unseen photos", lambda name, row: both(row.get("unseen"))),
    ("left-out photos", lambda name, row: both(row.get("left out"))),
    (
        "terms / MAC",
        lambda name, row: number(row.get("terms_per_tap"), ".2f"),
    ),
    ("arithmetic, µJ", lambda name, row: energy(row, "arithmetic")),
    ("on-chip memory, µJ", lambda name, row: energy(row, "on_chip_memory")),
    ("DRAM, µJ", lambda name, row: energy(row, "dram")),
    ("size, KB", lambda name, row: number(row.get("library_bytes", 0) / 1024, ".0f")),
    ("latency, ms", lambda name, row: number(row.get("median_ms"), ".2f")),
]
HEAD = ["scheme", "weights", "agreement", "signal-to-noise", "unseen photos"]
HEAD += ["terms / MAC", "arithmetic, µJ", "size, KB", "latency, ms"]


def number(value, form):
    return "" if value is None else format(value, form)


def both(figures):
    if not figures:
        return ""
    return f"{percent(figures.get('agreement'))}, {decibels(figures)}"


def in_order(rows):
    """Rows as the schemes stand here, whenever each was measured."""
    names = ["float32", "onnxruntime"] + [name for name, _, _ in SCHEMES]
    return {name: rows[name] for name in names if name in rows}


def make_table(rows, headings=None):
    rows = in_order(rows)
    columns = []
    for heading, cell in COLUMNS:
        if headings and heading not in headings:
            continue
        cells = [cell(name, {"measurement": {}, **row}) for name, row in rows.items()]
        if any(cells):
            columns.append([heading, "---", *cells])
    return "\n".join("| " + " | ".join(line) + " |" for line in zip(*columns))


def replace(path, marker, text):
    """Puts a text between `<!-- MARKER -->` and `<!-- end -->`."""
    start = f"<!-- {marker} -->\n"
    content = path.read_text()
    before, found, rest = content.partition(start)
    _, end, after = rest.partition("<!-- end -->")
    if not found or not end:
        sys.exit(f"schemes: {path} has no marker {start.strip()}")
    path.write_text(f"{before}{start}{text}\n{end}{after}")


def update_docs(results):
    for name, rows in results.items():
        replace(ROOT / "docs" / "schemes.md", f"schemes of {name}", make_table(rows))
    main = results.get("efficientnet-lite0") or results.get("digits-cnn")
    if main:
        replace(ROOT / "README.md", "schemes", make_table(main, HEAD))


def measure_all(arguments, scratch):
    figures = scratch / "figures.json"
    results = json.loads(figures.read_text()) if figures.exists() else {}
    if arguments.tables:
        return results

    def save():
        figures.write_text(json.dumps(results, indent=2) + "\n")

    names = arguments.schemes.split(",") if arguments.schemes else []
    wanted = arguments.networks or ["digits-cnn", "efficientnet-lite0"]
    for name in wanted:
        network = (
            digits(scratch)
            if name == "digits-cnn"
            else efficientnet(scratch, arguments.crops)
        )
        if network is None or not network.model:
            print(f"{name}.onnx is not here; left out", file=sys.stderr)
            continue
        measure_network(
            arguments.build / "bin", network, names, arguments.rounds, scratch,
            results.setdefault(name, {}), save,
        )  # fmt: skip
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "networks", nargs="*", help="of digits-cnn, efficientnet-lite0 (default: both)"
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument("--schemes", help="comma-separated (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="of latencies")
    parser.add_argument("--crops", type=Path, help="folder written by crops.py")
    parser.add_argument("--work", type=Path, help="folder to work in")
    parser.add_argument("--tables", action="store_true", help="measure nothing")
    parser.add_argument("--update", action="store_true", help="write the tables")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        scratch = arguments.work or Path(folder)
        scratch.mkdir(parents=True, exist_ok=True)
        results = measure_all(arguments, scratch)
    for name, rows in results.items():
        print(f"{name}\n\n{make_table(rows)}\n")
    if arguments.update:
        update_docs(results)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EngineError as error:
        sys.exit(f"schemes: {error}")
