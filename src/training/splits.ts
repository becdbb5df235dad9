// Which clips train, which choose the checkpoint and which are measured. Knows clips, not sound.
import { type Clip, CorpusError, sentenceOf, speakerIsKnown } from "./corpora/index.ts";
import { Random } from "./random.ts";

/** Three parts without a clip in common. The checkpoint is chosen on `validation`, never on `test`. */
export interface Split {
  train: Clip[];
  validation: Clip[];
  test: Clip[];
  /** Such as `unseen speaker`. */
  protocol: string;
  /** What the test part holds, such as `tess/YAF`. */
  heldOut: string;
  /** What the validation part was taken out by: clips of other speakers, of other sentences, or just other clips. */
  validationBy: "speaker" | "sentence" | "clip";
}

export interface SplitOptions {
  seed: number;
  /** Share of the clips that are measured; 0 where the test part lies elsewhere. Default 0.2. */
  test?: number;
  /** Share of the clips that are not measured and choose the checkpoint. Default 0.1. */
  validation?: number;
}

export type GroupKey = "speaker" | "corpus";

/**
 * Clips at random, the same share of every speaker's every emotion. Voices, words and sessions stand on both sides:
 * it says how well a model knows the people it was trained on.
 */
export function randomSplit(
  clips: readonly Clip[],
  { seed, test = 0.2, validation = 0.1 }: SplitOptions,
): Split {
  const random = new Random(seed, "split");
  const [measured, rest] = takeClips(clips, test, random);
  const [chosen, train] = takeClips(rest, validation, random);
  return checked({
    train,
    validation: chosen,
    test: measured,
    protocol: "random split",
    heldOut: `${measured.length} clips at random`,
    validationBy: "clip",
  });
}

/**
 * Nothing is measured, and strangers choose the checkpoint: of each corpus that has enough voices some that are not
 * trained on. What is fitted on them (how sure an answer is, what is unlike all) then holds for voices never heard.
 *
 * @param known of a corpus the voices that always choose, as the corpus calls them
 * @throws CorpusError where no corpus has a voice to spare
 */
export function strangersChoose(
  clips: readonly Clip[],
  known: Readonly<Record<string, readonly string[]>>,
  { seed, validation: share = 0.1 }: Omit<SplitOptions, "test">,
): Split {
  const chosen = new Set<Clip>();
  for (const [corpus, own] of Map.groupBy(clips, (clip) => clip.corpus)) {
    const named = known[corpus]?.map((voice) => `${corpus}/${voice}`);
    const speakers = new Set(own.filter(speakerIsKnown).map(({ speaker }) => speaker));
    if (named) for (const clip of own) if (named.includes(clip.speaker)) chosen.add(clip);
    if (named || speakers.size < SPEAKERS_TO_SPARE || !own.every(speakerIsKnown)) continue;
    const random = new Random(seed, `validation of ${corpus}`);
    for (const clip of takeGroups(own, ({ speaker }) => speaker, share, random)[0]) chosen.add(clip);
  }
  if (chosen.size === 0) {
    throw new CorpusError(
      `strangers choose: no corpus has ${SPEAKERS_TO_SPARE} known voices or more, of which one could be spared; ` +
        "name the speakers in a manifest.csv, or take a recipe that is content with clips at random, such as tess-lstm",
    );
  }
  return checked({
    train: clips.filter((clip) => !chosen.has(clip)),
    validation: clips.filter((clip) => chosen.has(clip)),
    test: [],
    protocol: "trained on all voices but those that choose",
    heldOut: "nothing",
    validationBy: "speaker",
  });
}

/**
 * Sentences (TESS: words) that are in the test part are in no other, nor are those of the validation part.
 *
 * @throws CorpusError where what is said is not known, or there are fewer than three sentences
 */
