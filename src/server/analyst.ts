// The port through which the service hears: what an analyst takes and gives. Types only.
import type { Analysis, LiveMessage } from "./contract.ts";

export interface AnalysisJob {
  /** The sound as it was sent. */
  path: string;
  /** Its media type, as the sender said. */
  type?: string;
  /** The path of an .onnx file. */
  model: string;
  /** The speaker's calibration, `{mean, spread}`, as `parseVoice` of the recogniser gives it. */
  voice?: unknown;
  /** Where the evidence goes as JSON, written beside and renamed; null: none is made. */
  evidence: string | null;
  /** More sound than this is an error ("too-long"). */
  maxSeconds: number;
  signal: AbortSignal;
  /** Hears how much is done, 0..1. */
  onProgress?(share: number): void;
}

/** What is heard at one moment of a live sound. */
export type LiveEstimate = Omit<Extract<LiveMessage, { type: "estimate" }>, "type">;

export interface LiveSession {
  /** Seconds from one estimate to the next. */
  hop: number;
  emotions: string[];
  /**
   * @param block mono, 16 kHz, `[samples]` of any length
   * @param newest of several estimates that become due, one of all the sound
   * @returns the estimates that became due
   */
  push(block: Float32Array, newest?: boolean): Promise<LiveEstimate[]>;
  close(): Promise<void>;
}

export interface Analyst {
  /**
   * @throws AudioError where the sound cannot be had; ModelError where the model cannot be used; the signal's reason
   * where it was given up; any other error is the analyst's own (a worker died, say)
   */
  analyze(job: AnalysisJob): Promise<Analysis>;
  /** @param model the path of an .onnx file */
  live(model: string): Promise<LiveSession>;
  close(): Promise<void>;
}
