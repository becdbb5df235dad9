// What the service says, as schemas: every resource, every event, every live message. Knows zod, no routes.
import { z } from "zod";

const seconds = z.number().nonnegative();
const share = z.number().min(0).max(1);
const time = z.iso.datetime().describe("ISO 8601, UTC");
const byEmotion = z.record(z.string(), share);

/** RFC 9457. `code` is for programs, `detail` is a sentence for people that says what to do. */
export const problem = z.object({
  type: z.string().describe("about:blank, or the address of a description"),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
});

export const segment = z.object({
  start: seconds,
  end: seconds,
  emotion: z.string().nullable().describe("null: uncertain"),
  confidence: share,
  probabilities: byEmotion,
});

export const analysis = z.object({
  seconds,
  model: z.string().describe("name@version"),
  emotion: z.string().nullable().describe("null: uncertain"),
  confidence: share,
  uncertain: z.boolean(),
  because: z
    .string()
    .optional()
    .describe(
      "why uncertain, for programs: silence, too-short, no-speech, too-noisy, unlike, low-confidence ...",
    ),
  reason: z.string().optional().describe("why uncertain, a sentence"),
  probabilities: byEmotion.nullable(),
  quality: z.object({
    verdict: z.enum(["good", "fair", "poor"]),
    speech: share,
    snr: z.number().describe("dB"),
    clipped: share,
    reasons: z.array(z.string()),
  }),
  timeline: z.array(segment).describe("empty in lists and events: the recording alone has it"),
});

/** queued -> running -> done | failed. */
export const recordingState = z.enum(["queued", "running", "done", "failed"]);

export const recording = z.object({
  id: z.string(),
  name: z.string().describe("the file's name as the person gave it"),
  created: time,
  bytes: z.int(),
  type: z
    .string()
    .describe(
      "media type of the audio: as it was sent, else by the name; application/octet-stream: not known",
    ),
  source: z.enum(["upload", "live"]),
  language: z.string().nullable().describe("BCP 47, as the person said"),
  state: recordingState,
  progress: share.describe("of the analysis, while it runs"),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  analysis: analysis
    .nullable()
    .describe(
      "the last that came to an end: it stays while the recording is heard again, and where that fails",
    ),
  label: z.string().nullable().describe("the emotion as a person corrected it"),
  note: z.string(),
  batch: z.string().nullable().describe("id of the batch it came with"),
});

export const recordingPage = z.object({
  items: z.array(recording),
  next: z.string().nullable().describe("cursor of the next page; null: this is the last"),
  total: z.int().describe("how many fit the filter"),
});

export const recordingQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  emotion: z
    .string()
    .max(40)
    .optional()
    .describe("the corrected label if there is one, else the answer; `uncertain` for none"),
  q: z.string().max(200).optional().describe("words in the name or the note"),
  from: z.iso.date().optional().describe("first day, UTC"),
  to: z.iso.date().optional().describe("last day, UTC"),
  state: recordingState.optional(),
  batch: z.string().max(64).optional(),
});

export const recordingPatch = z
  .object({
    label: z
      .string()
      .max(40)
      .nullable()
      .optional()
      .describe("one of the model's emotions; null takes it back"),
    note: z.string().max(10_000).optional(),
  })
  .strict();

/**
 * What can be seen of a recording: `columns` equal steps of time, at most 2,000. Pictures are bytes, column by column,
 * base64: 0 is the least, 255 the most of the stated range.
 */
export const evidence = z.object({
  seconds,
  columns: z.int(),
  peaks: z.string().describe("[columns, 2] int8: least and greatest sample, -127..127"),
  spectrogram: z.object({
    rows: z.int(),
    low: z.number().describe("dB at 0"),
    high: z.number().describe("dB at 255"),
    hertz: z.array(z.number()).describe("centre of each row, lowest first"),
    data: z.string().describe("[columns, rows] uint8"),
  }),
  mfcc: z.object({
    rows: z.int(),
    low: z.array(z.number()).describe("per coefficient, at 0"),
    high: z.array(z.number()).describe("per coefficient, at 255"),
    data: z.string().describe("[columns, rows] uint8"),
  }),
  attention: z.string().describe("[columns] uint8: where the model listened, 255 the most"),
});

export const batch = z.object({
  id: z.string(),
  created: time,
  name: z.string(),
  counts: z.object({ total: z.int(), queued: z.int(), running: z.int(), done: z.int(), failed: z.int() }),
  emotions: z
    .record(z.string(), z.int())
    .describe("recordings by the corrected label if there is one, else the answer; and `uncertain`"),
  seconds,
});

export const batchRequest = z.object({ name: z.string().max(200) }).strict();

/** Hear a recording again; without a model, with the default one. */
export const analysisRequest = z.object({ model: z.string().max(80).optional() }).strict();

/** The fields of an upload; `file` is the sound, and comes after them. */
export const uploadFields = z
  .object({
    model: z.string().max(80).optional().describe("name of a model; without, the default one"),
    voice: z.string().max(100_000).optional().describe("the speaker's calibration for that model, as JSON"),
    language: z
      .string()
      .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
      .max(35)
      .optional()
      .describe("BCP 47, as the person said"),
    batch: z.string().max(64).optional().describe("id of the batch it belongs to"),
  })
  .strict();

/** Logging in: the service answers with a cookie. */
export const sessionRequest = z.object({ token: z.string().max(500) }).strict();

export const health = z.object({ status: z.literal("ok") });

