// Where a recording's utterances are, by its pauses. Knows probabilities of speech, no sound and no network.
import { CHUNK_SECONDS, type SpeechTrack } from "./speech-track.ts";

/**
 * A shorter silence is part of what is said: of 0.3, 0.5 and 0.8 s the last takes fewest sentences of EmoDB apart, and finds
 * as many of RAVDESS's that stand one after the other (`docs/results.md`).
 */
const PAUSE = 0.8;
/** Seconds of silence that belong to an utterance on either side, as they do in the recordings that models learn from. */
const MARGIN = 1;
/** Shorter speech is a breath or a click. */
const LEAST = 0.25;

/**
 * What is said without a pause, with up to a second of silence around it, in seconds, ascending; two never overlap.
 *
 * @param track of the whole recording, nothing of it forgotten
 * @param seconds the recording's length
 */
export function utterancesOf(track: SpeechTrack, seconds: number): { start: number; end: number }[] {
  const spoken: { start: number; end: number }[] = [];
  for (let i = 0; i * CHUNK_SECONDS < seconds; i++) {
    const [start, end] = [i * CHUNK_SECONDS, (i + 1) * CHUNK_SECONDS];
    if (track.share(start, end) <= 0.5) continue;
    const last = spoken.at(-1);
    if (last && start - last.end < PAUSE) last.end = end;
    else spoken.push({ start, end });
  }
  const long = spoken.filter(({ start, end }) => end - start >= LEAST);
  return long.map(({ start, end }, i) => {
    const before = i === 0 ? 0 : (long[i - 1]!.end + start) / 2;
    const after = i === long.length - 1 ? seconds : (end + long[i + 1]!.start) / 2;
    return { start: Math.max(before, start - MARGIN), end: Math.min(after, end + MARGIN) };
  });
}
