// The files of this visit on their way to an answer; they go on when the person looks elsewhere. Knows the service, no React.
import { api } from "../../api/client.ts";
import { connection, onEvent } from "../../api/events.ts";
import { sentenceOf } from "../../api/problem.ts";
import { createStore } from "../../api/store.ts";
import type { Recording } from "../../api/types.ts";
import { upload } from "../../api/upload.ts";

export type Upload = {
  readonly key: number;
  readonly file: File;
  readonly model: string | undefined;
  /** waiting -> sending -> analysing -> done, or failed. */
  readonly state: "waiting" | "sending" | "analysing" | "done" | "failed";
  /** 0..1 of the bytes, then of the analysis; null: not known yet. */
  readonly progress: number | null;
  readonly recording: Recording | null;
  readonly error: string | null;
};

export const uploads = createStore<readonly Upload[]>([]);

/** The browser keeps six connections to one host, one of which is the event stream. */
const AT_ONCE = 3;
const aborts = new Map<number, AbortController>();
let last = 0;

function change(key: number, part: Partial<Upload>): void {
  uploads.set((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
}

function find(key: number): Upload | undefined {
  return uploads.get().find((one) => one.key === key);
}

/** Sends files, three at a time; gives their keys in the list. */
export function addUploads(files: readonly File[], model?: string): number[] {
  const added = files.map(
    (file): Upload => ({
      key: ++last,
      file,
      model,
      state: "waiting",
      progress: null,
      recording: null,
      error: null,
    }),
  );
  uploads.set((all) => [...added, ...all]);
  next();
  return added.map(({ key }) => key);
}

function next(): void {
  while (aborts.size < AT_ONCE) {
    // New ones stand first in the list, in their own order.
    const waiting = uploads.get().find(({ state }) => state === "waiting");
    if (!waiting) return;
    void send(waiting);
  }
}

async function send({ key, file, model }: Upload): Promise<void> {
  const abort = new AbortController();
  aborts.set(key, abort);
  change(key, { state: "sending", progress: 0, error: null });
  try {
    const recording = await upload(file, {
      ...(model && { model }),
      signal: abort.signal,
      // All sent: from here on it is the service that works.
      onProgress: (share) =>
        change(key, share < 1 ? { progress: share } : { state: "analysing", progress: null }),
    });
    follow(key, recording);
    // What was told before its id was known is asked for.
    if (!isSettled(recording)) follow(key, await api.recording(recording.id));
  } catch (error) {
    if (!abort.signal.aborted) change(key, { state: "failed", progress: null, error: sentenceOf(error) });
  } finally {
    aborts.delete(key);
    next();
  }
}

function isSettled({ state }: Recording): boolean {
  return state === "done" || state === "failed";
}

/** What an upload shows of its recording. Pure. */
export function seen(recording: Recording): Partial<Upload> {
  const { state, progress, error } = recording;
  if (state === "failed") return { recording, state: "failed", progress: null, error: error?.message ?? "" };
  if (state === "done") return { recording, state: "done", progress: 1 };
  return { recording, state: "analysing", progress: state === "queued" ? null : progress };
}

/** An answer that was asked for may come after the event that tells what happened since: what is settled stays so. */
function follow(key: number, recording: Recording): void {
  const known = find(key)?.recording;
  if (known?.id === recording.id && isSettled(known) && !isSettled(recording)) return;
  change(key, seen(recording));
}

onEvent("recording", (recording) => {
  for (const one of uploads.get()) if (one.recording?.id === recording.id) follow(one.key, recording);
});

onEvent("removed", ({ id }) => {
  uploads.set((all) => all.filter(({ recording }) => recording?.id !== id));
});

/** Asks after all that are not settled: events may have been missed. */
function askAgain(): void {
  for (const { key, recording, state } of uploads.get()) {
    if (recording && state === "analysing") {
      api.recording(recording.id).then(
        (now) => follow(key, now),
        (error) => change(key, { state: "failed", progress: null, error: sentenceOf(error) }),
      );
    }
  }
}
onEvent("resync", askAgain);
// The first connection too may come after what it would have told.
connection.subscribe(() => {
  if (connection.get() === "online") askAgain();
});

/** Breaks it off and takes it from the list; what the service has of it already, it is asked to delete. */
export function stop(key: number): void {
  const one = find(key);
  uploads.set((all) => all.filter((other) => other.key !== key));
  aborts.get(key)?.abort();
  if (one?.recording && one.state === "analysing") api.remove(one.recording.id).catch(() => undefined);
}

export function retry(key: number): void {
  change(key, { state: "waiting", progress: null, recording: null, error: null });
  next();
}

/** Takes one that is over from the list; its recording stays. */
export function forget(key: number): void {
  uploads.set((all) => all.filter((one) => one.key !== key));
}
