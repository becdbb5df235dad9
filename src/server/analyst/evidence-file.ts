// Evidence as the contract's JSON in a file of its own. Knows the contract's shape, not how evidence is made.
import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Evidence } from "../../recognizer/index.ts";
import type { Evidence as EvidenceJson } from "../contract.ts";

/** Pictures as base64. */
export function evidenceJson({ spectrogram, mfcc, peaks, attention, ...rest }: Evidence): EvidenceJson {
  return {
    ...rest,
    peaks: base64(peaks),
    spectrogram: { ...spectrogram, data: base64(spectrogram.data) },
    mfcc: { ...mfcc, data: base64(mfcc.data) },
    attention: base64(attention),
  };
}

/**
 * Written beside and renamed: a reader never sees half of it. In one go, since an analyst process has nothing else to do
 * and each step that is waited for costs as much again.
 */
export function writeEvidence(path: string, evidence: Evidence): void {
  const partial = `${path}.part`;
  try {
    writeFileSync(partial, JSON.stringify(evidenceJson(evidence)));
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array | Int8Array): string {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength).toString("base64");
}