export function unseenWords(
  clips: readonly Clip[],
  { seed, test = 0.2, validation = 0.1 }: SplitOptions,
): Split {
  const silent = clips.find((clip) => sentenceOf(clip) === null);
  if (silent) {
    throw new CorpusError(
      `unseen words: what is said in ${silent.file} is not known, expected a corpus that says it, such as TESS, ` +
        "or a column `sentence` in manifest.csv",
    );
  }
  const random = new Random(seed, "split");
  const [measured, rest] = takeSentences(clips, test, random);
  const [chosen, train] = takeSentences(rest, validation, random);
  const words = new Set(measured.map(sentenceOf)).size;
  return checked({
    train,
    validation: chosen,
    test: measured,
    protocol: "unseen words",
    heldOut: `${words} sentences`,
    validationBy: "sentence",
  });
}

/**
 * All of one speaker is measured; the others train and choose the checkpoint.
 *
 * @param speaker as in the clips, such as `tess/YAF`
 * @throws CorpusError where there is no such speaker or no other
 */
export function unseenSpeaker(
  clips: readonly Clip[],
  speaker: string,
  options: Omit<SplitOptions, "test">,
): Split {
  const groups = groupsOf(clips, "speaker");
  if (!groups.has(speaker)) {
    throw new CorpusError(
      `unseen speaker: there is no ${speaker}, expected one of ${[...groups.keys()].slice(0, 20).join(", ")}`,
    );
  }
  return holdOut(clips, [speaker], "speaker", options);
}

/** Every speaker, or every corpus, measured once by a model that was trained without it. For TESS: both ways. */
export function leaveOneOut(
  clips: readonly Clip[],
  key: GroupKey,
  options: Omit<SplitOptions, "test">,
): Split[] {
  return [...groupsOf(clips, key).keys()].map((group) => holdOut(clips, [group], key, options));
}

/**
 * As `leaveOneOut`, with several speakers or corpora in each of `folds` test parts, so that the parts are about
 * as large as one another.
 *
 * @throws CorpusError where there are fewer groups than folds, or fewer than two folds
 */
export function byGroup(
  clips: readonly Clip[],
  key: GroupKey,
  folds: number,
  options: Omit<SplitOptions, "test">,
): Split[] {
  const groups = groupsOf(clips, key);
  if (!Number.isInteger(folds) || folds < 2 || folds > groups.size) {
    throw new CorpusError(
      `by ${key}: ${folds} folds of ${groups.size} ${key}s, expected 2 to ${groups.size} folds`,
    );
  }
  const parts = Array.from({ length: folds }, () => ({ names: [] as string[], clips: 0 }));
  // The largest first, each into the smallest part; a shuffle before decides between equals.
  const order = new Random(options.seed, "folds")
    .shuffle([...groups])
    .sort((a, b) => b[1].length - a[1].length);
  for (const [name, members] of order) {
    const part = parts.reduce((least, p) => (p.clips < least.clips ? p : least));
    part.names.push(name);
    part.clips += members.length;
  }
  return parts.map(({ names }) => holdOut(clips, names.sort(), key, options));
}

/** @throws CorpusError where there are fewer than two groups, or it is not known who speaks */
function groupsOf(clips: readonly Clip[], key: GroupKey): Map<string, Clip[]> {
  const stranger = key === "speaker" && clips.find((clip) => !speakerIsKnown(clip));
  if (stranger) {
    throw new CorpusError(
      `by speaker: who speaks in ${stranger.file} is not known, expected every clip's speaker; ` +
        "name them in a manifest.csv",
    );
  }
  const groups = Map.groupBy(clips, (clip) => clip[key]);
  if (groups.size < 2) {
    const only = [...groups.keys()].join("") || "no clip";
    throw new CorpusError(
      `by ${key}: there is ${only} alone, expected two ${key === "corpus" ? "corpora" : "speakers"} or more`,
    );
  }
  return groups;
}

