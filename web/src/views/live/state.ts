// What the live view is about to show, from what happens. Pure: knows no microphone and no socket.

import type { LiveMessage, Recording, Segment } from "../../api/types.ts";
import type { MicrophoneProblem } from "../../audio/microphone.ts";

export type Estimate = Omit<Extract<LiveMessage, { type: "estimate" }>, "type">;

export type Failure =
  | { kind: "microphone"; problem: MicrophoneProblem }
  /** The line broke, while listening or before. */
  | { kind: "lost" }
  /** The service said why. */
  | { kind: "refused"; message: string };

/** idle -> asking -> connecting -> listening -> stopped -> keeping | idle; `failed` from anywhere. */
export type Live = {
  step: "idle" | "asking" | "connecting" | "listening" | "stopped" | "keeping" | "kept" | "failed";
  emotions: readonly string[];
  /** The newest. */
  estimate: Estimate | null;
  /** Of the last minute, oldest first. */
  recent: readonly Estimate[];
  /** How long it has listened. */
  seconds: number;
  failure: Failure | null;
  /** The microphone went away while it listened. */
  unplugged: boolean;
  kept: Recording | null;
};

export type Happening =
  | { type: "asked" }
  | { type: "opened" }
  | { type: "message"; message: LiveMessage }
  | { type: "stopped"; unplugged: boolean }
  | { type: "keeping" }
  | { type: "closed" }
  | { type: "failed"; failure: Failure };

/** Seconds that the strip shows. */
export const STRIP = 60;

export const idle: Live = {
  step: "idle",
  emotions: [],
  estimate: null,
  recent: [],
  seconds: 0,
  failure: null,
  unplugged: false,
  kept: null,
};

export function after(live: Live, happening: Happening): Live {
  switch (happening.type) {
    case "asked":
      return { ...idle, step: "asking" };
    case "opened":
      return { ...live, step: "connecting" };
    case "message":
      return told(live, happening.message);
    case "stopped":
      return live.step === "listening" ? { ...live, step: "stopped", unplugged: happening.unplugged } : live;
    case "keeping":
      return { ...live, step: "keeping" };
    case "failed":
      return { ...live, step: "failed", failure: happening.failure };
    case "closed":
      // After `kept` or `dropped` the line is meant to end; before, it broke.
      return live.step === "kept" || live.step === "idle" || live.step === "failed"
        ? live
        : { ...live, step: "failed", failure: { kind: "lost" } };
  }
}

function told(live: Live, message: LiveMessage): Live {
  switch (message.type) {
    case "ready":
      return { ...live, step: "listening", emotions: message.emotions };
    case "estimate": {
      if (live.step !== "listening") return live;
      const { type: _, ...estimate } = message;
      const from = estimate.time - STRIP;
      const recent = [...live.recent.filter(({ time }) => time > from), estimate];
      return { ...live, estimate, recent, seconds: estimate.time };
    }
    case "kept":
      return { ...live, step: "kept", kept: message.recording };
    case "dropped":
      return idle;
    case "error":
      return { ...live, step: "failed", failure: { kind: "refused", message: message.message } };
  }
}

/** The strip as stretches: an estimate holds from the one before it. Silence is left out. */
export function stretches(recent: readonly Estimate[]): Segment[] {
  const found: Segment[] = [];
  for (const [i, { time, emotion, confidence, speech, probabilities }] of recent.entries()) {
    const start = recent[i - 1]?.time;
    if (start === undefined || !speech) continue;
    found.push({ start, end: time, emotion, confidence, probabilities: probabilities ?? {} });
  }
  return found;
}

/** Seconds that an emotion must last before it is read out: what flickers would never let a listener listen. */
const SPOKEN_AFTER = 1;

/** The emotion that has held for a while now; undefined where none has. */
export function lasting(recent: readonly Estimate[]): string | null | undefined {
  const newest = recent.at(-1);
  if (!newest?.speech) return undefined;
  for (let i = recent.length - 1; i >= 0; i--) {
    const { time, emotion, speech } = recent[i]!;
    if (!speech || emotion !== newest.emotion) return undefined;
    if (newest.time - time >= SPOKEN_AFTER) return newest.emotion;
  }
  return undefined;
}
