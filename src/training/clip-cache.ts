// What was computed of a clip, kept in a folder for the next run. Knows clips' files, not what is kept of them.
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * One file a clip. A clip is known by its path, size and time of change, and what is computed by a text that says all that
 * decides it: where either is another, the file is another.
 */
export class ClipCache {
  readonly #folder: string;

  /** @param what all that decides what is kept */
  constructor(folder: string, what: string) {
    this.#folder = join(folder, createHash("sha256").update(what).digest("hex").slice(0, 16));
    mkdirSync(this.#folder, { recursive: true });
  }

  /** `null`: not there. */
  async read(clip: string): Promise<Buffer | null> {
    try {
      return await readFile(await this.place(clip));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
  }

  /** Beside, then renamed: two processes that compute the same clip write the same. */
  async write(clip: string, bytes: Uint8Array): Promise<void> {
    const path = await this.place(clip);
    const beside = `${path}.${process.pid}.partial`;
    await writeFile(beside, bytes);
    await rename(beside, path);
  }

  /** Where it is, or would be. */
  async place(clip: string): Promise<string> {
    const { size, mtimeMs } = await stat(clip);
    const name = createHash("sha256").update(`${clip}\0${size}\0${mtimeMs}`).digest("hex").slice(0, 32);
    return join(this.#folder, name);
  }
}
