// The detector of speech as a graph of ours, with the weights of Silero VAD. Knows that network's file, no recording.
// Source: Silero Team, "Silero VAD", version 6, MIT, https://github.com/snakers4/silero-vad; its 16 kHz half.
import { type Attribute, type OnnxNode, readModel, type TensorData, writeModel } from "../onnx/index.ts";

/** Samples that give one probability; the samples before them that the network sees too. */
const [CHUNK, CONTEXT] = [512, 64];
/** Samples of a frame of the spectrogram, and from one to the next. */
const [FRAME, HOP] = [256, 128];
const FRAMES = CHUNK / HOP;
const BINS = FRAME / 2 + 1;
const HIDDEN = 128;
/** Strides of the convolutions over the frames of a chunk: four become one. All are three frames wide. */
const STRIDES = [1, 2, 2, 1];

/** What the licence asks of every copy; the whole of it stands in models/speech.md. */
const NOTICE = "Weights of Silero VAD v6: MIT License, Copyright (c) 2020-present Silero Team.";

/**
 * The bytes of `models/speech.onnx`, which `examples/make-speech.ts` writes. Silero's own graph hears one chunk a run. This
 * one hears any number: what concerns a chunk alone is products of large matrices over all of them, and one LSTM then goes
 * from chunk to chunk. The same numbers in a tenth of the time.
 *
 * `audio` `[64 + 512 n + 64]` at 16,000 Hz: 64 samples of what was before, n chunks, and 64 that fill a row and are not
 * heard. `speech` `[n]`: the probability, for each chunk, that somebody speaks.
 *
 * @param silero the bytes of `silero_vad_v6.onnx`
 * @throws Error naming the weights that the file does not have
 */
export function speechDetectorModel(silero: Uint8Array): Uint8Array {
  const weights = weightsOf(silero);
  const graph = new Emitter();
  const frames = framesOf(graph);
  const { whole, last } = fourier(weights("stft.forward_basis_buffer"));
  const spectrum = graph.concat(1, [
    graph.op("MatMul", graph.slice(frames, 1, 0, FRAMES - 1), graph.floats(whole, [FRAME, 2 * BINS])),
    graph.op("MatMul", graph.slice(frames, 1, FRAMES - 1, FRAMES), graph.floats(last, [FRAME, 2 * BINS])),
  ]);
  const [real, imaginary] = [graph.slice(spectrum, 2, 0, BINS), graph.slice(spectrum, 2, BINS, 2 * BINS)];
  const power = graph.op("Add", graph.op("Mul", real, real), graph.op("Mul", imaginary, imaginary));

  let x = graph.reshape(graph.op("Sqrt", power), [-1, FRAMES * BINS]);
  let steps = FRAMES;
  for (const [i, stride] of STRIDES.entries()) {
    const [kernel, bias] = ["weight", "bias"].map((part) => weights(`encoder.${i}.reparam_conv.${part}`));
    const layer = dense(kernel!, bias!, steps, stride);
    const width = layer.bias.length;
    const matrix = graph.floats(layer.matrix, [layer.matrix.length / width, width]);
    x = graph.op("Relu", graph.op("Gemm", x, matrix, graph.floats(layer.bias, [width])));
    steps = layer.steps;
  }

  const gates = (name: string) => inOnnxOrder(weights(`decoder.rnn.${name}`));
  const square = (name: string) => graph.floats(gates(name), [1, 4 * HIDDEN, HIDDEN]);
  const bias = graph.floats(Float32Array.of(...gates("bias_ih"), ...gates("bias_hh")), [1, 8 * HIDDEN]);
  graph.nodes.push({
    op: "LSTM",
    inputs: [graph.op("Unsqueeze", x, graph.ints([1])), square("weight_ih"), square("weight_hh"), bias],
    outputs: ["states"],
    attributes: { hidden_size: { int: HIDDEN } },
  });
  const score = graph.op(
    "Gemm",
    graph.op("Relu", graph.reshape("states", [-1, HIDDEN])),
    graph.floats(weights("decoder.decoder.2.weight"), [HIDDEN, 1]),
    graph.floats(weights("decoder.decoder.2.bias"), [1]),
  );
  graph.nodes.push({
    op: "Squeeze",
    inputs: [graph.op("Sigmoid", score), graph.ints([1])],
    outputs: ["speech"],
  });

  return writeModel({
    irVersion: 8,
    producer: "undertone",
    opsets: { "": 17 },
    metadata: { license: NOTICE },
    graph: {
      name: "speech",
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: [{ name: "audio", type: "float32", shape: ["samples"] }],
      outputs: [{ name: "speech", type: "float32", shape: ["chunks"] }],
    },
  });
}

