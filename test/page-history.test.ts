// The page's History in a real browser: the keyboard alone, corrections, filters, live changes, comparing, export, delete.
import { readFile } from "node:fs/promises";
import type { Page, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { CHROMIUM, holdEverywhere, type PageUnderTest, startPage } from "./support/browser.ts";
import { until } from "./support/service.ts";
import { wavBytes } from "./support/wav.ts";

const withBrowser = test.skipIf(!CHROMIUM);
const none = CHROMIUM ? "" : " (no Chromium on PATH)";

let pages: PageUnderTest;
let ids: string[] = [];
beforeAll(async () => {
  if (!CHROMIUM) return;
  pages = await startPage();
});
afterAll(() => pages?.end());

/** Leaves `count` recordings, named 1.wav (the oldest) to count.wav. */
async function fill(count: number): Promise<void> {
  const { items } = await pages.service.get("/recordings?limit=200");
  for (const { id } of items) await pages.service.send("DELETE", `/recordings/${id}`);
  ids = [];
  for (let i = 1; i <= count; i++) {
    ids.push((await (await pages.service.upload(`sound ${i}`, {}, `${i}.wav`)).json()).id);
  }
  await until(async () => (await pages.service.get("/recordings?state=done")).total === count);
}

const rows = (page: Page) => page.locator("tbody tr");
const names = (page: Page) => rows(page).locator("td a").allTextContents();
const focusedRow = (page: Page) =>
  page.evaluate<string | undefined>(`document.activeElement?.getAttribute("aria-label")`);
/** Digits mean emotions as soon as the page has asked which there are, and then says so. */
const emotionKeys = (page: Page) => page.locator("#history-keys").getByText("Surprise").waitFor();
/** Takes a correction back by its own toast, which comes when the service has answered it. */
const undo = (page: Page, said: string) =>
  page.getByText(said).locator("..").getByRole("button", { name: "Undo" }).click();
const labelOf = async (id: string) => (await pages.service.get(`/recordings/${id}`)).label;

afterEach(() => {
  expect(pages?.troubles ?? []).toEqual([]);
});

withBrowser(`the keyboard alone walks the rows, corrects, undoes and opens${none}`, async () => {
  await fill(3);
  const page = await pages.open("#/history");
  await rows(page).nth(2).waitFor();
  expect(await names(page)).toEqual(["3.wav", "2.wav", "1.wav"]);
  await emotionKeys(page);

  // One row of the grid is in the order of Tab.
  expect(await page.locator('tbody tr[tabindex="0"]').count()).toBe(1);
  await rows(page).first().focus();
  await page.keyboard.press("ArrowDown");
  expect(await focusedRow(page)).toContain("2.wav, Sad");
  await page.keyboard.press("1");
  await until(async () => (await labelOf(ids[1]!)) === "angry");
  expect(await focusedRow(page)).toMatch(/2\.wav, Angry \(corrected; the model said Sad\)/);

  // Takes back with 0, and with the toast's own button.
  await page.keyboard.press("0");
  await until(async () => (await labelOf(ids[1]!)) === null);
  await page.keyboard.press("7");
  await until(async () => (await labelOf(ids[1]!)) === "surprise");
  await undo(page, "Corrected to Surprise");
  await until(async () => (await labelOf(ids[1]!)) === null);

  await rows(page).nth(1).focus();
  await page.keyboard.press("End");
  expect(await focusedRow(page)).toContain("1.wav");
  await page.keyboard.press("ArrowDown");
  expect(await focusedRow(page)).toContain("1.wav");
  await page.keyboard.press("Home");
  expect(await focusedRow(page)).toContain("3.wav");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/#/recordings/${ids[2]}`);
  await page.context().close();
});

withBrowser(`keys that outrun the service: the last one is shown, and is what stays${none}`, async () => {
  await fill(1);
  const page = await pages.open("#/history");
  await emotionKeys(page);
  await rows(page).first().focus();
  expect(await focusedRow(page)).toContain("1.wav");
  const held: Route[] = [];
  await page.route("**/api/v1/recordings/*", (route) => void held.push(route));
  for (const key of ["1", "0", "7"]) await page.keyboard.press(key);
  for (const label of ["angry", null, "surprise"]) {
    // One at a time: the next is sent when the page has the answer to the one before.
    await until(() => held.length > 0, 20_000).catch(async (error: Error) => {
      throw new Error(`${label} was not sent, with ${await focusedRow(page)} in focus: ${error.message}`);
    });
    expect(held).toHaveLength(1);
    expect(await focusedRow(page)).toContain("Surprise (corrected");
    await held.pop()!.continue();
    await until(async () => (await labelOf(ids[0]!)) === label).catch(async (error: Error) => {
      const said = await page.locator('[aria-live="polite"]').allTextContents();
      throw new Error(`${label} was sent and is not there; the page says ${said.join()}: ${error.message}`);
    });
  }
  await page.getByText("Corrected to Surprise").waitFor();
  expect(await focusedRow(page)).toContain("Surprise (corrected");
  await page.unroute("**/api/v1/recordings/*");
  await undo(page, "Corrected to Surprise");
  await until(async () => (await labelOf(ids[0]!)) === null);
  await page.context().close();
});

withBrowser(`digits typed into the search correct nothing${none}`, async () => {
  await fill(2);
  const page = await pages.open("#/history");
  await rows(page).nth(1).waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("searchbox").pressSequentially("1");
  await until(async () => (await rows(page).count()) === 1);
  expect(await names(page)).toEqual(["1.wav"]);
  expect(await labelOf(ids[0]!)).toBe(null);
  await page.context().close();
});

withBrowser(`what is asked for stands in the address and survives a reload${none}`, async () => {
  await fill(4);
  await pages.service.send("PATCH", `/recordings/${ids[1]}`, { label: "happy", note: "laughing aloud" });
  const page = await pages.open("#/history");
  await rows(page).nth(3).waitFor();
  await page.getByRole("combobox", { name: "Emotion", exact: true }).selectOption("happy");
  await until(async () => (await rows(page).count()) === 1);
  expect(page.url()).toContain("emotion=happy");
  await page.reload();
  await rows(page).first().waitFor();
  expect(await names(page)).toEqual(["2.wav"]);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await until(async () => (await rows(page).count()) === 4);

  await page.getByRole("searchbox").fill("laughing");
  await until(async () => (await rows(page).count()) === 1);
  await page.getByRole("searchbox").fill("nothing is called so");
  await page.getByText("No recording fits these filters").waitFor();
  await page.getByRole("searchbox").fill("");
  await page.getByLabel("From").fill("2031-01-01");
  await page.getByText("No recording fits these filters").waitFor();
  await page.context().close();
});

withBrowser(`what others do is seen at once, and nothing jumps${none}`, async () => {
  await fill(2);
  const page = await pages.open("#/history");
  await rows(page).nth(1).waitFor();
  await page.waitForSelector('[data-connection="online"]', { state: "attached" });
  const place = await rows(page).first().boundingBox();

  await pages.service.upload("new", {}, "new.wav");
  const button = page.getByRole("button", { name: "Show 1 new" });
  await button.waitFor();
  expect(await names(page)).toEqual(["2.wav", "1.wav"]);
  expect(await rows(page).first().boundingBox()).toEqual(place);
  await button.click();
  await until(async () => (await names(page))[0] === "new.wav");

  await pages.service.send("PATCH", `/recordings/${ids[0]}`, { label: "fear" });
  await rows(page).filter({ hasText: "1.wav" }).getByText("corrected").waitFor();
  await rows(page).nth(1).focus();
  expect(await focusedRow(page)).toContain("2.wav");
  await pages.service.send("DELETE", `/recordings/${ids[1]}`);
  await until(async () => (await rows(page).count()) === 2);
  expect(await names(page)).toEqual(["new.wav", "1.wav"]);
  // The row in its place has the focus, not the top of the page.
  await until(async () => (await focusedRow(page))?.includes("1.wav"));
  await page.context().close();
});

withBrowser(
  `a note is written, a recording deleted for good, and the focus stays in the list${none}`,
  async () => {
    await fill(3);
    const page = await pages.open("#/history");
    await rows(page).nth(2).waitFor();
    await rows(page).nth(1).focus();
    await page.keyboard.press("n");
    await page.getByRole("dialog").getByLabel("Note").fill("ask again");
    await page.keyboard.press("Control+Enter");
    await rows(page).nth(1).getByText("ask again").waitFor();
    expect((await pages.service.get(`/recordings/${ids[1]}`)).note).toBe("ask again");
    // An event may tell of the note before its answer closes the dialog.
    const dialog = page.getByRole("dialog");
    await dialog.waitFor({ state: "hidden" });

    expect(await focusedRow(page)).toContain("2.wav");
    await page.keyboard.press("Delete");
    expect(await dialog.textContent()).toContain("cannot be undone");
    // The page is busy while both keys are pressed: it is opened again before the browser tells that it was closed.
    await Promise.all([
      page.evaluate("for (const end = performance.now() + 200; performance.now() < end; );"),
      page.keyboard.press("Escape"),
      page.keyboard.press("Delete"),
    ]);
    expect(await dialog.textContent()).toContain("cannot be undone");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await rows(page).count()).toBe(3);
    expect(await focusedRow(page)).toContain("2.wav");
    await page.keyboard.press("Delete");
    await dialog.getByRole("button", { name: "Delete for good" }).click();
    await until(async () => (await rows(page).count()) === 2);
    expect((await pages.service.call(`/api/v1/recordings/${ids[1]}`)).status).toBe(404);
    await until(async () => (await focusedRow(page))?.includes("1.wav"));
    await page.context().close();
  },
);

