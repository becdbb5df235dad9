// The heads of an encoder: what its embeddings say of emotions, with and without knowing the speaker. Fitted at once. Knows
// embeddings, no sound.
import { type Head, logisticRegression } from "./regression.ts";
import { type Embedded, LEAST_SPREAD, type Statistics, seenBothWays, usualOfAll } from "./speakers.ts";

/**
 * To be raised where heads, or how sure they are, are fitted otherwise: a run that was finished before is then not taken
 * for today's.
 */
export const HEADS = 12;

/** The head of embeddings in usual spreads from the usual. */
export function fitScaledHead(clips: readonly Embedded[], usual: Statistics, classes: number): Promise<Head> {
  return logisticRegression(
    clips.map((clip) => ({ clip, usual })),
    classes,
  );
}

/** The head for voices of which nothing is known. */
export async function fitPlainHead(clips: readonly Embedded[], classes: number): Promise<Head> {
  const usual = usualOfAll(clips);
  const head = await fitScaledHead(clips, usual, classes);
  // The same head of embeddings as they are.
  const weight = head.weight.map((w, i) => w / (usual.spread[Math.floor(i / classes)]! + LEAST_SPREAD));
  const bias = head.bias.map((b, k) =>
    usual.mean.reduce((sum, mean, d) => sum - mean * weight[d * classes + k]!, b),
  );
  return { weight, bias };
}

/**
 * The head of embeddings relative to their speaker's usual ones, seen both ways; `null` where no speaker has enough clips.
 *
 * @param neutral the class that is ordinary speech; -1: there is none
 * @param everybody what is usual of all, as the model file will know it
 */
export async function fitVoiceHead(
  clips: readonly Embedded[],
  classes: number,
  neutral: number,
  everybody = usualOfAll(clips),
): Promise<Head | null> {
  const known = seenBothWays(clips, everybody, neutral);
  return known.length > 0 ? logisticRegression(known, classes) : null;
}

export function logitsOf({ weight, bias }: Head, embedding: Float32Array): Float32Array {
  const classes = bias.length;
  return bias.map((b, k) => embedding.reduce((sum, value, d) => sum + value * weight[d * classes + k]!, b));
}
