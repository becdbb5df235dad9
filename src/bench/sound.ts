// Sounds of any length from a short one, as samples and as files. Knows WAV and how ffmpeg is called.
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pcm16, wavHeader } from "../audio/index.ts";

export const SAMPLE_RATE = 16_000;

/** A sound repeated to so many samples. */
export function repeated(sound: Float32Array, samples: number): Float32Array {
  return Float32Array.from({ length: samples }, (_, i) => sound[i % sound.length]!);
}

/** Writes `times` repetitions of a sound, `[samples]` in -1..1, as 16-bit WAV at 16 kHz. */
export async function writeWav(path: string, sound: Float32Array, times: number): Promise<void> {
  const bytes = new Uint8Array(pcm16(sound).buffer);
  const header = wavHeader(sound.length * times, SAMPLE_RATE);
  const file = await open(path, "w");
  try {
    await file.write(header);
    for (let i = 0; i < times; i++) await file.write(bytes);
  } finally {
    await file.close();
  }
}

/** A sound as files of one length. */
export interface SoundFile {
  format: string;
  path: string;
}

const COMPRESSED = [
  { format: "MP3, 48 kHz stereo", file: "mp3", codec: ["-c:a", "libmp3lame", "-b:a", "128k"] },
  { format: "Opus, 48 kHz stereo", file: "opus", codec: ["-c:a", "libopus", "-b:a", "64k"] },
];

/**
 * So many minutes of speech-like sound in `folder`: as WAV and, where ffmpeg is there and can, as MP3 and Opus.
 * @param minute `[60 * 16000]`
 * @param onMissing hears which format there will not be, and why
 */
export async function writeMinutes(
  folder: string,
  minute: Float32Array,
  minutes: number,
  onMissing: (why: string) => void,
): Promise<SoundFile[]> {
  const name = (extension: string) => join(folder, `${minutes}-min.${extension}`);
  const wav = name("wav");
  await writeWav(wav, minute, minutes);
  const files: SoundFile[] = [{ format: "WAV, 16 kHz mono", path: wav }];
  for (const { format, file, codec } of COMPRESSED) {
    try {
      // One minute is encoded, and its packets are repeated: the decoder has the same work, the encoder little.
      const short = join(folder, `packets.${file}`);
      const one = join(folder, "packets.wav");
      await writeWav(one, minute, 1);
      await ffmpeg(["-i", one, "-ar", "48000", "-ac", "2", ...codec, short]);
      await ffmpeg(["-stream_loop", String(minutes - 1), "-i", short, "-c", "copy", name(file)]);
      files.push({ format, path: name(file) });
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
      const why =
        code === "ENOENT" ? "ffmpeg is not on PATH" : (stderr?.trim().split("\n").at(-1) ?? String(error));
      onMissing(`${format}: ${why}.`);
    }
  }
  return files;
}

export async function ffmpeg(args: string[]): Promise<void> {
  await promisify(execFile)("ffmpeg", ["-nostdin", "-v", "error", "-y", ...args]);
}
