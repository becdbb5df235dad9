// Decoders that misbehave: each takes down its own file, and the pool goes on. The decoders here are
// small programs that speak the protocol and then do wrong.

import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DecoderPool } from "./decoder-pool.node.ts";
import { FrameParser } from "./decoder-protocol.ts";
import type { RawAudio } from "./stream.ts";
import { readAll } from "./stream.ts";

const limits = { timeoutMs: 2000, memoryBytes: 256 * 2 ** 20 };
let place = "";
const pools: DecoderPool[] = [];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "undertone-pool-"));
});
afterAll(async () => {
  for (const pool of pools) pool.close();
  await rm(place, { recursive: true });
});

/** A pool whose decoder answers a request for the path P by running `behaviours[P]`. */
async function poolOf(behaviour: string, size = 1): Promise<DecoderPool> {
  const script = join(place, `${pools.length}.mjs`);
  const program = `
    import { writeSync, writeFileSync } from "node:fs";
    import { createInterface } from "node:readline";
    const send = (kind, body) => {
      const frame = Buffer.alloc(8 + body.length);
      frame.writeUInt32LE(kind, 0); frame.writeUInt32LE(body.length, 4); body.copy(frame, 8);
      for (let at = 0; at < frame.length; ) at += writeSync(1, frame, at);
    };
    const format = () => send(1, Buffer.from('{"sourceRate":8000,"channels":1}'));
    const samples = (n) => send(2, Buffer.from(new Float32Array(n).fill(0.5).buffer));
    const done = () => send(3, Buffer.from('{"total":10,"nonFinite":0}'));
    for await (const line of createInterface({ input: process.stdin })) {
      const { path } = JSON.parse(line);
      if (path === "good") { format(); samples(10); done(); continue; }
      ${behaviour}
    }`;
  await writeFile(script, program);
  const pool = new DecoderPool(script, size);
  pools.push(pool);
  return pool;
}

const open = (pool: DecoderPool, path: string, signal?: AbortSignal) =>
  pool.open({ path, sampleRate: 16000 }, limits, signal);

async function expectGood(pool: DecoderPool): Promise<void> {
  const raw = await open(pool, "good");
  expect([raw.sourceRate, raw.channels, (await readAll(raw.blocks)).length]).toEqual([8000, 1, 10]);
  expect(raw.tally()).toEqual({ total: 10, nonFinite: 0 });
}

/** Waits for the system to bury a process; signal 0 only asks whether it is there. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await wait(20);
  }
  return false;
}

test.each([
  ["crashes at once", "process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});", "SIGSEGV"],
  ["ends without an answer", "process.exit(3);", "exit code 3"],
  ["hangs", "while (true);", "2 s without a result"],
  [
    "eats memory",
    "const a = []; while (a.length < 40) a.push(Buffer.alloc(2 ** 24, 1)); await new Promise(() => {});",
    "MB of memory",
  ],
  ["throws", "throw new Error('a bug of its own');", "broke its decoder"],
  ["answers with rubbish", "writeSync(1, Buffer.alloc(8, 255)); await new Promise(() => {});", "frame of"],
])("a decoder that %s takes down one file", async (_, behaviour, words) => {
  const pool = await poolOf(behaviour);
  await expectGood(pool);
  await expect(open(pool, "bad")).rejects.toMatchObject({
    code: "decoder-failed",
    message: expect.stringMatching(new RegExp(`^"bad".*${words}`)),
  });
  await expectGood(pool);
});

test("a decoder that dies in the middle fails the reader, not before", async () => {
  const pool = await poolOf(
    "format(); samples(1000); setTimeout(() => process.exit(1), 100); await new Promise(() => {});",
  );
  const raw = await open(pool, "half");
  await expect(readAll(raw.blocks)).rejects.toMatchObject({ code: "decoder-failed" });
  await expectGood(pool);
});

test("a slow reader stops the decoder: both queues are bounded", async () => {
  const log = join(place, "sent");
  const pool = await poolOf(`format();
    for (let n = 1; n <= 400; n++) { samples(16384); writeFileSync(${JSON.stringify(log)}, String(n)); }
    done();`);
  const raw = await open(pool, "long");
  await wait(1500);
  // 16 blocks fill the queue; some more are in the pipe and on the way. The clock is not running meanwhile.
  const sent = Number(await readFile(log, "utf8"));
  expect(sent).toBeGreaterThan(14);
  expect(sent).toBeLessThan(40);
  expect((await readAll(raw.blocks)).length).toBe(400 * 16384);
});

test("leaving a stream, or a signal, ends its decoder and frees the place", async () => {
  const pool = await poolOf("format(); while (true) samples(16384);");
  const left = await open(pool, "endless");
  await left.close();
  await expect(readAll(left.blocks)).rejects.toThrow("closed");
  const stop = new AbortController();
  const stopped = await open(pool, "endless", stop.signal);
  stop.abort(new Error("enough"));
  await expect(readAll(stopped.blocks)).rejects.toThrow("enough");
  await expectGood(pool);
});

test("files wait for a free decoder; one that is given up while waiting leaves the queue", async () => {
  const pool = await poolOf("format(); while (true) samples(16384);", 2);
  const holding: RawAudio[] = [await open(pool, "endless"), await open(pool, "endless")];
  const stop = new AbortController();
  const waiting = open(pool, "good", stop.signal);
  const after = expectGood(pool);
  stop.abort(new Error("no longer"));
  await expect(waiting).rejects.toThrow("no longer");
  await holding[0].close();
  await after;
  await holding[1].close();
});

test("a closed pool has no process left and can be used again", async () => {
  const pid = join(place, "pid");
  const pool = await poolOf(`writeFileSync(${JSON.stringify(pid)}, String(process.pid)); format(); done();`);
  await readAll((await open(pool, "pid")).blocks);
  pool.close();
  expect(await isGone(Number(await readFile(pid, "utf8")))).toBe(true);
  await expectGood(pool);
});

test("a decoder that hangs ends with the program that started it", async () => {
  const pid = join(place, "hung");
  await poolOf(`writeFileSync(${JSON.stringify(pid)}, String(process.pid)); format(); while (true);`);
  const pool = new URL("./decoder-pool.node.ts", import.meta.url).href;
  const program = `const { DecoderPool } = await import(${JSON.stringify(pool)});
    const pool = new DecoderPool(${JSON.stringify(join(place, `${pools.length - 1}.mjs`))}, 1);
    await pool.open({ path: "x", sampleRate: 16000 }, { timeoutMs: 60000, memoryBytes: 1e9 });
    process.exit(0);`;
  expect(
    spawnSync(process.execPath, ["--input-type=module", "-e", program], { timeout: 20_000 }).status,
  ).toBe(0);
  expect(await isGone(Number(await readFile(pid, "utf8")))).toBe(true);
});

test("frames are found however the bytes arrive", () => {
  const wire = Buffer.concat([
    Buffer.from([2, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4]),
    Buffer.from([3, 0, 0, 0, 0, 0, 0, 0]),
    Buffer.from([4, 0, 0, 0, 1, 0, 0, 0, 9]),
  ]);
  for (let size = 1; size <= wire.length; size++) {
    const seen: [number, number[]][] = [];
    const parser = new FrameParser((kind, body) => seen.push([kind, Array.from(body)]));
    for (let at = 0; at < wire.length; at += size) parser.push(wire.subarray(at, at + size));
    expect(seen).toEqual([
      [2, [1, 2, 3, 4]],
      [3, []],
      [4, [9]],
    ]);
  }
});
