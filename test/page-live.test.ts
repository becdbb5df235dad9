// The page's microphone in a real browser that is fed from a real file: Live, and recording on Analyse; on the real service.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createAnalyst } from "../src/server/index.ts";
import { CHROMIUM, holdToAccess, type PageUnderTest, startPage, THEMES, WIDTHS } from "./support/browser.ts";
import { until } from "./support/service.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const SAMPLE = `${ROOT}examples/sample.wav`;
const MODEL = "universal";

const isHere = CHROMIUM !== undefined && existsSync(`${ROOT}models/${MODEL}.onnx`);
const withBrowser = test.skipIf(!isHere);
const none = isHere ? "" : " (needs Chromium on PATH and the model that ships)";

let pages: PageUnderTest;
let browser: Browser;
beforeAll(async () => {
  if (!isHere) return;
  pages = await startPage({
    analyst: createAnalyst({ processes: 1 }),
    models: { places: [`${ROOT}models`], fallback: MODEL },
  });
  browser = await chromium.launch({
    executablePath: CHROMIUM!,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      `--use-file-for-fake-audio-capture=${SAMPLE}`,
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await pages?.end();
});
afterEach(() => {
  expect(pages?.troubles ?? []).toEqual([]);
});

async function open(
  hash: string,
  {
    width = 1440,
    theme = "light" as "light" | "dark",
    before = async (_: Page): Promise<unknown> => undefined,
  } = {},
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.on("pageerror", (error) => pages.troubles.push(error.message));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) pages.troubles.push(message.text());
  });
  await before(page);
  await page.goto(`${pages.service.address}${hash}`);
  return page;
}

const press = (page: Page, name: string) => page.getByRole("button", { name }).click();
const total = async () => (await pages.service.get("/recordings")).total as number;

/** Listens until the page shows an emotion, or that it is uncertain. */
async function listening(page: Page): Promise<void> {
  await press(page, "Start listening");
  await page.getByText(/behind the voice/).waitFor();
  await page.getByText(/% sure, by its own measure/).waitFor();
}

withBrowser(`the voice is heard as it goes on, and kept as a recording${none}`, async () => {
  const before = await total();
  const page = await open("#/live");
  await listening(page);
  await until(async () => Number(await page.getByRole("meter").getAttribute("aria-valuenow")) > -50);
  await page.getByRole("img", { name: /^The last minute, heard longest first: \w+/ }).waitFor();
  await press(page, "Stop");
  const name = page.getByLabel("Name");
  await until(() => name.evaluate((field) => field === document.activeElement));
  await name.fill("Rehearsal");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/#/recordings/*");
  await page.getByRole("heading", { level: 1, name: "Rehearsal" }).waitFor();
  await page.getByRole("slider", { name: "Position" }).waitFor();
  const { items } = await pages.service.get("/recordings?limit=1");
  expect(items[0]).toMatchObject({ name: "Rehearsal", source: "live" });
  expect(await total()).toBe(before + 1);
  await page.context().close();
});

withBrowser(`let go: the service has nothing of it${none}`, async () => {
  const before = await total();
  const page = await open("#/live");
  await listening(page);
  await press(page, "Stop");
  await press(page, "Let it go");
  await page.getByText("Let go. Nothing of it remains.").waitFor();
  await page.getByRole("button", { name: "Start listening" }).waitFor();
  expect(await total()).toBe(before);
  await page.context().close();
});

withBrowser(
  `estimates follow the sound, one of newer sound after the other, none ahead of it${none}`,
  async () => {
    // When each moment of the sound left the microphone, and when an estimate that had heard it came.
    const left: { until: number; at: number }[] = [];
    const came: { time: number; at: number }[] = [];
    const page = await open("#/live", {
      before: async (page) => {
        await page.routeWebSocket("**/api/v1/live", (socket) => {
          const service = socket.connectToServer();
          let samples = 0;
          socket.onMessage((message) => {
            if (typeof message !== "string") {
              samples += message.length / 4;
              left.push({ until: samples / 16_000, at: performance.now() });
            }
            service.send(message);
          });
          service.onMessage((message) => {
            const { type, time } = JSON.parse(String(message));
            if (type === "estimate") came.push({ time, at: performance.now() });
            socket.send(message);
          });
        });
      },
    });
    await listening(page);
    await until(async () => came.length > 12);
    await press(page, "Stop");
    // How late they are is measured where nothing else runs: npm run measure:page.
    const times = came.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const { time, at } of came) {
      const heard = left.findLast((block) => block.at <= at)!;
      expect(time).toBeLessThanOrEqual(heard.until);
    }
    await page.context().close();
  },
);

