// Tests of limits and of the end: what is too much, what breaks off, and how a service stops.
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { form, newFolder, type TestService, testService, until } from "../../test/support/service.ts";

let service: TestService;
afterEach(() => service.end());

const sounds = () => readdirSync(join(service.folder, "audio"));

test("a sound that is too large is refused before it was sent, or where that is not known, as soon as it is", async () => {
  service = await testService({ limits: { bytes: 1_000_000 } });
  const large = new Uint8Array(3_000_000);
  const told = await service.call("/api/v1/recordings", { method: "POST", body: form(large) });
  expect([told.status, (await told.json()).code]).toEqual([413, "too-large"]);

  const { body, headers } = new Request("http://x/", { method: "POST", body: form(large) });
  const init = { method: "POST", body, headers, duplex: "half" } as RequestInit;
  const untold = await service.call("/api/v1/recordings", init);
  expect([untold.status, (await untold.json()).code]).toEqual([413, "too-large"]);

  expect((await service.upload("x".repeat(999_000))).status).toBe(201);
  expect(sounds().length).toBe(1);
  const note = await service.send("PATCH", "/recordings/x", { note: "x".repeat(300_000) });
  expect([note.status, (await note.json()).code]).toEqual([413, "too-large"]);
});

test("an upload that breaks off leaves nothing", async () => {
  service = await testService();
  const { port } = new URL(service.address);
  for (const cut of [300, 5_000, 200_000]) {
    const socket = connect(Number(port), "127.0.0.1");
    const head =
      "POST /api/v1/recordings HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
      "Content-Length: 1000000\r\n\r\n" +
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n';
    socket.write(head + "x".repeat(cut));
    await until(() => sounds().length === 1);
    expect((await service.get("/recordings")).total).toBe(0);
    socket.destroy();
    await until(() => sounds().length === 0);
  }
  // A body that is whole by its length, but whose form is not.
  const body = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nhalf';
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const half = await service.call("/api/v1/recordings", { method: "POST", headers, body });
  expect(half.status).toBe(400);
  expect(sounds()).toEqual([]);
  expect((await service.get("/recordings")).total).toBe(0);
});

test("too many uploads: 429, and when to come again", async () => {
  service = await testService({ limits: { uploadsPerMinute: 3 } });
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push(await service.upload("x"));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 429]);
  expect(Number(answers[3]!.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await answers[3]!.json()).code).toBe("too-many-requests");
});

test("a batch takes so many", async () => {
  service = await testService({ limits: { batch: 1 } });
  const { id } = await (await service.send("POST", "/batches", { name: "b" })).json();
  expect((await service.upload("x", { batch: id })).status).toBe(201);
  const more = await service.upload("x", { batch: id });
  expect([more.status, (await more.json()).code]).toEqual([413, "batch-full"]);
});

test("so many analyses at once, the others wait, and all are done", async () => {
  service = await testService({ analyses: 2 });
  const sent = Promise.all(Array.from({ length: 6 }, () => service.upload("SLOW")));
  await until(async () => (await service.get("/recordings")).total === 6);
  await until(() => service.seen.running === 2);
  const states = (await service.get("/recordings")).items.map(({ state }: { state: string }) => state);
  expect(states.sort()).toEqual(["queued", "queued", "queued", "queued", "running", "running"]);
  const releasing = setInterval(service.release, 20);
  await sent;
  await until(async () => (await service.get("/recordings?state=done")).total === 6);
  clearInterval(releasing);
  expect(service.seen.most).toBe(2);
});

test("a stop lets what runs end, and what waits is there and done after the next start", async () => {
  service = await testService({ analyses: 1 });
  const running = await (await service.upload("SLOW one")).json();
  const waiting = await (await service.upload("SLOW two")).json();
  const events = await service.call("/api/v1/events");
  setTimeout(service.release, 200);
  const start = performance.now();
  await service.service.stop();
  expect(performance.now() - start).toBeLessThan(4000);
  expect(await events.text()).toContain("retry:");
  expect(service.seen.closed).toBe(true);
  await expect(fetch(service.address)).rejects.toThrow();

  service = await testService({ analyses: 1 }, service.folder);
  expect(await service.get(`/recordings/${running.id}`)).toMatchObject({ state: "done" });
  await until(async () => {
    service.release();
    return (await service.get(`/recordings/${waiting.id}`)).state === "done";
  });
});

test("a stop does not wait for ever: what runs too long is queued again", { timeout: 20_000 }, async () => {
  service = await testService();
  const { id } = await (await service.upload("SLOW")).json();
  await service.service.stop();
  service = await testService({}, service.folder);
  await until(() => service.seen.running === 1);
  expect(await service.get(`/recordings/${id}`)).toMatchObject({ state: "running", error: null });
  service.release();
});

test("what is deleted while it is heard is not queued again", async () => {
  service = await testService({}, newFolder());
  const { id } = await (await service.upload("SLOW")).json();
  await service.send("DELETE", `/recordings/${id}`);
  expect(service.seen.running).toBe(0);
  expect(sounds()).toEqual([]);
  expect(readdirSync(join(service.folder, "evidence"))).toEqual([]);
});
