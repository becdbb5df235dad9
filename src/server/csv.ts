// Recordings as a table (RFC 4180). Knows the contract's shapes, no routes.
import type { Recording } from "./contract.ts";

type Cell = string | number | boolean | null | undefined;

/** The columns before and after those of the emotions. */
const BEFORE = [
  "id",
  "name",
  "created",
  "seconds",
  "state",
  "model",
  "emotion",
  "label",
  "confidence",
  "uncertain",
];
const AFTER = ["reason", "quality", "speech", "snr", "clipped", "language", "note", "error", "message"];

/** @param emotions a column each */
export function csvHead(emotions: readonly string[]): string {
  return line([...BEFORE, ...emotions, ...AFTER]);
}

export function csvRow(recording: Recording, emotions: readonly string[]): string {
  const { analysis, error } = recording;
  const { quality } = analysis ?? {};
  return line([
    ...[recording.id, recording.name, recording.created, analysis?.seconds, recording.state, analysis?.model],
    ...[analysis?.emotion, recording.label, analysis?.confidence, analysis?.uncertain],
    ...emotions.map((emotion) => analysis?.probabilities?.[emotion]),
    ...[analysis?.reason, quality?.verdict, quality?.speech, quality?.snr, quality?.clipped],
    ...[recording.language, recording.note, error?.code, error?.message],
  ]);
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV Injection"). */
function cell(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "string") return String(value);
  const safe = /^['\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