export const modelSummary = z.object({
  name: z.string(),
  id: z.string().describe("name@version"),
  isDefault: z.boolean(),
  emotions: z.array(z.string()),
  bytes: z.int(),
  parameters: z.int().nullable(),
  languages: z.array(z.string()),
  corpora: z.array(z.string()),
  unseen: z
    .object({
      protocol: z.string(),
      heldOut: z.string(),
      wa: share,
      uar: share,
      low: share,
      high: share,
      parts: z.int(),
    })
    .nullable()
    .describe("what it scores on voices it never heard, the mean over so many parts; null: not measured"),
  threshold: share.nullable(),
  licence: z.string().nullable(),
  notice: z.string(),
});

/** A model's card, as the model file has it (the room `speech` says what each field means). */
export const modelCard = z.looseObject({
  name: z.string(),
  version: z.string().nullable(),
  emotions: z.array(z.string()),
  sampleRate: z.number(),
  window: seconds,
  hop: seconds,
  features: z.string().nullable(),
  architecture: z.string().nullable(),
  parameters: z.int().nullable(),
  corpora: z.array(
    z.looseObject({
      name: z.string(),
      licence: z.string(),
      speakers: z.int(),
      clips: z.int(),
      languages: z.array(z.string()),
      voices: z.array(z.string()).optional(),
    }),
  ),
  scores: z.array(
    z.looseObject({
      protocol: z.string(),
      heldOut: z.string(),
      corpus: z.string(),
      clips: z.int(),
      wa: share,
      uar: share,
      recall: byEmotion,
      low: share,
      high: share,
      ece: share,
      confusion: z.array(z.array(z.int())).optional().describe("in the order of recall"),
      warnings: z.array(z.string()),
    }),
  ),
  threshold: share.nullable(),
  usual: z
    .looseObject({ mean: z.array(z.number()), spread: z.array(z.number()), limit: z.number() })
    .optional()
    .describe("of the embedding, and the distance beyond which a voice is unlike; absent: not known"),
  training: z.looseObject({ command: z.string(), commit: z.string(), seed: z.int() }).nullable(),
  licence: z.string().nullable(),
  notice: z.string(),
});

export const service = z.object({
  version: z.string(),
  limits: z.object({
    bytes: z.int(),
    seconds,
    batch: z.int().describe("files in one batch"),
  }),
  training: z.boolean().describe("whether a data folder for training was given"),
});

/** Sent by GET /events. `event:` is the name, `data:` the JSON; a client that comes back sends Last-Event-ID. */
export const events = {
  recording: recording,
  removed: z.object({ id: z.string() }),
  batch: batch,
  run: z.object({ id: z.string() }),
} as const;

/** Training. */
export const epoch = z.object({
  epoch: z.int(),
  trainLoss: z.number(),
  validationLoss: z.number(),
  validationAccuracy: share,
  best: z.boolean(),
});

export const run = z.object({
  id: z.string(),
  recipe: z.string(),
  seed: z.int(),
  epochs: z.int(),
  created: time,
  state: z.enum(["running", "done", "stopped", "failed"]),
  error: z.string().nullable(),
  history: z.array(epoch),
  score: z
    .object({
      protocol: z.string(),
      heldOut: z.string(),
      wa: share,
      uar: share,
      labels: z.array(z.string()),
      confusion: z.array(z.array(z.int())),
    })
    .nullable(),
  clipsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  model: z.string().nullable().describe("the name under which it can be chosen, once it is in use"),
});

export const recipe = z.object({ name: z.string(), summary: z.string(), epochs: z.int() });
export const training = z.object({
  recipes: z.array(recipe),
  corpora: z.array(z.object({ name: z.string(), clips: z.int(), speakers: z.int() })),
});
export const runRequest = z
  .object({
    recipe: z.string().max(80),
    epochs: z.int().min(1).max(1000).optional(),
    seed: z
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .optional(),
  })
  .strict();

/**
 * WS /live. The client sends text `liveStart` first, then binary little-endian float32 mono 16 kHz blocks, then text
 * `{"type":"stop","keep":true|false}`. The service answers with `liveMessage`s.
 */
export const liveStart = z.object({ type: z.literal("start"), model: z.string().max(80).optional() });
export const liveStop = z.object({
  type: z.literal("stop"),
  keep: z.boolean(),
  name: z.string().max(200).optional(),
});
export const liveMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), model: z.string(), emotions: z.array(z.string()), hop: seconds }),
  z.object({
    type: z.literal("estimate"),
    time: seconds.describe("of the newest sample heard, since the start"),
    level: z.number().describe("dBFS over the last hop"),
    speech: z.boolean(),
    emotion: z.string().nullable(),
    confidence: share,
    probabilities: byEmotion.nullable(),
    because: z.string().optional(),
  }),
  z.object({ type: z.literal("kept"), recording }),
  z.object({ type: z.literal("dropped") }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string() }),
]);

export type Problem = z.infer<typeof problem>;
export type Segment = z.infer<typeof segment>;
export type Analysis = z.infer<typeof analysis>;
export type RecordingState = z.infer<typeof recordingState>;
export type Recording = z.infer<typeof recording>;
export type RecordingPage = z.infer<typeof recordingPage>;
export type RecordingQuery = z.infer<typeof recordingQuery>;
export type RecordingPatch = z.infer<typeof recordingPatch>;
export type Evidence = z.infer<typeof evidence>;
export type Batch = z.infer<typeof batch>;
export type ModelSummary = z.infer<typeof modelSummary>;
export type Service = z.infer<typeof service>;
export type Epoch = z.infer<typeof epoch>;
export type Run = z.infer<typeof run>;
export type RecipeSummary = z.infer<typeof recipe>;
export type Training = z.infer<typeof training>;
export type RunRequest = z.infer<typeof runRequest>;
export type LiveStart = z.infer<typeof liveStart>;
export type LiveStop = z.infer<typeof liveStop>;
export type LiveMessage = z.infer<typeof liveMessage>;
