// The sounds on disk, and what can be seen of them: written beside, synced, renamed. Knows files, no database.
import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** What a file is called until it is whole. */
const PART = ".part";
/** Nobody else on this machine has a reason to hear these. */
const PRIVATE = { recursive: true, mode: 0o700 };

/** A short sound is written at once, a long one in such pieces. */
const HELD_BYTES = 256 * 1024;

/** A sound that was received, and belongs to no record yet. */
export interface Received {
  id: string;
  bytes: number;
}

export class AudioFolder {
  readonly #audio: string;
  readonly #evidence: string;
  readonly #folder: FileHandle;

  private constructor(audio: string, evidence: string, folder: FileHandle) {
    this.#audio = audio;
    this.#evidence = evidence;
    this.#folder = folder;
  }

  static async open(folder: string): Promise<AudioFolder> {
    const [audio, evidence] = [join(folder, "audio"), join(folder, "evidence")];
    for (const path of [audio, evidence]) await mkdir(path, PRIVATE);
    return new AudioFolder(audio, evidence, await open(audio));
  }

  /** The sound as it was sent. */
  audioPath(id: string): string {
    return join(this.#audio, id);
  }

  /** What can be seen of it, as JSON; written by whoever analyses, beside and renamed. */
  evidencePath(id: string): string {
    return join(this.#evidence, `${id}.json`);
  }

  /** Writes a sound as it comes, and syncs it. Nothing of it stays where that fails. */
  async receive(id: string, sound: AsyncIterable<Uint8Array>): Promise<Received> {
    const path = this.audioPath(id) + PART;
    const file = await open(path, "wx", 0o600);
    let bytes = 0;
    let chunks: Uint8Array[] = [];
    let held = 0;
    try {
      for await (const chunk of sound) {
        chunks.push(chunk);
        held += chunk.length;
        bytes += chunk.length;
        if (held < HELD_BYTES) continue;
        await writeAll(file, chunks);
        [chunks, held] = [[], 0];
      }
      await writeAll(file, chunks);
      await file.datasync();
      return { id, bytes };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
  }

  /** Gives received sounds their names, also through a power failure. */
  async keep(all: readonly Received[]): Promise<void> {
    await Promise.all(all.map(({ id }) => rename(this.audioPath(id) + PART, this.audioPath(id))));
    await this.#folder.sync();
  }

  async drop({ id }: Received): Promise<void> {
    await rm(this.audioPath(id) + PART, { force: true });
  }

  async remove(id: string): Promise<void> {
    const evidence = this.evidencePath(id);
    for (const path of [this.audioPath(id), evidence, evidence + PART]) await rm(path, { force: true });
  }

  /**
   * Takes away what no record is of: half a file, a sound or a picture that lost its record.
   * @returns the ids whose sound is there
   */
  async sweep(isKnown: (id: string) => boolean): Promise<Set<string>> {
    const there = new Set<string>();
    for (const name of await readdir(this.#audio)) {
      if (isKnown(name)) there.add(name);
      else await rm(join(this.#audio, name), { recursive: true, force: true });
    }
    for (const name of await readdir(this.#evidence)) {
      if (!name.endsWith(".json") || !there.has(name.slice(0, -5)))
        await rm(join(this.#evidence, name), { recursive: true, force: true });
    }
    return there;
  }

  /** Whether there is any sound at all. */
  async isEmpty(): Promise<boolean> {
    return (await readdir(this.#audio)).every((name) => name.endsWith(PART));
  }

  close(): Promise<void> {
    return this.#folder.close();
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  const bytes = Buffer.concat(chunks);
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}
