// Models that stay loaded, the few that were used last. Knows files by path, size and time, nothing of what a model is.
import { stat } from "node:fs/promises";

/** What can be let go. */
interface Loaded {
  dispose(): Promise<void>;
}

/** Loads what is asked for once, again where its file has changed, and lets go of the one unused longest. */
export class ModelShelf<M extends Loaded> {
  readonly #load: (path: string) => Promise<M>;
  readonly #most: number;
  /** By path; the one used last is the last. */
  readonly #held = new Map<string, { version: string; model: Promise<M> }>();

  /** @param most how many are kept */
  constructor(load: (path: string) => Promise<M>, most: number) {
    this.#load = load;
    this.#most = most;
  }

  /** Valid until so many others have been asked for: use it at once. */
  async get(path: string): Promise<M> {
    // Where there is no file, loading says so.
    const version = await stat(path).then(
      ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
      () => "",
    );
    const held = this.#held.get(path);
    this.#held.delete(path);
    if (held?.version === version) {
      this.#held.set(path, held);
      return held.model;
    }
    if (held) letGo(held.model);
    const model = this.#load(path);
    this.#held.set(path, { version, model });
    model.catch(() => {
      if (this.#held.get(path)?.model === model) this.#held.delete(path);
    });
    const oldest = this.#held.keys().next();
    if (this.#held.size > this.#most && !oldest.done) {
      letGo(this.#held.get(oldest.value)!.model);
      this.#held.delete(oldest.value);
    }
    return model;
  }
}

function letGo(model: Promise<Loaded>): void {
  model.then((loaded) => loaded.dispose()).catch(() => {});
}
