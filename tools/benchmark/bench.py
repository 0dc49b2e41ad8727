"""Compares compiled networks with other engines, interleaved in one run.

Every round runs each engine once, as a child process with the same input and
the same number of threads, so that whatever else the machine does meets all of
them alike. Times are over the runs of all rounds.
"""

import argparse
import dataclasses
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import networks
import numpy as np

ROOT = Path(__file__).resolve().parents[2]
# Where sample networks may lie: the bundled ones and a folder beside the
# checkout with larger ones.
FOLDERS = [ROOT / "models", ROOT.parent / "shared" / "models"]
# Samples of random values that networks are calibrated with.
CALIBRATION_SAMPLES = 4


@dataclasses.dataclass(frozen=True)
class Row:
    """One comparison: a network compiled by shiftadd, and what the others run."""

    model: str
    shape: tuple
    # --scheme of a network that is calibrated first; empty: as it is.
    scheme: str = ""
    # The network of the other engines where it is not the same file.
    peer: str = ""
    # The engines compute the same function, so that results are comparable.
    comparable: bool = True


IMAGENET, CIFAR, DIGITS = (1, 3, 224, 224), (1, 3, 32, 32), (1, 1, 28, 28)
LAYERS = {"3x3-64": (64, 56), "3x3-128": (128, 28)}
ROWS = {
    "efficientnet-lite0": Row("efficientnet-lite0", IMAGENET),
    "efficientnet-lite0-qdq": Row("efficientnet-lite0-qdq", IMAGENET),
    "resnet20-random": Row("resnet20-random", CIFAR),
    "digits-cnn": Row("digits-cnn", DIGITS),
    "digits-cnn-qdq": Row("digits-cnn-qdq", DIGITS),
    # Calibrated by shiftadd, against onnxruntime's own int8 networks.
    **{
        f"{name}-{scheme}": Row(model, shape, scheme, f"{model}-qdq", False)
        for name, model, shape in (
            ("efficientnet", "efficientnet-lite0", IMAGENET),
            ("resnet20", "resnet20-random", CIFAR),
        )
        for scheme in ("int8", "csd", "pot")
    },
    # Chains of adder layers on 8-bit codes, against fp32 convolutions.
    **{
        f"adder-{name}": Row(
            f"adder-{name}", (1, channels, size, size), "int8", f"conv-{name}", False
        )
        for name, (channels, size) in LAYERS.items()
    },
}
# Runs per round: about this many milliseconds of them.
ROUND_MS = 400.0


class EngineError(Exception):
    pass


def run(command):
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True
    )
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise EngineError(f"{Path(command[0]).name}: {lines[-1] if lines else ''}")
    return result.stdout


def bench(command, threads, runs, data, output):
    """One child: (latencies in ms, {name: value of its `# name value` lines})."""
    text = run(
        [*command, "--threads", threads, "--warmup", 3, "--runs", runs,
         "--input", data, "--output", output]
    )  # fmt: skip
    lines = text.splitlines()
    times = [float(line) for line in lines if not line.startswith("#")]
    notes = [line[1:].split() for line in lines if line.startswith("#")]
    if len(times) != runs:
        raise EngineError(f"{command[0]} printed {len(times)} latencies, not {runs}")
    return times, {note[0]: float(note[1]) for note in notes if len(note) == 2}


def find_model(name, shape, scratch):
    """The file of a network, which is made where that is possible."""
    for folder in [*FOLDERS, scratch]:
        if (folder / f"{name}.onnx").exists():
            return folder / f"{name}.onnx"
    output = scratch / f"{name}.onnx"
    kind, _, layer = name.partition("-")
    if layer in LAYERS:
        return networks.chain(kind, *LAYERS[layer], output)
    if name.endswith("-qdq"):
        original = find_model(name.removesuffix("-qdq"), shape, scratch)
        if original:
            return networks.quantized_by_onnxruntime(
                original, samples(shape), output, scratch
            )
    return None


def samples(shape):
    random = np.random.default_rng(2)
    return random.random((CALIBRATION_SAMPLES, *shape[1:]), dtype=np.float32)


def compile_row(row, arguments, scratch):
    """The library of a row and the model of the others; None without a file."""
    model = find_model(row.model, row.shape, scratch)
    peer = find_model(row.peer or row.model, row.shape, scratch)
    if not model or not peer:
        return None
    library = scratch / "library.so"
    command = [arguments.build / "bin" / "shiftadd-compile", model, "-o", library,
               f"--target={arguments.target}"]  # fmt: skip
    if row.scheme:
        np.save(scratch / "samples.npy", samples(row.shape))
        command += [f"--calibrate={scratch / 'samples.npy'}", f"--scheme={row.scheme}"]
    run(command)
    return library, peer


