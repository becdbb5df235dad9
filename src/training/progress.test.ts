import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type StepProgress, TrainingProgress } from "./progress.ts";
import type { EpochRecord } from "./report/index.ts";

class Terminal {
  isTTY: boolean;
  columns?: number;
  writes: string[] = [];

  constructor(isTTY: boolean, columns?: number) {
    this.isTTY = isTTY;
    if (columns !== undefined) this.columns = columns;
  }

  write(text: string): void {
    this.writes.push(text);
  }

  /** The live line as it stands. */
  get line(): string {
    return this.writes.at(-1)!.replace(/^\r/, "").replace("\u001b[K", "");
  }
}

const STEP: StepProgress = {
  epoch: 3,
  epochs: 50,
  done: 728,
  total: 1456,
  loss: 0.43219,
  clipsPerSecond: 612.4,
  secondsLeft: 185,
};

const RECORD: EpochRecord = {
  epoch: 3,
  trainLoss: 0.43219,
  trainAccuracy: 0.9,
  validationLoss: 0.5,
  validationAccuracy: 0.9741,
  validationUar: 0.9702,
  learningRate: 0.001,
  seconds: 4.26,
  clipsPerSecond: 612.4,
  best: true,
  gradientNorm: 1,
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

test("a terminal has one line: epoch, bar, loss, time left, speed", () => {
  const terminal = new Terminal(true, 80);
  new TrainingProgress(terminal, { epochs: 50 }).step(STEP);
  expect(terminal.writes).toHaveLength(1);
  expect(terminal.writes[0]).toBe(`\r${terminal.line}\u001b[K`);
  expect(terminal.line).toMatch(/^epoch {2}3\/50 {2}(█+)(░+) {2}loss 0\.4322 {2}3:05 left {2}612 clips\/s$/);
  const [, full, empty] = /(█+)(░+)/.exec(terminal.line)!;
  expect(Math.abs(full!.length - empty!.length)).toBeLessThanOrEqual(1);
});

test("after an epoch the line has its validation accuracy", () => {
  const terminal = new Terminal(true, 120);
  const progress = new TrainingProgress(terminal, { epochs: 50 });
  progress.epoch(RECORD);
  expect(terminal.writes).toEqual([]);
  progress.step({ ...STEP, epoch: 4 });
  expect(terminal.line).toContain("epoch  4/50");
  expect(terminal.line).toContain("validation 97.4 %");
});

test("an epoch without labels has no accuracy to tell", () => {
  const unlabelled = {
    ...RECORD,
    trainAccuracy: null,
    validationLoss: null,
    validationAccuracy: null,
    validationUar: null,
  };
  const [terminal, file] = [new Terminal(true, 120), new Terminal(false)];
  for (const stream of [terminal, file]) {
    const progress = new TrainingProgress(stream, { epochs: 50 });
    progress.epoch(unlabelled);
    progress.step(STEP);
  }
  expect(terminal.line).toMatch(/loss 0\.4322 {2}3:05 left/);
  expect(file.writes).toEqual(["epoch  3/50  loss 0.4322  612 clips/s  4.3 s  best\n"]);
});

test("80 columns hold everything, and the bar", () => {
  const terminal = new Terminal(true, 80);
  const progress = new TrainingProgress(terminal, { epochs: 50 });
  progress.epoch(RECORD);
  progress.step(STEP);
  expect(terminal.line).toMatch(
    /^epoch {2}3\/50 {2}[█░]{10,} {2}loss 0\.4322 {2}validation 97\.4 % {2}3:05 left {2}612 clips\/s$/,
  );
});

test.each([
  [0, "0:00 left"],
  [59.2, "1:00 left"],
  [3725, "1:02:05 left"],
])("%s s are %s", (secondsLeft, shown) => {
  const terminal = new Terminal(true, 80);
  new TrainingProgress(terminal, { epochs: 50 }).step({ ...STEP, secondsLeft });
  expect(terminal.line).toContain(`  ${shown}  `);
});

test("the line is never as wide as the terminal, whose width may change; the epoch goes last", () => {
  const terminal = new Terminal(true);
  const progress = new TrainingProgress(terminal, { epochs: 50 });
  progress.epoch(RECORD);
  for (let columns = 200; columns >= 0; columns--) {
    terminal.columns = columns;
    vi.advanceTimersByTime(100);
    progress.step(STEP);
    expect(terminal.line.length).toBeLessThanOrEqual(Math.max(0, columns - 1));
    if (columns > 12) expect(terminal.line).toContain("epoch  3/50");
  }
  expect(terminal.writes).toHaveLength(201);
});

test("a terminal that does not tell its width is taken to have 80 columns", () => {
  const terminal = new Terminal(true);
  new TrainingProgress(terminal, { epochs: 50 }).step(STEP);
  expect(terminal.line).toHaveLength(79);
});

test("at most ten times a second, however fast the steps are", () => {
  const terminal = new Terminal(true, 80);
  const progress = new TrainingProgress(terminal, { epochs: 50 });
  for (let i = 0; i < 1000; i++) {
    progress.step({ ...STEP, done: i });
    vi.advanceTimersByTime(1);
  }
  expect(terminal.writes).toHaveLength(10);
});

test("the end draws the last step and leaves the line, once", () => {
  const terminal = new Terminal(true, 80);
  const progress = new TrainingProgress(terminal, { epochs: 50 });
  progress.step(STEP);
  progress.step({ ...STEP, epoch: 50, done: 1456, secondsLeft: 0 });
  expect(terminal.writes).toHaveLength(1);
  progress.done();
  progress.done();
  expect(terminal.writes).toHaveLength(3);
  expect(terminal.writes[1]).toContain("epoch 50/50  █");
  expect(terminal.writes[1]).not.toContain("░");
  expect(terminal.writes[2]).toBe("\n");
});

test("what is no terminal gets one plain line an epoch", () => {
  const file = new Terminal(false);
  const progress = new TrainingProgress(file, { epochs: 50 });
  progress.step(STEP);
  progress.epoch(RECORD);
  progress.epoch({ ...RECORD, epoch: 4, best: false, trainLoss: Number.NaN });
  progress.done();
  expect(file.writes).toEqual([
    "epoch  3/50  loss 0.4322  validation 97.41 %  UAR 97.02 %  612 clips/s  4.3 s  best\n",
    "epoch  4/50  loss NaN  validation 97.41 %  UAR 97.02 %  612 clips/s  4.3 s\n",
  ]);
});

test("an epoch of no clips and a time left that is not known are still a line", () => {
  const terminal = new Terminal(true, 80);
  const progress = new TrainingProgress(terminal, { epochs: 50 });
  progress.step({ ...STEP, done: 0, total: 0, secondsLeft: Number.POSITIVE_INFINITY });
  expect(terminal.line).toContain("░░░");
  expect(terminal.line).toContain("? left");
});
