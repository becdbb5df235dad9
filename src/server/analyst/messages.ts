// What an analyst process and its owner say to each other, and errors on the way between them. Knows no process.
import { AudioError, type AudioErrorCode } from "../../audio/index.ts";
import { ModelError, type ModelErrorCode, VoiceError } from "../../recognizer/index.ts";
import type { LiveEstimate } from "../analyst.ts";
import type { Analysis } from "../contract.ts";

/** To the process. Every request has an id, and is answered once. */
export type Request =
  | {
      kind: "analyze";
      id: number;
      path: string;
      model: string;
      voice: unknown;
      evidence: string | null;
      maxSeconds: number;
    }
  | { kind: "abort"; id: number; of: number }
  | { kind: "listen"; id: number; session: number; model: string }
  | { kind: "block"; id: number; session: number; samples: Float32Array; newest: boolean }
  | { kind: "hush"; id: number; session: number };

/** To the owner. */
export type Reply =
  | { id: number; kind: "progress"; share: number }
  | { id: number; kind: "answer"; value: Analysis | Listening | LiveEstimate[] | null }
  | { id: number; kind: "failed"; error: SentError };

/** What a live session begins with. */
export interface Listening {
  hop: number;
  emotions: string[];
}

/** An error as it crosses from one process to another. */
export interface SentError {
  name: string;
  code?: string;
  message: string;
}

/** Why the analyst itself could not answer; the sound and the model may be as they should. */
export type AnalystErrorCode =
  /** Its process ended. */
  | "analyst-died"
  /** It said nothing for too long, and was ended. */
  | "analyst-hung"
  /** Anything else that went wrong in it. */
  | "analysis-failed"
  /** As many live sessions as it takes are open. */
  | "live-full"
  | "analyst-closed";

/** The analyst could not answer. The message says what happened and what to do. */
export class AnalystError extends Error {
  override name = "AnalystError";
  readonly code: AnalystErrorCode;

  constructor(code: AnalystErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function toSent(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message } = error;
  const { code } = error as { code?: unknown };
  return { name, message, ...(typeof code === "string" && { code }) };
}

/** The error that was thrown in the process, of the class that it had there. */
export function fromSent({ name, code, message }: SentError): Error {
  if (name === "AudioError") return new AudioError(code as AudioErrorCode, message);
  if (name === "ModelError") return new ModelError(code as ModelErrorCode, message);
  if (name === "VoiceError") return new VoiceError(message);
  return new AnalystError("analysis-failed", `The analysis failed: ${message}`);
}
