// Which files hold the same recording, from their bytes. Knows files, not labels.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { mapLimited } from "./pool.ts";

const READ_WHOLE_BELOW = 64 * 2 ** 20;

/**
 * The hash of a file's content: SHA-256, hexadecimal.
 *
 * Ogg pages carry a serial number that an encoder draws at random, and a checksum over it: the same recording encoded
 * twice differs in nothing else. Both are left out of the hash.
 */
export async function contentHash(path: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  if (size < READ_WHOLE_BELOW) return hash.update(withoutOggSerials(await readFile(path))).digest("hex");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

/** RFC 3533, section 6: a page is "OggS", 10 bytes, serial (4), sequence (4), checksum (4), segment table. */
function withoutOggSerials(bytes: Buffer): Buffer {
  for (let page = 0; bytes.subarray(page, page + 4).toString("latin1") === "OggS"; ) {
    bytes.fill(0, page + 14, page + 18);
    bytes.fill(0, page + 22, page + 26);
    const segments = bytes[page + 26] ?? 0;
    const table = bytes.subarray(page + 27, page + 27 + segments);
    page += 27 + segments + table.reduce((total, length) => total + length, 0);
  }
  return bytes;
}

/**
 * Find files with the same content. Only files of the same size are read.
 *
 * @param files in the order in which the first of equals counts
 * @returns later file's path -> the first one's
 */
export async function sameContent(
  files: readonly { path: string; size: number }[],
): Promise<Map<string, string>> {
  const sizes = Map.groupBy(files, ({ size }) => size);
  const suspects = files.filter(({ size }) => sizes.get(size)!.length > 1);
  // A file that has gone since it was listed is equal to none; whoever opens it next says so.
  const hashes = await mapLimited(suspects, 8, ({ path, size }) => contentHash(path, size).catch(() => null));
  return repeats(suspects.map(({ path }, i) => [path, hashes[i]!]));
}

/** Later name -> first name with the same key; `null` keys are equal to none. */
export function repeats(
  keyed: readonly (readonly [name: string, key: string | null])[],
): Map<string, string> {
  const firsts = new Map<string, string>();
  const later = new Map<string, string>();
  for (const [name, key] of keyed) {
    if (key === null) continue;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, name);
    else later.set(name, first);
  }
  return later;
}