withBrowser(`a line that breaks is said, and another is opened${none}`, async () => {
  let cut = () => {};
  const page = await open("#/live", {
    before: async (page) => {
      await page.routeWebSocket("**/api/v1/live", (socket) => {
        socket.connectToServer();
        cut = () => void socket.close();
      });
    },
  });
  await listening(page);
  cut();
  await page
    .getByRole("alert")
    .getByText(/what was heard until then was not kept/)
    .waitFor();
  await holdToAccess(page, "lost");
  await press(page, "Start again");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await page.context().close();
});

withBrowser.each([
  ["NotAllowedError", /told not to give the microphone/],
  ["NotFoundError", /No microphone was found/],
  ["NotReadableError", /another program may hold it/],
])(`a microphone that answers %s is explained${none}`, async (error, words) => {
  const page = await open("#/live", {
    before: (page) =>
      page.addInitScript((name) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
      }, error),
  });
  await press(page, "Start listening");
  await page.getByRole("alert").getByText(words).waitFor();
  await holdToAccess(page, error);
  await page.getByRole("button", { name: "Start again" }).waitFor();
  await page.context().close();
});

withBrowser(`a page that is not secure is told how to become so${none}`, async () => {
  const page = await open("#/live", {
    before: (page) =>
      page.addInitScript(() => Object.defineProperty(globalThis, "isSecureContext", { value: false })),
  });
  await press(page, "Start listening");
  await page
    .getByRole("alert")
    .getByText(/over HTTPS/)
    .waitFor();
  await page.context().close();
});

withBrowser(`the browser's improvements of the voice are off${none}`, async () => {
  const page = await open("#/live", {
    before: (page) =>
      page.addInitScript(() => {
        const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (constraints) => {
          const stream = await real(constraints);
          Object.assign(globalThis, { settings: stream.getAudioTracks()[0]!.getSettings() });
          return stream;
        };
      }),
  });
  await listening(page);
  expect(await page.evaluate(() => (globalThis as unknown as { settings: object }).settings)).toMatchObject({
    echoCancellation: false,
    noiseSuppression: false,
    autoGainControl: false,
  });
  await page.context().close();
});

withBrowser(`recorded on Analyse, heard first, then analysed${none}`, async () => {
  const page = await open("#/");
  await press(page, "Record");
  await press(page, "Start recording");
  await page.getByRole("button", { name: "Stop" }).waitFor();
  await until(async () => /0:0[1-9]/.test((await page.getByRole("timer").textContent()) ?? ""));
  await press(page, "Stop");
  await page.locator("audio").waitFor();
  await holdToAccess(page, "recorded");
  await press(page, "Discard");
  await press(page, "Start recording");
  await until(async () => /0:0[1-9]/.test((await page.getByRole("timer").textContent()) ?? ""));
  await press(page, "Stop");
  await page.getByRole("button", { name: "Analyse", exact: true }).click();
  await page.waitForURL("**/#/recordings/*");
  await page.getByRole("heading", { level: 1, name: /^Recording 2\d{3}-.*\.wav$/ }).waitFor();
  await page.getByRole("slider", { name: "Position" }).waitFor();
  await page.context().close();
});

withBrowser(
  `listening and ended: axe, every width, both themes${none}`,
  async () => {
    for (const theme of THEMES) {
      for (const width of WIDTHS) {
        const page = await open("#/live", { width, theme });
        await page.getByText("Hears worst").waitFor();
        await holdToAccess(page, `idle at ${width}, ${theme}`);
        await listening(page);
        await holdToAccess(page, `listening at ${width}, ${theme}`);
        await press(page, "Stop");
        await page.getByRole("button", { name: "Keep as a recording" }).waitFor();
        await holdToAccess(page, `ended at ${width}, ${theme}`);
        await page.context().close();
      }
    }
  },
  120_000,
);
