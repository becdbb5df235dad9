// The service's routes as functions. Knows addresses and shapes; turns every failure into a ServiceError.
import { problemOf, type ServiceError, unreachable } from "./problem.ts";
import { needToken } from "./session.ts";
import type {
  Batch,
  Evidence,
  ModelCard,
  ModelSummary,
  Recording,
  RecordingPage,
  RecordingPatch,
  RecordingQuery,
  Run,
  RunRequest,
  Service,
  Training,
} from "./types.ts";

export const API = "/api/v1";

type Options = { method?: string; json?: unknown; signal?: AbortSignal };

/**
 * Calls the service and gives its JSON, or undefined where it answers 204.
 *
 * @param path under /api/v1, such as `/models`
 * @throws ServiceError
 */
export async function call<T>(path: string, { method = "GET", json, signal }: Options = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(API + path, {
      method,
      signal: signal ?? null,
      headers: {
        accept: "application/json",
        ...(json !== undefined && { "content-type": "application/json" }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw unreachable();
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  throw refused(response.status, await response.text(), response.headers.get("retry-after"));
}

/** The error of an answer that is no success; one for want of a token also asks for it. */
export function refused(status: number, body: string, retryAfter?: string | null): ServiceError {
  const error = problemOf(status, body, retryAfter);
  if (error.code === "token-needed") needToken(true);
  return error;
}

/** `{ q: "a b", emotion: undefined }` -> `?q=a+b`, and nothing where nothing is set. */
export function queryOf(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== "") query.set(key, String(value));
  }
  const text = query.toString();
  return text && `?${text}`;
}

const part = encodeURIComponent;

export const api = {
  service: (signal?: AbortSignal) => call<Service>("/service", { signal }),
  logIn: (token: string) => call<void>("/session", { method: "POST", json: { token } }),
  logOut: () => call<void>("/session", { method: "DELETE" }),

  recordings: (query: Partial<RecordingQuery>, signal?: AbortSignal) =>
    call<RecordingPage>(`/recordings${queryOf(query)}`, { signal }),
  recording: (id: string, signal?: AbortSignal) => call<Recording>(`/recordings/${part(id)}`, { signal }),
  patch: (id: string, patch: RecordingPatch) =>
    call<Recording>(`/recordings/${part(id)}`, { method: "PATCH", json: patch }),
  remove: (id: string) => call<void>(`/recordings/${part(id)}`, { method: "DELETE" }),
  analyseAgain: (id: string, model: string) =>
    call<Recording>(`/recordings/${part(id)}/analysis`, { method: "POST", json: { model } }),
  evidence: (id: string, signal?: AbortSignal) =>
    call<Evidence>(`/recordings/${part(id)}/evidence`, { signal }),

  batches: (signal?: AbortSignal) => call<Batch[]>("/batches", { signal }),
  batch: (id: string, signal?: AbortSignal) => call<Batch>(`/batches/${part(id)}`, { signal }),
  createBatch: (name: string) => call<Batch>("/batches", { method: "POST", json: { name } }),
  removeBatch: (id: string) => call<void>(`/batches/${part(id)}`, { method: "DELETE" }),

  models: (signal?: AbortSignal) => call<ModelSummary[]>("/models", { signal }),
  card: (name: string, signal?: AbortSignal) => call<ModelCard>(`/models/${part(name)}/card`, { signal }),

  training: (signal?: AbortSignal) => call<Training>("/training", { signal }),
  runs: (signal?: AbortSignal) => call<Run[]>("/training/runs", { signal }),
  run: (id: string, signal?: AbortSignal) => call<Run>(`/training/runs/${part(id)}`, { signal }),
  startRun: (request: RunRequest) => call<Run>("/training/runs", { method: "POST", json: request }),
  stopRun: (id: string) => call<Run>(`/training/runs/${part(id)}/stop`, { method: "POST" }),
  useRun: (id: string) => call<ModelSummary>(`/training/runs/${part(id)}/use`, { method: "POST" }),
} as const;

/** Addresses that a browser opens by itself: players and downloads. */
export const address = {
  audio: (id: string) => `${API}/recordings/${part(id)}/audio`,
  listen: (id: string) => `${API}/recordings/${part(id)}/listen.wav`,
  json: (id: string) => `${API}/recordings/${part(id)}.json`,
  csv: (query: Partial<RecordingQuery> = {}) => `${API}/recordings.csv${queryOf(query)}`,
  batchCsv: (id: string) => `${API}/batches/${part(id)}/results.csv`,
  model: (name: string) => `${API}/models/${part(name)}.onnx`,
} as const;
