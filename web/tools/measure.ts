// `npm run measure:page`: what the page weighs, how long an answer takes, how far live is behind the voice. Knows the built page.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { decodeFile } from "../../src/audio/index.node.ts";
import { answer } from "../src/strings/analyse.ts";
import { browserFor, RATE, SAMPLE, serve, wav } from "./own-service.ts";

const UPLOADS = 20;
const LIVE_SECONDS = 15;

const say = (line: string) => process.stdout.write(`${line}\n`);
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const median = (numbers: readonly number[]) => sorted(numbers)[numbers.length >> 1]!;

/** Bytes of script and style as they came over the line, compressed, until the page rests. */
async function weigh(browser: Browser, address: string, hash: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const wanted = new Set<string>();
  let bytes = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script" || type === "Stylesheet") wanted.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (wanted.has(requestId)) bytes += encodedDataLength;
  });
  await page.goto(new URL(hash, address).href);
  await page.waitForTimeout(1500);
  await context.close();
  return bytes;
}

/** From the choice of a file to its answer on the page, milliseconds, measured inside the page. */
async function answerTimes(browser: Browser, address: string): Promise<number[]> {
  const sample = await decodeFile(SAMPLE, { sampleRate: RATE });
  const three = Float32Array.from({ length: 3 * RATE }, (_, i) => sample[i % sample.length]!);
  const page = await (await browser.newContext()).newPage();
  await page.addInitScript(
    `addEventListener("change", () => {
      const began = performance.now();
      globalThis.answered = new Promise((done) => {
        const look = () =>
          document.querySelector('section[aria-label="${answer.heading}"] h2')
            ? done(performance.now() - began)
            : requestAnimationFrame(look);
        requestAnimationFrame(look);
      });
    }, true);`,
  );
  const times: number[] = [];
  for (let i = 0; i <= UPLOADS; i++) {
    await page.goto(new URL("#/", address).href);
    await page.reload();
    await page.waitForTimeout(400);
    const name = `three seconds ${i}.wav`;
    await page.setInputFiles("input[type=file] >> nth=0", {
      name,
      mimeType: "audio/wav",
      buffer: wav(three),
    });
    times.push(await page.evaluate<number>("globalThis.answered"));
  }
  // The first finds no model loaded.
  return times.slice(1);
}

/** How old the newest sample of each estimate is when the page has it, milliseconds. */
async function liveLags(browser: Browser, address: string): Promise<number[]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(new URL("#/live", address).href);
  await page
    .getByRole("button", { name: /start|listen/i })
    .first()
    .click();
  await page.getByText(/behind the voice/).waitFor();
  const lags: number[] = [];
  for (const end = Date.now() + 1000 * LIVE_SECONDS; Date.now() < end; ) {
    const text = await page.getByText(/behind the voice/).textContent();
    lags.push(Number(/(\d+) ms behind/.exec(text ?? "")![1]));
    await page.waitForTimeout(100);
  }
  await context.close();
  return lags;
}

const data = mkdtempSync(join(tmpdir(), "undertone-measure-"));
const { address, stop } = await serve(data);
const browser = await browserFor();
try {
  say("First load, script and style, compressed:");
  for (const view of ["#/", "#/live", "#/history", "#/batch", "#/models"]) {
    say(`  ${view.padEnd(10)} ${((await weigh(browser, address, view)) / 1000).toFixed(0)} kB`);
  }
  const times = await answerTimes(browser, address);
  say(`From choosing a 3 s file to its answer, warm, ${UPLOADS} times:`);
  say(`  median ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms`);
  const lags = await liveLags(browser, address);
  say(`Live, ${lags.length} looks: the newest sound in an estimate is so old when the page has it:`);
  say(`  median ${median(lags)} ms, most ${Math.max(...lags)} ms`);
  say("  (to which the wait for the next estimate adds 0 to 100 ms, and the block of samples 20 ms)");
} finally {
  await browser.close();
  await stop();
  rmSync(data, { recursive: true, force: true });
}
