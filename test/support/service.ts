// A service for tests: on a port of its own, with an analyst that does what the sound says. Holds answers to the OpenAPI.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { z } from "zod";
import { AudioError } from "../../src/audio/index.ts";
import { type Analysis, type Analyst, createService, type ServiceOptions } from "../../src/server/index.ts";
import { openStore } from "../../src/store/index.ts";
import { tinyCard, tinyModel } from "./tiny-model.ts";

export const ANALYSIS: Analysis = {
  seconds: 2,
  model: "tiny@1",
  emotion: "sad",
  confidence: 1.0000000000000002,
  uncertain: false,
  probabilities: { angry: 0.1, disgust: 0, fear: 0, happy: 0.1, neutral: 0, sad: 0.8, surprise: 0 },
  quality: { verdict: "good", speech: 0.9, snr: 31.04, clipped: 0, reasons: [] },
  timeline: [{ start: 0, end: 2, emotion: "sad", confidence: 0.8, probabilities: { sad: 0.8, angry: 0.2 } }],
};

/** Of a sound unlike all that the model knows. */
const STRANGE: Analysis = {
  ...ANALYSIS,
  ...{ emotion: null, uncertain: true, because: "unlike", reason: "It sounds unlike what this model knows." },
};

/** What is usual for the model of the service. */
export const USUAL = { mean: new Array(7).fill(0.5), spread: new Array(7).fill(2), limit: 1.5 };

/** A picture of one column, as the contract has it. */
export const EVIDENCE = {
  seconds: 2,
  columns: 1,
  peaks: "AAA=",
  spectrogram: { rows: 1, low: -80, high: 0, hertz: [100], data: "AA==" },
  mfcc: { rows: 1, low: [-1], high: [1], data: "AA==" },
  attention: "/w==",
};

/**
 * Does what the sound's text says: BAD cannot be decoded, LONG is too long, CRASH fails each time, ONCE the first time,
 * SLOW waits until `release` is called, STRANGE is unlike what the model knows; anything else sounds sad.
 */
export function fakeAnalyst() {
  const held = new Set<() => void>();
  const seen = { running: 0, most: 0, calls: 0, closed: false };
  const analyst: Analyst = {
    async analyze({ path, evidence, signal, onProgress }) {
      seen.calls++;
      seen.most = Math.max(seen.most, ++seen.running);
      try {
        const text = await readFile(path, "utf8");
        if (text.includes("BAD"))
          throw new AudioError("unreadable-audio", `${JSON.stringify(path)} is no sound.`);
        if (text.includes("LONG")) throw new AudioError("too-long", `${JSON.stringify(path)} is too long.`);
        if (text.includes("CRASH") || (text.includes("ONCE") && seen.calls === 1))
          throw new Error("worker died");
        if (text.includes("SLOW")) {
          onProgress?.(0.5);
          await new Promise<void>((done, fail) => {
            held.add(done);
            signal.addEventListener("abort", () => fail(signal.reason), { once: true });
          });
        }
        if (evidence !== null) writeFileSync(evidence, JSON.stringify(EVIDENCE));
        return text.includes("STRANGE") ? STRANGE : ANALYSIS;
      } finally {
        seen.running--;
      }
    },
    live: async () => ({ hop: 0.5, emotions: ["angry", "sad"], push: async () => [], close: async () => {} }),
    close: async () => {
      seen.closed = true;
    },
  };
  const release = () => {
    for (const done of held) done();
    held.clear();
  };
  return { analyst, release, seen };
}

/** A running service on a folder that goes when `end` is called. */
export async function testService(options: Partial<ServiceOptions> = {}, folder = newFolder()) {
  const models = join(folder, "shipped");
  mkdirSync(models, { recursive: true });
  writeFileSync(join(models, "tiny.onnx"), tinyModel(tinyCard({ usual: USUAL })));
  const fake = fakeAnalyst();
  const store = await openStore<Analysis>(folder);
  const service = await createService({
    ...{ store, analyst: fake.analyst, models: { places: [models] }, version: "1.2.3", port: 0 },
    ...options,
  });
  const address = await service.start();
  const description = service.app.swagger() as unknown as Description;
  const called = new Set<string>();
  const call = async (path: string, init: RequestInit = {}): Promise<Answered> => {
    const response = await fetch(new URL(path, address), init);
    called.add(await holdToDescription(description, path, init.method ?? "GET", response));
    return response as Answered;
  };
  const get = async (path: string) => (await call(`/api/v1${path}`)).json();
  const send = (method: string, path: string, body?: unknown) =>
    call(`/api/v1${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      }),
    });
  const upload = (text: string, fields: Record<string, string> = {}, name = "a.wav") =>
    call("/api/v1/recordings", { method: "POST", body: form(text, fields, name) });
  const end = async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...fake, folder, store, service, address, description, called, call, get, send, upload, end };
}

// biome-ignore lint/suspicious/noExplicitAny: what it is, the description says, and the answer was held to that.
type Answered = Omit<Response, "json"> & { json(): Promise<any> };

export type TestService = Awaited<ReturnType<typeof testService>>;

export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "undertone-service-"));
}

export function form(
  text: string | Uint8Array,
  fields: Record<string, string> = {},
  name = "a.wav",
): FormData {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append("file", new Blob([text], { type: "audio/wav" }), name);
  return form;
}

/** Waits until it is so. Patience is counted in looks, 10 ms apart: a machine that stands still for seconds takes none of it. */
export async function until(isSo: () => unknown, patienceMs = 5000): Promise<void> {
  for (let looks = patienceMs / 10; !(await isSo()); looks--) {
    if (looks <= 0) throw new Error(`not so after ${patienceMs} ms or more: ${isSo}`);
    await new Promise((done) => setTimeout(done, 10));
  }
}

type Answer = { content?: Record<string, { schema?: object }> };
export interface Description {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, Answer> }>>;
}

/** The operation that an answer is of; fails where the answer is none that the description has. */
async function holdToDescription(
  description: Description,
  path: string,
  method: string,
  response: Response,
): Promise<string> {
  const plain = path.split("?")[0]!;
  const fits = (template: string) =>
    new RegExp(`^${template.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`).test(plain);
  // The most exact one: "/recordings/{id}.json" before "/recordings/{id}".
  const template = Object.keys(description.paths)
    .filter(fits)
    .sort((a, b) => b.replace(/\{\w+\}/g, "").length - a.replace(/\{\w+\}/g, "").length)[0];
  const operation = template && description.paths[template]![method.toLowerCase()];
  if (!operation) return `undescribed ${method} ${plain}`;
  const where = `${method} ${template} -> ${response.status}`;
  if (response.status === 304) return `${method} ${template}`;
  const answer = operation.responses[response.status];
  expect(answer, `${where} is not described`).toBeDefined();
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  if (type.endsWith("json") && answer!.content) {
    const schema = answer!.content[type]?.schema;
    expect(schema, `${where}: ${type} is not described`).toBeDefined();
    const read = z
      .fromJSONSchema(schema as z.core.JSONSchema.JSONSchema)
      .safeParse(await response.clone().json());
    expect(read.error?.issues ?? [], where).toEqual([]);
  }
  return `${method} ${template}`;
}
