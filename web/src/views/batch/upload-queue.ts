// The files of a batch on their way to the service: three at a time, pause, cancel, retry. Knows no React and no HTTP.

import type { Recording } from "../../api/types.ts";

/** What is thrown by the sender, as far as the queue minds. */
export type SendError = { status: number; code: string; message: string; retryAfter?: number };

/** `sent`: the service has it; what becomes of it there is its recording's state. */
export type UploadState = "waiting" | "sending" | "sent" | "failed" | "cancelled";

export type Upload = {
  readonly index: number;
  readonly file: File;
  readonly name: string;
  readonly state: UploadState;
  /** Share of the bytes that are sent, 0..1. */
  readonly progress: number;
  /** As the service told last, once it is sent. */
  readonly recording: Recording | null;
  readonly error: SendError | null;
};

/** `held`: paused by the queue itself, because of `reason`. */
export type QueueState = "running" | "paused" | "held" | "finished";

export type QueueView = {
  readonly uploads: readonly Upload[];
  readonly state: QueueState;
  readonly reason: SendError | null;
  readonly counts: Readonly<Record<UploadState, number>>;
};

/** Sends one file; gives its recording. Rejects with a `SendError`, or with anything when `signal` aborts. */
export type Send = (
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
) => Promise<Recording>;

export type QueueOptions = {
  send: Send;
  concurrency?: number;
  /** Waits before a file is tried again after "too many requests", in milliseconds. */
  wait?: (ms: number) => Promise<void>;
};

/** The service cannot take any file now: going on with the next one would only fail it too. */
const holds = (error: SendError) => error.status === 0 || error.status === 401 || error.status === 507;
const TOO_MANY = 429;
const TRIES = 6;

/**
 * Uploads with limited concurrency. `subscribe` and `view` are what React's `useSyncExternalStore` asks for: `view()`
 * is the same object until something changes. Changes are told at most once a frame.
 */
export class UploadQueue {
  #uploads: Upload[];
  #view: QueueView;
  #listeners = new Set<() => void>();
  #aborts = new Map<number, AbortController>();
  #paused = false;
  #reason: SendError | null = null;
  #next = 0;
  /** Index by id of the recording, and what was told of ids that no upload has yet: an event may come before the answer. */
  #indexOf = new Map<string, number>();
  #early = new Map<string, Recording>();
  #send: Send;
  #concurrency: number;
  #wait: (ms: number) => Promise<void>;
  #told = false;

  constructor(files: readonly { file: File; name: string }[], options: QueueOptions) {
    this.#uploads = files.map(({ file, name }, index) => ({
      index,
      file,
      name,
      state: "waiting",
      progress: 0,
      recording: null,
      error: null,
    }));
    this.#send = options.send;
    this.#concurrency = options.concurrency ?? 3;
    this.#wait = options.wait ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
    this.#view = this.#look();
  }

  view = (): QueueView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    this.#fill();
  }

  /** Files on their way arrive; no new one sets out. */
  pause(): void {
    this.#paused = true;
    this.#changed();
  }

  resume(): void {
    this.#paused = false;
    this.#reason = null;
    this.#fill();
    this.#changed();
  }

  /** Those on their way are broken off, those waiting never go. What the service has, it keeps. */
  cancel(): void {
    this.#paused = false;
    this.#reason = null;
    for (const { index, state } of this.#uploads)
      if (state === "waiting") this.#set(index, { state: "cancelled" });
    for (const abort of this.#aborts.values()) abort.abort();
  }

  /** Failed and cancelled files go to the end of the line again. */
  retry(): void {
    for (const { index, state } of this.#uploads) {
      if (state === "failed" || state === "cancelled")
        this.#set(index, { state: "waiting", progress: 0, error: null });
    }
    this.#next = 0;
    this.resume();
  }

  /** What the service tells of a recording of this batch. */
  tell(recording: Recording): void {
    const index = this.#indexOf.get(recording.id);
    if (index === undefined) this.#early.set(recording.id, recording);
    else this.#set(index, { recording });
  }

  /** The recording was deleted. */
  forget(id: string): void {
    const index = this.#indexOf.get(id);
    if (index !== undefined) this.#set(index, { state: "cancelled", recording: null });
  }

  #fill(): void {
    while (!this.#paused && !this.#reason && this.#aborts.size < this.#concurrency) {
      while (this.#next < this.#uploads.length && this.#uploads[this.#next]!.state !== "waiting")
        this.#next++;
      const upload = this.#uploads[this.#next];
      if (!upload) return;
      this.#next++;
      void this.#one(upload);
    }
  }

  async #one({ index, file }: Upload): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(index, abort);
    this.#set(index, { state: "sending", progress: 0, error: null });
    try {
      const answer = await this.#patiently(index, file, abort.signal);
      const recording = this.#early.get(answer.id) ?? answer;
      this.#early.delete(answer.id);
      this.#indexOf.set(answer.id, index);
      this.#set(index, { state: "sent", progress: 1, recording });
    } catch (thrown) {
      if (abort.signal.aborted) this.#set(index, { state: "cancelled", progress: 0 });
      else this.#failed(index, asSendError(thrown));
    } finally {
      this.#aborts.delete(index);
      this.#fill();
      this.#changed();
    }
  }

  /** The service may ask for patience; it then says for how long. */
  async #patiently(index: number, file: File, signal: AbortSignal): Promise<Recording> {
    for (let tried = 1; ; tried++) {
      try {
        return await this.#send(file, (progress) => this.#set(index, { progress }), signal);
      } catch (thrown) {
        const error = asSendError(thrown);
        if (signal.aborted || error.status !== TOO_MANY || tried === TRIES) throw thrown;
        this.#set(index, { progress: 0 });
        await this.#wait((error.retryAfter ?? 2 ** tried) * 1000);
        if (signal.aborted) throw thrown;
      }
    }
  }

  #failed(index: number, error: SendError): void {
    if (!holds(error)) {
      this.#set(index, { state: "failed", error });
      return;
    }
    this.#reason = error;
    this.#next = Math.min(this.#next, index);
    this.#set(index, { state: "waiting", progress: 0 });
  }

  #set(index: number, change: Partial<Upload>): void {
    this.#uploads[index] = { ...this.#uploads[index]!, ...change };
    this.#changed();
  }

  #look(): QueueView {
    const counts = { waiting: 0, sending: 0, sent: 0, failed: 0, cancelled: 0 };
    for (const { state } of this.#uploads) counts[state]++;
    const open = counts.waiting + counts.sending > 0;
    const state = !open ? "finished" : this.#reason ? "held" : this.#paused ? "paused" : "running";
    return { uploads: [...this.#uploads], state, reason: this.#reason, counts };
  }

  /** Ten thousand files tell of every few kilobytes: listeners hear of it ten times a second at most. */
  #changed(): void {
    if (this.#told) return;
    this.#told = true;
    setTimeout(() => {
      this.#told = false;
      this.#view = this.#look();
      for (const listener of this.#listeners) listener();
    }, 100);
  }
}

function asSendError(thrown: unknown): SendError {
  if (typeof thrown === "object" && thrown !== null && "status" in thrown) return thrown as SendError;
  return { status: -1, code: "unknown", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
