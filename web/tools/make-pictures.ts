// `npm run pictures`: what every view looks like, light and dark, small and wide, into docs/pictures. Knows the built page.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { decodeFile, resample } from "../../src/audio/index.node.ts";
import { browserFor, RATE, ROOT, SAMPLE, serve, upload } from "./own-service.ts";

const OUT = join(ROOT, "docs/pictures");
/** Voices that are not the same: the sample played slower and faster, and what is no voice. */
const SPEEDS = {
  "interview.wav": 1,
  "voice note.wav": 0.82,
  "call 17.wav": 0.9,
  "call 18.wav": 1.12,
  "rehearsal.wav": 1.3,
};

interface View {
  name: string;
  /** Given the first recording's id. */
  address(id: string): string;
  /** Until what the picture is of stands there. */
  ready(page: Page): Promise<unknown>;
}

const settled = (page: Page) => page.waitForTimeout(1200);
const VIEWS: View[] = [
  { name: "analyse", address: () => "#/", ready: settled },
  { name: "recording", address: (id) => `#/recordings/${id}`, ready: settled },
  {
    name: "live",
    address: () => "#/live",
    ready: async (page) => {
      await page
        .getByRole("button", { name: /start|listen/i })
        .first()
        .click();
      await page.waitForTimeout(6000);
    },
  },
  { name: "history", address: () => "#/history", ready: settled },
  { name: "batch", address: () => "#/batch", ready: settled },
  { name: "models", address: () => "#/models", ready: settled },
  { name: "train", address: () => "#/train", ready: settled },
];

/** @returns the id of the recording that stands for all */
async function fill(address: string): Promise<string> {
  const sample = await decodeFile(SAMPLE, { sampleRate: RATE });
  const made = await fetch(new URL("api/v1/batches", address), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Calls of the week" }),
  });
  const { id: batch } = (await made.json()) as { id: string };
  await upload(address, "a quiet room.wav", new Float32Array(2 * RATE), batch);
  let first = "";
  for (const [name, speed] of Object.entries(SPEEDS)) {
    const id = await upload(address, name, resample(sample, RATE, Math.round(RATE / speed)), batch);
    first ||= id;
  }
  return first;
}

const data = mkdtempSync(join(tmpdir(), "undertone-pictures-"));
mkdirSync(OUT, { recursive: true });
const { address, stop } = await serve(data);
const browser = await browserFor();
try {
  const id = await fill(address);
  for (const theme of ["light", "dark"] as const) {
    for (const [size, width] of [
      ["small", 360],
      ["wide", 1440],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme });
      for (const view of VIEWS) {
        const page = await context.newPage();
        await page.goto(new URL(view.address(id), address).href);
        await view.ready(page);
        const path = join(OUT, `${view.name}-${theme}-${size}.png`);
        await page.screenshot({ path, fullPage: true });
        process.stdout.write(
          `${path.slice(ROOT.length)} ${((await readFile(path)).length / 1000).toFixed(0)} kB\n`,
        );
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await stop();
  rmSync(data, { recursive: true, force: true });
}
