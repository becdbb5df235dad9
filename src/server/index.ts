// The door of `server`: the service, and the ports it hears and trains through.

export { type AnalystOptions, createAnalyst } from "./analyst/pool.ts";
export type { AnalysisJob, Analyst, LiveEstimate, LiveSession } from "./analyst.ts";
export type * from "./contract.ts";
export { createService, isLoopback, LIMITS, type RunningService, type ServiceOptions } from "./service.ts";
export { type Trainer, TrainerError } from "./trainer.ts";