def measure(name, row, engines, threads, rounds, data, scratch):
    """Engine name -> its figures, for one network and thread count."""
    runs = {}
    times = {engine: [] for engine in engines}
    notes = {engine: [] for engine in engines}
    outputs = {}
    for round_number in range(rounds + 1):
        for engine, command in engines.items():
            output = scratch / f"{engine}.npy"
            # Round 0 only finds out how many runs fill a round.
            count = runs.get(engine, 5)
            try:
                latencies, said = bench(command, threads, count, data, output)
            except EngineError as error:
                raise EngineError(f"{name}: {error}") from error
            if round_number == 0:
                runs[engine] = max(5, min(500, int(ROUND_MS / min(latencies))))
                outputs[engine] = np.load(output)
            else:
                times[engine] += latencies
                notes[engine].append(said)
    wanted = outputs.get("onnxruntime") if row.comparable else None
    figures = {}
    for engine in engines:
        figure = {
            "min_ms": min(times[engine]),
            "median_ms": statistics.median(times[engine]),
            "runs": len(times[engine]),
        }
        for note in ("load_ms", "first_run_ms", "peak_rss_mb"):
            figure[note] = min(said[note] for said in notes[engine])
        if wanted is not None:
            largest = np.abs(wanted).max()
            figure["difference"] = float(
                np.abs(outputs[engine].astype(float) - wanted).max() / largest
            )
        figures[engine] = figure
    # How much of onnxruntime's speed an engine has.
    for figure in figures.values():
        if "onnxruntime" in figures:
            for which in ("min_ms", "median_ms"):
                figure["speed_by_" + which[:-3]] = (
                    figures["onnxruntime"][which] / figure[which]
                )
    return figures


HEADER = (
    f"{'network':<24}{'threads':>8} {'engine':<12}{'min ms':>10}{'median ms':>11}"
    f"{'speed':>8}{'load ms':>9}{'first ms':>10}{'peak MB':>9}{'lib KB':>8}"
    f"{'diff':>10}"
)


def print_rows(name, threads, figures, library_bytes):
    for engine, row in figures.items():
        speed = row.get("speed_by_min")
        size = f"{library_bytes / 1024:.0f}" if engine == "shiftadd" else ""
        difference = row.get("difference")
        print(
            f"{name:<24}{threads:>8} {engine:<12}{row['min_ms']:>10.3f}"
            f"{row['median_ms']:>11.3f}"
            f"{'' if speed is None else format(speed, '.2f'):>8}"
            f"{row['load_ms']:>9.2f}{row['first_run_ms']:>10.2f}"
            f"{row['peak_rss_mb']:>9.1f}{size:>8}"
            f"{'' if difference is None else format(difference, '.1e'):>10}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(ROWS)}")
    parser.add_argument("--build", type=Path, default=ROOT / "build")
    parser.add_argument(
        "--threads",
        type=lambda text: [int(count) for count in text.split(",")],
        default=[1, 2],
        help="comma-separated (default 1,2)",
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--target", default="host", help="for shiftadd-compile")
    parser.add_argument("--openvino", action="store_true", help="also run OpenVINO")
    parser.add_argument("--json", type=Path, help="also write all figures here")
    arguments = parser.parse_args()
    unknown = set(arguments.networks) - set(ROWS)
    if unknown:
        parser.error(f"unknown network {', '.join(sorted(unknown))}")

    peer = Path(__file__).with_name("peer.py")
    results = []
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for name in arguments.networks or ROWS:
            row = ROWS[name]
            compiled = compile_row(row, arguments, scratch)
            if not compiled:
                print(f"{row.model}.onnx is not here; left out", file=sys.stderr)
                continue
            library, model = compiled
            data = scratch / "input.npy"
            random = np.random.default_rng(1)
            np.save(data, random.random(row.shape, dtype=np.float32))
            binaries = arguments.build / "bin"
            engines = {
                "shiftadd": [binaries / "shiftadd-run", "--bench", library],
                "onnxruntime": [sys.executable, peer, "onnxruntime", model],
            }
            if arguments.openvino:
                engines["openvino"] = [sys.executable, peer, "openvino", model]
            for threads in arguments.threads:
                figures = measure(
                    name, row, engines, threads, arguments.rounds, data, scratch
                )
                size = library.stat().st_size
                print_rows(name, threads, figures, size)
                results.append(
                    {
                        "network": name,
                        "threads": threads,
                        "library_bytes": size,
                        "engines": figures,
                    }
                )
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")
    print("speed: of onnxruntime's, by the shortest times; diff: the largest"
          " difference from onnxruntime, relative to its largest output, where both"
          " compute one function; -int8, -csd, -pot: calibrated here, against"
          " onnxruntime's own int8 network; adder: 8-bit codes, against the same"
          " number of fp32 convolutions of that shape")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EngineError as error:
        sys.exit(f"bench: {error}")
