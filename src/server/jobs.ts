// The queue of analyses in this process: so many at once, the oldest first. Knows states; how to hear, the analyst knows.
import { rm } from "node:fs/promises";
import type { FastifyBaseLogger } from "fastify";
import { AudioError } from "../audio/index.ts";
import { ModelError, VoiceError } from "../recognizer/index.node.ts";
import type { Store } from "../store/index.ts";
import { AnalystError } from "./analyst/messages.ts";
import type { Analyst } from "./analyst.ts";
import type { Analysis } from "./contract.ts";
import { type KeptRecording, tidied } from "./present.ts";
import { Refusal } from "./refusal.ts";
import type { Shelf } from "./shelf.ts";

export interface JobsOptions {
  store: Store<Analysis>;
  analyst: Analyst;
  shelf: Shelf;
  /** Analyses at once. */
  most: number;
  maxSeconds: number;
  log: FastifyBaseLogger;
  /** A recording changed: its state or its progress. */
  onChange(recording: { id: string; batch: string | null }): void;
  /** One ended, after so many seconds of work. */
  onEnd(outcome: "done" | "failed", seconds: number): void;
}

interface Running {
  stop: AbortController;
  progress: number;
  /** What it ended with, where it failed. */
  error?: unknown;
  ended: Promise<void>;
}

/** What can be seen of a file smaller than this is made when somebody looks: most are never looked at. Bytes. */
const SEEN_LATER = 2 ** 20;

/** An analyst that fails without a reason that lies in the sound or the model is asked once more. */
const TRIES = 2;
const PROGRESS_STEP = 0.01;

