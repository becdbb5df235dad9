// The door of `store`: recordings and batches on disk, in one process.
export type { Received } from "./audio-folder.ts";
export type { BatchCounts } from "./batches.ts";
export { StoreError, type StoreErrorCode } from "./errors.ts";
export type { Filter, Page, PageQuery } from "./query.ts";
export { type Kept, type KeptAnalysis, type NewRecording, UNCERTAIN } from "./recording.ts";
export { openStore, type Store } from "./store.ts";
