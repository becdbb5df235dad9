// The sound that the golden features were computed from. Knows signal.json, no features.
import { readGolden } from "./golden.ts";
import type { Numbers } from "./numbers.ts";

/** 0.3 s at 16 kHz, `[1, samples]`: chirps, digital silence, a pulse train, noise. */
export function goldenSound(): Numbers {
  const { samples } = readGolden<{ samples: string }>("signal");
  const data = new Float32Array(new Uint8Array(Buffer.from(samples, "base64")).buffer);
  return { shape: [1, data.length], data };
}
