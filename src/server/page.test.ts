// Tests of the page as files: the first one fresh, with its nonce; hashed ones for ever, compressed where they are.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestService, testService } from "../../test/support/service.ts";

const page = mkdtempSync(join(tmpdir(), "undertone-page-"));
let service: TestService;
beforeAll(async () => {
  mkdirSync(join(page, "assets"));
  writeFileSync(join(page, "index.html"), '<meta name="nonce" content="__NONCE__"><title>page</title>');
  writeFileSync(join(page, "assets", "main-abc.js"), "let a;".repeat(100));
  writeFileSync(join(page, "assets", "main-abc.js.br"), brotliCompressSync("let a;".repeat(100)));
  writeFileSync(join(page, "mark.svg"), "<svg/>");
  service = await testService({ page });
});
afterAll(async () => {
  await service.end();
  rmSync(page, { recursive: true });
});

test.each(["/", "/index.html", "/history", "/recordings/0123", "/?x=1"])("%s is the page", async (path) => {
  const answer = await service.call(path);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  const policy = answer.headers.get("content-security-policy")!;
  const nonce = /style-src 'self' 'nonce-([\w+/=]{24})'/.exec(policy)![1]!;
  expect(await answer.text()).toBe(`<meta name="nonce" content="${nonce}"><title>page</title>`);
  expect((await service.call(path)).headers.get("content-security-policy")).not.toBe(policy);
});

test("files: hashed ones are kept for ever, others are asked for again", async () => {
  const script = await service.call("/assets/main-abc.js", { headers: { "accept-encoding": "br" } });
  expect(script.headers.get("content-encoding")).toBe("br");
  expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect(script.headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
  expect(await script.text()).toBe("let a;".repeat(100));
  const plain = await service.call("/assets/main-abc.js", { headers: { "accept-encoding": "identity" } });
  expect([plain.headers.get("content-encoding"), await plain.text()]).toEqual([null, "let a;".repeat(100)]);
  const mark = await service.call("/mark.svg");
  expect(mark.headers.get("cache-control")).toBe("no-cache");
  expect(mark.headers.get("etag")).toBeTruthy();
});

test.each(["/assets/none.js", "/../package.json", "/..%2fpackage.json", "/api/none"])(
  "%s is none",
  async (path) => {
    const answer = await service.call(path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toMatch(/^application\/problem\+json/);
  },
);
