// An analyst process: analyses a file at a time, or listens to live sessions, for the owner that started it. Knows the
// recogniser; runs alone, because a network blocks its thread, and whatever breaks here breaks one analysis.
import { analyzeFile, loadEvidence, loadRecognizer, type Voice } from "../../recognizer/index.node.ts";
import type { LiveListener } from "../../recognizer/index.ts";
import { writeEvidence } from "./evidence-file.ts";
import { expectedSeconds, shareOf } from "./expected.ts";
import { type Reply, type Request, toSent } from "./messages.ts";
import { ModelShelf } from "./model-shelf.ts";

const MOST_MODELS = 3;
/** Between two words of progress; the first comes after so long, so that a short clip has none. */
const PROGRESS_MS = 200;

const models = new ModelShelf((path) => loadRecognizer(path), MOST_MODELS);
let evidenceMaker: ReturnType<typeof loadEvidence> | undefined;
const running = new Map<number, AbortController>();
/** Samples lie outside the heap, which is too small to be collected for their sake: it is told to, every so often. */
const COLLECT_EVERY = 50;
let analyses = 0;
const sessions = new Map<number, Session>();

interface Session {
  listener: LiveListener;
  /** A listener takes one block at a time. */
  last: Promise<unknown>;
  close(): Promise<void>;
}

function send(reply: Reply): void {
  process.send?.(reply);
}

async function beginEvidence() {
  evidenceMaker ??= loadEvidence();
  return (await evidenceMaker).begin();
}

async function analyze(request: Request & { kind: "analyze" }) {
  const { id, path, model, voice, evidence, maxSeconds } = request;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const recognizer = await models.get(model);
    const record = evidence === null ? undefined : await beginEvidence();
    let told = performance.now();
    let expected: number | undefined;
    const analysis = await analyzeFile(recognizer, path, {
      timeline: true,
      voice: (voice ?? undefined) as Voice | undefined,
      observer: record,
      maxSeconds,
      signal: controller.signal,
      onProgress: (seconds) => {
        if (performance.now() - told < PROGRESS_MS) return;
        told = performance.now();
        expected ??= expectedSeconds(path);
        send({ id, kind: "progress", share: shareOf(seconds, expected) });
      },
    });
    if (record) writeEvidence(evidence!, await record.finish());
    const { file: _file, timeline = [], ...rest } = analysis;
    return { ...rest, quality: { ...rest.quality, reasons: [...rest.quality.reasons] }, timeline };
  } finally {
    running.delete(id);
    if (++analyses % COLLECT_EVERY === 0) globalThis.gc?.();
  }
}

/** A session's model is its own: the shelf may let go of its copy while someone still speaks. */
async function listen({ session, model }: Request & { kind: "listen" }) {
  const recognizer = await loadRecognizer(model);
  const listener = recognizer.live();
  sessions.set(session, { listener, last: Promise.resolve(), close: () => recognizer.dispose() });
  return { hop: listener.hop, emotions: [...listener.emotions] };
}

async function hear({ session, samples, newest }: Request & { kind: "block" }) {
  const { listener, last, ...rest } = sessions.get(session)!;
  const estimates = last.then(() => listener.push(samples, newest));
  sessions.set(session, { ...rest, listener, last: estimates.catch(() => {}) });
  return estimates;
}

async function hush({ session }: Request & { kind: "hush" }) {
  const ending = sessions.get(session);
  sessions.delete(session);
  await ending?.last;
  await ending?.close();
  return null;
}

async function answer(request: Request) {
  switch (request.kind) {
    case "analyze":
      return analyze(request);
    case "abort":
      running.get(request.of)?.abort();
      return null;
    case "listen":
      return listen(request);
    case "block":
      return hear(request);
    case "hush":
      return hush(request);
  }
}

process.on("message", async (request: Request) => {
  const { id } = request;
  try {
    send({ id, kind: "answer", value: await answer(request) });
  } catch (error) {
    send({ id, kind: "failed", error: toSent(error) });
  }
});
// The owner is gone: nobody is left to answer to. A decoder that still runs sees its own owner go.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Ctrl-C in a terminal, or a service manager's end, reaches this process too; when it ends is the owner's to say.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
