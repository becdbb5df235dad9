# librosa's time for the MFCC of a sound, on one thread; writes the coefficients for comparing.
#
#   python bench/peers/librosa-mfcc.py SAMPLES.f32 [MFCC.f32] [--window N] [--hop N] [--repeat N] [--warmup N] [--wait]
#
# SAMPLES.f32: raw little-endian float32, mono, 16 kHz. MFCC.f32: raw float32 [frames, 40].

import os

for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA"):
    os.environ[f"{name}_NUM_THREADS"] = "1"  # before numpy is imported, which reads them once

import argparse
import json
import statistics
import sys
import time

import librosa
import numpy as np

RATE = 16000


def mfcc(samples):
    power = librosa.feature.melspectrogram(
        y=samples, sr=RATE, n_fft=512, win_length=args.window, hop_length=args.hop, window="hann", center=True,
        pad_mode="reflect", power=2.0, n_mels=40, fmin=0.0, fmax=RATE / 2, htk=False, norm="slaney",
    )  # fmt: skip
    decibels = librosa.power_to_db(power, ref=1.0, amin=1e-10, top_db=None)
    return librosa.feature.mfcc(S=decibels, n_mfcc=40, dct_type=2, norm="ortho")


parser = argparse.ArgumentParser(description="Times librosa's MFCC; prints one JSON line.")
parser.add_argument("samples")
parser.add_argument("output", nargs="?")
parser.add_argument("--window", type=int, default=400, help="samples, of an FFT of 512")
parser.add_argument("--hop", type=int, default=160, help="samples")
parser.add_argument("--repeat", type=int, default=7)
parser.add_argument("--warmup", type=int, default=1)
parser.add_argument("--wait", action="store_true", help="a block of repeats for each line of standard input")
args = parser.parse_args()

sound = np.fromfile(args.samples, dtype="<f4")
for _ in range(args.warmup):
    mfcc(sound)
for _ in sys.stdin if args.wait else [None]:
    seconds = []
    for _ in range(args.repeat):
        start = time.perf_counter()
        coefficients = mfcc(sound)
        seconds.append(round(time.perf_counter() - start, 6))
    if args.output:
        np.ascontiguousarray(coefficients.T, dtype="<f4").tofile(args.output)
    line = {"peer": "librosa", "version": librosa.__version__, "threads": 1, "soundSeconds": round(sound.size / RATE, 4)}
    line |= {"frames": coefficients.shape[1], "median": statistics.median(seconds), "min": min(seconds)}
    print(json.dumps({**line, "seconds": seconds}), flush=True)
