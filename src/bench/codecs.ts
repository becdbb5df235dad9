// Sound into a compressed file and back, as a messenger or an archive sends it. Knows node-av and ffmpeg, not why.
import { join } from "node:path";
import type { FFEncoderCodec } from "node-av/constants";
import { AudioError, decodeFile } from "../audio/index.node.ts";
import { ffmpeg, SAMPLE_RATE, writeWav } from "./sound.ts";

export interface Codec {
  name: string;
  /** FFmpeg's name of the encoder. */
  encoder: string;
  bitsPerSecond: number;
  /** Says which container too. */
  extension: string;
  /** The encoder's own. */
  options: Readonly<Record<string, string>>;
}

/** Mono at 16 kHz. */
export const CODECS: readonly Codec[] = [
  {
    name: "MP3 at 32 kbit/s",
    encoder: "libmp3lame",
    bitsPerSecond: 32_000,
    extension: "mp3",
    options: {},
  },
  {
    name: "Opus at 12 kbit/s",
    encoder: "libopus",
    bitsPerSecond: 12_000,
    extension: "opus",
    // As calls and voice messages are encoded.
    options: { application: "voip" },
  },
];

/** Writes a sound, `[samples]` at 16 kHz, as a file. */
export type Encode = (sound: Float32Array, path: string) => Promise<void>;
/** Seconds: a frame or two of either codec. */
const MOST_DIFFERENCE = 0.1;

/** Why there is none. */
export interface Missing {
  missing: string;
}

/** The encoder that is at hand: node-av's, else that of the program ffmpeg. */
export async function encoderOf(codec: Codec): Promise<Encode | Missing> {
  const [library, program] = [await libraryEncoder(codec), await programEncoder(codec)];
  if (!("missing" in library)) return library;
  if (!("missing" in program)) return program;
  return { missing: `${library.missing}, and ${program.missing}` };
}

/** Through the codec and back, as long as it was. @param folder for the file, which the next one overwrites */
export async function throughFile(
  encode: Encode,
  { extension }: Codec,
  sound: Float32Array,
  folder: string,
): Promise<Float32Array> {
  const path = join(folder, `sound.${extension}`);
  await encode(sound, path);
  const decoded = await decodeFile(path, { sampleRate: SAMPLE_RATE });
  // A decoder may keep a part of the last frame, or give what the encoder filled it with; more than that is a fault.
  const difference = Math.abs(decoded.length - sound.length) / SAMPLE_RATE;
  if (difference > MOST_DIFFERENCE) {
    throw new AudioError("decoder-failed", `${path} came back ${difference.toFixed(2)} s longer or shorter`);
  }
  const out = new Float32Array(sound.length);
  out.set(decoded.subarray(0, sound.length));
  return out;
}

/** Encodes in this process: what is encoded is ours, so nothing in it can hang or break the encoder. */
export async function libraryEncoder(codec: Codec): Promise<Encode | Missing> {
  const loaded = await loadLibrary().catch((error: unknown) => ({ error }));
  if ("error" in loaded) return { missing: "node-av is not installed" };
  const encoder = loaded.av.Codec.findEncoderByName(codec.encoder as FFEncoderCodec);
  if (!encoder) return { missing: `node-av has no ${codec.encoder}` };
  return async (sound, path) => write(loaded, codec, sound, path);
}

async function loadLibrary() {
  const [av, constants] = await Promise.all([import("node-av/lib"), import("node-av/constants")]);
  av.Log.setLevel(constants.AV_LOG_QUIET);
  return { av, constants };
}

function write(
  { av, constants }: Awaited<ReturnType<typeof loadLibrary>>,
  codec: Codec,
  sound: Float32Array,
  path: string,
): void {
  const done = (code: number, what: string) => {
    if (code < 0) throw new Error(`${codec.name}: node-av could not ${what} (${code})`);
  };
  const encoder = av.Codec.findEncoderByName(codec.encoder as FFEncoderCodec)!;
  const [container, context, packet] = [new av.FormatContext(), new av.CodecContext(), new av.Packet()];
  const timeBase = new av.Rational(1, SAMPLE_RATE);
  // Of one channel the two are the same; encoders take one or the other.
  const floats = [constants.AV_SAMPLE_FMT_FLT, constants.AV_SAMPLE_FMT_FLTP];
  const format = floats.find((kind) => encoder.sampleFormats?.includes(kind))!;
  const channelLayout = constants.AV_CHANNEL_LAYOUT_MONO;
  try {
    packet.alloc();
    done(container.allocOutputContext2(null, null, `file:${path}`), "find the container");
    context.allocContext3(encoder);
    Object.assign(context, { sampleRate: SAMPLE_RATE, channelLayout, sampleFormat: format, timeBase });
    context.bitRate = BigInt(codec.bitsPerSecond);
    if (container.oformat!.flags & constants.AVFMT_GLOBALHEADER)
      context.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER);
    // One by one: with a dictionary of them, node-av 6.1 ends in a segmentation fault.
    for (const [name, value] of Object.entries(codec.options))
      done(context.setOption(name, value), `set ${name}`);
    done(context.open2Sync(encoder, null), "open the encoder");
    const stream = container.newStream();
    stream.timeBase = timeBase;
    done(stream.codecpar.fromContext(context), "describe the stream");
    done(container.openOutputSync(), "open the file");
    done(container.writeHeaderSync(), "write the header");
    const drain = () => {
      while (context.receivePacketSync(packet) >= 0) {
        packet.streamIndex = stream.index;
        packet.rescaleTs(timeBase, stream.timeBase);
        done(container.interleavedWriteFrameSync(packet), "write a packet");
      }
    };
    for (let at = 0; at < sound.length; at += context.frameSize) {
      const piece = Float32Array.from(sound.subarray(at, at + context.frameSize));
      const frame = av.Frame.fromAudioBuffer(Buffer.from(piece.buffer), {
        ...{ nbSamples: piece.length, format, channelLayout, sampleRate: SAMPLE_RATE, timeBase },
      });
      frame.pts = BigInt(at);
      done(context.sendFrameSync(frame), "encode");
      frame.free();
      drain();
    }
    done(context.sendFrameSync(null), "end the encoding");
    drain();
    done(container.writeTrailerSync(), "end the file");
    container.closeOutputSync();
  } finally {
    packet.free();
    context.freeContext();
    container.freeContext();
  }
}

export async function programEncoder(codec: Codec): Promise<Encode | Missing> {
  try {
    const silence = ["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "0.1"];
    await ffmpeg([...silence, "-c:a", codec.encoder, "-f", "null", "-"]);
  } catch (error) {
    const nowhere = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { missing: nowhere ? "ffmpeg is not on PATH" : `the ffmpeg on PATH has no ${codec.encoder}` };
  }
  return async (sound, path) => {
    const wav = `${path}.wav`;
    await writeWav(wav, sound, 1);
    const options = Object.entries(codec.options).flatMap(([name, value]) => [`-${name}`, value]);
    await ffmpeg([
      ...["-i", wav, "-ac", "1", "-ar", String(SAMPLE_RATE), "-c:a", codec.encoder],
      ...["-b:a", String(codec.bitsPerSecond), ...options, path],
    ]);
  };
}
