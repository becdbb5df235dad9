// Tests of the service's routes, each answer held to the OpenAPI description.
import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import {
  ANALYSIS,
  EVIDENCE,
  type TestService,
  testService,
  USUAL,
  until,
} from "../../test/support/service.ts";

let service: TestService;
beforeAll(async () => {
  service = await testService();
});
afterAll(async () => {
  const described = Object.entries(service.description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const missed = described.filter((one) => !service.called.has(one));
  await service.end();
  expect(missed, "described routes that no test here calls").toEqual([]);
});

async function uploaded(text = "sound", fields: Record<string, string> = {}, name?: string) {
  const response = await service.upload(text, fields, name);
  expect(response.status).toBe(201);
  return response.json();
}

test("a sound that is sent comes back with its analysis", async () => {
  const response = await service.upload(
    "sound",
    { language: "de-AT", model: "tiny" },
    "../ordner/Zoë\u202e.wav",
  );
  expect(response.status).toBe(201);
  const recording = await response.json();
  expect(response.headers.get("location")).toBe(`/api/v1/recordings/${recording.id}`);
  expect(recording).toMatchObject({
    ...{ name: "Zoë.wav", bytes: 5, type: "audio/wav", source: "upload", language: "de-AT" },
    ...{ state: "done", progress: 1, error: null, label: null, note: "", batch: null },
    analysis: { emotion: "sad", confidence: 1, seconds: 2, timeline: ANALYSIS.timeline },
  });
  expect(await service.get(`/recordings/${recording.id}`)).toEqual(recording);
});

test("what is unlike all that the model knows has no emotion, says why, and keeps its numbers", async () => {
  const { id, analysis } = await uploaded("STRANGE");
  expect(analysis).toMatchObject({ emotion: null, uncertain: true, because: "unlike", confidence: 1 });
  expect(analysis.reason).toMatch(/^It sounds unlike/);
  expect(analysis.probabilities).toEqual(ANALYSIS.probabilities);
  expect((await service.get("/recordings?emotion=uncertain")).items).toMatchObject([{ id }]);
});

test("what takes long is answered at once, and is done later", async () => {
  const response = await service.upload("SLOW");
  expect(response.status).toBe(202);
  const { id, state } = await response.json();
  expect(state).toBe("running");
  expect(await service.get(`/recordings/${id}`)).toMatchObject({ state: "running", progress: 0.5 });
  service.release();
  await until(async () => (await service.get(`/recordings/${id}`)).state === "done");
});

test("who does not want to wait is answered as soon as the sound is kept", async () => {
  const body = new FormData();
  body.append("file", new Blob(["BAD"]), "a.wav");
  const headers = { prefer: "respond-async" };
  const response = await service.call("/api/v1/recordings", { method: "POST", body, headers });
  expect(response.status).toBe(202);
  const { id } = await response.json();
  await until(async () => (await service.get(`/recordings/${id}`)).state === "failed");
  expect((await service.get(`/recordings/${id}`)).error).toEqual({
    code: "unreadable-audio",
    message: '"a.wav" is no sound.',
  });
});

test.each([
  ["no sound", "BAD", {}, 422, "unreadable-audio"],
  ["too long", "LONG", {}, 413, "too-long"],
  ["a model that is none", "x", { model: "none" }, 404, "no-model"],
  ["a voice that is none", "x", { voice: "{}" }, 400, "bad-voice"],
  ["a language that is none", "x", { language: "<b>" }, 400, "bad-request"],
  ["a field that is none", "x", { colour: "red" }, 400, "bad-request"],
  ["a batch that is none", "x", { batch: "none" }, 404, "no-batch"],
] as const)("%s: refused, and nothing is kept", async (_, text, fields, status, code) => {
  const { total } = await service.get("/recordings");
  const response = await service.upload(text, fields, "Mein Tag.wav");
  expect(response.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  const problem = await response.json();
  expect({ status: response.status, code: problem.code }).toEqual({ status, code });
  expect(problem.status).toBe(status);
  expect(problem.detail).not.toContain(service.folder);
  if (code === "unreadable-audio") expect(problem.detail).toBe('"Mein Tag.wav" is no sound.');
  expect((await service.get("/recordings")).total).toBe(total);
});

test("a form without a file, with another field of bytes, and no form at all are refused", async () => {
  const empty = new FormData();
  empty.append("model", "tiny");
  const other = new FormData();
  other.append("sound", new Blob(["x"]), "a.wav");
  for (const [body, status, code] of [
    [empty, 400, "no-file"],
    [other, 400, "no-file"],
    [JSON.stringify({}), 415, "wrong-content-type"],
  ] as const) {
    const headers: Record<string, string> =
      typeof body === "string" ? { "content-type": "application/json" } : {};
    const response = await service.call("/api/v1/recordings", { method: "POST", body, headers });
    expect(response.status).toBe(status);
    expect((await response.json()).code).toBe(code);
  }
  const nothing = await service.call("/api/v1/recordings", { method: "POST" });
  expect(nothing.status).toBe(415);
});

test("an analyst that dies is asked once more; then that one recording failed, and the next is heard", async () => {
  const crashed = await uploaded("CRASH", {}, "x.wav");
  expect(crashed).toMatchObject({ state: "failed", error: { code: "analysis-failed" }, analysis: null });
  expect(crashed.error.message).toContain('"x.wav"');
  expect(await uploaded("fine")).toMatchObject({ state: "done" });
});

test("lists: pages, filters, and no timelines", async () => {
  const { id } = await uploaded("listed", {}, "unmistakable.wav");
  const { items, total, next } = await service.get("/recordings?q=UNMIST&limit=1");
  expect({ total, next }).toEqual({ total: 1, next: null });
  expect(items).toMatchObject([{ id, analysis: { emotion: "sad", timeline: [] } }]);
  const first = await service.get("/recordings?limit=1");
  const second = await service.get(`/recordings?limit=1&cursor=${first.next}`);
  expect(second.items[0].id < first.items[0].id).toBe(true);
  for (const bad of ["limit=0", "limit=x", "from=yesterday", "state=odd", `q=${"x".repeat(201)}`]) {
    expect((await service.call(`/api/v1/recordings?${bad}`)).status, bad).toBe(400);
  }
});

test("a person's own words: a label of the model's, a note, and the label taken back", async () => {
  const { id } = await uploaded();
  const patch = (body: unknown) => service.send("PATCH", `/recordings/${id}`, body);
  expect(await (await patch({ label: "fear", note: "so, nun" })).json()).toMatchObject({
    label: "fear",
    note: "so, nun",
  });
  expect((await service.get("/recordings?emotion=fear")).total).toBe(1);
  expect(await (await patch({ label: null })).json()).toMatchObject({ label: null, note: "so, nun" });
  expect((await patch({ label: "hungry" })).status).toBe(400);
  expect((await patch({ colour: "red" })).status).toBe(400);
  expect((await service.send("PATCH", "/recordings/none", { note: "" })).status).toBe(404);
});

test("analysed again: queued, and done; with a model that is none: refused", async () => {
  const { id } = await uploaded();
  const again = await service.send("POST", `/recordings/${id}/analysis`, {});
  expect(again.status).toBe(202);
  await until(async () => (await service.get(`/recordings/${id}`)).state === "done");
  expect((await service.send("POST", `/recordings/${id}/analysis`)).status).toBe(202);
  expect((await service.send("POST", `/recordings/${id}/analysis`, { model: "none" })).status).toBe(404);
});

test("deleted: gone from every route, also while it is being heard", async () => {
  const { id } = await (await service.upload("SLOW")).json();
  expect((await service.send("DELETE", `/recordings/${id}`)).status).toBe(204);
  for (const path of ["", "/audio", "/listen.wav", "/evidence", ".json"]) {
    expect((await service.call(`/api/v1/recordings/${id}${path}`)).status, path).toBe(404);
  }
  expect((await service.send("DELETE", `/recordings/${id}`)).status).toBe(404);
});

test("the sound comes back as it was sent: whole, in ranges, or not at all where it is known", async () => {
  const { id } = await uploaded("0123456789");
  const audio = (headers: Record<string, string>, method = "GET") =>
    service.call(`/api/v1/recordings/${id}/audio`, { headers, method });
  const whole = await audio({});
  expect(await whole.text()).toBe("0123456789");
  expect(whole.headers.get("content-type")).toBe("audio/wav");
  expect(whole.headers.get("accept-ranges")).toBe("bytes");
  expect(whole.headers.get("content-disposition")).toContain("a.wav");
  const etag = whole.headers.get("etag")!;
  for (const [range, text, place] of [
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=5-99", "56789", "bytes 5-9/10"],
  ] as const) {
    const part = await audio({ range });
    expect([part.status, await part.text(), part.headers.get("content-range")]).toEqual([206, text, place]);
    expect(part.headers.get("content-length")).toBe(String(text.length));
  }
  for (const range of ["bytes=0-1,4-5", "lines=1-2", "bytes=4-2", "bytes=x"]) {
    expect((await audio({ range })).status, range).toBe(200);
  }
  const outside = await audio({ range: "bytes=10-" });
  expect([outside.status, outside.headers.get("content-range")]).toEqual([416, "bytes */10"]);
  expect((await audio({ "if-none-match": etag })).status).toBe(304);
  expect((await audio({ range: "bytes=0-1", "if-range": '"other"' })).status).toBe(200);
  expect((await audio({ range: "bytes=0-1", "if-range": etag })).status).toBe(206);
  const head = await audio({}, "HEAD");
  expect([head.status, head.headers.get("content-length"), await head.text()]).toEqual([200, "10", ""]);
});

test("what says it is a page is served as nothing that a browser would run", async () => {
  const body = new FormData();
  body.append("file", new Blob(["<script>"], { type: "text/html" }), "x.html");
  const { id } = await (await service.call("/api/v1/recordings", { method: "POST", body })).json();
  const { headers } = await service.call(`/api/v1/recordings/${id}/audio`);
  expect(headers.get("content-type")).toBe("application/octet-stream");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toContain("sandbox");
});

test("evidence and JSON of one recording", async () => {
  const { id } = await uploaded();
  expect(await service.get(`/recordings/${id}/evidence`)).toEqual(EVIDENCE);
  const saved = await service.call(`/api/v1/recordings/${id}.json`);
  expect(saved.headers.get("content-disposition")).toMatch(/^attachment; filename="a\.wav\.json"/);
  expect((await saved.json()).id).toBe(id);
});

test("the table: every recording a row, nothing in it a formula", async () => {
  const { id: batch } = await (await service.send("POST", "/batches", { name: "=cmd" })).json();
  const { id } = await uploaded("x", { batch }, '=1+1,"quoted".wav');
  await service.send("PATCH", `/recordings/${id}`, { note: "@SUM(A1)\nzwei", label: "fear" });
  const [all, one] = [
    await service.call("/api/v1/recordings.csv?q=quoted"),
    await service.call(`/api/v1/batches/${batch}/results.csv`),
  ];
  expect(all.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  const text = await all.text();
  expect(await one.text()).toBe(text);
  expect(
    text.startsWith("id,name,created,seconds,state,model,emotion,label,confidence,uncertain,angry,"),
  ).toBe(true);
  expect(text).toContain(`\r\n${id},"'=1+1,""quoted"".wav",`);
  expect(text).toContain(
    ',2,done,tiny@1,sad,fear,1,false,0.1,0,0,0.1,0,0.8,0,,good,0.9,31,0,,"\'@SUM(A1)\nzwei",,\r\n',
  );
});

test("a batch fills, counts what failed too, and goes with its recordings", async () => {
  const { id } = await (await service.send("POST", "/batches", { name: "calls" })).json();
  const sent = [await uploaded("one", { batch: id }), await uploaded("BAD", { batch: id })];
  expect(sent.map(({ state }) => state)).toEqual(["done", "failed"]);
  expect(await service.get(`/batches/${id}`)).toMatchObject({
    name: "calls",
    counts: { total: 2, done: 1, failed: 1 },
    emotions: { sad: 1 },
    seconds: 2,
  });
  expect((await service.get("/batches"))[0].id).toBe(id);
  expect((await service.send("DELETE", `/batches/${id}`)).status).toBe(204);
  expect((await service.call(`/api/v1/batches/${id}`)).status).toBe(404);
  expect((await service.call(`/api/v1/recordings/${sent[0].id}`)).status).toBe(404);
});

test("models: the summary, the card, the file", async () => {
  const [model] = await service.get("/models");
  expect(model).toMatchObject({ name: "tiny", id: "tiny@1", isDefault: true, unseen: null });
  expect(await service.get("/models/tiny/card")).toMatchObject({
    ...{ name: "tiny", version: "1", usual: USUAL },
  });
  const file = await service.call("/api/v1/models/tiny.onnx");
  expect(Number(file.headers.get("content-length"))).toBe(model.bytes);
  expect((await file.bytes()).length).toBe(model.bytes);
  expect((await service.call("/api/v1/models/none.onnx")).status).toBe(404);
});

test("training without data says so", async () => {
  for (const [method, path] of [
    ["GET", ""],
    ["GET", "/runs"],
    ["POST", "/runs"],
    ["GET", "/runs/x"],
    ["POST", "/runs/x/stop"],
    ["POST", "/runs/x/use"],
  ] as const) {
    const response = await service.send(
      method,
      `/training${path}`,
      path === "/runs" && method === "POST" ? { recipe: "r" } : undefined,
    );
    expect([response.status, (await response.json()).code], path).toEqual([404, "no-training-data"]);
  }
});

test("service, health, metrics and the description", async () => {
  expect(await service.get("/service")).toEqual({
    version: "1.2.3",
    limits: { bytes: 2 ** 30, seconds: 14_400, batch: 10_000 },
    training: false,
  });
  for (const path of ["/healthz", "/readyz"])
    expect(await (await service.call(path)).json()).toEqual({ status: "ok" });
  const metrics = await (await service.call("/metrics")).text();
  expect(metrics).toMatch(/undertone_analysis_seconds_count\{outcome="done"\} [1-9]/);
  expect(metrics).toContain('route="/api/v1/recordings/:id"');
  const description = await (await service.call("/api/openapi.json")).json();
  expect(description.openapi).toBe("3.1.0");
  expect(
    description.paths["/api/v1/recordings"].post.requestBody.content["multipart/form-data"].schema.properties,
  ).toHaveProperty("file");
  const docs = await service.call("/api/docs/");
  expect([docs.status, docs.headers.get("content-security-policy")]).toEqual([
    200,
    expect.stringContaining("unsafe-inline"),
  ]);
  expect((await service.call("/api/docs/static/swagger-ui-bundle.js")).status).toBe(200);
});

test("routes that are none: a problem under /api, else how to build the page", async () => {
  const none = await service.call("/api/v1/none");
  expect([none.status, (await none.json()).code]).toEqual([404, "no-route"]);
  expect((await service.call("/x.js")).status).toBe(404);
  for (const path of ["/", "/history"])
    expect(await (await service.call(path)).text()).toContain("npm run page");
});

test("sessions, where no token is needed, are no hindrance", async () => {
  expect((await service.send("POST", "/session", { token: "any" })).status).toBe(204);
  expect((await service.send("DELETE", "/session")).status).toBe(204);
});

test("the live socket: what was heard is kept as a recording like any other", async () => {
  const socket = new WebSocket(new URL("/api/v1/live", service.address.replace("http", "ws")));
  const said: { type: string; recording?: { id: string } }[] = [];
  socket.on("message", (data) => said.push(JSON.parse(data.toString())));
  await new Promise((open) => socket.once("open", open));
  socket.send(JSON.stringify({ type: "start", model: "tiny" }));
  await until(() => said.length === 1);
  expect(said[0]).toMatchObject({ type: "ready", hop: 0.5 });
  for (let i = 0; i < 4; i++) socket.send(new Float32Array(4000).fill(0.25));
  socket.send(JSON.stringify({ type: "stop", keep: true, name: "spoken" }));
  await until(() => said.some(({ type }) => type === "kept"));
  const { id } = said.find(({ type }) => type === "kept")!.recording!;
  await until(async () => (await service.get(`/recordings/${id}`)).state === "done");
  const kept = await service.get(`/recordings/${id}`);
  expect(kept).toMatchObject({ name: "spoken", source: "live", type: "audio/wav", bytes: 44 + 2 * 16_000 });
  // The fake analyst says two seconds; the second one is silence.
  const whole = await service.call(`/api/v1/recordings/${id}/listen.wav`);
  const bytes = Buffer.from(await whole.arrayBuffer());
  expect([bytes.length, bytes.readInt16LE(44 + 31_998), bytes.readInt16LE(44 + 32_000)]).toEqual([
    64_044, 8192, 0,
  ]);
  const part = await service.call(`/api/v1/recordings/${id}/listen.wav`, {
    headers: { range: "bytes=40-47" },
  });
  expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(40, 48)]);
});

test("events: what changes is told as it changes, and again to who comes back", async () => {
  const stop = new AbortController();
  const stream = await service.call("/api/v1/events", { signal: stop.signal });
  expect(stream.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  let text = "";
  const reading = (async () => {
    for await (const chunk of stream.body!) text += Buffer.from(chunk).toString();
  })().catch(() => {});
  const { id } = await uploaded("told");
  await until(() => text.includes('"state":"done"'));
  expect(text).toContain("event: recording\ndata: ");
  expect(text).not.toContain('"start":0');
  const last = /id: (\S+)\n\n$/.exec(text)![1]!;
  stop.abort();
  await reading;

  await service.send("DELETE", `/recordings/${id}`);
  const heard = async (lastId: string, wanted: string) => {
    const end = new AbortController();
    const again = await service.call("/api/v1/events", {
      headers: { "last-event-id": lastId },
      signal: end.signal,
    });
    let got = "";
    for await (const chunk of again.body!) {
      got += Buffer.from(chunk).toString();
      if (got.includes(wanted)) break;
    }
    end.abort();
    return got;
  };
  expect(await heard(last, "event: removed")).toContain(`data: {"id":"${id}"}`);
  await heard("other-1", "event: resync");
  await heard("nonsense", "event: resync");
});

test("what can be seen of a short recording is made when somebody looks, once for all who look at that moment", async () => {
  const { id } = await uploaded("SEEN");
  const before = service.seen.calls;
  const path = service.store.evidencePath(id);
  expect(existsSync(path)).toBe(false);
  const looks = await Promise.all([1, 2, 3].map(() => service.get(`/recordings/${id}/evidence`)));
  expect(looks).toEqual([EVIDENCE, EVIDENCE, EVIDENCE]);
  expect(service.seen.calls).toBe(before + 1);
  expect(await service.get(`/recordings/${id}/evidence`)).toEqual(EVIDENCE);
  expect(service.seen.calls).toBe(before + 1);
});
