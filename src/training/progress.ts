// How far a training run is, for the person who waits: one live line, or a line an epoch. Knows a stream, no run.
import { duration, type EpochRecord, percent, plain } from "./report/index.ts";

/** Standard error, mostly. `columns` is read anew for every line, since a window may be resized. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface TrainingTotals {
  epochs: number;
}

/** After a training step. */
export interface StepProgress {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Steps of this epoch that are done, and all of them. */
  done: number;
  total: number;
  loss: number;
  clipsPerSecond: number;
  /** Until the end of the run. */
  secondsLeft: number;
}

/** At most ten lines a second: more is flicker, and over a slow connection a brake. */
const INTERVAL_MS = 100;
const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;
const CLEAR_TO_END = "\u001b[K";

/** On a terminal one line that is written over and over, never wider than the window; elsewhere a line an epoch. */
export class TrainingProgress {
  readonly #stream: ProgressStream;
  readonly #totals: TrainingTotals;
  #step: StepProgress | null = null;
  #last: EpochRecord | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(stream: ProgressStream, totals: TrainingTotals) {
    this.#stream = stream;
    this.#totals = totals;
  }

  step(step: StepProgress): void {
    this.#step = step;
    if (performance.now() - this.#drawnAt >= INTERVAL_MS) this.#draw();
  }

  epoch(record: EpochRecord): void {
    this.#last = record;
    if (!this.#stream.isTTY) this.#stream.write(`${epochLine(record, this.#totals.epochs)}\n`);
  }

  /** Draws where it ended and leaves the line, so that what is written next begins on its own. */
  done(): void {
    if (!this.#stream.isTTY || !this.#step) return;
    this.#draw();
    this.#stream.write("\n");
    this.#step = null;
  }

  #draw(): void {
    if (!this.#stream.isTTY || !this.#step) return;
    this.#drawnAt = performance.now();
    // The last column stays free: writing it makes some terminals go to the next line.
    const room = (this.#stream.columns ?? 80) - 1;
    this.#stream.write(`\r${liveLine(this.#step, this.#last, room)}${CLEAR_TO_END}`);
  }
}

/** The parts that fit, left out from the least telling on; the bar takes what room is left. */
function liveLine(step: StepProgress, last: EpochRecord | null, room: number): string {
  const epoch = `epoch ${nth(step.epoch, step.epochs)}`;
  const parts = [
    // Always as many digits, or the bar would twitch with every step.
    `loss ${step.loss.toFixed(4)}`,
    ...(last && last.validationAccuracy !== null
      ? [`validation ${percent(last.validationAccuracy, 1)}`]
      : []),
    `${clock(step.secondsLeft)} left`,
    `${Math.round(step.clipsPerSecond)} clips/s`,
  ];
  const width = () => [epoch, ...parts].join("  ").length;
  const barRoom = () => Math.min(WIDEST_BAR, room - width() - 2);
  while (parts.length > 0 && barRoom() < NARROWEST_BAR) parts.pop();
  const bar = barRoom() < NARROWEST_BAR ? [] : [barOf(step.done / step.total, barRoom())];
  return [epoch, ...bar, ...parts].join("  ").slice(0, Math.max(0, room));
}

function barOf(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share || 0)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

function epochLine(record: EpochRecord, epochs: number): string {
  const parts = [
    `epoch ${nth(record.epoch, epochs)}`,
    `loss ${plain(record.trainLoss)}`,
    ...(record.validationAccuracy === null ? [] : [`validation ${percent(record.validationAccuracy)}`]),
    ...(record.validationUar === null ? [] : [`UAR ${percent(record.validationUar)}`]),
    `${Math.round(record.clipsPerSecond)} clips/s`,
    duration(record.seconds),
    ...(record.best ? ["best"] : []),
  ];
  return parts.join("  ");
}

/** Seconds as `3:05` or `1:02:05`: short, and a second from now as wide. */
function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.ceil(Math.max(0, seconds));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const rest = pad(whole % 60);
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${rest}`;
}

/** ` 3/50`: as wide for the first as for the last. */
function nth(epoch: number, epochs: number): string {
  return `${String(epoch).padStart(String(epochs).length)}/${epochs}`;
}
