// A service of one's own and a browser that looks at it, for the programs beside. Knows the command, no views.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { pcm16, wavHeader } from "../../src/audio/index.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const SAMPLE = join(ROOT, "examples/sample.wav");
export const RATE = 16_000;

/** Chromium with a microphone that hears the sample, again and again. */
export function browserFor(): Promise<Browser> {
  return chromium.launch({
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
}

/** A 16-bit WAV file of mono samples. */
export function wav(samples: Float32Array): Buffer<ArrayBuffer> {
  return Buffer.concat([wavHeader(samples.length, RATE), new Uint8Array(pcm16(samples).buffer)]);
}

/** A service of its own on a free port; its address. */
export async function serve(data: string) {
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

export async function upload(
  address: string,
  name: string,
  samples: Float32Array,
  batch?: string,
): Promise<string> {
  const form = new FormData();
  if (batch) form.append("batch", batch);
  form.append("file", new Blob([wav(samples)], { type: "audio/wav" }), name);
  const answer = await fetch(new URL("api/v1/recordings", address), { method: "POST", body: form });
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}
