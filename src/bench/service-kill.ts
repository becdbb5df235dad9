// Kills the server again and again in the middle of its work, and looks for what was lost. Knows the service's routes.
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeClips } from "./service.ts";
import { Client, type Sent, uploadOf } from "./service-client.ts";
import { type Server, startServer } from "./service-process.ts";

export interface KillRow {
  bench: "kill";
  kills: number;
  /** Kills that came while a sound was being received, and while one was being analysed. */
  duringUpload: number;
  duringAnalysis: number;
  /** Recordings that the service had said it has. */
  acknowledged: number;
  /** Of those, the ones that were gone after a start, or whose sound was another. */
  lost: number;
  /** Recordings that were shown with part of their sound, of their analysis or of what is seen of them. */
  half: number;
  /** Those that were shown in the end, and those of them whose analysis is done. */
  shown: number;
  done: number;
  /** Files in the data folder that belong to no recording. */
  stray: number;
}

export interface KillOptions {
  command: readonly string[];
  model: string;
  sample: string;
  kills: number;
  onProgress(what: string): void;
}

const CLIENTS = 6;
/** A kill comes at any moment of so long after the server listens. */
const LONGEST_MS = 2500;
/** Some uploads are long enough that a kill finds them half sent, and their analysis half done. */
const LONG_SECONDS = 60;
const LONG_SHARE = 0.15;

interface Shown {
  id: string;
  state: "queued" | "running" | "done" | "failed";
  analysis: { timeline: unknown[] } | null;
}

