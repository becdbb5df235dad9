// What changed, told to everyone who listens (server-sent events, HTML Living Standard 9.2). Knows names, no resource.
import { randomBytes } from "node:crypto";
import { PassThrough, type Readable } from "node:stream";

/** Names of what changed: the page loads what it means when it is told. */
export type EventName = "recording" | "removed" | "batch" | "run";

/** What an event carries; null: it is gone, and nothing is to be told. */
export type LoadEvent = (name: EventName, id: string) => Promise<unknown>;

interface Listener {
  stream: PassThrough;
  /** The number of the last change that it was told of. */
  told: number;
}

/** Of so many things the last change is remembered for those who come back. */
const REMEMBERED = 2000;
/** Changes that come faster than this are told together: each thing once, as it is then. */
const PAUSE_MS = 50;
const HEARTBEAT_MS = 15_000;
/** Something was missed: lists are to be loaded again. */
const RESYNC = "event: resync\ndata: {}\n\n";
/** A listener that leaves so many bytes unread is let go; it comes back and loads anew. */
const MOST_UNREAD = 2 ** 20;

/**
 * A change is kept as its number and the name of what changed, not as its content: that is loaded when it is told. So
 * the memory is small, nothing that was deleted lies in it, and who was away is told the present state of each thing once.
 */
export class Hub {
  readonly #load: LoadEvent;
  /** Numbers of another process mean nothing here. */
  readonly #epoch = randomBytes(4).toString("hex");
  readonly #listeners = new Set<Listener>();
  /** `name:id` -> the number of its last change, the oldest first. */
  readonly #changes = new Map<string, number>();
  #number = 0;
  /** The greatest number that is no longer remembered. */
  #forgotten = 0;
  #telling = false;
  readonly #heart: NodeJS.Timeout;

  constructor(load: LoadEvent) {
    this.#load = load;
    this.#heart = setInterval(() => {
      for (const { stream } of this.#listeners) stream.write(":\n\n");
    }, HEARTBEAT_MS);
    this.#heart.unref();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  changed(name: EventName, id: string): void {
    const key = `${name}:${id}`;
    this.#changes.delete(key);
    this.#changes.set(key, ++this.#number);
    if (this.#changes.size > REMEMBERED) {
      const [oldest, number] = this.#changes.entries().next().value!;
      this.#changes.delete(oldest);
      this.#forgotten = number;
    }
    this.#tell();
  }

  /** @param lastId what the listener heard last, if it comes back */
  listen(lastId: string | undefined): Readable {
    const stream = new PassThrough();
    const listener = { stream, told: this.#number };
    const [epoch, number] = lastId?.split("-") ?? [];
    const known = Number(number);
    const follows = epoch === this.#epoch && known >= this.#forgotten && known <= this.#number;
    if (follows) listener.told = known;
    // A first line, so that whoever waits for an answer has one.
    stream.write(`retry: 1000\nid: ${this.#epoch}-${listener.told}\n\n`);
    if (lastId !== undefined && !follows) stream.write(RESYNC);
    this.#listeners.add(listener);
    stream.on("close", () => this.#listeners.delete(listener));
    this.#tell();
    return stream;
  }

  close(): void {
    clearInterval(this.#heart);
    for (const { stream } of this.#listeners) stream.end();
    this.#listeners.clear();
  }

  async #tell(): Promise<void> {
    if (this.#telling || this.#listeners.size === 0) return;
    this.#telling = true;
    while (this.#listeners.size > 0) {
      for (const listener of this.#listeners) {
        if (listener.told >= this.#forgotten) continue;
        listener.stream.write(RESYNC);
        listener.told = this.#number;
      }
      const least = Math.min(...Array.from(this.#listeners, ({ told }) => told));
      if (least >= this.#number) break;
      // What changes again meanwhile moves to the end of the map, and is met there.
      for (const [key, number] of this.#changes) if (number > least) await this.#tellOne(key, number);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
    this.#telling = false;
  }

  async #tellOne(key: string, number: number): Promise<void> {
    const [name, id] = key.split(":") as [EventName, string];
    const data = await this.#load(name, id).catch(() => null);
    const text =
      data === null ? "" : `event: ${name}\ndata: ${JSON.stringify(data)}\nid: ${this.#epoch}-${number}\n\n`;
    for (const listener of this.#listeners) {
      if (listener.told >= number) continue;
      listener.told = number;
      if (text) listener.stream.write(text);
      if (listener.stream.writableLength > MOST_UNREAD) listener.stream.destroy();
    }
  }
}
