# Remakes the golden numbers beside it: what PyTorch and librosa answer. Knows neither Undertone nor its tests.
#
#   python3 -m venv .venv && .venv/bin/pip install torch==2.15.0 librosa==0.11.0 numpy==2.4.6
#   .venv/bin/python test/golden/make.py [NAME ...]      (all of them, or e.g. `lstm mel`)
#
# Never run by the tests or by CI: they read the JSON. Inputs are float32 numbers with few digits, so they survive
# JSON exactly. Everything is computed in float64 from those float32 inputs and written with 9 significant digits:
# a golden number is then the true value, and the distance to it is the rounding error of what is tested.
# A tensor is {"shape": [...], "data": [...]}, row-major. Gradients are of the scalar loss sum(y * r).

import base64
import json
import os
import re
import sys
from pathlib import Path

import librosa
import numpy as np
import scipy
import torch

HERE = Path(__file__).parent
VERSIONS = {"torch": torch.__version__, "librosa": librosa.__version__, "numpy": np.__version__}
random = np.random.default_rng(20261)


def plain(value):
    """Arrays and torch tensors as JSON tensors; float32 prints as its shortest form, float64 with 9 digits."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, torch.Tensor):
        value = value.detach().numpy()
    if isinstance(value, np.ndarray):
        return {"shape": list(value.shape), "data": [number(item) for item in value.ravel()]}
    if isinstance(value, (float, np.floating)):
        return number(value)
    return value


def number(value):
    short = float(str(value)) if isinstance(value, np.float32) else float(f"{value:.9g}")
    return int(short) if short.is_integer() and abs(short) < 1e9 else short


def write(name, about, **content):
    text = json.dumps({"about": about, "versions": VERSIONS, **plain(content)}, indent=1)
    one_line = re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r",\s+", ",", m[1]) + "]", text)
    (HERE / f"{name}.json").write_text(one_line + "\n")
    print(f"{name}.json {len(one_line) / 1000:.0f} kB")


def draw(*shape, scale=1.0):
    """float32 normal numbers with four decimals."""
    return np.round(random.normal(0, scale, shape), 4).astype(np.float32)


def double(array, grad=False):
    return torch.tensor(np.asarray(array, np.float64), requires_grad=grad)


def with_gradients(forward, inputs):
    """Runs forward(**inputs) in float64; answers outputs, r and the gradients of sum(y * r) by every input."""
    leaves = {name: double(value, grad=True) for name, value in inputs.items()}
    y = forward(**leaves)
    r = draw(*y.shape)
    (y * double(r)).sum().backward()
    return {"inputs": inputs, "outputs": {"y": y}, "r": r, "gradients": {n: leaf.grad for n, leaf in leaves.items()}}


# --- LSTM ---------------------------------------------------------------------------------------------------------


def lstm():
    cases = [
        lstm_case("one layer", layers=1, bidirectional=False, lengths=None),
        lstm_case("two layers", layers=2, bidirectional=False, lengths=None),
        lstm_case("bidirectional", layers=1, bidirectional=True, lengths=None),
        lstm_case("bidirectional, clips of different length", layers=1, bidirectional=True, lengths=[5, 2, 4]),
    ]
    about = (
        "torch.nn.LSTM, batch_first=False: x [T, B, I], y [T, B, directions * H], h_n and c_n [layers * directions, B, H]."
        " weight_ih [4H, I] and weight_hh [4H, H] hold the gates in the order i, f, g, o (g: the tanh candidate);"
        " ONNX's order is i, o, f, c. y = o * tanh(c). Both biases are added. Initial states are zero."
        " With `lengths` (frames of each clip in the batch) the sequence is packed: y is 0 past a clip's end, h_n and"
        " c_n are those of its own last frame, and the reverse direction starts there."
    )
    write("lstm", about, gateOrder="ifgo", cases=cases)


def lstm_case(name, layers, bidirectional, lengths, frames=5, batch=3, width=4, hidden=5):
    net = torch.nn.LSTM(width, hidden, layers, bidirectional=bidirectional).double()
    weights = {key: draw(*value.shape, scale=0.5) for key, value in net.named_parameters()}
    net.load_state_dict({key: double(value) for key, value in weights.items()})
    x = draw(frames, batch, width)
    leaf = double(x, grad=True)
    if lengths is None:
        y, (h, c) = net(leaf)
    else:
        packed = torch.nn.utils.rnn.pack_padded_sequence(leaf, lengths, enforce_sorted=False)
        y, (h, c) = net(packed)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y, total_length=frames)
    r = draw(*y.shape)
    (y * double(r)).sum().backward()
    return {
        "name": name,
        "params": {"layers": layers, "bidirectional": bidirectional, "hidden": hidden, "lengths": lengths},
        "inputs": {"x": x, **weights},
        "outputs": {"y": y, "h_n": h, "c_n": c},
        "r": r,
        "gradients": {"x": leaf.grad, **{key: value.grad for key, value in net.named_parameters()}},
    }


# --- losses -------------------------------------------------------------------------------------------------------


def losses():
    logits = draw(5, 7, scale=2)
    steep = draw(5, 7)
    steep[0, 2], steep[1, 3], steep[2, 2] = 90, -90, 60
    labels = np.array([2, 0, 6, 3, 2])
    one_hot = np.eye(7, dtype=np.float32)[labels]
    soft = np.round(random.dirichlet(np.ones(7), 5), 3)
    soft[:, 6] = np.round(1 - soft[:, :6].sum(1), 3)
    weights = np.array([1, 0.5, 2, 0, 0.25], np.float32)
    uniform = np.ones(5, np.float32)
    cases = [
        loss_case("labels", logits, one_hot, uniform, 0.0),
        loss_case("labels, smoothing", logits, one_hot, uniform, 0.1),
        loss_case("soft targets", logits, soft.astype(np.float32), uniform, 0.0),
        loss_case("soft targets, smoothing", logits, soft.astype(np.float32), uniform, 0.1),
        loss_case("weights, smoothing", logits, one_hot, weights, 0.1),
        loss_case("soft targets, weights", logits, soft.astype(np.float32), weights, 0.0),
        loss_case("steep logits, smoothing", steep, one_hot, uniform, 0.1),
    ]
    about = (
        "torch.nn.functional.cross_entropy. logits and targets [B, K]; a label is a one-hot row. Smoothing s turns the"
        " targets into (1 - s) * targets + s / K. perExample [B] is -sum_k target * log_softmax(logits)."
        " loss = sum_b(weight * perExample) / sum_b(weight): per-example weights, not PyTorch's class weights."
        " gradient is of loss with respect to logits."
    )
    write("losses", about, labels=labels.tolist(), cases=cases)


def loss_case(name, logits, targets, weights, smoothing):
    leaf = double(logits, grad=True)
    each = torch.nn.functional.cross_entropy(leaf, double(targets), label_smoothing=smoothing, reduction="none")
    w = double(weights)
    loss = (w * each).sum() / w.sum()
    loss.backward()
    return {
        "name": name,
        "params": {"labelSmoothing": smoothing},
        "inputs": {"logits": logits, "targets": targets, "weights": weights},
        "outputs": {"perExample": each, "loss": loss.item()},
        "gradients": {"logits": leaf.grad},
    }


# --- optimisers ---------------------------------------------------------------------------------------------------


def optimizers(steps=5):
    start = {"matrix": draw(3, 2), "vector": draw(4)}
    gradients = [{"matrix": draw(3, 2), "vector": draw(4, scale=10.0 ** (2 * (step % 3 - 1)))} for step in range(steps)]
    for gradient in gradients:
        gradient["vector"][3] = 0  # a parameter that never gets a gradient: 0 / (sqrt(0) + eps)
    adam, adamw = torch.optim.Adam, torch.optim.AdamW
    cases = [
        optimizer_case("adam, defaults of PyTorch", adam, start, gradients),
        optimizer_case("adam, weight decay as L2 in the gradient", adam, start, gradients, weight_decay=0.1),
        optimizer_case("adam, other settings", adam, start, gradients, lr=0.02, betas=(0.8, 0.95), eps=1e-3),
        optimizer_case("adamw, defaults of PyTorch", adamw, start, gradients),
        optimizer_case("adamw, strong decay", adamw, start, gradients, lr=0.02, weight_decay=0.5),
    ]
    about = (
        "torch.optim.Adam and AdamW from the same start over the same gradients (`gradients`, one entry a step);"
        " `after` holds the parameters after each step. step t = 1, 2, ...; m and v start at 0;"
        " p -= lr * mhat / (sqrt(vhat) + eps). Adam adds weightDecay * p to the gradient; AdamW instead first"
        " multiplies p by 1 - lr * weightDecay. clip: torch.nn.utils.clip_grad_norm_ over both parameters together,"
        " factor = min(1, maxNorm / (totalNorm + 1e-6))."
    )
    clip = [clip_case("above the limit", gradients[2], 1.0), clip_case("below the limit", gradients[0], 50.0)]
    write("optimizers", about, start=start, gradients=gradients, cases=cases, clip=clip)


def optimizer_case(name, kind, start, gradients, **settings):
    params = {key: torch.nn.Parameter(double(value)) for key, value in start.items()}
    optimizer = kind(params.values(), **settings)
    after = []
    for gradient in gradients:
        for key, param in params.items():
            param.grad = double(gradient[key])
        optimizer.step()
        after.append({key: param.detach().numpy().copy() for key, param in params.items()})
    used = optimizer.defaults
    shown = {"lr": used["lr"], "betas": list(used["betas"]), "eps": used["eps"], "weightDecay": used["weight_decay"]}
    return {"name": name, "kind": kind.__name__.lower(), "params": shown, "after": after}


def clip_case(name, gradient, limit):
    params = {key: torch.nn.Parameter(double(value)) for key, value in gradient.items()}
    for key, param in params.items():
        param.grad = double(gradient[key])
    total = torch.nn.utils.clip_grad_norm_(params.values(), limit)
    return {
        "name": name,
        "params": {"maxNorm": limit},
        "gradients": gradient,
        "totalNorm": total.item(),
        "clipped": {key: param.grad for key, param in params.items()},
    }


# --- normalisation, convolution, pooling --------------------------------------------------------------------------


def norm():
    f = torch.nn.functional
    x = draw(3, 4, 5) * 2 + 1
    affine = {"weight": draw(5) + 1, "bias": draw(5)}
    cases = [
        {"name": "layer norm over the last axis", "op": "LayerNorm", "params": {"eps": 1e-5}}
        | with_gradients(lambda x, weight, bias: f.layer_norm(x, [5], weight, bias), {"x": x, **affine}),
        batch_norm("batch norm [B, C], training", draw(6, 4) * 2 + 1, training=True),
        batch_norm("batch norm [B, C], inference", draw(6, 4) * 2 + 1, training=False),
        batch_norm("batch norm [B, C, T], training", draw(3, 4, 5) * 2 + 1, training=True),
        batch_norm("batch norm [B, C, T], inference", draw(3, 4, 5) * 2 + 1, training=False),
    ]
    about = (
        "torch.nn.functional.layer_norm and batch_norm. Both divide by sqrt(variance + eps) with the biased variance."
        " Batch norm's running mean and variance move by `momentum` toward the batch: running = (1 - momentum) *"
        " running + momentum * batch, with the unbiased variance (n - 1) for running_var. `inputs` holds them before,"
        " `outputs` after the step; in inference they are used and unchanged."
    )
    write("norm", about, cases=cases)


def batch_norm(name, x, training):
    channels = x.shape[1]
    mean, variance = draw(channels), np.abs(draw(channels)) + np.float32(0.5)
    running = double(mean), double(variance)

    def forward(x, weight, bias):
        return torch.nn.functional.batch_norm(x, *running, weight, bias, training=training, momentum=0.1, eps=1e-5)

    case = with_gradients(forward, {"x": x, "weight": draw(channels) + 1, "bias": draw(channels)})
    case["inputs"] |= {"running_mean": mean, "running_var": variance}
    case["outputs"] |= {"running_mean": running[0], "running_var": running[1]}
    return {"name": name, "op": "BatchNorm", "params": {"training": training, "momentum": 0.1, "eps": 1e-5}} | case


def conv():
    one = dict(shape=(2, 3, 9), out=4, kernel=(3,))
    two = dict(shape=(2, 3, 6, 7), out=4, kernel=(3, 2))
    cases = [
        conv_case("conv 1-D", **one),
        conv_case("conv 1-D, padding", **one, padding=[1]),
        conv_case("conv 1-D, stride, padding, dilation", **one, stride=[2], padding=[2], dilation=[2]),
        conv_case("conv 1-D, depthwise", shape=(2, 3, 9), out=3, kernel=(3,), padding=[1], groups=3),
        conv_case("conv 2-D", **two),
        conv_case("conv 2-D, stride, padding, dilation", **two, stride=[2, 1], padding=[1, 2], dilation=[1, 2]),
        conv_case("conv 2-D, depthwise", shape=(2, 3, 6, 7), out=3, kernel=(3, 3), padding=[1, 1], groups=3),
        pool_case("max pool 1-D", "MaxPool", (2, 3, 9), kernel=[3], stride=[2]),
        pool_case("max pool 2-D", "MaxPool", (2, 2, 6, 7), kernel=[2, 3], stride=[2, 2]),
        pool_case("max pool 2-D, padding", "MaxPool", (2, 2, 6, 7), kernel=[3, 3], stride=[2, 2], padding=[1, 1]),
        pool_case("average pool 1-D", "AveragePool", (2, 3, 9), kernel=[3], stride=[2]),
        pool_case("average pool 2-D", "AveragePool", (2, 2, 6, 7), kernel=[2, 3], stride=[2, 2]),
    ]
    about = (
        "torch.nn.functional convolution and pooling. x [B, C, ...], weight [out, C / groups, ...kernel], bias [out];"
        " `padding` is the zeros put on both sides of each axis (for max pooling: minus infinity). Convolution is"
        " cross-correlation, as in ONNX. The last window must fit (ceil_mode false)."
    )
    write("conv", about, cases=cases)


def conv_case(name, shape, out, kernel, stride=None, padding=None, dilation=None, groups=1):
    axes = len(kernel)
    params = {"stride": stride or [1] * axes, "padding": padding or [0] * axes, "dilation": dilation or [1] * axes}
    function = torch.nn.functional.conv1d if axes == 1 else torch.nn.functional.conv2d
    inputs = {"x": draw(*shape), "weight": draw(out, shape[1] // groups, *kernel), "bias": draw(out)}
    case = with_gradients(lambda x, weight, bias: function(x, weight, bias, **params, groups=groups), inputs)
    return {"name": name, "op": "Conv", "params": {"kernel": list(kernel), **params, "groups": groups}} | case


def pool_case(name, op, shape, kernel, stride, padding=None):
    axes = len(kernel)
    padding = padding or [0] * axes
    function = getattr(torch.nn.functional, f"{'max' if op == 'MaxPool' else 'avg'}_pool{axes}d")
    case = with_gradients(lambda x: function(x, kernel, stride, padding), {"x": draw(*shape)})
    return {"name": name, "op": op, "params": {"kernel": kernel, "stride": stride, "padding": padding}} | case


# --- features -----------------------------------------------------------------------------------------------------

RATE, FFT, HOP, MELS, FLOOR = 16000, 512, 160, 40, 1e-10


def sound():
    """0.3 s: two chirps and noise, a stretch of digital silence, a vowel-like pulse train and noise. float32."""
    t = np.arange(4873) / RATE
    noise = np.zeros(t.size)
    state = 1
    for index in range(t.size):  # "quick and dirty" generator of Numerical Recipes, section 7.1
        state = (1664525 * state + 1013904223) % 2**32
        noise[index] = state / 2**31 - 1
    chirps = 0.3 * np.sin(2 * np.pi * (200 * t + 4000 * t * t)) + 0.1 * np.sin(2 * np.pi * (6000 * t - 3000 * t * t))
    pulses = sum(np.sin(2 * np.pi * 140 * k * t + k) / k for k in range(1, 25)) * 0.2
    y = np.where(t < 0.15, chirps, pulses) + 0.03 * noise
    y[2000:3000] = 0
    return y.astype(np.float32)


def signal():
    samples = base64.b64encode(sound().astype("<f4").tobytes()).decode()
    about = (
        "What log-mel.json and mfcc.json were computed from: 4,873 samples at 16 kHz, float32, little-endian, base64."
        " Samples 2000 to 2999 are digital silence, so that the floor of the logarithm is tested."
    )
    write("signal", about, sampleRate=RATE, samples=samples)


def bank(scale, norm, dtype=np.float64, **more):
    settings = {"sr": RATE, "n_fft": FFT, "n_mels": MELS, "fmin": 0.0, "fmax": RATE / 2} | more
    return librosa.filters.mel(**settings, htk=scale == "htk", norm="slaney" if norm == "slaney" else None, dtype=dtype)


def mel():
    cases = []
    for scale in ("slaney", "htk"):
        for norm_name in ("slaney", "none"):
            cases.append(mel_case(scale, norm_name))
    cases.append(mel_case("slaney", "slaney", n_mels=64, n_fft=1024, fmin=50.0, fmax=7600.0))
    about = (
        "librosa.filters.mel: triangles over the n_fft / 2 + 1 frequency bins. A row is one band: its weights from bin"
        " `first` on; every other weight is 0. mel: the scale (`slaney`: linear below 1 kHz, `htk`: 2595 log10(1 +"
        " f / 700)). norm `slaney`: each triangle divided by half its width in hertz; `none`: peaks near 1."
    )
    write("mel", about, cases=cases)


def mel_case(scale, norm_name, **more):
    matrix = bank(scale, norm_name, **more)
    rows = []
    for row in matrix:
        used = np.flatnonzero(row)
        rows.append({"first": int(used[0]), "weights": [number(w) for w in row[used[0] : used[-1] + 1]]})
    params = {"sampleRate": RATE, "nFft": FFT, "nMels": MELS, "fMin": 0, "fMax": RATE / 2, "mel": scale, "norm": norm_name}
    renamed = {"n_mels": "nMels", "n_fft": "nFft", "fmin": "fMin", "fmax": "fMax"}
    return {"params": params | {renamed[key]: value for key, value in more.items()}, "rows": rows}


FEATURE_CASES = [  # mel, norm, window samples, padding, log
    ("slaney", "slaney", 400, "reflect", "db"),
    ("slaney", "slaney", 400, "reflect", "ln"),
    ("slaney", "slaney", 400, "constant", "ln"),
    ("slaney", "slaney", 512, "reflect", "db"),
    ("htk", "none", 400, "reflect", "ln"),
    ("htk", "none", 512, "constant", "db"),
    ("htk", "slaney", 400, "constant", "db"),
    ("slaney", "none", 512, "constant", "ln"),
]
FEATURE_ABOUT = (
    "Frames are centred: `nFft / 2` samples are padded on both sides (`reflect` does not repeat the edge sample,"
    " `constant` is zeros), frame t starts at sample t * hop of the padded signal, frames = 1 + floor(samples / hop)."
    " Window: periodic Hann of `windowSamples`, zero-padded on both sides to nFft. Power spectrum, mel bands (see"
    " mel.json), then log: `db` is 10 log10(max(x, floor)), no top_db; `ln` is log(max(x, floor))."
    " float32Difference: how far librosa itself comes from these numbers when it is given float32."
)


def log_mel_of(samples, scale, norm_name, window, padding, log, dtype):
    settings = {"n_fft": FFT, "hop_length": HOP, "win_length": window, "window": "hann", "center": True, "power": 2.0}
    power = librosa.feature.melspectrogram(
        y=samples.astype(dtype), sr=RATE, pad_mode=padding, n_mels=MELS, fmin=0.0, fmax=RATE / 2, dtype=dtype,
        htk=scale == "htk", norm="slaney" if norm_name == "slaney" else None, **settings,
    )
    return librosa.power_to_db(power, ref=1.0, amin=FLOOR, top_db=None) if log == "db" else np.log(np.maximum(power, FLOOR))


def feature_params(scale, norm_name, window, padding, log):
    return {
        "sampleRate": RATE, "nFft": FFT, "windowSamples": window, "hopSamples": HOP, "window": "hann", "center": True,
        "padding": padding, "power": 2, "nMels": MELS, "fMin": 0, "fMax": RATE / 2, "mel": scale, "norm": norm_name,
        "log": log, "floor": FLOOR,
    }  # fmt: skip


def difference(single, exact):
    return number(float(np.max(np.abs(single.astype(np.float64) - exact))))


def log_mel():
    cases = []
    for settings in FEATURE_CASES:
        exact = log_mel_of(sound(), *settings, np.float64)
        single = log_mel_of(sound(), *settings, np.float32)
        cases.append({"params": feature_params(*settings), "float32Difference": difference(single, exact), "logMel": exact.T.copy()})
    write("log-mel", f"librosa.feature.melspectrogram of signal.json, then log. logMel [frames, mels]. {FEATURE_ABOUT}", cases=cases)


def mfcc():
    cases = []
    for index, settings in enumerate(FEATURE_CASES):
        exact, single = (mfcc_of(settings, dtype) for dtype in (np.float64, np.float32))
        case = {"params": feature_params(*settings) | {"nMfcc": 40}, "float32Difference": difference(single, exact), "mfcc": exact.T.copy()}
        if index < 2:
            for order, name in ((1, "delta"), (2, "deltaDelta")):
                case[name] = librosa.feature.delta(exact, width=9, order=order, mode="nearest").T.copy()
        cases.append(case)
    about = (
        f"librosa.feature.mfcc of signal.json: log-mel (as in log-mel.json), then DCT-II with norm=ortho. mfcc [frames, 40]."
        f" {FEATURE_ABOUT} delta and deltaDelta (first two cases only): librosa.feature.delta(width=9, mode='nearest') of"
        " order 1 and 2: the first and second derivative, per frame, of the least-squares polynomial of that same order"
        " (1: a line, 2: a parabola) over 9 frames; the edge frames are repeated 4 times on both sides first."
        " Order 2 is NOT the delta of the delta."
    )
    write("mfcc", about, cases=cases)


def mfcc_of(settings, dtype):
    spectrum = log_mel_of(sound(), *settings, dtype)
    coefficients = librosa.feature.mfcc(S=spectrum, n_mfcc=40, dct_type=2, norm="ortho")
    assert np.array_equal(coefficients, scipy.fft.dct(spectrum, axis=0, type=2, norm="ortho")[:40])
    return coefficients


def whisper():
    """Needs the teacher's weights: WHISPER=shared/teacher/whisper-base-encoder-4.safetensors."""
    weights = safetensors(os.environ.get("WHISPER", "../shared/teacher/whisper-base-encoder-4.safetensors"))
    power = np.abs(librosa.stft(sound().astype(np.float64), n_fft=400, hop_length=160, window="hann", pad_mode="reflect")) ** 2
    mel = librosa.filters.mel(sr=RATE, n_fft=400, n_mels=80, dtype=np.float64) @ power[:, :-1]
    power = np.maximum(mel, 1e-10)
    log = np.log10(power / power.sum(0).mean()) + 0.3  # the teacher hears every clip at this level
    scaled = (np.maximum(log, log.max() - 8) + 4) / 4
    f = torch.nn.functional
    x = torch.tensor(scaled)[None]
    x = f.gelu(f.conv1d(x, weights["conv1_weight"], weights["conv1_bias"], padding=1))
    x = f.gelu(f.conv1d(x, weights["conv2_weight"], weights["conv2_bias"], stride=2, padding=1)).transpose(1, 2)
    positions = weights["embed_positions_weight"][: x.shape[1]]
    after = {"block0": x}
    x = x + positions
    for block in range(2):
        def of(name):
            return weights[f"layers_{block}_{name}"]

        y = f.layer_norm(x, (512,), of("self_attn_layer_norm_weight"), of("self_attn_layer_norm_bias"))
        query = f.linear(y, of("self_attn_q_proj_weight"), of("self_attn_q_proj_bias")) * 64**-0.5
        key = f.linear(y, of("self_attn_k_proj_weight"))
        value = f.linear(y, of("self_attn_v_proj_weight"), of("self_attn_v_proj_bias"))
        query, key, value = (part.view(1, -1, 8, 64).transpose(1, 2) for part in (query, key, value))
        mixed = (torch.softmax(query @ key.transpose(2, 3), -1) @ value).transpose(1, 2).reshape(1, -1, 512)
        x = x + f.linear(mixed, of("self_attn_out_proj_weight"), of("self_attn_out_proj_bias"))
        y = f.layer_norm(x, (512,), of("final_layer_norm_weight"), of("final_layer_norm_bias"))
        x = x + f.linear(f.gelu(f.linear(y, of("fc1_weight"), of("fc1_bias"))), of("fc2_weight"), of("fc2_bias"))
        after[f"block{block + 1}"] = x - positions
    about = (
        "Whisper base, encoder, of signal.json at one level (log10 of the power in all bands, mean over time, is 0.3): after"
        " the convolutions (block 0) and after blocks 1 and 2, less the position embedding. Every 32nd number of each frame"
        " [frames, 16]."
    )
    write("whisper", about, **{name: y[0, :, ::32].contiguous() for name, y in after.items()})


def safetensors(path):
    content = Path(path).read_bytes()
    begin = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:begin])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        half = np.frombuffer(content[begin + start : begin + end], np.float16)
        tensors[name] = torch.tensor(half.astype(np.float64).reshape(entry["shape"]))
    return tensors


ALL = {
    "lstm": lstm, "losses": losses, "optimizers": optimizers, "norm": norm, "conv": conv,
    "signal": signal, "mel": mel, "log-mel": log_mel, "mfcc": mfcc, "whisper": whisper,
}  # fmt: skip

if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in ALL]
    if unknown:
        sys.exit(f"make.py: got {', '.join(unknown)}; expected names out of {', '.join(ALL)}")
    for name, make in ALL.items():
        if name in (sys.argv[1:] or ALL):
            random = np.random.default_rng(20261)  # each file the same, whichever others are made
            make()
