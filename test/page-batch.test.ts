// The page's Batch in a real browser: a folder's worth of files, three at a time, pause and cancel, and ten thousand rows.
import { readFile } from "node:fs/promises";
import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Recording } from "../src/server/index.ts";
import { type Send, UploadQueue } from "../web/src/views/batch/upload-queue.ts";
import {
  CHROMIUM,
  holdEverywhere,
  holdToAccess,
  type PageUnderTest,
  startPage,
  THEMES,
} from "./support/browser.ts";
import { until } from "./support/service.ts";

describe("the queue", () => {
  const filesOf = (count: number) =>
    Array.from({ length: count }, (_, i) => ({ file: new File(["x"], `${i}.wav`), name: `${i}.wav` }));
  const recordingOf = (id: string) => ({ id, state: "queued" }) as Recording;

  /** Sends only what it is told to. */
  function heldSender() {
    const held = new Map<string, { done(): void; fail(error: unknown): void }>();
    const sent: string[] = [];
    const send: Send = (file, _, signal) =>
      new Promise((resolve, reject) => {
        sent.push(file.name);
        const settle = (action: () => void) => () => {
          held.delete(file.name);
          action();
        };
        signal.addEventListener(
          "abort",
          settle(() => reject(new Error("stopped"))),
        );
        held.set(file.name, {
          done: settle(() => resolve(recordingOf(`id ${file.name}`))),
          fail: (error) => settle(() => reject(error))(),
        });
      });
    return { held, sent, send };
  }
  const statesOf = (queue: UploadQueue) => queue.view().uploads.map(({ state }) => state);

  test("three at a time, in order; a pause lets those on their way arrive", async () => {
    const { held, sent, send } = heldSender();
    const queue = new UploadQueue(filesOf(6), { send });
    queue.start();
    expect(sent).toEqual(["0.wav", "1.wav", "2.wav"]);
    held.get("1.wav")!.done();
    await until(() => sent.length === 4);
    queue.pause();
    for (const name of ["0.wav", "2.wav", "3.wav"]) held.get(name)!.done();
    await until(() => queue.view().counts.sent === 4);
    expect(queue.view().state).toBe("paused");
    expect(sent).toHaveLength(4);
    queue.resume();
    expect(sent).toEqual(["0.wav", "1.wav", "2.wav", "3.wav", "4.wav", "5.wav"]);
  });

  test("cancel breaks off what is on its way, and retry sends what did not arrive", async () => {
    const { held, sent, send } = heldSender();
    const queue = new UploadQueue(filesOf(5), { send });
    queue.start();
    held.get("0.wav")!.done();
    await until(() => sent.length === 4);
    queue.cancel();
    await until(() => queue.view().state === "finished");
    expect(statesOf(queue)).toEqual(["sent", "cancelled", "cancelled", "cancelled", "cancelled"]);
    queue.retry();
    await until(() => sent.length === 7);
    expect(sent.slice(4)).toEqual(["1.wav", "2.wav", "3.wav"]);
  });

  test("a file that is refused fails alone; a service that is gone holds all", async () => {
    const { held, sent, send } = heldSender();
    const queue = new UploadQueue(filesOf(5), { send });
    queue.start();
    held.get("0.wav")!.fail({ status: 422, code: "unreadable-audio", message: "no sound" });
    await until(() => sent.length === 4);
    held.get("1.wav")!.fail({ status: 0, code: "unreachable", message: "gone" });
    await until(() => queue.view().state === "held");
    expect(queue.view().reason?.message).toBe("gone");
    expect(statesOf(queue)).toEqual(["failed", "waiting", "sending", "sending", "waiting"]);
    queue.resume();
    expect(sent.slice(4)).toEqual(["1.wav"]);
  });

  test("asked for patience, it waits as long as it was told, and tries again", async () => {
    const waits: number[] = [];
    let tries = 0;
    const send: Send = async () => {
      if (++tries < 3) throw { status: 429, code: "too-many", message: "slower", retryAfter: 7 * tries };
      return recordingOf("a");
    };
    const wait = async (ms: number) => void waits.push(ms);
    const queue = new UploadQueue(filesOf(1), { send, wait });
    queue.start();
    await until(() => queue.view().state === "finished");
    expect(waits).toEqual([7000, 14_000]);
    expect(statesOf(queue)).toEqual(["sent"]);
  });

  test("what is told of a recording before its upload is answered is not lost", async () => {
    const { held, send } = heldSender();
    const queue = new UploadQueue(filesOf(1), { send });
    queue.start();
    queue.tell({ ...recordingOf("id 0.wav"), state: "done" });
    held.get("0.wav")!.done();
    await until(() => queue.view().state === "finished");
    expect(queue.view().uploads[0]?.recording?.state).toBe("done");
  });
});

