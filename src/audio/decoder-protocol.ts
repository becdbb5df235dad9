// What a decoder process and its owner say to each other. Knows no platform.
//
// Requests go down as one line of JSON each. Answers come up as frames: kind (uint32, little-endian),
// bytes that follow (uint32, little-endian), then those bytes.

import type { AudioErrorCode } from "./errors.ts";

/** One file to decode. */
export interface DecodeRequest {
  readonly path: string;
  /** Hertz of the mono samples wanted. */
  readonly sampleRate: number;
}

/** Kinds of answer, in the order they come: a format, samples, then one of the last two. */
export const answer = { format: 1, samples: 2, done: 3, failed: 4 } as const;

/** Body of `format` (JSON). */
export interface FormatAnswer {
  readonly sourceRate: number;
  readonly channels: number;
}

/** Body of `done` (JSON). */
export interface DoneAnswer {
  readonly total: number;
  readonly nonFinite: number;
}

/** Body of `failed` (JSON): `what` is the end of a sentence that begins with the file's name. */
export interface FailedAnswer {
  readonly code: AudioErrorCode;
  readonly what: string;
}

export const headerBytes = 8;
/** No honest answer is longer: blocks are about 16,000 samples, at most 100 times that after resampling. */
const longestBody = 1 << 24;

/** Cuts the bytes of a decoder process into frames, however they arrive. */
export class FrameParser {
  private readonly header = new Uint8Array(headerBytes);
  private readonly onFrame: (kind: number, body: Uint8Array) => void;
  private headerFilled = 0;
  private kind = 0;
  private body: Uint8Array | undefined;
  private bodyFilled = 0;

  /** @param onFrame gets each frame; its body is its own memory, starting at offset 0 */
  constructor(onFrame: (kind: number, body: Uint8Array) => void) {
    this.onFrame = onFrame;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length || this.body?.length === 0; ) {
      if (!this.body) {
        const piece = bytes.subarray(at, at + headerBytes - this.headerFilled);
        this.header.set(piece, this.headerFilled);
        this.headerFilled += piece.length;
        at += piece.length;
        if (this.headerFilled < headerBytes) return;
        const fields = new DataView(this.header.buffer);
        this.kind = fields.getUint32(0, true);
        const length = fields.getUint32(4, true);
        if (length > longestBody) throw new Error(`it answered with a frame of ${length} bytes`);
        this.body = new Uint8Array(length);
        this.bodyFilled = 0;
      }
      const piece = bytes.subarray(at, at + this.body.length - this.bodyFilled);
      this.body.set(piece, this.bodyFilled);
      this.bodyFilled += piece.length;
      at += piece.length;
      if (this.bodyFilled < this.body.length) return;
      const whole = this.body;
      this.body = undefined;
      this.headerFilled = 0;
      this.onFrame(this.kind, whole);
    }
  }
}
