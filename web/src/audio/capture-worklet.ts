// Runs on the browser's audio thread: gathers the microphone's samples into blocks and passes them on. Knows no page.

// The worklet's own globals, which the DOM's types leave out.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: typeof AudioWorkletProcessor): void;

/** 20 ms at 16 kHz: small, since what fills a block waits for its end. */
const BLOCK = 320;

class Capture extends AudioWorkletProcessor {
  #block = new Float32Array(BLOCK);
  #filled = 0;

  /** @param inputs [inputs][channels] of 128 samples; none while nothing is connected */
  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (!samples) return true;
    for (let from = 0; from < samples.length; ) {
      const part = samples.subarray(from, from + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled < BLOCK) break;
      this.port.postMessage(this.#block, [this.#block.buffer]);
      this.#block = new Float32Array(BLOCK);
      this.#filled = 0;
    }
    return true;
  }
}

registerProcessor("undertone-capture", Capture);