withBrowser(`two recordings stand side by side${none}`, async () => {
  await fill(3);
  const page = await pages.open("#/history");
  await rows(page).nth(2).waitFor();
  await rows(page).nth(0).focus();
  await page.keyboard.press("c");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("c");
  await page.getByRole("link", { name: "Compare" }).click();
  await page.getByRole("heading", { name: "First: 3.wav" }).waitFor();
  await page.getByRole("heading", { name: "Second: 2.wav" }).waitFor();
  const sad = page.getByRole("row", { name: /Sad/ });
  expect(await sad.locator("td").allTextContents()).toEqual(["80 %", "80 %", "0"]);
  await until(async () => (await page.getByRole("img", { name: /^Spectrogram of/ }).count()) === 2);
  expect(await page.getByRole("listitem").filter({ hasText: "Sad" }).count()).toBeGreaterThan(1);
  await page.context().close();
});

withBrowser(`CSV and JSON hold what is listed${none}`, async () => {
  await fill(3);
  const page = await pages.open("#/history?q=2.wav");
  await rows(page).first().waitFor();
  const saved = async (role: "link" | "button", name: string) => {
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole(role, { name }).click(),
    ]);
    return readFile(await download.path(), "utf8");
  };
  expect((await saved("link", "CSV")).trim().split("\n")).toHaveLength(2);
  const json = JSON.parse(await saved("button", "JSON"));
  expect(json.map(({ name }: { name: string }) => name)).toEqual(["2.wav"]);
  await page.context().close();
});

