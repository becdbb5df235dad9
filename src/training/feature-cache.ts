// What was computed of a clip, kept in a folder for the next run. Knows files of numbers, not how they come about.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Features `[frames, F]`, not normalised. */
export interface Heard {
  features: Float32Array;
  frames: number;
}

/** Numbers of the features, and frames. */
const HEADER = 8;

/**
 * One file a clip, which holds it at all its speeds. A clip is known by its path, size and time of change, and what is
 * computed by a text that says all that decides it: where either is another, the file is another.
 */
export class FeatureCache {
  readonly #folder: string;

  /** @param what all that decides the numbers */
  constructor(folder: string, what: string) {
    this.#folder = join(folder, createHash("sha256").update(what).digest("hex").slice(0, 16));
    mkdirSync(this.#folder, { recursive: true });
  }

  /** `null`: not there, or not whole. */
  async read(clip: string): Promise<Heard[] | null> {
    let bytes: Buffer;
    try {
      bytes = await readFile(await this.#place(clip));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    const variants: Heard[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (at + HEADER > bytes.length) return null;
      const [floats, frames] = [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
      const begin = at + HEADER;
      const end = begin + 4 * floats;
      if (end > bytes.length) return null;
      // Copied, since the data need not start where a float may.
      variants.push({
        features: new Float32Array(Uint8Array.from(bytes.subarray(begin, end)).buffer),
        frames,
      });
      at = end;
    }
    return variants.length > 0 ? variants : null;
  }

  /** Beside, then renamed: two processes that compute the same clip write the same. */
  async write(clip: string, variants: readonly Heard[]): Promise<void> {
    const parts = variants.flatMap(({ features, frames }) => {
      const header = Buffer.alloc(HEADER);
      header.writeUInt32LE(features.length, 0);
      header.writeUInt32LE(frames, 4);
      return [header, bytesOf(features)];
    });
    const path = await this.#place(clip);
    const beside = `${path}.${process.pid}.partial`;
    await writeFile(beside, Buffer.concat(parts));
    await rename(beside, path);
  }

  async #place(clip: string): Promise<string> {
    const { size, mtimeMs } = await stat(clip);
    const name = createHash("sha256").update(`${clip}\0${size}\0${mtimeMs}`).digest("hex").slice(0, 32);
    return join(this.#folder, name);
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
