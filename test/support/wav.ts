// WAV files for tests: 32-bit float, mono, 16,000 Hz. Knows the header, nothing of sound.

/** @param samples any values, NaN too */
export function wavBytes(samples: Float32Array): Uint8Array {
  const bytes = Buffer.alloc(44 + 4 * samples.length);
  bytes.write("RIFF", 0, "latin1");
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8, "latin1");
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(3, 20); // IEEE float
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(16_000, 24);
  bytes.writeUInt32LE(64_000, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(32, 34);
  bytes.write("data", 36, "latin1");
  bytes.writeUInt32LE(4 * samples.length, 40);
  samples.forEach((sample, i) => {
    bytes.writeFloatLE(sample, 44 + 4 * i);
  });
  return bytes;
}