withBrowser(`a sound is played from its row; what is no sound says so${none}`, async () => {
  await fill(1);
  // Long enough that a busy machine presses "Stop" before it ends.
  const wav = Buffer.from(wavBytes(new Float32Array(320_000))).toString("latin1");
  const bytes = Uint8Array.from(wav, (letter) => letter.charCodeAt(0));
  const body = new FormData();
  body.append("file", new Blob([bytes], { type: "audio/wav" }), "heard.wav");
  await pages.service.call("/api/v1/recordings", { method: "POST", body });
  const page = await pages.open("#/history");
  await rows(page).nth(1).waitFor();
  await page.getByRole("button", { name: "Play heard.wav" }).click();
  await page.getByRole("button", { name: "Stop heard.wav" }).click();
  await page.getByRole("button", { name: "Play heard.wav" }).waitFor();
  await page.getByRole("button", { name: "Play 1.wav" }).click();
  await page.getByText("1.wav cannot be played.").waitFor();
  await page.context().close();
});

withBrowser(`all recordings come, page by page, as one scrolls${none}`, async () => {
  await fill(120);
  const page = await pages.open("#/");
  // As a busy browser does, it tells of several comings and goings at once.
  await page.evaluate(() => {
    const Real = IntersectionObserver;
    globalThis.IntersectionObserver = class extends Real {
      constructor(tell: IntersectionObserverCallback, options?: IntersectionObserverInit) {
        const untold: IntersectionObserverEntry[] = [];
        super((entries, watcher) => {
          if (untold.push(...entries) === entries.length)
            setTimeout(() => tell(untold.splice(0), watcher), 200);
        }, options);
      }
    };
    location.hash = "#/history";
  });
  await rows(page).first().waitFor();
  expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("121");
  await until(async () => {
    await page.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
    return (await rows(page).count()) === 120;
  }, 20_000);
  const all = await names(page);
  expect(all).toHaveLength(120);
  expect(new Set(all).size).toBe(120);
  expect(all.at(-1)).toBe("1.wav");
  await page.context().close();
});

withBrowser(`a service that fails is named, and asked again on demand${none}`, async () => {
  await fill(1);
  const page = await pages.open("#/");
  await page.route("**/api/v1/recordings?**", (route) => route.abort());
  await page.evaluate(`location.hash = "#/history"`);
  const alert = page.getByRole("alert").filter({ hasText: "could not be loaded" });
  await alert.waitFor();
  await page.unroute("**/api/v1/recordings?**");
  await alert.getByRole("button", { name: "Try again" }).click();
  await rows(page).first().waitFor();
  await alert.waitFor({ state: "detached" });
  await page.context().close();
});

withBrowser(`nothing for axe to find, at every width, in both themes${none}`, async () => {
  await fill(0);
  await holdEverywhere(pages, "#/history", (page) => page.getByText("No recordings yet").waitFor());
  await fill(3);
  await pages.service.send("PATCH", `/recordings/${ids[0]}`, { label: "happy", note: "a note" });
  await holdEverywhere(pages, "#/history", (page) => rows(page).nth(2).waitFor());
  await holdEverywhere(pages, `#/history/compare?a=${ids[0]}&b=${ids[1]}`, (page) =>
    page
      .getByRole("img", { name: /^Spectrogram of/ })
      .nth(1)
      .waitFor(),
  );
});
