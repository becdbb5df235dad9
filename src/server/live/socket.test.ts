// Tests of the live socket with a real client, model and sound: estimates in time, keep, limits, origin, a clean end.
import { once } from "node:events";
import { connect } from "node:net";
import fastify from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { decodeFile } from "../../audio/index.node.ts";
import { loadRecognizer } from "../../recognizer/index.node.ts";
import { createAnalyst } from "../analyst/pool.ts";
import type { Api } from "../api.ts";
import { type LiveMessage, liveMessage, type Recording } from "../contract.ts";
import { secure } from "../security.ts";
import { liveSocket } from "./socket.ts";

const MODEL = "models/tess-lstm.onnx";
const RECORDING: Recording = {
  ...{
    id: "r1",
    name: "talk",
    created: "2026-01-01T00:00:00.000Z",
    bytes: 44,
    type: "audio/wav",
    source: "live",
  },
  ...{ language: null, state: "queued", progress: 0, error: null, analysis: null, label: null, note: "" },
  batch: null,
};
const kept: { samples: Float32Array; name: string; model: string }[] = [];
const analyst = createAnalyst({ processes: 1 });

async function serve(options: { idleMs?: number } = {}) {
  const app = fastify();
  await secure(app as unknown as Api, { requestsPerMinute: 1000 });
  await app.register(liveSocket, {
    prefix: "/api/v1",
    analyst,
    models: async () => ({ name: "tess-lstm", path: MODEL }),
    keep: async (samples, name, model) => {
      kept.push({ samples, name, model });
      return RECORDING;
    },
    ...options,
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as { port: number };
  return { app, url: `ws://127.0.0.1:${port}/api/v1/live` };
}

let service: Awaited<ReturnType<typeof serve>>;
let sound: Float32Array;
beforeAll(async () => {
  service = await serve();
  sound = await decodeFile("examples/sample.wav");
});
afterAll(async () => {
  await service.app.close();
  await analyst.close();
});

/** A client that has all that it was told, by the contract, and when. */
async function client(url = service.url, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, { headers });
  const heard: { message: LiveMessage; at: number }[] = [];
  let look = () => {};
  socket.on("message", (data) => {
    heard.push({ message: liveMessage.parse(JSON.parse(data.toString())), at: performance.now() });
    look();
  });
  const closed = new Promise<number>((done) => socket.on("close", done));
  await new Promise((open, fail) => socket.on("open", open).on("error", fail));
  const until = (type: LiveMessage["type"], count = 1) =>
    new Promise<LiveMessage>((found) => {
      look = () => {
        const all = heard.filter(({ message }) => message.type === type);
        if (all.length >= count) found(all[count - 1]!.message);
      };
      look();
    });
  const say = (message: object) => socket.send(JSON.stringify(message));
  return { socket, heard, closed, until, say };
}

test("a person speaks: an estimate every 100 ms, soon after its sound, as the recogniser says; then it is kept", async () => {
  const { socket, heard, closed, until, say } = await client();
  say({ type: "start" });
  const recognizer = await loadRecognizer(MODEL);
  expect(await until("ready")).toMatchObject({
    model: "tess-lstm",
    hop: 0.1,
    emotions: recognizer.card.emotions,
  });
  // Twenty blocks of 100 ms, as fast as a microphone gives them.
  const sent: number[] = [];
  for (let i = 0; i < 20; i++) {
    sent.push(performance.now());
    socket.send(sound.slice(i * 1600, (i + 1) * 1600));
    await new Promise((go) => setTimeout(go, 50));
  }
  await until("estimate", 20);
  const estimates = heard.filter(({ message }) => message.type === "estimate");
  expect(estimates.map(({ message }) => message)).toEqual(
    (await recognizer.live().push(sound.slice(0, 32_000))).map((estimate) => ({
      type: "estimate",
      ...estimate,
    })),
  );
  const late = estimates.map(({ at }, i) => at - sent[i]!).sort((a, b) => a - b);
  expect(late[15]).toBeLessThan(150);
  say({ type: "stop", keep: true, name: "talk" });
  expect(await until("kept")).toEqual({ type: "kept", recording: RECORDING });
  expect(await closed).toBe(1000);
  expect(kept.pop()).toEqual({ samples: sound.slice(0, 32_000), name: "talk", model: "tess-lstm" });
});

test("two people at once hear each their own", async () => {
  const pair = await Promise.all([client(), client()]);
  const parts = [sound.slice(0, 16_000), new Float32Array(16_000)];
  for (const [i, { socket, say }] of pair.entries()) {
    say({ type: "start" });
    socket.send(parts[i]!);
  }
  const [one, two] = await Promise.all(pair.map(({ until }) => until("estimate", 10)));
  expect(one).toMatchObject({ time: 1, speech: expect.any(Boolean) });
  expect((one as { level: number }).level).toBeGreaterThan(-60);
  expect(two).toMatchObject({ time: 1, level: -120, emotion: null, because: "silence" });
  for (const { say, until, closed } of pair) {
    say({ type: "stop", keep: false });
    await until("dropped");
    expect(await closed).toBe(1000);
  }
  expect(kept).toEqual([]);
});

test("what breaks the rules is told, and the connection is closed", async () => {
  const { socket, closed, until } = await client();
  socket.send("hello");
  expect(await until("error")).toMatchObject({ code: "bad-message" });
  expect(await closed).toBe(1008);
  // More than the largest block is not even taken in.
  const flood = await client();
  flood.say({ type: "start" });
  flood.socket.on("error", () => {});
  flood.socket.send(new Uint8Array(200_000));
  expect(await flood.closed).toBe(1009);
});

test("much faster than it can be spoken is told", async () => {
  const { socket, closed, until, say } = await client();
  say({ type: "start" });
  await until("ready");
  for (let i = 0; i < 12; i++) socket.send(new Float32Array(16_000));
  expect(await until("error")).toMatchObject({ code: "too-fast" });
  expect(await closed).toBe(1008);
});

test("a page of another origin, or another host, may not connect", async () => {
  await expect(client(service.url, { origin: "https://elsewhere.example" })).rejects.toThrow("403");
  await expect(client(service.url, { host: "elsewhere.example" })).rejects.toThrow("403");
  const { host } = new URL(service.url);
  const own = await client(service.url, { origin: `http://${host}` });
  own.socket.close();
  await own.closed;
});

test("who is refused is not left connected", async () => {
  const { port, host } = new URL(service.url);
  const connection = connect(Number(port), "127.0.0.1");
  const ended = once(connection, "close");
  connection.write(
    [`GET /api/v1/live HTTP/1.1`, `Host: ${host}`, "Origin: https://elsewhere.example", "Upgrade: websocket"]
      .concat(
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "",
        "",
      )
      .join("\r\n"),
  );
  const [answer] = await once(connection, "data");
  expect(String(answer)).toMatch(/^HTTP\/1.1 403 /);
  await ended;
});

test("a request that is none for a socket is no fault of the service", async () => {
  const answer = await fetch(service.url.replace("ws:", "http:"));
  expect(answer.status).toBe(404);
});

test("a client that says nothing is let go; clients that break off leave no session", async () => {
  const { app, url } = await serve({ idleMs: 1_500 });
  const quiet = await client(url);
  expect(await quiet.closed).toBe(1001);
  for (let i = 0; i < 20; i++) {
    const { socket, say, until, closed } = await client(url);
    say({ type: "start" });
    if (i % 2) await until("ready");
    socket.terminate();
    await closed;
  }
  // There is room for sixteen.
  const last = await client(url);
  last.say({ type: "start" });
  await last.until("ready");
  await app.close();
});

test("when the service stops, clients are told, and one that does not answer holds nothing up", async () => {
  const { app, url } = await serve();
  const [one, deaf] = [await client(url), await client(url)];
  deaf.socket.pause();
  const start = performance.now();
  await app.close();
  expect(performance.now() - start).toBeLessThan(4_000);
  expect(await one.closed).toBe(1001);
  deaf.socket.terminate();
});
