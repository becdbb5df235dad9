# Keras' time for one training step on TensorFlow (see step.py): compiled by XLA or not, LSTM unrolled or not.
# Threads can be set only once in a process, so each configuration runs in a process of its own.

import os
import subprocess
import sys

from step import CLASSES, CORES, DENSE, FEATURES, FRAMES, HIDDEN, batch, options, report

CONFIGURATIONS = {
    f"{compiler},{loop},threads={threads}": (compiler == "xla", loop == "unrolled", threads)
    for threads in (1, CORES)
    for compiler in ("graph", "xla")
    for loop in ("loop", "unrolled")
    if (compiler, loop) != ("xla", "unrolled")  # compiles for minutes
}


def measure(name, args):
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    import keras
    import tensorflow as tf

    xla, unroll, threads = CONFIGURATIONS[name]
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    keras.utils.set_random_seed(1)
    net = keras.Sequential(
        [
            keras.Input((FRAMES, FEATURES)),
            keras.layers.LSTM(HIDDEN, return_sequences=True, unroll=unroll),
            keras.layers.LSTM(HIDDEN, unroll=unroll),
            keras.layers.Dense(DENSE, activation="relu"),
            keras.layers.Dense(CLASSES),
        ]
    )
    net.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=xla)
    x, targets = (tf.constant(part) for part in batch())
    version = f"{keras.__version__} on tensorflow {tf.__version__}"
    report("keras", version, name, threads, lambda: float(net.train_on_batch(x, targets)), args)


args = options(CONFIGURATIONS)
if args.only:
    measure(args.only, args)
else:
    for configuration in CONFIGURATIONS:
        again = [sys.executable, __file__, "--steps", str(args.steps), "--warmup", str(args.warmup)]
        subprocess.run([*again, "--only", configuration], check=True)
