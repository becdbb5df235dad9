// The decoder process: reads requests from standard input, decodes with node-av (FFmpeg), answers on
// standard output. Runs alone so that a decoder that hangs, crashes or eats memory ends with it.
//
// Everything here blocks on purpose: a full pipe stops the decoder (that is the back pressure), and
// FFmpeg's synchronous calls are the fast ones.

import { readSync, writeSync } from "node:fs";
import { answer, type DecodeRequest, headerBytes } from "./decoder-protocol.ts";
import { decodeWithFfmpegLibrary, type Sink } from "./node-av.node.ts";

const input = 0;
const output = 1;

function send(kind: number, body: Uint8Array): void {
  const frame = Buffer.allocUnsafe(headerBytes + body.length);
  frame.writeUInt32LE(kind, 0);
  frame.writeUInt32LE(body.length, 4);
  frame.set(body, headerBytes);
  for (let at = 0; at < frame.length; ) at += blocking(() => writeSync(output, frame, at));
}

/** Runs a read or write again while the pipe is not ready, should someone have made it non-blocking. */
function blocking(call: () => number): number {
  for (;;) {
    try {
      return call();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const sink: Sink = {
  format: (format) => send(answer.format, Buffer.from(JSON.stringify(format))),
  samples: (mono) => send(answer.samples, new Uint8Array(mono.buffer, mono.byteOffset, mono.byteLength)),
};

async function serve(): Promise<void> {
  const bytes = Buffer.alloc(65_536);
  let pending = "";
  const decoder = new TextDecoder();
  for (;;) {
    // The end of standard input is the end of the owner.
    const count = blocking(() => readSync(input, bytes));
    if (count === 0) return;
    pending += decoder.decode(bytes.subarray(0, count), { stream: true });
    for (let end = pending.indexOf("\n"); end >= 0; end = pending.indexOf("\n")) {
      const request: DecodeRequest = JSON.parse(pending.slice(0, end));
      pending = pending.slice(end + 1);
      const result = await decodeWithFfmpegLibrary(request, sink);
      const body = Buffer.from(JSON.stringify(result));
      send("code" in result ? answer.failed : answer.done, body);
    }
  }
}

await serve();
