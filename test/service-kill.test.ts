// The server killed in the middle of its work: nothing that it said it has is lost, and nothing is shown half.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { killBench } from "../src/bench/index.ts";
import { UNDERTONE } from "./support/command.ts";
import { syllables, tinyModel } from "./support/tiny-model.ts";
import { wavBytes } from "./support/wav.ts";

test("three kills: none lost, none half, no stray files, and all heard in the end", {
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "undertone-kill-"));
  try {
    const [model, sample] = [join(folder, "tiny.onnx"), join(folder, "sample.wav")];
    writeFileSync(model, tinyModel());
    writeFileSync(sample, wavBytes(syllables(4, 0.1)));
    const options = { command: [UNDERTONE], model, sample, kills: 3, onProgress: () => {} };
    // To its end: only then has the last server stopped.
    const [row] = await Array.fromAsync(killBench(options));
    expect(row).toMatchObject({ kills: 3, lost: 0, half: 0, stray: 0 });
    expect(row!.acknowledged).toBeGreaterThan(0);
    expect(row!.shown).toBeGreaterThanOrEqual(row!.acknowledged);
    expect(row!.done).toBe(row!.shown);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
