// What can go wrong with a model, as one error type. Knows no files.

/** Why a model cannot be used; stable, for programs to branch on. The message is for people. */
export type ModelErrorCode =
  | "not-found"
  | "unreadable"
  | "not-onnx"
  | "not-a-model"
  | "bad-card"
  | "cannot-run";

/** A model that cannot be used: the message names it, says what it is and lacks, and how to get one. */
export class ModelError extends Error {
  override name = "ModelError";
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
