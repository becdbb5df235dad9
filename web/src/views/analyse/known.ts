// A recording that this page has just been given, so that it is shown without asking again. Knows nothing else.
import type { Recording } from "../../api/types.ts";

let given: Recording | undefined;

export function remember(recording: Recording): void {
  given = recording;
}

/** The one just given, if it is this one. Once: later it may have changed, or be gone. */
export function take(id: string): Recording | undefined {
  if (given?.id !== id) return undefined;
  const taken = given;
  given = undefined;
  return taken;
}
