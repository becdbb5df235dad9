// The port through which the service trains: what a trainer takes, gives and refuses. Trains nothing.
import type { Run, RunRequest, Training } from "./contract.ts";

export interface Trainer {
  training(): Promise<Training>;
  /** Newest first. */
  runs(): Promise<Run[]>;
  run(id: string): Promise<Run | null>;
  /** @throws TrainerError where there is no such recipe, or another run is under way */
  start(request: RunRequest): Promise<Run>;
  stop(id: string): Promise<Run>;
  /** The path of the .onnx file that a run made. @throws TrainerError where it made none (yet) */
  model(id: string): Promise<string>;
  /** Calls the listener with a run's id whenever it changes. @returns takes the listener away */
  onChange(listener: (id: string) => void): () => void;
}

/** What a trainer refuses: the request is wrong (400), there is no such thing (404), or not now (409). */
export class TrainerError extends Error {
  override name = "TrainerError";
  readonly status: 400 | 404 | 409;
  readonly code: string;

  constructor(status: 400 | 404 | 409, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}
