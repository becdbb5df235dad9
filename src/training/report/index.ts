// The door of the reports: data in, text out.
export { cardPage } from "./card-page.ts";
export { duration, percent, plain } from "./numbers.ts";
export type { EpochRecord, RunReport } from "./run.ts";
export { runReport } from "./run-report.ts";
