// Many uploads at once against the same work by `analyze`, and what the memory does meanwhile. Knows the service's routes.
import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { decodeFile } from "../audio/index.node.ts";
import { timing } from "./rounds.ts";
import { Client, type Sent, together, uploadOf } from "./service-client.ts";
import { type Server, startServer } from "./service-process.ts";
import { SAMPLE_RATE, writeWav } from "./sound.ts";

export interface ServiceRow {
  bench: "service";
  uploads: number;
  clients: number;
  /** Uploads that were not answered with a recording, or whose analysis failed. */
  failures: number;
  /** Seconds for all, from the first byte to the last answer: by the service, and by `analyze` without its start. */
  seconds: number;
  analyzeSeconds: number;
  /** The service's throughput, as a share of that of `analyze`: medians of the rounds. */
  share: number;
  /** Milliseconds from an upload's first byte to its answer. */
  median: number;
  slowest: number;
}

export interface ServiceMemoryRow {
  bench: "service-memory";
  /** Bytes resident after so many uploads: the server with all its processes. */
  uploads: [number, number];
  memory: [number | null, number | null];
  growth: number | null;
}

export interface ServiceBenchOptions {
  /** What runs `undertone`. */
  command: readonly string[];
  model: string;
  /** A file with speech, or something like it. */
  sample: string;
  uploads: number;
  rounds: number;
  onProgress(what: string): void;
}

const CLIENTS = 50;
const CLIP_SECONDS = 3;
/** Different clips, so that nothing is quick for being the same. */
const CLIPS = 20;
const WARM_UP = 50;

export async function* serviceBench(options: ServiceBenchOptions): AsyncGenerator<ServiceRow> {
  const { uploads, rounds, onProgress } = options;
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  try {
    const clips = await writeClips(folder, options.sample);
    const [one, all] = [join(folder, "one"), join(folder, "all")];
    await copies(clips, one, 1);
    await copies(clips, all, uploads);
    const server = await startServer({
      ...options,
      folder: join(folder, "data"),
      args: ["--model", options.model],
    });
    try {
      const load = await loadOf(clips);
      await send(server, load, WARM_UP);
      const ours: Sending[] = [];
      const theirs: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        onProgress(`service: round ${round} of ${rounds}, ${uploads} uploads from ${CLIENTS} clients`);
        ours.push(await send(server, load, uploads));
        onProgress(`service: round ${round} of ${rounds}, the same by analyze`);
        theirs.push((await analyzed(options, all)) - (await analyzed(options, one)));
      }
      const times = ours.flatMap(({ times }) => times);
      const [seconds, analyzeSeconds] = [median(ours.map(({ seconds }) => seconds)), median(theirs)];
      yield {
        bench: "service",
        uploads,
        clients: CLIENTS,
        failures: ours.reduce((sum, { failures }) => sum + failures, 0),
        seconds,
        analyzeSeconds,
        share: analyzeSeconds / seconds,
        median: median(times),
        slowest: Math.max(...times),
      };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** @param options `uploads` is the greater number; the memory is read at a tenth of it, too */
export async function* serviceMemoryBench(options: ServiceBenchOptions): AsyncGenerator<ServiceMemoryRow> {
  const { uploads, onProgress } = options;
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  try {
    const load = await loadOf(await writeClips(folder, options.sample));
    const server = await startServer({
      ...options,
      folder: join(folder, "data"),
      args: ["--model", options.model],
    });
    try {
      const few = Math.round(uploads / 10);
      onProgress(`service memory: ${few} uploads`);
      await send(server, load, few);
      const before = server.memory();
      onProgress(`service memory: ${uploads - few} more`);
      await send(server, load, uploads - few);
      const after = server.memory();
      const growth = before === null || after === null ? null : after - before;
      yield { bench: "service-memory", uploads: [few, uploads], memory: [before, after], growth };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Sending {
  seconds: number;
  failures: number;
  times: number[];
}

/** Sends so many, and waits until every one is analysed. */
async function send({ address }: Server, load: readonly Sent[], uploads: number): Promise<Sending> {
  const client = new Client(address, CLIENTS);
  const times: number[] = [];
  let failures = 0;
  const count = async (state: string) =>
    (await client.json<{ total: number }>(`/api/v1/recordings?limit=1&state=${state}`)).total;
  const failedBefore = await count("failed");
  const start = performance.now();
  await together(Array.from({ length: uploads }).keys(), CLIENTS, async (i) => {
    const sent = performance.now();
    const { status } = await client.ask("/api/v1/recordings", load[i % load.length]);
    times.push(performance.now() - sent);
    if (status !== 201 && status !== 202) failures++;
  });
  while ((await count("queued")) + (await count("running")) > 0)
    await new Promise((go) => setTimeout(go, 10));
  const seconds = (performance.now() - start) / 1000;
  failures += (await count("failed")) - failedBefore;
  client.close();
  return { seconds, failures, times };
}

async function analyzed({ command, model }: ServiceBenchOptions, folder: string): Promise<number> {
  const [program, ...args] = command as [string, ...string[]];
  const start = performance.now();
  const all = [...args, "analyze", folder, "--json", "--timeline", "--model", model];
  await promisify(execFile)(program, all, { maxBuffer: 2 ** 30 });
  return (performance.now() - start) / 1000;
}

function median(values: readonly number[]): number {
  return timing(values).median;
}

/** Three seconds from different places of the sample. */
export async function writeClips(folder: string, sample: string, seconds = CLIP_SECONDS): Promise<string[]> {
  const speech = await decodeFile(sample, { sampleRate: SAMPLE_RATE });
  const paths: string[] = [];
  for (let clip = 0; clip < CLIPS; clip++) {
    const offset = Math.round((clip * speech.length) / CLIPS);
    const sound = Float32Array.from(
      { length: seconds * SAMPLE_RATE },
      (_, i) => speech[(offset + i) % speech.length]!,
    );
    paths.push(join(folder, `clip-${seconds}s-${clip}.wav`));
    await writeWav(paths.at(-1)!, sound, 1);
  }
  return paths;
}

async function copies(clips: readonly string[], folder: string, count: number): Promise<void> {
  await mkdir(folder);
  for (let i = 0; i < count; i++) await copyFile(clips[i % clips.length]!, join(folder, `${i}.wav`));
}

async function loadOf(clips: readonly string[]): Promise<Sent[]> {
  return Promise.all(clips.map(async (path, i) => uploadOf(await readFile(path), `clip-${i}.wav`)));
}
