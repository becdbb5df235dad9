// What the routes of one service share: its parts, its limits, and the ways to keep and to remove. Knows no addresses.
import type { FastifyBaseLogger } from "fastify";
import type { Received, Store } from "../store/index.ts";
import type { Analysis, Recording, Service } from "./contract.ts";
import type { Hub } from "./hub.ts";
import type { Jobs } from "./jobs.ts";
import type { Metrics } from "./metrics.ts";
import { cleanName, type KeptRecording, shown } from "./present.ts";
import { notFound } from "./refusal.ts";
import type { Shelf } from "./shelf.ts";
import type { Trainer } from "./trainer.ts";
import { SAMPLE_RATE, wavHeader, wavSamples } from "./wav.ts";

export interface Limits {
  /** Of one sound. */
  bytes: number;
  seconds: number;
  /** Files in one batch. */
  batch: number;
  /** By one address. */
  uploadsPerMinute: number;
  requestsPerMinute: number;
}

export interface Context {
  version: string;
  store: Store<Analysis>;
  shelf: Shelf;
  jobs: Jobs;
  hub: Hub;
  metrics: Metrics;
  limits: Limits;
  trainer?: Trainer;
  log: FastifyBaseLogger;
}

export function serviceOf({ version, limits, trainer }: Context): Service {
  const { bytes, seconds, batch } = limits;
  return { version, limits: { bytes, seconds, batch }, training: trainer !== undefined };
}

export function recordingOf({ jobs }: Context, kept: KeptRecording): Recording {
  return shown(kept, jobs.progress(kept.id));
}

/** @throws Refusal 404 */
export async function kept({ store }: Context, id: string): Promise<KeptRecording> {
  const recording = await store.get(id);
  if (!recording) throw notFound("recording", id);
  return recording;
}

export function changed({ hub }: Context, { id, batch }: { id: string; batch: string | null }): void {
  hub.changed("recording", id);
  if (batch !== null) hub.changed("batch", batch);
}

/** A received sound becomes a recording, and waits for its analysis. */
export async function keep(
  context: Context,
  received: Received,
  about: Parameters<Store<Analysis>["keep"]>[1],
): Promise<KeptRecording> {
  const recording = await context.store.keep(received, about);
  changed(context, recording);
  context.jobs.add(recording.id);
  return recording;
}

/** What was heard live, `[samples]` at 16 kHz, becomes a recording like any other. */
export async function keepLive(
  context: Context,
  samples: Float32Array,
  name: string,
  model: string,
): Promise<Recording> {
  async function* bytes() {
    yield wavHeader(samples.length);
    for (let at = 0; at < samples.length; at += SAMPLE_RATE)
      yield wavSamples(samples.subarray(at, at + SAMPLE_RATE));
  }
  const received = await context.store.receive(bytes());
  const about = { name: cleanName(name), type: "audio/wav", language: null, voice: null, batch: null };
  const { name: chosen } = await context.shelf.find(model);
  return recordingOf(context, await keep(context, received, { ...about, source: "live", model: chosen }));
}

/** Really. A running analysis is stopped first, so that it leaves nothing behind. @throws Refusal 404 */
export async function remove(context: Context, id: string): Promise<void> {
  const { batch } = await kept(context, id);
  await context.jobs.cancel(id);
  await context.store.remove(id);
  context.hub.changed("removed", id);
  if (batch !== null) context.hub.changed("batch", batch);
}
