// What the microphone gave, as a WAV file to send. Pure.

/** Samples gathered as they come, 16 bits each: an hour is 115 MB. */
export class Recorder {
  readonly #sampleRate: number;
  readonly #blocks: Int16Array<ArrayBuffer>[] = [];
  #samples = 0;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  get seconds(): number {
    return this.#samples / this.#sampleRate;
  }

  /** @param samples -1..1; what is beyond is cut */
  add(samples: Float32Array): void {
    const block = new Int16Array(samples.length);
    for (let i = 0; i < samples.length; i++) {
      const value = Math.max(-1, Math.min(1, samples[i]!));
      block[i] = Math.round(value * 32767);
    }
    this.#blocks.push(block);
    this.#samples += samples.length;
  }

  /** RIFF WAVE, PCM, mono, 16 bits (http://soundfile.sapp.org/doc/WaveFormat). */
  file(name: string): File {
    const bytes = this.#samples * 2;
    const head = new DataView(new ArrayBuffer(44));
    const text = (at: number, word: string) => {
      for (let i = 0; i < word.length; i++) head.setUint8(at + i, word.charCodeAt(i));
    };
    text(0, "RIFF");
    head.setUint32(4, 36 + bytes, true);
    text(8, "WAVEfmt ");
    head.setUint32(16, 16, true);
    head.setUint16(20, 1, true);
    head.setUint16(22, 1, true);
    head.setUint32(24, this.#sampleRate, true);
    head.setUint32(28, this.#sampleRate * 2, true);
    head.setUint16(32, 2, true);
    head.setUint16(34, 16, true);
    text(36, "data");
    head.setUint32(40, bytes, true);
    return new File([head.buffer, ...this.#blocks], name, { type: "audio/wav" });
  }
}
