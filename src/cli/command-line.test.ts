// Tests of a call as a shell takes it.
import { execFileSync } from "node:child_process";
import { afterEach, expect, test, vi } from "vitest";
import { commandLine, shellWord } from "./command-line.ts";

afterEach(() => vi.unstubAllEnvs());

test("names what was given, in its order, and nothing that was not", () => {
  vi.stubEnv("UNDERTONE_DEVICE", "cpu");
  expect(
    commandLine(["train", "tess-lstm"], { data: "my data", seed: 0, epochs: undefined, scores: [] }),
  ).toBe("undertone train tess-lstm --data 'my data' --seed 0");
  expect(commandLine(["train", "x"], { scores: ["a.json", "b c"] })).toBe(
    "undertone train x --scores a.json 'b c'",
  );
});

test("names the card that it ran on", () => {
  vi.stubEnv("UNDERTONE_DEVICE", "cuda");
  expect(commandLine(["train", "universal"], {})).toBe("UNDERTONE_DEVICE=cuda undertone train universal");
});

test("a shell gives back each word as it was", () => {
  for (const word of ["data/tess", "my data", "it's $HOME", '"a"; b', "*", "-n\n"]) {
    expect(execFileSync("sh", ["-c", `printf %s ${shellWord(word)}`], { encoding: "utf8" })).toBe(word);
  }
});