const withBrowser = test.skipIf(!CHROMIUM);
const none = CHROMIUM ? "" : " (no Chromium on PATH)";

let pages: PageUnderTest;
beforeAll(async () => {
  if (CHROMIUM) pages = await startPage();
});
afterAll(() => pages?.end());
afterEach(() => {
  expect(pages?.troubles ?? []).toEqual([]);
});

const choose = (page: Page) => page.locator('input[type="file"]').first();
const rows = (page: Page) => page.locator("tbody tr");
const file = (name: string, text = name) => ({ name, mimeType: "audio/wav", buffer: Buffer.from(text) });
const countOf = (page: Page, state: string) =>
  page.locator("dl > div").filter({ hasText: state }).locator("dd").textContent();
const handled = (page: Page, n: number) =>
  page.getByRole("progressbar", { name: `${n} of ${n} files handled` }).waitFor();
const idOf = (page: Page) => page.url().split("/").at(-1)!;

withBrowser(
  `files are answered one by one, errors stand beside theirs, and a reload keeps it all${none}`,
  async () => {
    const page = await pages.open("#/batch");
    const names = Array.from({ length: 20 }, (_, i) => `${i}.wav`);
    await choose(page).setInputFiles(names.map((name) => file(name, name === "7.wav" ? "BAD" : name)));
    await handled(page, 20);
    expect(await countOf(page, "Answered")).toBe("19");
    expect(await countOf(page, "Failed")).toBe("1");
    const sad = page.getByRole("listitem").filter({ hasText: "Sad" });
    expect(await sad.textContent()).toContain("19");
    const failed = rows(page).filter({ hasText: "7.wav" }).filter({ hasText: "Failed" });
    expect(await failed.count()).toBe(1);
    await page.getByText("1 file failed").click();
    expect(await page.locator("details li").textContent()).toMatch(/^7\.wav: .*is no sound/);

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Results as CSV" }).click(),
    ]);
    expect((await readFile(await download.path(), "utf8")).trim().split("\n")).toHaveLength(1 + 20);

    // Loaded again, it is as the service has it.
    await page.reload();
    await handled(page, 20);
    await failed.waitFor();
    expect(await countOf(page, "Answered")).toBe("19");
    await page.getByRole("link", { name: "All batches" }).click();
    await page
      .getByRole("link", { name: /20 files/ })
      .first()
      .waitFor();
    await page.context().close();
  },
);

withBrowser(`three uploads at once; pause, go on and cancel${none}`, async () => {
  const page = await pages.open("#/batch");
  const held: Route[] = [];
  await page.route("**/api/v1/recordings", (route) => void held.push(route));
  await choose(page).setInputFiles(Array.from({ length: 9 }, (_, i) => file(`${i}.wav`)));
  await until(() => held.length === 3);
  await page.getByRole("button", { name: "Pause" }).click();
  for (const route of held.splice(0)) await route.continue();
  await until(async () => (await countOf(page, "Answered")) === "3");
  expect(held).toHaveLength(0);
  await page.getByRole("button", { name: "Go on" }).click();
  await until(() => held.length === 3);
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Cancelled. What had been sent is kept.").waitFor();
  expect(await countOf(page, "Cancelled")).toBe("6");
  await page.unroute("**/api/v1/recordings");
  await page.getByRole("button", { name: "Send 6 files again" }).click();
  await until(async () => (await countOf(page, "Answered")) === "9");
  expect((await pages.service.get(`/batches/${idOf(page)}`)).counts.done).toBe(9);
  await page.context().close();
});

