// How sure heads may be: a temperature, fitted to what is as new to a head as people are to a model. Knows heads, no sound.
import { fitTemperature, softmax } from "../calibration.ts";
import { Random } from "../random.ts";
import { logitsOf } from "./heads.ts";
import type { Head } from "./regression.ts";
import type { Embedded } from "./speakers.ts";

/** With fewer, leaving one out leaves hardly any. */
const LEAST_CORPORA = 3;
/** Clips of a corpus that are looked at: so many of each, that all count alike. */
const LOOKED_AT = 300;
/** Share of what is all new to a model that it is too little sure of to answer. */
const UNANSWERED = 0.3;

export interface Confidence {
  /** What logits are divided by. */
  temperature: number;
  /** The confidence below which there shall be no answer. */
  threshold: number;
}

/**
 * What fits answers to corpora that a head has not learnt from, each in turn answered by a head of all others; `null`
 * where there are too few. Of new voices alone, from corpora that the head knows, one becomes far too sure:
 * a person who uses a model brings a microphone, a language and a way to speak that no corpus has.
 *
 * @param fitHead a head of clips; null: there are too few
 * @param view clips as the head takes them
 * @param unheard the corpora to leave out in turn: those that the encoder does not know either, where there are such
 */
export async function confidenceAcross(
  clips: readonly Embedded[],
  unheard: readonly string[],
  fitHead: (clips: readonly Embedded[]) => Promise<Head | null>,
  view: (clips: readonly Embedded[]) => readonly Embedded[] = (same) => same,
): Promise<Confidence | null> {
  if (new Set(clips.map(({ corpus }) => corpus)).size < LEAST_CORPORA || unheard.length === 0) return null;
  const everything: Float32Array[] = [];
  const logits: Float32Array[] = [];
  const targets: number[] = [];
  for (const corpus of unheard) {
    const head = await fitHead(clips.filter((clip) => clip.corpus !== corpus));
    const own = view(clips.filter((clip) => clip.corpus === corpus));
    if (!head) continue;
    // At random: names are in an order, often that of speakers.
    const some = new Random(1, corpus).shuffle(own).slice(0, LOOKED_AT);
    // What a corpus lacks nobody can mean.
    const offered = [...new Set(own.map(({ target }) => target))].sort((a, b) => a - b);
    for (const { embedding, target } of some) {
      const all = logitsOf(head, embedding);
      everything.push(all);
      logits.push(Float32Array.from(offered, (k) => all[k]!));
      targets.push(offered.indexOf(target));
    }
  }
  if (logits.length === 0) return null;
  const temperature = fitTemperature(logits, targets);
  const confidences = everything.map((row) => Math.max(...softmax(row, temperature))).sort((a, b) => a - b);
  return { temperature, threshold: confidences[Math.floor(UNANSWERED * confidences.length)]! };
}

/** The temperature that fits a head's answers to clips whose voices are strangers to it; 1 where there are none. */
export function temperatureOf(head: Head, strangers: readonly Embedded[]): number {
  if (strangers.length === 0) return 1;
  const logits = strangers.map(({ embedding }) => logitsOf(head, embedding));
  return fitTemperature(
    logits,
    strangers.map(({ target }) => target),
  );
}

/** The head with its logits divided by a temperature. */
export function tempered({ weight, bias }: Head, temperature: number): Head {
  const cooled = (data: Float32Array) => data.map((value) => value / temperature);
  return { weight: cooled(weight), bias: cooled(bias) };
}
