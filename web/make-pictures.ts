// `npm run pictures`: what every view looks like, light and dark, small and wide, into docs/pictures. Knows the built page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium, type Page } from "playwright-core";
import { decodeFile, resample } from "../src/audio/index.node.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SAMPLE = join(ROOT, "examples/sample.wav");
const OUT = join(ROOT, "docs/pictures");
const RATE = 16_000;
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

/** A 16-bit WAV file of mono samples. */
function wav(samples: Float32Array): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(44 + 2 * samples.length);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + 2 * samples.length, 4);
  bytes.write("WAVEfmt ", 8);
  for (const [at, value] of [
    [16, 16],
    [24, RATE],
    [28, 2 * RATE],
    [40, 2 * samples.length],
  ] as const) {
    bytes.writeUInt32LE(value, at);
  }
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    bytes.writeUInt16LE(value, at);
  bytes.write("data", 36);
  for (const [i, sample] of samples.entries()) {
    bytes.writeInt16LE(Math.round(32_767 * Math.max(-1, Math.min(1, sample))), 44 + 2 * i);
  }
  return bytes;
}

/** A service of its own on a free port; its address. */
async function serve(data: string) {
  const service = spawn(
    join(ROOT, "undertone"),
    ["serve", "--no-open", "--log", "error", "--port", "0", "--data", data, "--train-data", data],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  for await (const line of createInterface(service.stdout)) {
    const address = /http:\/\/[\d.:]+\//.exec(line)?.[0];
    if (address) return { address, stop: () => service.kill("SIGTERM") && once(service, "exit") };
  }
  throw new Error("the service ended before it listened; what it said stands above");
}

async function upload(address: string, name: string, samples: Float32Array, batch?: string): Promise<string> {
  const form = new FormData();
  if (batch) form.append("batch", batch);
  form.append("file", new Blob([wav(samples)], { type: "audio/wav" }), name);
  const answer = await fetch(new URL("api/v1/recordings", address), { method: "POST", body: form });
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

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
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    ...[
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-sync",
    ],
    ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    `--use-file-for-fake-audio-capture=${SAMPLE}`,
  ],
});
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
