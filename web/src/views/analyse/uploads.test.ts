// Tests of what an upload shows of its recording.
import { expect, test } from "vitest";
import type { Recording } from "../../api/types.ts";
import { seen } from "./uploads.ts";

const recording = (part: Partial<Recording>) =>
  ({ state: "queued", progress: 0, error: null, ...part }) as Recording;

test("waiting has no share, running has one, an end is an end", () => {
  expect(seen(recording({}))).toMatchObject({ state: "analysing", progress: null });
  expect(seen(recording({ state: "running", progress: 0.4 }))).toMatchObject({
    state: "analysing",
    progress: 0.4,
  });
  expect(seen(recording({ state: "done", progress: 1 }))).toMatchObject({ state: "done", progress: 1 });
  const error = { code: "decoder", message: "It cannot be read." };
  expect(seen(recording({ state: "failed", error }))).toMatchObject({
    state: "failed",
    error: "It cannot be read.",
  });
});
