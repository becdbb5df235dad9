// What a data folder holds of each corpus, and what it lacks. Pure.
import { EMOTIONS, type Emotion, meaningOf } from "../../speech/index.ts";
import {
  byCodeUnit,
  type Clip,
  type CorpusSummary,
  type Problem,
  sentenceOf,
  speakerIsKnown,
} from "./clip.ts";
import { infoOf } from "./registry.ts";
import type { Unit } from "./units.ts";

/**
 * One summary per corpus, sorted by name.
 *
 * @param refused why entries of the units are no clips: those left out or repeated are there all the same
 */
export function summarise(
  units: readonly Unit[],
  clips: readonly Clip[],
  refused: readonly Problem[],
): CorpusSummary[] {
  const stays = (kind: Problem["kind"]) => kind === "left-out" || kind === "duplicate";
  const gone = new Set(refused.filter(({ kind }) => !stays(kind)).map(({ file }) => file));
  const byName = Map.groupBy(units, ({ name }) => name);
  return [...byName]
    .map(([name, parts]) => {
      const there = parts.flatMap((unit) => unit.entries).filter(({ file }) => !gone.has(file)).length;
      const folder = parts.length > 1 ? "." : parts[0]!.folder || ".";
      return summary(
        name,
        folder,
        parts[0]!.from,
        clips.filter((clip) => clip.corpus === name),
        there,
      );
    })
    .sort((a, b) => byCodeUnit(a.name, b.name));
}

function summary(
  name: string,
  folder: string,
  from: CorpusSummary["from"],
  clips: readonly Clip[],
  there: number,
): CorpusSummary {
  const emotions: Partial<Record<Emotion, number>> = {};
  for (const emotion of EMOTIONS) {
    const count = clips.filter((clip) => clip.emotion === emotion).length;
    if (count > 0) emotions[emotion] = count;
  }
  const draft = {
    name,
    folder,
    from,
    info: infoOf(name),
    clips: clips.length,
    speakers: distinct(clips.map((clip) => clip.speaker.slice(name.length + 1))),
    emotions,
    sentences: distinct(clips.map(sentenceOf).filter((s) => s !== null)).length,
    languages: distinct(clips.map((clip) => clip.lang).filter((l) => l !== undefined)),
    seconds: clips.reduce((total, clip) => total + (clip.seconds ?? 0), 0),
  };
  return { ...draft, lacks: lacks(draft, there), warnings: warnings(draft, clips) };
}

type Draft = Omit<CorpusSummary, "lacks" | "warnings">;

function lacks({ info, speakers, emotions }: Draft, there: number): string[] {
  const list: string[] = [];
  if (info?.clips && there < info.clips) list.push(`${info.clips - there} of its ${info.clips} clips`);
  if (info && speakers.length < info.speakers) {
    list.push(`${info.speakers - speakers.length} of its ${info.speakers} speakers`);
  }
  const wanted = info ? EMOTIONS.filter((e) => info.labels.some((label) => means(label) === e)) : EMOTIONS;
  const absent = wanted.filter((emotion) => !emotions[emotion]);
  if (absent.length > 0) list.push(`clips of ${absent.join(", ")}`);
  return list;
}

function means(label: string): Emotion | null {
  const meaning = meaningOf(label);
  return meaning.kind === "emotion" ? meaning.emotion : null;
}

function warnings({ speakers, emotions }: Draft, clips: readonly Clip[]): string[] {
  const list: string[] = [];
  const unknown = clips.filter((clip) => !speakerIsKnown(clip)).length;
  if (unknown > 0) {
    list.push(
      `who speaks is not known in ${unknown} of ${clips.length} clips: no score on them is one on unseen voices; ` +
        "name the speakers in a manifest.csv",
    );
  } else if (speakers.length === 1) {
    list.push("there is one speaker: no score on it alone is one on unseen voices");
  }
  const present = Object.keys(emotions);
  if (present.length === 1) list.push(`there is one emotion, ${present[0]}: training needs two or more`);
  return list;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort(byCodeUnit);
}
