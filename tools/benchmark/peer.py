"""Times another engine in the form of `shiftadd-run --bench`.

Prints exactly RUNS lines of one latency in milliseconds (only the inference
call), then `# load_ms`, `# first_run_ms` and `# peak_rss_mb`.
"""

import argparse
import importlib
import resource
import sys
import time

import numpy as np


def onnxruntime_session(onnxruntime, model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    )
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    return lambda value: session.run(None, {name: value})[0]


def openvino_session(openvino, model, threads):
    compiled = openvino.Core().compile_model(
        model,
        "CPU",
        {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            # Without this OpenVINO may compute fp32 networks in bfloat16.
            "INFERENCE_PRECISION_HINT": "f32",
        },
    )
    request = compiled.create_infer_request()
    return lambda value: request.infer([value], share_inputs=True)[0]


ENGINES = {"onnxruntime": onnxruntime_session, "openvino": openvino_session}


def milliseconds(action, *arguments):
    start = time.perf_counter()
    result = action(*arguments)
    return (time.perf_counter() - start) * 1e3, result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("model")
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--warmup", type=int, required=True)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--input", required=True)
    parser.add_argument("--output", required=True)
    arguments = parser.parse_args()

    value = np.load(arguments.input)
    # Importing the engine is Python's cost, not the network's.
    module = importlib.import_module(arguments.engine)
    load, infer = milliseconds(
        ENGINES[arguments.engine], module, arguments.model, arguments.threads
    )
    first, _ = milliseconds(infer, value)
    for _ in range(arguments.warmup):
        infer(value)
    times = []
    for _ in range(arguments.runs):
        elapsed, output = milliseconds(infer, value)
        times.append(elapsed)
    np.save(arguments.output, output)
    for elapsed in times:
        print(f"{elapsed:.6f}")
    print(f"# load_ms {load:.3f}")
    print(f"# first_run_ms {first:.3f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"# peak_rss_mb {peak:.1f}")


if __name__ == "__main__":
    sys.exit(main())
