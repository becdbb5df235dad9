// What is known of clips before they are heard, as one number. Knows no splits and no recipes.
import { createHash } from "node:crypto";
import type { Clip } from "./corpora/index.ts";

/**
 * SHA-256 over what is known of all clips and can change what is learnt from them or measured on them, part by part. Of
 * what a file holds only its size is known: another recording of as many bytes under the same name is taken for the same.
 */
export function fingerprintOf(...parts: readonly (readonly Clip[])[]): string {
  const hash = createHash("sha256");
  for (const part of parts) {
    hash.update(`${part.length}\n`);
    for (const { corpus, file, emotion, speaker, gender = "", bytes = "" } of part) {
      hash.update(`${[corpus, file, emotion, speaker, gender, bytes].join("\0")}\n`);
    }
  }
  return hash.digest("hex");
}
