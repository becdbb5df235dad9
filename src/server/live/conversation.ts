// One live conversation: start, blocks of sound, stop. Knows the contract's messages and limits; no socket, no route.

import { AnalystError } from "../analyst/messages.ts";
import type { Analyst, LiveEstimate, LiveSession } from "../analyst.ts";
import { type LiveMessage, liveStart, liveStop, type Recording } from "../contract.ts";
import { problemOf, Refusal } from "../refusal.ts";

const SAMPLE_RATE = 16_000;

/** What a conversation needs of the service. */
export interface LiveServices {
  analyst: Pick<Analyst, "live">;
  /** @param name none: the default model @throws Refusal where there is none of that name */
  models(name?: string): Promise<{ name: string; path: string }>;
  /** Makes a recording of what was heard, mono at 16,000 Hz, and has it analysed with that model. */
  keep(samples: Float32Array, name: string, model: string): Promise<Recording>;
  limits: LiveLimits;
}

export interface LiveLimits {
  /** Seconds that one conversation may last. */
  seconds: number;
  /** Seconds of sound in one block. */
  block: number;
  /** Seconds of sound that a client may be ahead of the clock: what a stalled network lets go at once. */
  ahead: number;
  /** Seconds of sound that may wait to be heard, before nothing more is said about it. */
  behind: number;
}

/** The other end, as far as a conversation knows it. */
export interface Listener {
  say(message: LiveMessage): void;
  /** @param wasWrong the client did what it may not */
  hangUp(wasWrong: boolean): void;
}

export class Conversation {
  readonly #services: LiveServices;
  readonly #listener: Listener;
  readonly #now: () => number;
  /** From the first message on. */
  #starting: Promise<void> | undefined;
  #session: LiveSession | undefined;
  #model = "";
  readonly #blocks: Float32Array[] = [];
  #samples = 0;
  /** Blocks that the analyst has not been handed, since it is at those before. */
  #waiting: Float32Array[] = [];
  #hearing: Promise<void> | undefined;
  /** Samples of those, and of what it is at. */
  #pending = 0;
  #firstBlock = 0;
  /** Nothing more is said about the sound; it is still kept if the person wants that. */
  #isDeaf = false;
  #isOver = false;

  /** @param now milliseconds of a steady clock */
  constructor(services: LiveServices, listener: Listener, now: () => number = () => performance.now()) {
    this.#services = services;
    this.#listener = listener;
    this.#now = now;
  }

  /** A message of the client. */
  async text(json: string): Promise<void> {
    if (this.#isOver) return;
    if (!this.#starting) {
      const start = parsed(json, liveStart);
      if (!start) return this.#refuse("bad-message", 'Expected {"type":"start"}, with a "model" if need be.');
      this.#starting = this.#start(start.model);
      return this.#starting;
    }
    const stop = parsed(json, liveStop);
    if (!stop) return this.#refuse("bad-message", 'Expected {"type":"stop","keep":true} or false.');
    await this.#stop(this.#starting, stop.keep, stop.name);
  }

  /** A block of sound: little-endian float32, mono, 16,000 Hz. */
  async bytes(data: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    if (!this.#starting) return this.#refuse("not-started", 'Sound came before {"type":"start"}.');
    const block = samplesOf(data);
    const most = this.#services.limits.block * SAMPLE_RATE;
    if (!block || block.length > most) {
      const what = `Got a block of ${data.length} bytes, expected float32 samples: 4 to ${4 * most} bytes, in fours.`;
      return this.#refuse("bad-block", what);
    }
    if (!block.every(Number.isFinite)) {
      return this.#refuse(
        "bad-block",
        "A sample is no number. Expected little-endian float32, mostly in -1..1.",
      );
    }
    if (this.#samples === 0) this.#firstBlock = this.#now();
    const { seconds, ahead } = this.#services.limits;
    if (this.#samples >= seconds * SAMPLE_RATE) return;
    if (this.#aheadBy(block.length) > ahead) {
      return this.#refuse(
        "too-fast",
        "Sound comes faster than it is spoken. Send a file as a recording instead.",
      );
    }
    this.#blocks.push(block);
    this.#samples += block.length;
    const isLast = this.#samples >= seconds * SAMPLE_RATE;
    await this.#starting;
    await this.#hear(block);
    if (!isLast || this.#isOver) return;
    this.#goDeaf(
      "too-long",
      `After ${seconds} s nothing more is heard. Stop, and keep what was said or let it go.`,
    );
  }

  /** The client is gone, or has been silent for too long: what was not kept is let go. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#blocks.length = 0;
    await this.#starting;
    await this.#session?.close();
  }

  async #start(name: string | undefined): Promise<void> {
    try {
      const model = await this.#services.models(name);
      this.#session = await this.#services.analyst.live(model.path);
      this.#model = model.name;
      const { hop, emotions } = this.#session;
      if (!this.#isOver) this.#listener.say({ type: "ready", model: model.name, emotions, hop });
    } catch (error) {
      this.#sayError(error);
      this.#hangUp(false);
    }
  }

  /** Seconds of sound beyond what can have been spoken since the first block. */
  #aheadBy(more: number): number {
    return (this.#samples + more) / SAMPLE_RATE - (this.#now() - this.#firstBlock) / 1000;
  }

  async #hear(block: Float32Array): Promise<void> {
    if (this.#isDeaf || this.#isOver || !this.#session) return;
    if (this.#pending > this.#services.limits.behind * SAMPLE_RATE) {
      this.#goDeaf("overloaded", "The service cannot keep up. Stop, and keep what was said: it is recorded.");
      return;
    }
    this.#pending += block.length;
    this.#waiting.push(block);
    this.#hearing ??= this.#hearWaiting(this.#session).finally(() => {
      this.#hearing = undefined;
    });
    return this.#hearing;
  }

