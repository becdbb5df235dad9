// One file through node-av (FFmpeg's libraries) to mono samples. Runs in the decoder process only.

import type { Codec, CodecContext, FormatContext, Frame, Packet, Stream } from "node-av/lib";
import { containers, protocols } from "./containers.ts";
import type { DecodeRequest, DoneAnswer, FailedAnswer, FormatAnswer } from "./decoder-protocol.ts";
import { isRate } from "./filter-bank.ts";
import { MonoMixer, type Samples } from "./mono.ts";
import { Resampler } from "./resampler.ts";

/** Where the decoded sound goes. */
export interface Sink {
  format(format: FormatAnswer): void;
  /** Mono at the asked rate, `[n]`. */
  samples(mono: Float32Array): void;
}

/** Loaded once; undefined when node-av or its binary is not there. */
const library = Promise.all([import("node-av/lib"), import("node-av/constants")]).then(
  ([av, constants]) => {
    av.Log.setLevel(constants.AV_LOG_QUIET);
    const u8 = (b: Buffer): Samples => b;
    const s16 = (b: Buffer): Samples => new Int16Array(b.buffer, b.byteOffset, b.length / 2);
    const s32 = (b: Buffer): Samples => new Int32Array(b.buffer, b.byteOffset, b.length / 4);
    const f32 = (b: Buffer): Samples => new Float32Array(b.buffer, b.byteOffset, b.length / 4);
    const f64 = (b: Buffer): Samples => new Float64Array(b.buffer, b.byteOffset, b.length / 8);
    const sampleKinds = new Map<number, (bytes: Buffer) => Samples>([
      [constants.AV_SAMPLE_FMT_U8, u8],
      [constants.AV_SAMPLE_FMT_U8P, u8],
      [constants.AV_SAMPLE_FMT_S16, s16],
      [constants.AV_SAMPLE_FMT_S16P, s16],
      [constants.AV_SAMPLE_FMT_S32, s32],
      [constants.AV_SAMPLE_FMT_S32P, s32],
      [constants.AV_SAMPLE_FMT_FLT, f32],
      [constants.AV_SAMPLE_FMT_FLTP, f32],
      [constants.AV_SAMPLE_FMT_DBL, f64],
      [constants.AV_SAMPLE_FMT_DBLP, f64],
    ]);
    return { av, constants, sampleKinds };
  },
  (error: unknown) => ({ missing: error instanceof Error ? error.message : String(error) }),
);
type Library = Exclude<Awaited<typeof library>, { missing: string }>;

const notAudio = "is no audio file, or is damaged where it begins";
/** Samples at the source's rate that are mixed and converted at a time. */
const batchSamples = 16_384;

/** Decodes the file's best sound track into the sink. */
export async function decodeWithFfmpegLibrary(
  request: DecodeRequest,
  sink: Sink,
): Promise<DoneAnswer | FailedAnswer> {
  const loaded = await library;
  if ("missing" in loaded) return { code: "decoder-missing", what: `needs node-av: ${loaded.missing}` };
  const { av, constants } = loaded;
  const container = new av.FormatContext();
  const codec = new av.CodecContext();
  const packet = new av.Packet();
  const frame = new av.Frame();
  try {
    // "file:" keeps names such as "a:b.mp3" or "http://x" from being taken for addresses.
    const rules = av.Dictionary.fromObject({ protocol_whitelist: protocols, format_whitelist: containers });
    if (container.openInputSync(`file:${request.path}`, null, rules) < 0) return unreadable(notAudio);
    container.findStreamInfoSync(null);
    const { streamIndex, decoder } = container.findBestStream(constants.AVMEDIA_TYPE_AUDIO, -1, -1, true);
    if (streamIndex < 0) {
      return unreadable(container.nbStreams > 0 ? "has no audio track" : notAudio);
    }
    for (const other of container.streams) {
      if (other.index !== streamIndex) other.discard = constants.AVDISCARD_ALL;
    }
    const stream = container.streams[streamIndex];
    if (!decoder || openCodec(codec, decoder, stream) < 0)
      return unreadable("uses a codec that has no decoder");
    packet.alloc();
    frame.alloc();
    return decodePackets({ container, codec, packet, frame, streamIndex }, loaded, request, sink);
  } finally {
    packet.free();
    frame.free();
    codec.freeContext();
    container.closeInputSync();
  }
}

