// Tests of the live view's states, from what happens.
import { describe, expect, test } from "vitest";
import type { LiveMessage, Recording } from "../../api/types.ts";
import { after, type Estimate, type Happening, idle, lasting, STRIP, stretches } from "./state.ts";

const estimate = (time: number, emotion: string | null, speech = true): Estimate => ({
  time,
  level: -20,
  speech,
  emotion,
  confidence: 0.8,
  probabilities: speech ? { sad: 0.8, happy: 0.2 } : null,
});
const told = (message: LiveMessage): Happening => ({ type: "message", message });
const ready = told({ type: "ready", model: "m@1", emotions: ["sad", "happy"], hop: 0.25 });
const hear = (time: number, emotion: string | null) => told({ type: "estimate", ...estimate(time, emotion) });
const play = (...all: Happening[]) => all.reduce(after, idle);
const listening: Happening[] = [{ type: "asked" }, { type: "opened" }, ready];

test("from a press to a recording", () => {
  expect(play({ type: "asked" }).step).toBe("asking");
  expect(play(...listening)).toMatchObject({ step: "listening", emotions: ["sad", "happy"] });
  const heard = play(...listening, hear(1, "sad"), hear(2, "happy"));
  expect(heard).toMatchObject({ seconds: 2, estimate: { emotion: "happy" } });
  expect(heard.recent.map(({ time }) => time)).toEqual([1, 2]);
  const stopped = after(heard, { type: "stopped", unplugged: false });
  expect(stopped.step).toBe("stopped");
  const recording = { id: "7" } as Recording;
  const kept = [{ type: "keeping" }, told({ type: "kept", recording }), { type: "closed" }] as Happening[];
  expect(kept.reduce(after, stopped)).toMatchObject({ step: "kept", kept: recording });
});

test("let go: nothing of it remains", () => {
  const end = play(...listening, hear(1, "sad"), told({ type: "dropped" }), { type: "closed" });
  expect(end).toEqual(idle);
});

test("only the last minute is kept", () => {
  const times = Array.from({ length: 100 }, (_, i) => i + 1);
  const { recent, seconds } = play(...listening, ...times.map((time) => hear(time, "sad")));
  expect(seconds).toBe(100);
  expect(recent).toHaveLength(STRIP);
  expect(recent[0]?.time).toBe(100 - STRIP + 1);
});

test("what comes after the stop is not shown", () => {
  const stopped = play(...listening, hear(1, "sad"), { type: "stopped", unplugged: true });
  expect(after(stopped, hear(2, "happy"))).toBe(stopped);
  expect(stopped.unplugged).toBe(true);
});

test.each<[string, Happening[]]>([
  ["before it was ready", [{ type: "asked" }, { type: "opened" }]],
  ["while listening", listening],
  ["while it was to be kept", [...listening, { type: "stopped", unplugged: false }, { type: "keeping" }]],
])("a line that breaks %s is said", (_, before) => {
  expect(play(...before, { type: "closed" })).toMatchObject({ step: "failed", failure: { kind: "lost" } });
});

test("the service's own reason is not overwritten by the line's end", () => {
  const error = told({ type: "error", code: "no-model", message: "There is no such model." });
  expect(play(...listening, error, { type: "closed" }).failure).toEqual({
    kind: "refused",
    message: "There is no such model.",
  });
});

test("the strip: an estimate holds from the one before it, silence is left out", () => {
  const recent = [
    estimate(1, "sad"),
    estimate(1.25, "sad"),
    estimate(1.5, null, false),
    estimate(1.75, "happy"),
  ];
  expect(stretches(recent).map(({ start, end, emotion }) => [start, end, emotion])).toEqual([
    [1, 1.25, "sad"],
    [1.5, 1.75, "happy"],
  ]);
});

describe("what is read out", () => {
  const run = (emotions: (string | null)[]) => emotions.map((emotion, i) => estimate(i * 0.5, emotion));
  test("an emotion that has held for a second", () =>
    expect(lasting(run(["happy", "sad", "sad", "sad"]))).toBe("sad"));
  test("uncertain that lasts, too", () => expect(lasting(run([null, null, null]))).toBeNull());
  test("nothing that flickers", () => expect(lasting(run(["sad", "happy", "sad"]))).toBeUndefined());
  test("nothing in silence", () => {
    expect(lasting([estimate(0, null, false), estimate(5, null, false)])).toBeUndefined();
    expect(lasting([])).toBeUndefined();
  });
});
