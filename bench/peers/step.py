# What the Python peers share: the task's sizes, the command line, the clock, the line they print. Knows no peer.
# With --wait, a program takes its steps only when it is asked to, so that several can take turns.
#
# The task is one training step (forward, backward, Adam, softmax cross-entropy) of
# LSTM(128) x 2 -> last frame -> Dense(64, relu) -> Dense(7), on a batch of 64 clips of 128 frames of 40 features.

import argparse
import json
import os
import sys
import time

BATCH, FRAMES, FEATURES, HIDDEN, DENSE, CLASSES = 64, 128, 40, 128, 64, 7
CORES = len(os.sched_getaffinity(0))


def options(configurations):
    parser = argparse.ArgumentParser(description="Times one training step; prints one JSON line for each configuration.")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--warmup", type=int, default=3, help="steps before the clock starts")
    parser.add_argument("--only", choices=list(configurations), help="one configuration instead of all")
    parser.add_argument("--list", action="store_true", help="print the configurations' names and stop")
    parser.add_argument("--wait", action="store_true", help="with --only: a block of steps for each line of input")
    args = parser.parse_args()
    if args.list:
        print(json.dumps(list(configurations)))
        sys.exit()
    return args


def turns(wait):
    """One turn; or one for each line of standard input, until it ends."""
    return sys.stdin if wait else [None]


def batch():
    """The same kind of batch for all: standard normal features, labels drawn evenly, from one seed."""
    import numpy as np  # here, so that a program can choose its threads first

    random = np.random.default_rng(1)
    return random.standard_normal((BATCH, FRAMES, FEATURES)).astype("float32"), random.integers(0, CLASSES, BATCH)


def report(peer, version, configuration, threads, step, args):
    """Runs step() until it is warm, then prints the times of args.steps more; step() must answer the loss as a number."""
    for _ in range(args.warmup):
        step()
    for _ in turns(args.wait):
        times = []
        for _ in range(args.steps):
            start = time.perf_counter()
            loss = step()
            times.append(round((time.perf_counter() - start) * 1000, 3))
        line = {"peer": peer, "version": version, "configuration": configuration, "threads": threads}
        print(json.dumps({**line, "ms_per_step": times, "loss": round(loss, 4)}), flush=True)
