// What can be wrong with the records, as one error type. Knows no disk.

/** Why records cannot be had or kept; stable, for programs to branch on. The message is for people. */
export type StoreErrorCode = "locked" | "unwritable" | "newer" | "record-missing" | "damaged" | "no-batch";

/** Records that cannot be had or kept: the message says of what, and says what to do. */
export class StoreError extends Error {
  override name = "StoreError";
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
