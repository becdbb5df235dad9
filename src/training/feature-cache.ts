// Features of clips, kept in a folder for the next run. Knows files of numbers, not how they come about.
import { ClipCache } from "./clip-cache.ts";

/** Features `[frames, F]`, not normalised. */
export interface Heard {
  features: Float32Array;
  frames: number;
}

/** Numbers of the features, and frames. */
const HEADER = 8;

/** Of each clip all its speeds, in one file. */
export class FeatureCache {
  readonly #files: ClipCache;

  /** @param what all that decides the numbers */
  constructor(folder: string, what: string) {
    this.#files = new ClipCache(folder, what);
  }

  /** `null`: not there, or not whole. */
  async read(clip: string): Promise<Heard[] | null> {
    const bytes = await this.#files.read(clip);
    if (!bytes) return null;
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

  async write(clip: string, variants: readonly Heard[]): Promise<void> {
    const parts = variants.flatMap(({ features, frames }) => {
      const header = Buffer.alloc(HEADER);
      header.writeUInt32LE(features.length, 0);
      header.writeUInt32LE(frames, 4);
      return [header, bytesOf(features)];
    });
    await this.#files.write(clip, Buffer.concat(parts));
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
