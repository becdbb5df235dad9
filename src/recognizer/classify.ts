// Many clips through one model, a few at a time. Knows lengths, no emotions.
import { LEAST_SECONDS, SAMPLE_RATE } from "./model-file.ts";
import type { ClipAnswer, Model } from "./program.ts";
import { requireFinite } from "./samples.ts";
import type { Voice } from "./voice.ts";

/** Samples in one run: sixteen windows of 3 s, some 3 MB. More gives no more speed, and takes memory. */
const MOST_SAMPLES = 16 * 3 * SAMPLE_RATE;
const LEAST_SAMPLES = LEAST_SECONDS * SAMPLE_RATE;

/**
 * The model's answer for each clip as a whole, in their order. Clips of one length share runs, which changes no
 * answer by more than the rounding of float32.
 *
 * @param clips mono, 16,000 Hz, `[samples]` each
 * @throws RangeError where a clip is shorter than 0.25 s or has a sample that is no number
 */
export async function classifyClips(
  model: Model,
  clips: readonly Float32Array[],
  voice?: Voice,
): Promise<ClipAnswer[]> {
  clips.forEach((clip, i) => {
    if (clip.length < LEAST_SAMPLES) {
      throw new RangeError(
        `classify: clip ${i} has ${clip.length} samples, expected ${LEAST_SAMPLES} or more ` +
          `(${LEAST_SECONDS} s at ${SAMPLE_RATE} Hz); leave it out`,
      );
    }
    requireFinite(clip, 0, `classify: clip ${i}`);
  });
  const answers = new Array<ClipAnswer>(clips.length);
  for (const [length, places] of Map.groupBy(clips.keys(), (i) => clips[i]!.length)) {
    const most = Math.max(1, Math.floor(MOST_SAMPLES / length));
    for (let from = 0; from < places.length; from += most) {
      const part = places.slice(from, from + most);
      const heard = await model.run(
        part.map((i) => clips[i]!),
        voice,
      );
      part.forEach((i, j) => {
        answers[i] = heard[j]!;
      });
    }
  }
  return answers;
}