function holdOut(
  clips: readonly Clip[],
  names: readonly string[],
  key: GroupKey,
  { seed, validation = 0.1 }: Omit<SplitOptions, "test">,
): Split {
  const test = clips.filter((clip) => names.includes(clip[key]));
  const rest = clips.filter((clip) => !names.includes(clip[key]));
  const heldOut = names.join(", ");
  const random = new Random(seed, `validation without ${heldOut}`);
  const protocol = `unseen ${key}`;
  return checked({ test, protocol, heldOut, ...takeValidation(rest, validation, random) });
}

/** Fewer voices than this, and giving one to validation costs training more than it tells. */
const SPEAKERS_TO_SPARE = 4;

/**
 * The validation part should be as strange to the model as the test part is: other speakers where there are enough,
 * other sentences where those are known (the one voice of TESS that is left), and only else other clips.
 */
function takeValidation(
  rest: readonly Clip[],
  share: number,
  random: Random,
): Pick<Split, "train" | "validation" | "validationBy"> {
  const speakers = new Set(rest.filter(speakerIsKnown).map((clip) => clip.speaker));
  if (rest.every(speakerIsKnown) && speakers.size >= SPEAKERS_TO_SPARE) {
    const [validation, train] = takeGroups(rest, (clip) => clip.speaker, share, random);
    return { train, validation, validationBy: "speaker" };
  }
  if (rest.every((clip) => sentenceOf(clip) !== null)) {
    const [validation, train] = takeSentences(rest, share, random);
    return { train, validation, validationBy: "sentence" };
  }
  const [validation, train] = takeClips(rest, share, random);
  return { train, validation, validationBy: "clip" };
}

export type Parts = [taken: Clip[], rest: Clip[]];

/** Whole sentences, until they hold the share of the clips. */
export function takeSentences(clips: readonly Clip[], share: number, random: Random): Parts {
  return takeGroups(clips, (clip) => sentenceOf(clip)!, share, random);
}

/** Whole groups until they hold the share of the clips; at least one group where a share is asked for. */
function takeGroups(
  clips: readonly Clip[],
  keyOf: (clip: Clip) => string,
  share: number,
  random: Random,
): Parts {
  const groups = random.shuffle([...Map.groupBy(clips, keyOf)]);
  const taken = new Set<string>();
  let count = 0;
  for (const [key, members] of groups) {
    // Half a group too few is as good as half a group too many.
    if (share === 0 || (taken.size > 0 && count + members.length / 2 > share * clips.length)) break;
    taken.add(key);
    count += members.length;
  }
  if (share > 0 && taken.size >= groups.length) {
    throw new CorpusError(
      `split: all ${groups.length} groups would be taken out of training, expected some to remain; ` +
        "give more data or a smaller share",
    );
  }
  return [clips.filter((clip) => taken.has(keyOf(clip))), clips.filter((clip) => !taken.has(keyOf(clip)))];
}

/**
 * The share of each speaker's each emotion; what a small stratum is short of, the next one gives. At least one clip
 * where a share is asked for.
 */
function takeClips(clips: readonly Clip[], share: number, random: Random): Parts {
  const strata = Map.groupBy(clips, (clip) => `${clip.speaker} ${clip.emotion}`);
  const taken = new Set<Clip>();
  let owed = 0;
  for (const stratum of strata.values()) {
    owed += share * stratum.length;
    // A thousandth against what rounding adds up to.
    const count = Math.floor(owed + 1e-3);
    owed -= count;
    for (const clip of random.shuffle(stratum).slice(0, count)) taken.add(clip);
  }
  if (share > 0 && taken.size === 0 && clips.length > 0) taken.add(clips[random.int(clips.length)]!);
  return [clips.filter((clip) => taken.has(clip)), clips.filter((clip) => !taken.has(clip))];
}

/** @throws CorpusError where nothing is left to train on */
function checked(split: Split): Split {
  if (split.train.length === 0) {
    throw new CorpusError(
      `${split.protocol}: ${split.test.length} clips are measured and ${split.validation.length} choose the ` +
        "checkpoint, so none is left to train on; give more data or smaller shares",
    );
  }
  return split;
}
