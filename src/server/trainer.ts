// The port through which the service trains: what a trainer takes and gives. Types only.
import type { Run, RunRequest, Training } from "./contract.ts";

export interface Trainer {
  training(): Promise<Training>;
  /** Newest first. */
  runs(): Promise<Run[]>;
  run(id: string): Promise<Run | null>;
  start(request: RunRequest): Promise<Run>;
  stop(id: string): Promise<Run>;
  /** The path of the .onnx file that a run made. */
  model(id: string): Promise<string>;
  /** Calls the listener with a run's id whenever it changes. @returns takes the listener away */
  onChange(listener: (id: string) => void): () => void;
}