/** The record is the truth: what stands `queued` in it is done, and what is lost from this queue is found there at the start. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #waiting = new Set<string>();
  readonly #running = new Map<string, Running>();
  readonly #seeing = new Map<string, Promise<void>>();
  readonly #watchers = new Map<string, Set<(error: unknown) => void>>();
  #stopping = false;

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Of a running analysis, 0..1. */
  progress(id: string): number {
    return this.#running.get(id)?.progress ?? 0;
  }

  /** Takes up what is queued in the record. */
  async resume(): Promise<void> {
    for (const id of await this.#options.store.queued()) this.#waiting.add(id);
    this.#next();
  }

  /** A recording that is queued in the record. */
  add(id: string): void {
    this.#waiting.add(id);
    this.#next();
  }

  /**
   * Waits until an analysis has ended, but not longer than so.
   * @returns the error that it ended with, if it was one
   */
  outcome(id: string, waitMs: number): Promise<unknown> {
    if (!this.#waiting.has(id) && !this.#running.has(id)) return Promise.resolve();
    return new Promise((done) => {
      const watchers = this.#watchers.get(id) ?? new Set();
      const finish = (error?: unknown) => {
        clearTimeout(timer);
        watchers.delete(finish);
        done(error);
      };
      const timer = setTimeout(finish, waitMs);
      this.#watchers.set(id, watchers.add(finish));
    });
  }

  /** Takes a recording out of the queue; stops its analysis, and returns when that has ended. */
  async cancel(id: string): Promise<void> {
    this.#waiting.delete(id);
    const running = this.#running.get(id);
    running?.stop.abort(new Refusal(409, "stopped", "The analysis was stopped."));
    await running?.ended;
  }

  /** Takes no more; lets what runs come to its end for so long, then stops it and leaves it queued. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const all = () => Promise.allSettled(Array.from(this.#running.values(), ({ ended }) => ended));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((done) => {
      timer = setTimeout(done, graceMs);
    });
    await Promise.race([all(), late]);
    clearTimeout(timer);
    for (const { stop } of this.#running.values())
      stop.abort(new Refusal(503, "stopping", "The service stops."));
    await all();
  }

  /**
   * Makes what can be seen of an analysed recording, where it was not made with the answer. Whoever asks meanwhile waits
   * for the same.
   */
  async see(recording: KeptRecording): Promise<void> {
    const { id, type, voice } = recording;
    const known = this.#seeing.get(id);
    if (known) return known;
    const { store, analyst, shelf, maxSeconds } = this.#options;
    const seeing = (async () => {
      const { path: model } = await shelf.find(recording.model);
      const { signal } = new AbortController();
      const [path, evidence] = [store.audioPath(id), store.evidencePath(id)];
      await analyst.analyze({ path, evidence, type, model, maxSeconds, signal, voice: voice ?? undefined });
      // Removed, or heard by another model meanwhile: what was seen is no longer true.
      if ((await store.get(id))?.model !== recording.model) await rm(evidence, { force: true });
    })().finally(() => this.#seeing.delete(id));
    this.#seeing.set(id, seeing);
    return seeing;
  }

  #next(): void {
    while (!this.#stopping && this.#running.size < this.#options.most && this.#waiting.size > 0) {
      const id: string = this.#waiting.values().next().value!;
      this.#waiting.delete(id);
      const running: Running = { stop: new AbortController(), progress: 0, ended: Promise.resolve() };
      this.#running.set(id, running);
      running.ended = this.#run(id, running)
        .catch((error) => this.#options.log.error({ err: error, recording: id }, "a job failed"))
        .then(() => {
          this.#running.delete(id);
          for (const done of this.#watchers.get(id) ?? []) done(running.error);
          this.#watchers.delete(id);
          this.#next();
        });
    }
  }

  async #run(id: string, running: Running): Promise<void> {
    const { store, log, onChange, onEnd } = this.#options;
    const recording = await store.claim(id);
    if (!recording) return;
    onChange(recording);
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1000;
    try {
      const analysis = await this.#hear(recording, running);
      await store.finish(id, tidied(analysis));
      onEnd("done", seconds());
    } catch (error) {
      if (running.stop.signal.aborted) {
        await store.requeue(id);
      } else {
        const failure = failureOf(error, recording, store.audioPath(id));
        await store.fail(id, failure);
        running.error = failure.error;
        onEnd("failed", seconds());
        log.warn({ recording: id, code: failure.code }, "an analysis failed");
      }
    }
    onChange(recording);
  }

  async #hear(recording: KeptRecording, running: Running): Promise<Analysis> {
    const { store, analyst, shelf, maxSeconds, log, onChange } = this.#options;
    const { id, type, voice } = recording;
    const { path: model } = await shelf.find(recording.model);
    const onProgress = (share: number) => {
      if (share - running.progress < PROGRESS_STEP) return;
      running.progress = Math.min(1, share);
      onChange(recording);
    };
    const { signal } = running.stop;
    const evidence = recording.bytes < SEEN_LATER ? null : store.evidencePath(id);
    // Of an earlier analysis, by another model perhaps.
    if (evidence === null) await rm(store.evidencePath(id), { force: true });
    const job = {
      path: store.audioPath(id),
      evidence,
      type,
      model,
      maxSeconds,
      signal,
    };
    for (let tries = 1; ; tries++) {
      try {
        signal.throwIfAborted();
        return await analyst.analyze({ ...job, voice: voice ?? undefined, onProgress });
      } catch (error) {
        if (signal.aborted || hasReason(error) || tries === TRIES) throw error;
        log.warn({ err: error, recording: id }, "the analyst failed and is asked once more");
        running.progress = 0;
      }
    }
  }
}

/** Whether the error lies in the sound, the model or the calibration: then it would come again. */
function hasReason(error: unknown): boolean {
  return [AudioError, ModelError, VoiceError, Refusal].some((kind) => error instanceof kind);
}

/** Why an analysis failed, in words that name the recording as its owner does. */
function failureOf(error: unknown, { name }: KeptRecording, path: string) {
  if (!hasReason(error)) {
    const message = `${JSON.stringify(name)} could not be analysed: the analyst failed, twice. Try again; the service's log says more.`;
    return { code: error instanceof AnalystError ? error.code : "analysis-failed", message, error };
  }
  const { code, message } = error as { code?: string; message: string };
  const said = message.replaceAll(JSON.stringify(path), JSON.stringify(name));
  return {
    code: code ?? "bad-voice",
    message: said,
    error: error instanceof AudioError ? new AudioError(error.code, said) : error,
  };
}
