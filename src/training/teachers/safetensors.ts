// Weights that others published, in a safetensors file, as float32. Knows the format, no network.
import { readFileSync } from "node:fs";
import { type Header, headerOf } from "../checkpoint.ts";

export interface WeightTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** The tensors of one file by name. */
export class Tensors {
  readonly #path: string;
  readonly #bytes: Buffer;
  readonly #header: Header;

  /** @throws Error where the file cannot be read or is not such a file */
  constructor(path: string) {
    this.#path = path;
    this.#bytes = readFileSync(path);
    const header = headerOf(this.#bytes);
    if (!header) {
      throw new Error(
        `${JSON.stringify(path)} is not a safetensors file; name the file of the teacher's weights`,
      );
    }
    this.#header = header;
  }

  /** @throws Error where there is no such tensor, or it is neither float16 nor float32 */
  get(name: string): WeightTensor {
    const { entries, end } = this.#header;
    const entry = entries[name];
    const who = `the tensor ${JSON.stringify(name)} of ${JSON.stringify(this.#path)}`;
    if (!entry) throw new Error(`${who} is missing; name a file that has it`);
    const [from, to] = entry.data_offsets;
    // Copied, since the data need not start where a float may.
    const { buffer } = Uint8Array.from(this.#bytes.subarray(end + from, end + to));
    if (entry.dtype === "F32") return { shape: entry.shape, data: new Float32Array(buffer) };
    if (entry.dtype === "F16")
      return { shape: entry.shape, data: Float32Array.from(new Float16Array(buffer)) };
    throw new Error(`${who} is ${entry.dtype}, expected F16 or F32`);
  }
}
