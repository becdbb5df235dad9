// Tests of `undertone serve` as people call it: a real upload to the real analyst, a clean end, and calls that are wrong.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { start, undertone } from "../../test/support/command.ts";
import { form, until } from "../../test/support/service.ts";
import { writeTinyCorpus } from "../../test/support/tiny-corpus.ts";
import { syllables, tinyModel } from "../../test/support/tiny-model.ts";
import { wavBytes } from "../../test/support/wav.ts";
import type { Evidence, Recording } from "../server/index.ts";

const folder = mkdtempSync(join(tmpdir(), "undertone-serve-"));
afterAll(() => rmSync(folder, { recursive: true }));
const model = join(folder, "tiny.onnx");
writeFileSync(model, tinyModel());

/** A port that nobody has, as far as can be known. */
function freePort(): Promise<number> {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

test("it listens, hears what is sent, stops when it is told to, and has it all again", async () => {
  const data = join(folder, "data");
  const port = await freePort();
  const args = ["serve", "--data", data, "--port", `${port}`, "--model", model, "--no-open", "--log", "info"];
  const base = `http://127.0.0.1:${port}`;
  const json = async <T>(path: string) => (await (await fetch(`${base}/api/v1${path}`)).json()) as T;
  const get = (id: string) => json<Recording>(`/recordings/${id}`);
  const running = start(args);
  await running.saying(/Server listening/);
  expect((await fetch(`${base}/readyz`)).status).toBe(200);

  // Loudness decides what the tiny model hears: the first of its emotions.
  const sound = wavBytes(syllables(2, Math.exp(-1)));
  const sent = await fetch(`${base}/api/v1/recordings`, {
    method: "POST",
    body: form(sound, {}, "mine.wav"),
  });
  const { id } = (await sent.json()) as Recording;
  // Where much else runs, the first analysis may take longer than the upload waits.
  await until(async () => (await get(id)).state === "done", 30_000);
  const kept = await get(id);
  expect(kept).toMatchObject({
    name: "mine.wav",
    state: "done",
    analysis: { model: "tiny@1", emotion: "angry" },
  });
  const seen = await json<Evidence>(`/recordings/${kept.id}/evidence`);
  expect(seen.seconds).toBeCloseTo(2, 2);
  expect(Buffer.from(seen.attention, "base64").length).toBe(seen.columns);
  const wav = await fetch(`${base}/api/v1/recordings/${kept.id}/listen.wav`, {
    headers: { range: "bytes=44-" },
  });
  expect([wav.status, (await wav.bytes()).length]).toEqual([206, 2 * 2 * 16_000]);
  const bad = () => fetch(`${base}/api/v1/recordings`, { method: "POST", body: form("no sound at all") });
  await until(async () => (await bad()).status === 422, 30_000);

  const second = await undertone([...args.slice(0, 3), "--port", "0", "--model", model, "--no-open"]);
  expect(second.code).toBe(2);
  expect(second.stderr).toContain("another server holds");

  process.kill(running.pid, "SIGTERM");
  const { code, stdout, stderr } = await running.ended;
  expect(code).toBe(0);
  expect(stdout).toContain(`Undertone listens at ${base}/\n`);
  expect(stderr).not.toContain("mine.wav");

  const again = start(args);
  await again.saying(/Server listening/);
  expect(await get(kept.id)).toEqual(kept);
  process.kill(again.pid, "SIGINT");
  expect((await again.ended).code).toBe(0);
});

test("on an address that others reach, a token is made, printed once, and demanded", async () => {
  const port = await freePort();
  const args = ["serve", "--data", join(folder, "open"), "--port", `${port}`, "--model", model, "--no-open"];
  const running = start([...args, "--host", "0.0.0.0", "--log", "info"]);
  await running.saying(/Server listening/);
  const refused = await fetch(`http://127.0.0.1:${port}/api/v1/recordings`);
  process.kill(running.pid, "SIGTERM");
  const { stdout, stderr } = await running.ended;
  expect(refused.status).toBe(401);
  const token = /^The token, for this time: ([\w-]{32})$/m.exec(stdout)![1]!;
  expect(stderr).not.toContain(token);
});

test.each([
  ["a port that is none", ["--port", "x"], "--port"],
  ["a token that can be guessed", ["--token", "short"], "expected 16 or more"],
  ["a model that is none", ["--model", "none.onnx"], "does not exist"],
  ["a size that is none", ["--max-bytes", "big"], "200M"],
  [
    "a host that is none of this machine's",
    ["--host", "203.0.113.1", "--token", "0123456789abcdef"],
    "no address of this machine",
  ],
])("%s: 2, and what to do", async (_, args, said) => {
  const { code, stdout, stderr } = await undertone([
    ...["serve", "--data", join(folder, "wrong"), "--no-open", "--model", model],
    ...args,
  ]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(said);
});

test("with a folder to learn from, the page can train; one that is not there: 2", async () => {
  const data = join(folder, "taught");
  const corpora = join(folder, "corpora");
  writeTinyCorpus(corpora, 2);
  const port = await freePort();
  const args = ["serve", "--data", data, "--port", `${port}`, "--model", model, "--no-open", "--log", "info"];
  const running = start([...args, "--train-data", corpora]);
  await running.saying(/Server listening/);
  const api = `http://127.0.0.1:${port}/api/v1`;
  expect(await (await fetch(`${api}/service`)).json()).toMatchObject({ training: true });
  expect(await (await fetch(`${api}/training`)).json()).toMatchObject({ recipes: expect.any(Array) });
  expect(await (await fetch(`${api}/training/runs`)).json()).toEqual([]);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ recipe: "none" });
  const wrong = await fetch(`${api}/training/runs`, { method: "POST", headers, body });
  expect([400, 404]).toContain(wrong.status);
  process.kill(running.pid, "SIGTERM");
  expect((await running.ended).code).toBe(0);
  const missing = await undertone([...args, "--train-data", join(folder, "nowhere")]);
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("--train-data")]);
});

test("a folder that cannot be made: 2, and what to do", async () => {
  mkdirSync(join(folder, "x"));
  writeFileSync(join(folder, "x", "file"), "");
  const { code, stderr } = await undertone(["serve", "--data", join(folder, "x", "file"), "--model", model]);
  expect(code).toBe(2);
  expect(stderr).toContain("--data");
});
