// The conditions that a clip is measured under, in their order, and what each needs at hand. Knows files, no models.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AudioError, decodeFile } from "../audio/index.node.ts";
import { type Clip, Random } from "../training/index.ts";
import { CODECS, encoderOf, throughFile } from "./codecs.ts";
import { scaled } from "./disguises.ts";
import { inNoise, inRoom, pinkNoise, power, room, stretchOf, telephone } from "./distortions.ts";
import { SAMPLE_RATE } from "./sound.ts";

export interface Condition {
  name: string;
  /** Only louder or quieter: a model should not change its answer, and the largest change is told. */
  level: boolean;
  /** What becomes of a clip; the same each time. */
  apply(sound: Float32Array, clip: Clip): Promise<Float32Array>;
}

export interface ConditionsOptions {
  /** Recorded noise lies in its folder `noise`. */
  data: string;
  seed: number;
  /** For files that come and go. */
  folder: string;
  /** Told which condition there will not be, and why. */
  onMissing(why: string): void;
}

const SNR = 15;
const ROOMS = 8;
const LEVELS = [-20, 20];

export async function conditionsOf(options: ConditionsOptions): Promise<Condition[]> {
  const { seed } = options;
  // Of each clip by its name: what else is measured, and in which order, changes nothing.
  const randomOf = (what: string, { file }: Clip) => new Random(seed, `${what} ${file}`);
  const rooms = Array.from({ length: ROOMS }, (_, i) => room(new Random(seed, `room ${i}`)));
  const recorded = await noiseFiles(options.data);
  const noise = recorded.length > 0 ? "recorded" : "pink";
  const inSomeNoise = async (sound: Float32Array, clip: Clip) => {
    const random = randomOf("noise", clip);
    const own = noise === "pink" ? pinkNoise(sound.length, random) : null;
    return inNoise(sound, own ?? stretchOf(await drawNoise(recorded, random), sound.length, random), SNR);
  };
  return [
    { name: "clean", level: false, apply: async (sound) => sound },
    ...(await codecConditions(options)),
    { name: "telephone band", level: false, apply: async (sound) => telephone(sound) },
    { name: `${noise} noise at ${SNR} dB`, level: false, apply: inSomeNoise },
    {
      name: "room of 0.6 s",
      level: false,
      apply: async (sound, clip) => inRoom(sound, rooms[randomOf("room", clip).int(ROOMS)]!),
    },
    ...LEVELS.map((db) => ({
      name: `level ${db > 0 ? "+" : ""}${db} dB`,
      level: true,
      apply: async (sound: Float32Array) => scaled(sound, db),
    })),
  ];
}

async function codecConditions({ folder, onMissing }: ConditionsOptions): Promise<Condition[]> {
  const conditions: Condition[] = [];
  for (const codec of CODECS) {
    const encode = await encoderOf(codec);
    if ("missing" in encode) {
      onMissing(`${codec.name} could not be measured: ${encode.missing}. Install one of them.`);
      continue;
    }
    const apply = (sound: Float32Array) => throughFile(encode, codec, sound, folder);
    conditions.push({ name: codec.name, level: false, apply });
  }
  return conditions;
}

/** Every file of every kind, in an order that does not depend on the disk. */
async function noiseFiles(data: string): Promise<string[]> {
  const entries = await readdir(join(data, "noise"), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

/** One that can be heard: what is no sound or all silence is passed over. @throws AudioError where none can be */
async function drawNoise(files: readonly string[], random: Random): Promise<Float32Array> {
  let last = new AudioError("unreadable-audio", "the data folder's noise is all silence");
  for (const file of random.shuffle(files)) {
    try {
      const sound = await decodeFile(file, { sampleRate: SAMPLE_RATE });
      if (power(sound) > 0) return sound;
    } catch (error) {
      if (!(error instanceof AudioError)) throw error;
      last = error;
    }
  }
  throw last;
}
