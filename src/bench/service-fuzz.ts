// Requests that nobody would think of, made from the service's own description. Knows OpenAPI, no route by name.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type Sent } from "./service-client.ts";
import { Draw, type Schema } from "./service-draw.ts";
import { startServer } from "./service-process.ts";

export interface FuzzRow {
  bench: "fuzz";
  requests: number;
  seed: number;
  /** How many were answered so, by status. */
  answers: Record<string, number>;
  /** Requests that were answered 500 or above, or with no answer at all: method, path, and what came. */
  failures: string[];
  /** Operations that were called, of those that are described. */
  operations: [number, number];
}

export interface FuzzOptions {
  address: string;
  requests: number;
  seed: number;
  /** For every request, such as the token's. */
  headers?: Record<string, string>;
  /** Sounds of real form, to be sent whole, cut and scrambled. */
  sounds: readonly Uint8Array[];
}

interface Operation {
  parameters?: { name: string; in: "path" | "query" | "header"; required?: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

type Description = { paths: Record<string, Record<string, Operation>> };

const AT_ONCE = 8;
/** No answer is read further: streams of events have no end. */
const MOST_BYTES = 200_000;
const PATIENCE_MS = 20_000;

export interface FuzzBenchOptions {
  /** What runs `undertone`. */
  command: readonly string[];
  model: string;
  sample: string;
  requests: number;
  seed: number;
  onProgress(what: string): void;
}

/** Against a server of its own, with the real analyst. */
export async function* fuzzBench(options: FuzzBenchOptions): AsyncGenerator<FuzzRow> {
  const { model, sample, requests, seed, onProgress } = options;
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  try {
    const server = await startServer({ ...options, folder, args: ["--model", model] });
    try {
      onProgress(`fuzz: ${requests} requests from seed ${seed}`);
      yield await fuzz({ address: server.address, requests, seed, sounds: [await readFile(sample)] });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Sends so many requests, drawn from the seed, and tells what was answered. */
export async function fuzz({ address, requests, seed, headers, sounds }: FuzzOptions): Promise<FuzzRow> {
  const client = new Client(address, AT_ONCE);
  const { paths } = await client.json<Description>("/api/openapi.json");
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const draw = new Draw(seed);
  const ids = new Ids();
  const answers: Record<string, number> = {};
  const failures: string[] = [];
  const called = new Set<string>();

  const one = async (i: number) => {
    // First each once, as it is meant to be called.
    const meant = i < operations.length;
    const { path, method, operation } = meant ? operations[i]! : draw.of(operations);
    called.add(`${method} ${path}`);
    const call = callOf(draw, ids, sounds, { path, method, operation }, meant);
    call.sent.headers = { ...headers, ...call.sent.headers };
    let status: string;
    let said = "";
    try {
      const answer = await withPatience(client.ask(call.path, { ...call.sent, most: mostOf(path) }));
      status = String(answer.status);
      said = answer.body.toString("utf8", 0, 300);
      ids.learn(said);
    } catch (error) {
      status = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      // A path or header that cannot even be sent is no fault of the service's.
      if (status.startsWith("ERR_")) status = "unsendable";
    }
    answers[status] = (answers[status] ?? 0) + 1;
    if (!/^[1-4]\d\d$|^unsendable$/.test(status))
      failures.push(`${call.sent.method} ${call.path}: ${status} ${said}`);
  };
  let next = 0;
  const worker = async () => {
    while (next < requests) await one(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  client.close();
  return { bench: "fuzz", requests, seed, answers, failures, operations: [called.size, operations.length] };
}

function mostOf(path: string): number {
  return path.endsWith("/events") ? 1 : MOST_BYTES;
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error("no answer")), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

interface Call {
  path: string;
  sent: Sent;
}

interface Target {
  path: string;
  method: string;
  operation: Operation;
}

function callOf(draw: Draw, ids: Ids, sounds: readonly Uint8Array[], target: Target, meant: boolean): Call {
  const { operation } = target;
  const isWild = !meant && draw.chance(0.3);
  const value = (schema: Schema) => (isWild ? draw.anything() : draw.fitting(schema));
  const text = (schema: Schema) => {
    const drawn = value(schema);
    return typeof drawn === "string" ? drawn : JSON.stringify(drawn);
  };
  let path = target.path.replace(/\{(\w+)\}/g, () =>
    isWild && draw.chance(0.5) ? wildPart(draw) : encodeURIComponent(ids.some(draw)),
  );
  const query = (operation.parameters ?? [])
    .filter((one) => one.in === "query" && draw.chance(0.4))
    .map(({ name, schema }) => `${name}=${encodeURIComponent(text(schema).toWellFormed())}`);
  if (isWild && draw.chance(0.2))
    query.push(draw.of(["x=1", "limit=1&limit=2", "__proto__=1", "q[]=a", "%", "q=%ff"]));
  if (query.length > 0) path += `?${query.join("&")}`;
  const method = isWild && draw.chance(0.1) ? draw.of(METHODS) : target.method;
  const headers = meant ? {} : wildHeaders(draw);
  const body = bodyOf(draw, sounds, operation, isWild, value);
  // Said of every method: without it, Node's client lets a body follow a GET that the server must take for a request.
  const length = body && { "content-length": String(body.body.length) };
  return { path, sent: { method, headers: { ...headers, ...body?.headers, ...length }, body: body?.body } };
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

function bodyOf(
  draw: Draw,
  sounds: readonly Uint8Array[],
  { requestBody }: Operation,
  isWild: boolean,
  value: (schema: Schema) => unknown,
): { headers: Record<string, string>; body: Uint8Array } | undefined {
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  if (!type || !media) return undefined;
  const named =
    isWild && draw.chance(0.2) ? draw.of(["text/plain", "application/xml", "x", "application/json"]) : type;
  if (type === "multipart/form-data") {
    const boundary = "fuzz";
    const body = formOf(draw, sounds, media.schema, boundary, value);
    const cut = isWild && draw.chance(0.3) ? body.subarray(0, draw.below(body.length + 1)) : body;
    const header = isWild && draw.chance(0.1) ? named : `${type}; boundary=${boundary}`;
    return { headers: { "content-type": header }, body: cut };
  }
  const json = isWild && draw.chance(0.3) ? draw.text() : JSON.stringify(value(media.schema));
  return { headers: { "content-type": named }, body: Buffer.from(json ?? "") };
}

function formOf(
  draw: Draw,
  sounds: readonly Uint8Array[],
  { properties = {} }: Schema,
  boundary: string,
  value: (schema: Schema) => unknown,
): Buffer {
  const parts: Buffer[] = [];
  for (const [name, schema] of Object.entries(properties)) {
    const isFile = schema.format === "binary";
    if (!isFile && draw.chance(0.8)) continue;
    const safe = (text: string) => text.replace(/[\r\n"]/g, "_").toWellFormed();
    const file = isFile ? `; filename="${safe(draw.chance(0.5) ? "a.wav" : draw.text())}"` : "";
    const drawn = value(schema);
    const bytes = isFile
      ? soundOf(draw, sounds)
      : Buffer.from(typeof drawn === "string" ? drawn : JSON.stringify(drawn));
    parts.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
      Buffer.from(bytes),
      Buffer.from("\r\n"),
    );
  }
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

/** Whole, cut, scrambled, or none at all. */
function soundOf(draw: Draw, sounds: readonly Uint8Array[]): Uint8Array {
  const sound = Buffer.from(draw.of(sounds));
  switch (draw.below(5)) {
    case 0:
      return sound.subarray(0, draw.below(sound.length));
    case 1:
      for (let i = 0; i < 20; i++) sound[draw.below(Math.min(200, sound.length))] = draw.below(256);
      return sound;
    case 2:
      return Buffer.from(draw.text());
    default:
      return sound;
  }
}

function wildPart(draw: Draw): string {
  return draw.of([
    "..%2f..",
    "%00",
    "%",
    "a%20b",
    ".json",
    "x.csv",
    "%F0%9F%8E%99",
    "a".repeat(300),
    "'--",
    "__proto__",
  ]);
}

function wildHeaders(draw: Draw): Record<string, string> {
  const headers: Record<string, string> = {};
  const maybe = (name: string, values: readonly string[]) => {
    if (draw.chance(0.1)) headers[name] = draw.of(values);
  };
  maybe("range", ["bytes=0-", "bytes=-1", "bytes=5-2", "bytes=99999999999999999999-", "x", "bytes=0-0,2-3"]);
  maybe("if-none-match", ["*", '"x"', "x"]);
  maybe("if-range", ['"x"', "Wed, 21 Oct 2015 07:28:00 GMT"]);
  maybe("last-event-id", ["x", "0-0", "a-b-c", "-1", "00000000-99999999999"]);
  maybe("accept", ["text/html", "*/*", "application/xml"]);
  maybe("accept-encoding", ["br", "gzip;q=0", "x"]);
  maybe("cookie", ["undertone=x", "undertone", "a=b; undertone=%", ";;;"]);
  maybe("authorization", ["Bearer", "Bearer x", "Basic eDp5"]);
  maybe("origin", ["null", "https://evil.example", "x"]);
  maybe("expect", ["100-continue"]);
  maybe("content-encoding", ["gzip", "x"]);
  return headers;
}

/** Ids that the service has told of: what exists is called more often than what does not. */
class Ids {
  readonly #known: string[] = ["none"];

  learn(text: string): void {
    for (const [, id] of text.matchAll(/"(?:id|name)":"([\w.-]+)"/g)) this.#known.push(id!);
    if (this.#known.length > 50) this.#known.splice(1, this.#known.length - 50);
  }

  some(draw: Draw): string {
    return draw.of(this.#known);
  }
}
