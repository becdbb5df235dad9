// A sound file through a recogniser. Knows paths; formats are the audio room's.
import { type OpenOptions, openAudio } from "../audio/index.node.ts";
import type { Analysis } from "./analysis.ts";
import type { AnalyzeOptions } from "./analyze.ts";
import { SAMPLE_RATE } from "./model-file.ts";
import type { Recognizer } from "./recognizer.ts";

/** An analysis with the path it is of, as it was given. */
export interface FileAnalysis extends Analysis {
  file: string;
}

export type AnalyzeFileOptions = AnalyzeOptions & Pick<OpenOptions, "maxSeconds" | "timeoutMs" | "decoder">;

/**
 * Analyse a sound file of any usual format, as it is decoded: never held whole.
 * @throws AudioError where it cannot be decoded; or the signal's reason
 */
export async function analyzeFile(
  recognizer: Recognizer,
  path: string,
  options: AnalyzeFileOptions = {},
): Promise<FileAnalysis> {
  const { maxSeconds, timeoutMs, decoder, ...rest } = options;
  const { signal } = options;
  const sound = await openAudio(path, { sampleRate: SAMPLE_RATE, maxSeconds, timeoutMs, decoder, signal });
  try {
    return { file: path, ...(await recognizer.analyze(sound, rest)) };
  } finally {
    await sound.close();
  }
}