/** `audio` -> `[n, 4, 256]`: frame f of chunk c begins at sample 512 c + 128 f. */
function framesOf(graph: Emitter): string {
  // Rows of half a frame; a frame is a row and the one after it.
  const rows = (from: number, to: number) => graph.reshape(graph.slice("audio", 0, from, to), [-1, HOP]);
  return graph.reshape(graph.concat(1, [rows(0, -HOP), rows(HOP, 2 ** 31)]), [-1, FRAMES, FRAME]);
}

/**
 * Windowed Fourier transforms as matrices `[256, 258]`, real parts first. The last frame of a chunk reaches 64 samples beyond
 * it; there the network mirrors the chunk, and a mirror is linear: it goes into that frame's matrix.
 * @param basis `[258, 256]`
 */
function fourier(basis: Float32Array): { whole: Float32Array; last: Float32Array } {
  const width = 2 * BINS;
  const whole = new Float32Array(FRAME * width);
  const last = new Float32Array(FRAME * width);
  const known = FRAME - CONTEXT;
  for (let row = 0; row < width; row++) {
    for (let j = 0; j < FRAME; j++) {
      const value = basis[row * FRAME + j]!;
      whole[j * width + row] = value;
      last[(j < known ? j : 2 * (known - 1) - j) * width + row]! += value;
    }
  }
  return { whole, last };
}

/**
 * A convolution over so few steps as one matrix, all steps of a chunk side by side: `[steps * in, steps' * out]`.
 * @param kernel `[out, in, 3]`, padded by one step at both ends
 */
function dense(kernel: Float32Array, bias: Float32Array, steps: number, stride: number) {
  const out = bias.length;
  const inner = kernel.length / (3 * out);
  const stepsOut = Math.ceil(steps / stride);
  const width = stepsOut * out;
  const matrix = new Float32Array(steps * inner * width);
  for (let to = 0; to < stepsOut; to++) {
    for (let tap = 0; tap < 3; tap++) {
      const from = to * stride + tap - 1;
      if (from < 0 || from >= steps) continue;
      for (let o = 0; o < out; o++) {
        for (let i = 0; i < inner; i++) {
          matrix[(from * inner + i) * width + to * out + o] = kernel[(o * inner + i) * 3 + tap]!;
        }
      }
    }
  }
  return { matrix, bias: Float32Array.from({ length: width }, (_, i) => bias[i % out]!), steps: stepsOut };
}

/** Gates `[4 * 128, ...]` from PyTorch's order i f g o to that of ONNX, i o f g. */
function inOnnxOrder(gates: Float32Array): Float32Array {
  const part = gates.length / 4;
  const out = new Float32Array(gates.length);
  for (const [to, from] of [0, 3, 1, 2].entries()) {
    out.set(gates.subarray(from * part, (from + 1) * part), to * part);
  }
  return out;
}

/** Silero's file holds two networks in the branches of an `If`; that for 16 kHz is the first, its weights are constants. */
function weightsOf(silero: Uint8Array): (name: string) => Float32Array {
  const branch = readModel(silero).graph.nodes.find(({ op }) => op === "If")?.attributes?.then_branch;
  const nodes = branch && "graph" in branch ? branch.graph.nodes : [];
  return (name) => {
    const value = nodes.find(({ outputs }) => outputs[0]?.endsWith(`__${name}`))?.attributes?.value;
    if (!value || !("tensor" in value)) {
      throw new Error(
        `the detector of speech: the file has no weights ${JSON.stringify(name)} for 16 kHz, ` +
          "expected silero_vad_v6.onnx of Silero VAD",
      );
    }
    const bytes = Uint8Array.from(value.tensor.data);
    return new Float32Array(bytes.buffer);
  };
}

/** Collects nodes and constants under numbered names. */
class Emitter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: Record<string, TensorData> = {};
  #count = 0;

  op(op: string, ...inputs: string[]): string {
    return this.#push(op, inputs);
  }
  concat(axis: number, inputs: string[]): string {
    return this.#push("Concat", inputs, { axis: { int: axis } });
  }
  reshape(input: string, shape: readonly number[]): string {
    return this.op("Reshape", input, this.ints(shape));
  }
  slice(input: string, axis: number, from: number, to: number): string {
    return this.op("Slice", input, this.ints([from]), this.ints([to]), this.ints([axis]));
  }
  floats({ buffer, byteOffset, byteLength }: Float32Array, shape: readonly number[]): string {
    return this.#constant({ type: "float32", shape, data: new Uint8Array(buffer, byteOffset, byteLength) });
  }
  ints(values: readonly number[]): string {
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.#constant({ type: "int64", shape: [values.length], data });
  }
  #constant(tensor: TensorData): string {
    const name = this.#name("constant");
    this.initializers[name] = tensor;
    return name;
  }
  #push(op: string, inputs: string[], attributes: Record<string, Attribute> = {}): string {
    const output = this.#name(op);
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }
  #name(hint: string): string {
    return `${hint}${this.#count++}`;
  }
}
