// Tests of who may ask: hosts, origins, tokens, sessions, and what stands in the headers and the log.
import { request as httpRequest } from "node:http";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { form, newFolder, type TestService, testService } from "../../test/support/service.ts";
import { createService } from "./index.ts";

const TOKEN = "a-token-that-is-long-enough";

/** A request with headers that `fetch` would not let through. */
function raw(address: string, path: string, headers: Record<string, string>, method = "GET", body = "") {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = httpRequest(new URL(path, address), { method, headers }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode!, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

describe("on this machine's own address, without a token", () => {
  let service: TestService;
  const lines: string[] = [];
  beforeAll(async () => {
    service = await testService({
      log: pino({ level: "trace" }, { write: (line) => void lines.push(line) }),
    });
  });
  afterAll(() => service.end());

  test.each([
    ["localhost:1234", 200],
    ["127.0.0.1", 200],
    ["[::1]:80", 200],
    ["evil.example", 403],
    ["localhost.evil.example", 403],
    ["127.0.0.1.evil.example:8787", 403],
  ])("asked for as %s: %d", async (host, status) => {
    const answer = await raw(service.address, "/api/v1/recordings", { host });
    expect(answer.status).toBe(status);
    if (status === 403) expect(JSON.parse(answer.body).code).toBe("wrong-host");
    expect((await raw(service.address, "/", { host })).status).toBe(status);
  });

  test("a page of another origin can send nothing, but the service's own page can", async () => {
    const own = new URL(service.address).origin;
    for (const [origin, status] of [
      ["https://evil.example", 403],
      ["null", 403],
      [own.replace("127.0.0.1", "localhost"), 403],
      [own, 201],
    ] as const) {
      const answer = await service.call("/api/v1/recordings", {
        method: "POST",
        body: form("x"),
        headers: { origin },
      });
      expect(answer.status, origin).toBe(status);
    }
    // What a browser does by itself on a link, it may.
    expect(
      (await service.call("/api/v1/recordings", { headers: { origin: "https://evil.example" } })).status,
    ).toBe(200);
    // A socket is opened by GET, and no browser asks leave for it.
    const upgrade = { upgrade: "websocket", connection: "upgrade", origin: "https://evil.example" };
    expect((await raw(service.address, "/api/v1/live", upgrade)).status).toBe(403);
  });

  test("headers keep other pages out, and scripts that are not the service's own", async () => {
    const { headers } = await service.call("/");
    const policy = headers.get("content-security-policy")!;
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval(?!')|\*|https?:/);
    const api = (await service.call("/api/v1/models")).headers;
    expect(api.get("content-security-policy")).toContain("style-src 'self';");
    expect(api.get("x-content-type-options")).toBe("nosniff");
    expect(api.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(api.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(api.get("referrer-policy")).toBe("no-referrer");
    expect(api.get("access-control-allow-origin")).toBeNull();
  });

  test("the log has routes and outcomes, and nobody's words", async () => {
    const { id } = await (await service.upload("sound", {}, "SECRETNAME.wav")).json();
    await service.upload("BAD", {}, "SECRETNAME.wav");
    await service.upload("CRASH", {}, "SECRETNAME.wav");
    await service.send("PATCH", `/recordings/${id}`, { note: "SECRETNOTE" });
    await service.call("/api/v1/recordings?q=SECRETSEARCH");
    await raw(service.address, "/api/v1/recordings", { authorization: "Bearer SECRETTOKEN" });
    const log = lines.join("");
    expect(log).toContain('"route":"/api/v1/recordings/:id"');
    expect(log).toContain('"code":"analysis-failed"');
    expect(log).not.toMatch(/SECRET/);
  });
});

describe("with a token", () => {
  let service: TestService;
  let origin: string;
  beforeAll(async () => {
    service = await testService({ token: TOKEN, host: "0.0.0.0" });
    service.address = service.address.replace("localhost", "127.0.0.1");
    origin = new URL(service.address).origin;
  });
  afterAll(() => service.end());
  const ask = (headers: Record<string, string>, method = "GET", path = "/api/v1/recordings", body = "") =>
    raw(service.address, path, headers, method, body);

  test("nothing is told without it but that the service lives, its description and its page", async () => {
    for (const path of [
      ...[
        "/api/v1/recordings",
        "/api/v1/recordings.csv",
        "/api/v1/recordings/x/audio",
        "/api/v1/service",
        "/metrics",
      ],
      ...[
        "/api/v1/models",
        "/api/v1/models/tiny.onnx",
        "/api/v1/events",
        "/api/v1/training",
        "/api/v1/batches",
      ],
    ]) {
      const { status, body } = await ask({}, "GET", path);
      expect([status, JSON.parse(body).code], path).toEqual([401, "token-needed"]);
    }
    for (const path of ["/healthz", "/readyz", "/api/openapi.json", "/api/docs/", "/", "/history"])
      expect((await ask({}, "GET", path)).status, path).toBe(200);
  });

  test("a bearer's token is compared whole", async () => {
    expect((await ask({ authorization: `Bearer ${TOKEN}` })).status).toBe(200);
    expect((await ask({ authorization: `bearer ${TOKEN}` })).status).toBe(200);
    for (const wrong of [`Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, "Bearer", TOKEN, `Basic ${TOKEN}`])
      expect((await ask({ authorization: wrong })).status, wrong).toBe(401);
    // By any name: a token is no matter of hosts.
    expect((await ask({ authorization: `Bearer ${TOKEN}`, host: "voices.example" })).status).toBe(200);
  });

  async function logIn(token: string, headers: Record<string, string> = {}) {
    return fetch(`${service.address}api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ token }),
    });
  }

  test("the page's session: a cookie that no script reads and no other site sends", async () => {
    const wrong = await logIn("wrong");
    expect([wrong.status, wrong.headers.get("set-cookie")]).toEqual([401, null]);
    const right = await logIn(TOKEN, { origin });
    expect(right.status).toBe(204);
    const set = right.headers.get("set-cookie")!;
    expect(set).toMatch(/^undertone=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(set).not.toContain(TOKEN);
    const cookie = set.split(";")[0]!;
    expect((await ask({ cookie })).status).toBe(200);
    expect((await ask({ cookie: "undertone=forged" })).status).toBe(401);

    // Whatever changes something must come from the page itself.
    const json = { cookie, "content-type": "application/json" };
    const begin = (headers: Record<string, string>) =>
      ask({ ...json, ...headers }, "POST", "/api/v1/batches", JSON.stringify({ name: "b" }));
    expect((await begin({})).status).toBe(403);
    expect((await begin({ origin: "https://evil.example" })).status).toBe(403);
    expect((await begin({ origin })).status).toBe(201);

    expect((await ask({ cookie, origin }, "DELETE", "/api/v1/session")).status).toBe(204);
    expect((await ask({ cookie })).status).toBe(401);
  });

  test("over https the cookie stays there", async () => {
    const { host } = new URL(service.address);
    const answer = await logIn(TOKEN, { origin: `https://${host}` });
    expect(answer.headers.get("set-cookie")).toContain("; Secure");
  });

  test("guessing is slowed down, and told when to come again", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => logIn("wrong")));
    const refused = answers.find(({ status }) => status === 429)!;
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(((await refused.json()) as { code: string }).code).toBe("too-many-requests");
  });
});

test("an address that others reach is not opened without a token", async () => {
  const { store, end } = await testService({}, newFolder());
  const analyst = {} as never;
  await expect(
    createService({ store, analyst, models: { places: [] }, version: "1", host: "0.0.0.0" }),
  ).rejects.toThrow(/token/);
  await end();
});