export async function* killBench(options: KillOptions): AsyncGenerator<KillRow> {
  const { kills, onProgress } = options;
  const folder = await mkdtemp(join(tmpdir(), "undertone-bench-"));
  try {
    const data = join(folder, "data");
    const start = () => startServer({ ...options, folder: data, args: ["--model", options.model] });
    const load = {
      short: await uploads(await writeClips(folder, options.sample)),
      long: await uploads(await writeClips(folder, options.sample, LONG_SECONDS)),
    };
    const known = new Set([...load.short, ...load.long].map(({ sound }) => sound));

    /** Id of a recording that the service said it has -> the digest of its sound. */
    const acknowledged = new Map<string, string>();
    const tally = { duringUpload: 0, duringAnalysis: 0 };
    const lost = new Set<string>();
    const half = new Set<string>();
    const looked = new Set<string>();
    for (let kill = 1; kill <= kills; kill++) {
      onProgress(`kill: ${kill} of ${kills}; ${acknowledged.size} acknowledged`);
      const server = await start();
      let uploading: ReturnType<typeof uploadUntilKilled> | undefined;
      try {
        await look(server, { acknowledged, known, lost, half, looked });
        uploading = uploadUntilKilled(server, load, acknowledged);
        await new Promise((go) => setTimeout(go, Math.random() * LONGEST_MS));
        if (uploading.underWay() > 0) tally.duringUpload++;
        if (await isAnalysing(server)) tally.duringAnalysis++;
      } finally {
        await server.kill();
      }
      await uploading.ended;
    }
    onProgress("kill: the last start");
    const server = await start();
    try {
      const client = new Client(server.address, 1);
      for (const state of ["queued", "running"]) {
        while ((await client.json<{ total: number }>(`/api/v1/recordings?limit=1&state=${state}`)).total > 0)
          await new Promise((go) => setTimeout(go, 50));
      }
      client.close();
      looked.clear();
      const shown = await look(server, { acknowledged, known, lost, half, looked });
      const ids = new Set(shown.map(({ id }) => id));
      yield {
        bench: "kill",
        kills,
        ...tally,
        acknowledged: acknowledged.size,
        lost: lost.size,
        half: half.size,
        shown: shown.length,
        done: shown.filter(({ state }) => state === "done").length,
        stray: await strayFiles(data, ids),
      };
    } finally {
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A sound's digest, and the request that sends it. */
interface Upload {
  sound: string;
  sent: Sent;
}

function uploads(clips: readonly string[]): Promise<Upload[]> {
  return Promise.all(
    clips.map(async (path, i) => {
      const sound = await readFile(path);
      return { sound: digest(sound), sent: uploadOf(sound, `${i}.wav`) };
    }),
  );
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

interface Looking {
  acknowledged: ReadonlyMap<string, string>;
  /** Digests of the sounds that were sent. */
  known: ReadonlySet<string>;
  lost: Set<string>;
  half: Set<string>;
  /** Recordings whose sound was looked at before: one that is whole stays so, and is not read at every start. */
  looked: Set<string>;
}

/** What stands in the list after a start: everything that was acknowledged, and nothing that is not whole. */
async function look({ address }: Server, looking: Looking): Promise<Shown[]> {
  const { acknowledged, known, lost, half, looked } = looking;
  const client = new Client(address, 4);
  const shown: Shown[] = [];
  for (let cursor = ""; ; ) {
    const query = `limit=200${cursor && `&cursor=${cursor}`}`;
    const page = await client.json<{ items: Shown[]; next: string | null }>(`/api/v1/recordings?${query}`);
    shown.push(...page.items);
    if (page.next === null) break;
    cursor = page.next;
  }
  const ids = new Set(shown.map(({ id }) => id));
  for (const id of acknowledged.keys()) if (!ids.has(id)) lost.add(id);
  for (const { id, state, analysis } of shown) {
    if (state === "failed" || (state === "done") !== (analysis !== null)) half.add(id);
    if (looked.has(id)) continue;
    const audio = await client.ask(`/api/v1/recordings/${id}/audio`);
    const sound = digest(audio.body);
    if (audio.status !== 200 || !known.has(sound)) half.add(id);
    if (acknowledged.has(id) && acknowledged.get(id) !== sound) lost.add(id);
    if (state !== "done") continue;
    const evidence = await client.ask(`/api/v1/recordings/${id}/evidence`);
    const whole = await client.json<Shown>(`/api/v1/recordings/${id}`);
    if (evidence.status !== 200 || !isJson(evidence.body) || !whole.analysis?.timeline.length) half.add(id);
    looked.add(id);
  }
  client.close();
  return shown;
}

function isJson(body: Buffer): boolean {
  try {
    return typeof JSON.parse(body.toString()) === "object";
  } catch {
    return false;
  }
}

function uploadUntilKilled(
  { address }: Server,
  load: Record<"short" | "long", readonly Upload[]>,
  acknowledged: Map<string, string>,
) {
  const client = new Client(address, CLIENTS);
  let underWay = 0;
  const one = async () => {
    for (;;) {
      const some = Math.random() < LONG_SHARE ? load.long : load.short;
      const { sound, sent } = some[Math.floor(Math.random() * some.length)]!;
      // Some wait for their analysis, so that a kill finds them waiting.
      const headers = Math.random() < 0.5 ? sent.headers : { ...sent.headers, prefer: "respond-async" };
      underWay++;
      try {
        const { status, body } = await client.ask("/api/v1/recordings", { ...sent, headers });
        if (status === 201 || status === 202) acknowledged.set(JSON.parse(body.toString()).id, sound);
      } catch {
        // Killed in the middle: nothing was acknowledged.
        return;
      } finally {
        underWay--;
      }
    }
  };
  const ended = Promise.all(Array.from({ length: CLIENTS }, one)).then(() => client.close());
  return { ended, underWay: () => underWay };
}

async function isAnalysing({ address }: Server): Promise<boolean> {
  const client = new Client(address, 1);
  const { total } = await client.json<{ total: number }>("/api/v1/recordings?limit=1&state=running");
  client.close();
  return total > 0;
}

async function strayFiles(data: string, ids: ReadonlySet<string>): Promise<number> {
  const names = [...(await readdir(join(data, "audio"))), ...(await readdir(join(data, "evidence")))];
  return names.filter((name) => !ids.has(name.replace(/\.json$/, ""))).length;
}
