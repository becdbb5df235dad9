// Recordings that this page has just been given, so that they are shown without asking again. Knows nothing else.
import type { Recording } from "../../api/types.ts";

const KEPT = 20;
const known = new Map<string, Recording>();

export function remember(recording: Recording): void {
  known.delete(recording.id);
  known.set(recording.id, recording);
  if (known.size > KEPT) known.delete(known.keys().next().value!);
}

export function recall(id: string): Recording | undefined {
  return known.get(id);
}