function openCodec(codec: CodecContext, decoder: Codec, stream: Stream): number {
  codec.allocContext3(decoder);
  const copied = codec.parametersToContext(stream.codecpar);
  if (copied < 0) return copied;
  // Without the time base FFmpeg cannot cut the encoder's delay off at the start and the padding at the end.
  codec.pktTimebase = stream.timeBase;
  codec.threadCount = 1;
  return codec.open2Sync(decoder, null);
}

interface Open {
  container: FormatContext;
  codec: CodecContext;
  packet: Packet;
  frame: Frame;
  streamIndex: number;
}

function decodePackets(
  { container, codec, packet, frame, streamIndex }: Open,
  { constants, sampleKinds }: Library,
  request: DecodeRequest,
  sink: Sink,
): DoneAnswer | FailedAnswer {
  const track = new Track(request.sampleRate, sink);
  let broken = 0;
  const drain = () => {
    let code = codec.receiveFrameSync(frame);
    for (; code >= 0; code = codec.receiveFrameSync(frame)) {
      track.take(frame, planesOf(frame, sampleKinds));
      frame.unref();
    }
    if (code !== constants.AVERROR_EAGAIN && code !== constants.AVERROR_EOF) broken++;
  };
  let read = container.readFrameSync(packet);
  for (; read >= 0; read = container.readFrameSync(packet)) {
    // A packet that does not decode is a hole in the sound, as FFmpeg takes it, not its end.
    if (packet.streamIndex === streamIndex) {
      if (codec.sendPacketSync(packet) < 0) broken++;
      drain();
    }
    packet.unref();
  }
  codec.sendPacketSync(null);
  drain();
  track.end();
  if (track.problem) return unreadable(track.problem);
  const { total, nonFinite } = track.mixer;
  if (total === 0 && (broken > 0 || read !== constants.AVERROR_EOF))
    return unreadable("is damaged: nothing in it decodes");
  return { total, nonFinite };
}

/** One sound track: decoded frames in, mono at the asked rate out, whatever rate the frames have. */
class Track {
  readonly mixer = new MonoMixer();
  /** Set when the track turned out to be beyond us; what comes after is dropped. */
  problem: string | undefined;
  private readonly sampleRate: number;
  private readonly sink: Sink;
  private readonly batch = new Float32Array(batchSamples);
  private filled = 0;
  private rate = 0;
  private resampler: Resampler | undefined;

  constructor(sampleRate: number, sink: Sink) {
    this.sampleRate = sampleRate;
    this.sink = sink;
  }

  take(frame: Frame, planes: readonly Samples[] | undefined): void {
    if (this.problem || frame.nbSamples === 0) return;
    const { sampleRate: rate, channels, nbSamples } = frame;
    if (!planes) this.problem = "has samples of a kind that is not known here";
    else if (!isRate(rate)) this.problem = `says it has ${rate} samples a second`;
    if (!planes || this.problem) return;
    if (rate !== this.rate) this.startRate(rate, channels);
    const mono = this.mixer.mix(planes, channels, nbSamples);
    for (let at = 0; at < mono.length; ) {
      const piece = mono.subarray(at, at + batchSamples - this.filled);
      this.batch.set(piece, this.filled);
      this.filled += piece.length;
      at += piece.length;
      if (this.filled === batchSamples) this.pass();
    }
  }

  end(): void {
    this.pass();
    this.give(this.resampler?.flush());
  }

  /** A chained stream may change its rate on the way; the decoder knows its rate by its first frame only. */
  private startRate(rate: number, channels: number): void {
    if (this.rate === 0) this.sink.format({ sourceRate: rate, channels });
    this.end();
    this.rate = rate;
    this.resampler = new Resampler(rate, this.sampleRate);
  }

  private pass(): void {
    if (this.filled > 0) this.give(this.resampler?.push(this.batch.subarray(0, this.filled)));
    this.filled = 0;
  }

  private give(mono: Float32Array | undefined): void {
    if (mono && mono.length > 0) this.sink.samples(mono);
  }
}

/** The frame's samples where FFmpeg holds them: one array, or one for each channel. */
function planesOf(frame: Frame, kinds: Library["sampleKinds"]): Samples[] | undefined {
  const kind = kinds.get(frame.format);
  const planes = frame.channels > 8 ? frame.extendedData : frame.data;
  return kind && planes ? planes.map(kind) : undefined;
}

function unreadable(what: string): FailedAnswer {
  return { code: "unreadable-audio", what };
}
