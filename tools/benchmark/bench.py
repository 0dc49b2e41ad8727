"""Compares compiled networks with other engines, interleaved in one run.

Every round runs each engine once, as a child process with the same input and
the same number of threads, so that whatever else the machine does meets all of
them alike. Times are over the runs of all rounds.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
# Where sample networks may lie: the bundled ones and a folder beside the
# checkout with larger ones.
FOLDERS = [ROOT / "models", ROOT.parent / "shared" / "models"]
# Sample network -> shape of its input.
SAMPLES = {
    "efficientnet-lite0": (1, 3, 224, 224),
    "efficientnet-lite0-qdq": (1, 3, 224, 224),
    "resnet20-random": (1, 3, 32, 32),
    "digits-cnn": (1, 1, 28, 28),
    "digits-cnn-qdq": (1, 1, 28, 28),
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


def find_models(names):
    for name in names:
        path = next(
            (f / f"{name}.onnx" for f in FOLDERS if (f / f"{name}.onnx").exists()),
            None,
        )
        if path:
            yield name, path
        else:
            print(f"{name}.onnx is not here; left out", file=sys.stderr)


def measure(name, engines, threads, rounds, data, scratch):
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
    wanted = outputs.get("onnxruntime")
    figures = {}
    for engine in engines:
        row = {
            "min_ms": min(times[engine]),
            "median_ms": statistics.median(times[engine]),
            "runs": len(times[engine]),
        }
        for note in ("load_ms", "first_run_ms", "peak_rss_mb"):
            row[note] = min(said[note] for said in notes[engine])
        if wanted is not None:
            largest = np.abs(wanted).max()
            row["difference"] = float(
                np.abs(outputs[engine].astype(float) - wanted).max() / largest
            )
        figures[engine] = row
    # How much of onnxruntime's speed an engine has.
    for row in figures.values():
        if "onnxruntime" in figures:
            for which in ("min_ms", "median_ms"):
                row["speed_by_" + which[:-3]] = (
                    figures["onnxruntime"][which] / row[which]
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
        print(
            f"{name:<24}{threads:>8} {engine:<12}{row['min_ms']:>10.3f}"
            f"{row['median_ms']:>11.3f}"
            f"{'' if speed is None else format(speed, '.2f'):>8}"
            f"{row['load_ms']:>9.2f}{row['first_run_ms']:>10.2f}"
            f"{row['peak_rss_mb']:>9.1f}{size:>8}"
            f"{row.get('difference', float('nan')):>10.1e}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("networks", nargs="*", help=f"of {', '.join(SAMPLES)}")
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
    unknown = set(arguments.networks) - set(SAMPLES)
    if unknown:
        parser.error(f"unknown network {', '.join(sorted(unknown))}")

    peer = Path(__file__).with_name("peer.py")
    results = []
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        for name, model in find_models(arguments.networks or SAMPLES):
            data = scratch / "input.npy"
            random = np.random.default_rng(1)
            np.save(data, random.random(SAMPLES[name], dtype=np.float32))
            library = scratch / f"{name}.so"
            binaries = arguments.build / "bin"
            run([binaries / "shiftadd-compile", model, "-o", library,
                 f"--target={arguments.target}"])  # fmt: skip
            engines = {
                "shiftadd": [binaries / "shiftadd-run", "--bench", library],
                "onnxruntime": [sys.executable, peer, "onnxruntime", model],
            }
            if arguments.openvino:
                engines["openvino"] = [sys.executable, peer, "openvino", model]
            for threads in arguments.threads:
                figures = measure(
                    name, engines, threads, arguments.rounds, data, scratch
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
          " difference from onnxruntime, relative to its largest output")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except EngineError as error:
        sys.exit(f"bench: {error}")
