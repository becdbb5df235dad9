// Label files beside the sound -> what they say of each recording. Reads them line by line; knows no corpus.
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LabelFiles, LabelSays } from "./adapter.ts";

/**
 * What the label files among `files` say, by the recording's stem. Of two lines about one recording the last counts.
 *
 * @param root absolute
 * @param files relative to it, with `/`
 */
export async function labelsFor(
  root: string,
  files: readonly string[],
  { are, reader }: LabelFiles,
): Promise<Map<string, Omit<LabelSays, "stem">>> {
  const labels = new Map<string, Omit<LabelSays, "stem">>();
  for (const file of files.filter(are)) {
    const read = reader();
    // A release of many sessions has labels by the hundred thousand: of each only what is asked for is kept.
    for await (const line of createInterface({
      input: createReadStream(join(root, file)),
      crlfDelay: Infinity,
    })) {
      const said = read(line);
      if (!said) continue;
      const { stem, ...says } = said;
      labels.set(stem, says);
    }
  }
  return labels;
}