  /** What waits is heard at once, and one estimate is made of it: who is behind the sound would else stay so. */
  async #hearWaiting(session: LiveSession): Promise<void> {
    while (this.#waiting.length > 0 && !this.#isOver) {
      const blocks = this.#waiting.splice(0);
      const sound = joined(blocks);
      try {
        for (const estimate of await session.push(sound, blocks.length > 1)) this.#tell(estimate);
      } catch (error) {
        if (!this.#isDeaf) this.#sayError(error);
        this.#isDeaf = true;
      } finally {
        this.#pending -= sound.length;
      }
    }
  }

  #tell(estimate: LiveEstimate): void {
    if (!this.#isOver && !this.#isDeaf) this.#listener.say({ type: "estimate", ...estimate });
  }

  async #stop(starting: Promise<void>, keep: boolean, name = "live.wav"): Promise<void> {
    this.#isOver = true;
    // Taken at once: if the client is gone before it is answered, what it wanted kept is kept.
    const samples = this.#taken();
    await starting;
    // It could not begin, and that was said.
    if (!this.#session) return;
    await this.#session.close();
    try {
      if (!keep) this.#listener.say({ type: "dropped" });
      else if (samples.length === 0) {
        throw new Refusal(422, "empty-audio", "Nothing was said, so there is nothing to keep.");
      } else {
        const recording = await this.#services.keep(samples, name, this.#model);
        this.#listener.say({ type: "kept", recording });
      }
    } catch (error) {
      this.#sayError(error);
    }
    this.#listener.hangUp(false);
  }

  /** All samples; they are not held here any more. */
  #taken(): Float32Array {
    return joined(this.#blocks.splice(0));
  }

  #goDeaf(code: string, message: string): void {
    this.#isDeaf = true;
    this.#listener.say({ type: "error", code, message });
  }

  #sayError(error: unknown): void {
    const { code, message } =
      error instanceof AnalystError
        ? error
        : (({ code, detail }) => ({ code, message: detail }))(problemOf(error));
    this.#listener.say({ type: "error", code, message });
  }

  #refuse(code: string, message: string): void {
    this.#listener.say({ type: "error", code, message });
    this.#hangUp(true);
  }

  #hangUp(wasWrong: boolean): void {
    this.#isOver = true;
    this.#listener.hangUp(wasWrong);
  }
}

/** null: the bytes are no samples. */
function samplesOf(bytes: Uint8Array): Float32Array | null {
  if (bytes.length === 0 || bytes.length % 4 !== 0) return null;
  // A copy: a message may begin anywhere in a buffer, and the buffer is used again.
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** null: it is something else. */
function parsed<T>(json: string, schema: { safeParse(value: unknown): { data?: T } }): T | null {
  try {
    return schema.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

function joined(blocks: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    samples.set(block, at);
    at += block.length;
  }
  return samples;
}
