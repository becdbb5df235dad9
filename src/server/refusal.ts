// What the service refuses, and how errors of every room become problem details (RFC 9457). Knows codes, no routes.
import { AudioError, type AudioErrorCode } from "../audio/index.ts";
import { ModelError, VoiceError } from "../recognizer/index.node.ts";
import { StoreError } from "../store/index.ts";
import type { Problem } from "./contract.ts";
import { TrainerError } from "./trainer.ts";

/** A request that is not done, with its status and why; the message says what to do. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** @param what such as `recording` */
export function notFound(what: string, id: string): Refusal {
  return new Refusal(
    404,
    `no-${what}`,
    `There is no ${what} ${JSON.stringify(id)}. It may have been deleted.`,
  );
}

const TITLES: Record<number, string> = {
  400: "The request is wrong",
  401: "A token is needed",
  403: "Not allowed",
  404: "Not found",
  406: "Not acceptable",
  408: "Too slow",
  409: "Not now",
  413: "Too large",
  414: "Too long an address",
  415: "Wrong kind of content",
  416: "No such range",
  422: "Cannot be heard",
  429: "Too many requests",
  431: "Too many headers",
  500: "The service failed",
  503: "Not ready",
  507: "The disk is full",
};

const AUDIO: Record<AudioErrorCode, number> = {
  "unreadable-audio": 422,
  "empty-audio": 422,
  "too-long": 413,
  "not-found": 500,
  "decoder-missing": 422,
  "decoder-failed": 422,
};

export function problem(status: number, code: string, detail: string): Problem {
  return { type: "about:blank", title: TITLES[status] ?? "Refused", status, detail, code };
}

/** Whatever was thrown, as a problem. What is nobody's fault but the service's says nothing of its inside. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return problem(error.status, error.code, error.message);
  if (error instanceof AudioError) return problem(AUDIO[error.code], error.code, error.message);
  if (error instanceof VoiceError) return problem(400, "bad-voice", error.message);
  if (error instanceof TrainerError) return problem(error.status, error.code, error.message);
  if (error instanceof ModelError) return problem(500, error.code, error.message);
  if (error instanceof StoreError && error.code === "no-batch")
    return problem(404, error.code, error.message);
  if (isDiskFull(error)) {
    return problem(
      507,
      "disk-full",
      "The disk with the data folder is full. Delete recordings, or make room.",
    );
  }
  const { statusCode, code, message, validation } = error as Partial<FrameworkError>;
  if (statusCode === undefined || statusCode >= 500) {
    return problem(500, "failed", "The service could not do this. Its log says more.");
  }
  if (validation) return problem(400, "bad-request", saidOf(validation));
  const said = WORDS[code ?? ""] ?? message ?? "The request is wrong.";
  return problem(statusCode, CODES[code ?? ""] ?? "bad-request", said);
}

/** What the framework and its plugins throw. */
interface FrameworkError {
  statusCode: number;
  code: string;
  message: string;
  validation: { instancePath: string; message?: string }[];
}

const CODES: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "wrong-content-type",
  FST_ERR_CTP_BODY_TOO_LARGE: "too-large",
  FST_REQ_FILE_TOO_LARGE: "too-large",
  FST_PARTS_LIMIT: "too-large",
  FST_FILES_LIMIT: "too-many-files",
  FST_FIELDS_LIMIT: "too-large",
};

/** Where the framework's own words would not tell what to do. */
const WORDS: Record<string, string> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE:
    "Sounds are sent as multipart/form-data, in the field `file`; all else as application/json.",
  FST_FILES_LIMIT:
    "One file in a request. Send more one by one; POST /api/v1/batches makes a batch to put them in, by the field `batch`.",
};

function saidOf(validation: FrameworkError["validation"]): string {
  return validation
    .map(
      ({ instancePath, message }) =>
        `${instancePath.slice(1).replaceAll("/", ".") || "the body"}: ${message}`,
    )
    .join("; ");
}

function isDiskFull(error: unknown): boolean {
  const { code, errcode } = error as { code?: string; errcode?: number };
  // SQLITE_FULL, https://sqlite.org/rescode.html#full
  return code === "ENOSPC" || code === "EDQUOT" || errcode === 13;
}