withBrowser(
  `a service that cannot be reached stops the sending, loses nothing, and goes on when told${none}`,
  async () => {
    const page = await pages.open("#/batch");
    await page.route("**/api/v1/recordings", (route) => route.abort());
    await choose(page).setInputFiles(Array.from({ length: 5 }, (_, i) => file(`${i}.wav`)));
    await page.getByText("Sending has stopped: The service cannot be reached").waitFor();
    // The three that were under way go back to the queue one by one.
    await until(async () => (await countOf(page, "Waiting")) === "5");
    await page.unroute("**/api/v1/recordings");
    await page.getByRole("button", { name: "Go on" }).click();
    await handled(page, 5);
    expect(await countOf(page, "Answered")).toBe("5");
    await page.context().close();
  },
);

withBrowser(`it goes on while one looks elsewhere${none}`, async () => {
  const page = await pages.open("#/batch");
  const held: Route[] = [];
  let isHolding = true;
  await page.route("**/api/v1/recordings", (route) => (isHolding ? void held.push(route) : route.continue()));
  await choose(page).setInputFiles(Array.from({ length: 5 }, (_, i) => file(`${i}.wav`)));
  await until(() => held.length === 3);
  await page.waitForURL("**/#/batch/*");
  const here = page.url();
  await page.evaluate(`location.hash = "#/models"`);
  await page.getByRole("heading", { name: "Models", level: 1 }).waitFor();
  isHolding = false;
  for (const route of held) await route.continue();
  const id = here.split("/").at(-1)!;
  await until(async () => (await pages.service.get(`/batches/${id}`)).counts.done === 5);
  await page.evaluate(`location.href = "${here}"`);
  await handled(page, 5);
  await page.context().close();
});

withBrowser(`ten thousand dropped files are one table, of which little is drawn${none}`, async () => {
  const page = await pages.open("#/batch");
  await page.route("**/api/v1/recordings", () => undefined);
  await page.getByText("Drop files or a folder here").waitFor();
  await page.evaluate(`{
    const transfer = new DataTransfer();
    for (let i = 0; i < 10_000; i++) transfer.items.add(new File(["x"], i + ".wav", { type: "audio/wav" }));
    const zone = document.querySelector('[aria-label="Drop files or a folder here"]');
    zone.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }`);
  const table = page.getByRole("table");
  await table.waitFor();
  expect(await table.getAttribute("aria-rowcount")).toBe("10001");
  expect(await rows(page).count()).toBeLessThan(60);
  expect(await page.evaluate<number>("document.querySelectorAll('*').length")).toBeLessThan(1500);
  await page.getByRole("region", { name: "Files of this batch" }).focus();
  await page.keyboard.press("End");
  await rows(page).filter({ hasText: "9999.wav" }).waitFor();
  expect(await rows(page).count()).toBeLessThan(60);
  expect(await rows(page).last().getAttribute("aria-rowindex")).toBe("10001");
  await page.getByRole("button", { name: "Cancel" }).click();
  await until(async () => (await countOf(page, "Cancelled")) === "10,000");
  await page.context().close();
});

withBrowser(`a batch is deleted with its recordings, after a word of warning${none}`, async () => {
  const page = await pages.open("#/batch");
  await choose(page).setInputFiles([file("a.wav"), file("b.wav")]);
  await handled(page, 2);
  const id = idOf(page);
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  // How many is told by the service, a moment after the last answer.
  await dialog.getByText("2 recordings").waitFor();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await page.getByRole("heading", { name: "Batch", level: 1 }).waitFor();
  expect((await pages.service.call(`/api/v1/batches/${id}`)).status).toBe(404);
  expect((await pages.service.get(`/recordings?batch=${id}`)).total).toBe(0);
  await page.evaluate(`location.hash = "#/batch/${id}"`);
  await page.getByText("There is no such batch").waitFor();
  await page.context().close();
});

withBrowser(`nothing for axe to find, at every width, in both themes${none}`, async () => {
  await holdEverywhere(pages, "#/batch", (page) => page.getByText("Earlier batches").waitFor());
  for (const theme of THEMES) {
    for (const width of [360, 1440]) {
      const page = await pages.open("#/batch", { width, theme });
      await choose(page).setInputFiles([file("good.wav"), file("bad.wav", "BAD"), file("other.wav")]);
      await handled(page, 3);
      await holdToAccess(page, `a batch at ${width}, ${theme}`);
      await page.context().close();
    }
  }
});
