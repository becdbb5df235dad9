// Errors of the command: which ones mean that the call itself is wrong. Knows no command.

/** What `undertone` ends with. */
export const EXIT = {
  /** Every input was answered. */
  answered: 0,
  /** Some were not; each was named, with the reason. */
  someUnanswered: 1,
  /** The call itself is wrong: nothing was done. */
  wrongCall: 2,
} as const;

/** The call is wrong: an option, a model, a folder that is none. The message says what to do. */
export class UsageError extends Error {
  override name = "UsageError";
}

/**
 * What a promise gives; an error of these kinds becomes a `UsageError` with the same words.
 *
 *     const recognizer = await orWrongCall(loadRecognizer(path), ModelError);
 */
export async function orWrongCall<T>(
  work: Promise<T>,
  ...kinds: readonly (abstract new (
    ...args: never[]
  ) => Error)[]
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
    throw new UsageError((error as Error).message, { cause: error });
  }
}
