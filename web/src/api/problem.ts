// What goes wrong between page and service, as one kind of error. Knows RFC 9457, no routes.
import { errors } from "../strings/shell.ts";
import type { Problem } from "./types.ts";

/** `code` is for programs; `message` is a sentence for people. Status 0: the service could not be reached. */
export class ServiceError extends Error {
  override name = "ServiceError";
  readonly status: number;
  readonly code: string;
  /** Seconds that the service asks to wait before the same call is made again. */
  readonly retryAfter: number | undefined;

  constructor(status: number, code: string, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call may do better later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

export function unreachable(): ServiceError {
  return new ServiceError(0, "unreachable", errors.unreachable);
}

/**
 * @param body the text of an answer that is no success
 * @param retryAfter the header `Retry-After`; only its form in seconds is understood
 */
export function problemOf(status: number, body: string, retryAfter?: string | null): ServiceError {
  let problem: Partial<Problem> = {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === "object" && value !== null) problem = value as Partial<Problem>;
  } catch {
    // A proxy's own page, say: the status has to do.
  }
  return new ServiceError(
    status,
    problem.code ?? `http-${status}`,
    problem.detail ?? problem.title ?? errors.status(status),
    retryAfter && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
  );
}

/** A sentence for people from whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
