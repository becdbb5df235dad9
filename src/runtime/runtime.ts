// The port to ONNX Runtime: load a model, run it. Knows no speech and no platform.

/** Numbers that go into or come out of a model, row-major. */
export interface Tensor {
  shape: readonly number[];
  data: Float32Array | BigInt64Array | Int32Array | Uint8Array;
}

export interface LoadOptions {
  /** Threads for one operator. */
  threads?: number;
  /** False keeps the graph as it was written: for tests that compare the two. */
  optimize?: boolean;
  /** Whether it is worth a graphics card, where UNDERTONE_DEVICE names one: many runs, all of the same shapes. */
  accelerate?: boolean;
}

/** A model that is ready to run. */
export interface Program {
  readonly inputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[];
  readonly outputs: readonly { name: string; type: string; shape: readonly (number | string)[] }[];
  /**
   * Runs the model once. Tensors in `into` are written in place and need the right shape.
   * @throws RuntimeError naming the input that is missing, or what ONNX Runtime had to say.
   */
  run(
    inputs: Readonly<Record<string, Tensor>>,
    into?: Readonly<Record<string, Tensor>>,
  ): Promise<Record<string, Tensor>>;
  dispose(): Promise<void>;
}

export interface Runtime {
  /** @throws RuntimeError if the bytes are not a model that this runtime can run. */
  load(model: Uint8Array, options?: LoadOptions): Promise<Program>;
}

export class RuntimeError extends Error {}
